"""One mail's stage: who writes, from which practice, when, in what habit. A family asks the scene for people,
dates and ready-made furniture (signatures, footers) and gets back a draft with its labels."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import people
from clauses import Story
from dice import Deck
from mail import Footer, Lines, Mail, P, Quote, Signature, zone
from people import Patient, bare_name, phone, plain, written

FOOTERS = (
    "CONFIDENTIALITY NOTICE: This e-mail and any attachments may contain protected health information that is privileged and confidential under HIPAA (45 CFR Parts 160 and 164). If you are not the intended recipient, any use or disclosure is prohibited. Please notify the sender and delete it.",
    "This message is intended only for the person it is addressed to. If it reached you in error, please tell us and delete it; unauthorized disclosure of confidential information is prohibited.",
    "Please do not send medical questions by e-mail. E-mail is not read on weekends. In an emergency call 911. The information in this message is confidential and intended for the recipient only; if you are not the recipient, notify the sender and delete it.",
    "NOTICE: Information disclosed from records protected by federal confidentiality rules (42 CFR Part 2) may not be redisclosed unless expressly permitted. A general authorization is not sufficient.",
    "The contents of this e-mail are confidential and may be legally privileged. Any unauthorized review, use or distribution is prohibited. If you received it by mistake, reply to the sender and destroy all copies.",
)


@dataclass
class Draft:
    mail: Mail
    content: str
    why: str
    categories: list = field(default_factory=list)
    patients: int = 0
    severity: int = None
    accept: list = None
    recipients: list = None
    voice: str = ""


class Scene:
    def __init__(self, dice, decks):
        self.d, self._decks, self.dealt = dice, decks, {}
        month = dice.number(1, 11)
        self._names = set()
        day = dice.number(3, 20)
        day += max(0, 7 - date(2026, month, day).isoweekday() + 1) if date(2026, month, day).isoweekday() > 5 else 0
        self.when = zone(2026, month, day, dice.number(7, 18), dice.number(0, 59), dice.pick((-5, -6, -6, -7, -8)))
        self.today = self.when.date()
        self.clinic, self.domain = dice.pick(people.CLINICS)
        self.staff_first, self.staff_last = self.colleague()
        self.credential = dice.pick(people.CREDENTIALS)
        self.job = dice.pick(people.JOBS)
        self.desk = phone(dice)
        self.voice = dice.pick(("clerk-terse", "nurse-warm", "office-neutral", "md-curt", "typist"))

    # --- choices

    def deal(self, key, options):
        """One of the options; over a family every option comes up before any comes again."""
        name = (key, len(options))
        if name not in self._decks:
            self._decks[name] = Deck(self.d, range(len(options)))
        self.dealt[key] = self._decks[name].deal()
        return options[self.dealt[key]]

    def match(self, key, options):
        """The option that belongs to what was dealt under the key."""
        return options[self.dealt[key]]

    def pick(self, *options):
        return self.d.pick(options)

    def day(self, offset, style=None):
        style = style or self.d.pick(("us", "short", "md", "long", "md"))
        return written(self.today + timedelta(days=offset), style)

    def weekday(self):
        return self.d.pick(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Tue", "Thurs", "Fri"))

    def clock(self):
        hour = self.d.pick((8, 9, 10, 11, 1, 2, 3, 4))
        return f"{hour}:{self.d.pick(('00', '15', '20', '30', '40', '45'))}" + self.d.pick((" am", "am", " AM", "") if 8 <= hour <= 11 else (" pm", "pm", " PM", ""))

    # --- people and addresses

    def patient(self, **wishes):
        while True:
            found = Patient(self.d, self.today, **wishes)
            if not self._names & {found.raw_last, found.raw_first}:
                self._names |= {found.raw_last, found.raw_first} - {""}
                return found

    def case(self):
        """A patient and what ails them; who they are fits what they have."""
        story = Story(self.d)
        return self.patient(sex=story.sex, ages=story.ages), story

    def patients(self, count, **wishes):
        """Many patients; in long lists a name may come twice, a record number never."""
        out, numbers = [], set()
        while len(out) < count:
            p = Patient(self.d, self.today, **wishes) if count > 12 else self.patient(**wishes)
            if p.raw_mrn not in numbers and self.staff_last != p.raw_last:
                numbers.add(p.raw_mrn)
                out.append(p)
        return out

    def doctor(self):
        first, last, _ = bare_name(self.d, latin1=True)     # a list may name many, and one twice
        return self.d.pick((f"Dr. {last}", f"Dr. {last}", f"Dr {last}", f"Dr. {first} {last}"))

    def colleague(self):
        """Somebody at work: no patient, nobody named before in this mail."""
        while True:
            first, last, _ = bare_name(self.d, latin1=True)
            if not self._names & {first, last}:
                self._names |= {first, last}
                return first, last

    def address(self, first, last, domain):
        return plain(self.d.pick((f"{first[0]}{last}", f"{first}.{last}", f"{last}{first[0]}"))).lower().replace(" ", "").replace("'", "") + "@" + domain

    def sender(self):
        if self.d.chance(0.45):
            return self._role()
        return f"{self.staff_first} {self.staff_last}", self.address(self.staff_first, self.staff_last, self.domain)

    def _role(self):
        name, local = self.d.pick(((self.job, self.job.split()[0].lower()), (self.clinic, "info"), (f"{self.clinic} {self.job}", "office"), ("", "nurses")))
        return name, f"{local}@{self.domain}"

    def other(self, pool=None):
        """Somebody, or a desk, at another organisation: (name, address), organisation."""
        org, domain = self.d.pick(pool or people.PARTNERS)
        first, last = self.colleague()
        if self.d.chance(0.4):
            local = self.d.pick(("intake", "records", "referrals", "office", "scheduling"))
            return (org if self.d.chance(0.6) else "", f"{local}@{domain}"), org
        return (f"{first} {last}", self.address(first, last, domain)), org

    def inside(self):
        first, last = self.colleague()
        return f"{first} {last}", self.address(first, last, self.domain)

    def mailbox_of(self, patient):
        return (self.d.pick((patient.raw_full, "", "")), patient.mailbox)

    # --- furniture

    def sign(self):
        d, first, last = self.d, self.staff_first, self.staff_last
        extent = d.number(0, 9)
        if extent == 0:
            return []
        if extent <= 3:
            return [Lines([d.pick((first, f"Thanks, {first}", f"- {first}", f"{first} {last[0]}.", f"Best, {first}", f"thx {first.lower()}", f"{first}/{self.clinic.split()[0]}"))])]
        if extent == 4:
            return [Lines([d.pick(("Sent from my iPhone", "Sent from my phone", "Get Outlook for iOS"))])]
        lines = [d.pick(("Thanks,", "Regards,", "Sincerely,", "Best regards,", "Thank you,", "Warmly,"))] if d.chance(0.6) else []
        lines.append(d.pick((f"{first} {last}, {self.credential}", f"{first} {last}", f"{first} {last} | {self.job}")))
        lines += [self.clinic]
        if d.chance(0.5):
            lines.append(f"{d.number(10, 990)} {d.pick(people.STREETS)}, Suite {d.number(100, 480)}")
        lines.append(d.pick((f"Phone {self.desk} | Fax {phone(d)}", f"T: {self.desk}", f"o {self.desk}  f {phone(d)}", f"{self.desk} ext. {d.number(101, 499)}")))
        if d.chance(0.3):
            lines.append(f"https://www.{self.domain}")
        return [Signature(lines, d.chance(0.25))]

    def foot(self, p=0.3):
        return [Footer(self.d.pick(FOOTERS))] if self.d.chance(p) else []

    def quote(self, blocks, who=None, address=None, to="", subject="", shape=None, days=None):
        if who is None:
            (who, address), _ = self.other()
            who = who or address
        earlier = self.when - timedelta(days=self.d.number(0, 4) if days is None else days, hours=self.d.number(0, 3), minutes=self.d.number(4, 50))
        return Quote(shape or self.d.pick(("outlook", "outlook-lines", "gmail", "thunderbird", "apple")), who, address, earlier, to or self.clinic, subject, blocks)

    def mail(self, to, subject, blocks, sender=None, signed=True, footer=0.25, form=None, look=None, **more):
        """Blocks become a mail; a quote at the end stays below the signature."""
        d = self.d
        blocks = [P(b) if isinstance(b, str) else b for b in blocks if b]
        body = [b for b in blocks if not isinstance(b, Quote)]
        quotes = [b for b in blocks if isinstance(b, Quote)]
        if signed:
            body += self.sign() + self.foot(footer)
        form = form or d.pick(("text", "text", "long", "flowed", "alternative", "alternative", "html"))
        if look is None:
            look = d.pick(("outlook", "outlook", "gmail", "thunderbird", "plain"))
            for q in quotes:  # a program quotes in its own way
                look = {"outlook": "outlook", "gmail": "gmail", "thunderbird": "thunderbird", "apple": "plain"}[q.shape.split("-")[0]]
        more.setdefault("charset", "utf-8")
        return Mail(sender or self.sender(), to if isinstance(to, list) else [to], subject, body + quotes, self.when, form=form, look=look, **more)
