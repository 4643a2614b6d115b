"""Families that look like patient mail and are not: numbers of business, lists of staff, codes, blank forms,
cases without a person, animals, and personal data without health."""

from clauses import CONDITIONS, Story, cap
from family import family
from mail import Attachment, Lines, Table
from marks import mark
from people import PRIVATE_DOMAINS, VENDORS, bare_name, phone
from scene import Draft

NEAR = ["none", "identity"]
EDU = ["health", "none"]


@family("gen-invoice-numbers", 13)
def invoice(s):
    d = s.d
    n = lambda k: d.digits(k)
    goods = d.sample(("nitrile gloves, M, case of 10", "N95 respirators, box of 20", "exam table paper 21 in", "tongue depressors", "A1c test cartridges, 10 pk", "urine cups 4 oz", "ECG electrodes", "sharps containers 5 qt",
                      "saline 0.9% 1 L", "lidocaine 1% 20 mL vials", "pregnancy test strips 25 ct", "blood pressure cuffs, large adult", "strep A kits", "autoclave pouches", "toner, black", "pulse oximeter, fingertip"), d.number(2, 5))
    net = d.pick(("net 30", "net 15", "due on receipt", "2/10 net 30"))
    body = s.deal("wording", [
        [f"Invoice {n(6)} for PO {n(5)} is attached as text below.", Table([["Qty", "Item", "SKU", "Unit price"]] + [[str(d.number(1, 40)), g, f"{d.pick('ABKT')}{n(5)}", f"{d.number(4, 210)}.{n(2)}"] for g in goods], s.pick("columns", "pipes")), f"Terms {net}. Remit to PO Box {n(4)}."],
        [f"your order {n(8)} shipped {s.day(-1)}, tracking 1Z999AA10123456784. backordered: {goods[0]}"],
        [f"Hi {s.staff_first}, we show invoice no. {n(8)} open since {s.day(-45)}. Account number {n(7)}, amount ${d.number(80, 4000)}.{n(2)}. Has it been paid?"],
        [f"Ref: 00{n(6)}", f"Credit memo {n(6)} for {goods[1]} returned on {s.day(-9)}. The patient-lift battery (serial {n(8)}) goes back to the maker under RMA {n(6)}."],
        [f"Please issue a PO for {goods[0]} and {goods[1]}, quote {n(6)}, ship to suite {n(3)}. Contract MR-{n(5)} applies."],
        [f"Statement of account {n(6)}: opening balance {d.number(100, 900)}.00, payments {d.number(10, 99)}.00. Late fees start {s.day(10)}."],
        [f"recall notice. lots {d.pick('ABC')}{n(5)} and {d.pick('DEF')}{n(5)} of {goods[0]}. check shelves, sign and return form {n(4)}"]])
    (who, address), org = s.other(VENDORS)
    outward = s.dealt["wording"] in (3, 4, 6)
    mail = s.mail((who, address) if outward else (s.clinic, f"ap@{s.domain}"), s.match("wording", ["Invoice " + n(6), "shipment", "past due", "credit memo", "PO please", "statement", "recall of lots"]), body,
                  sender=None if outward else (who or org, address), signed=outward)
    return Draft(mail, "none", "Business numbers that look like record numbers.", accept=NEAR if "Hi " in str(body[0]) else None)


@family("gen-roster", 12, "held_out")
def roster(s):
    d = s.d
    staff = [bare_name(d)[:2] for _ in range(d.number(4, 8))]
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    rooms = ("OR 1", "OR 3", "Triage", "Front", "Phones", "Float", "Lab", "Procedure rm", "PTO", "off", "Vaccine clinic", "Injections")
    kind = s.deal("kind", ["grid", "oncall", "swap", "list", "directory", "seating"])
    if kind == "grid":
        body = [s.pick("Schedule for next week:", "updated grid", "Please check your days."), Table([["Name", *days]] + [[f"{f} {l}", *[d.pick(rooms) for _ in days]] for f, l in staff], s.pick("columns", "pipes", "tabs"))]
    elif kind == "oncall":
        body = [s.pick("On call, weekends:", "Call schedule"), Lines([f"{s.day(7 * i + 2, 'us')}  {l}, {f}  backup {staff[(i + 1) % len(staff)][1]}" for i, (f, l) in enumerate(staff)])]
    elif kind == "swap":
        (f1, l1), (f2, l2) = staff[:2]
        body = [f"{f1} {l1} and {f2} {l2} swap {s.weekday()} and {s.weekday()}. {staff[2][0]} covers {d.pick(rooms)} until {s.clock()}. Please update the board."]
    elif kind == "list":
        body = ["Flu shot and TB test still missing from the employee file:", Lines([f"{l}, {f}   hired {s.day(-d.number(60, 900), 'us')}   emp. no. {d.digits(5)}" for f, l in staff[:5]]), "Bring the record to HR."]
    elif kind == "directory":
        body = ["Phone list, please replace the old one.", Lines([f"{l}, {f}, {d.pick(('RN', 'MA', 'MD', 'NP', 'PA-C'))}  ext. {d.number(100, 499)}  {phone(d)}" for f, l in staff])]
    else:
        body = [f"Seats at the dinner: {', '.join(f for f, _ in staff[:4])} at table {d.number(1, 9)}; {staff[-1][0]} {staff[-1][1]} speaks first."]
    accept = ["none", "identity", "health"] if kind == "list" else NEAR
    return Draft(s.mail(s.pick(s.inside(), ("All staff", f"all-staff@{s.domain}"), s.inside()), s.deal("subject", ["schedule", "Roster", "on call", "swap", "staff list", "directory", "who is where"]), body), "none", "Staff names with shifts, rooms or numbers; no patient.", accept=accept)


@family("gen-code-list", 12)
def codes(s):
    d = s.d
    some = d.sample(CONDITIONS, d.number(4, 9))
    body = s.deal("wording", [
        ["ICD-10 update, effective October 1:", Lines([f"{c[2]}  {c[0]}" for c in some]), "Old favorites in the EHR need a refresh."],
        [f"Reminder from coding: {some[0][2]} needs laterality or it denies with CO-16. {some[1][2]} is not valid with a Z-code first."],
        ["Fee schedule 2027 (draft)", Table([["CPT", "Fee", "RVU"]] + [[c, f"${d.number(28, 420)}", f"{d.number(3, 60) / 10}"] for c in d.sample(("99213", "99214", "99203", "93000", "36415", "20610", "11102", "97110", "90686", "81002"), 6)])],
        [f"Is CPT 99213 still ${d.number(70, 130)} in ZIP 99213? The payer table says otherwise."],
        ["Documentation tip of the week", f"Write the type and the cause: \"{some[2][0]}\" with code {some[2][2]} beats \"unspecified\". Same for {some[3][1]}."],
        [f"Formulary change: {some[0][5][0][0]} moves to tier 3, {some[1][5][0][0]} stays tier 1. Step therapy applies to all members from {s.day(40, 'long')}."],
        ["Superbill proof, please check the codes:", Lines([f"[ ] {c[2]:<9} {c[1]}" for c in some]), "The printer needs it by Friday."],
        ["HEDIS cheat sheet: A1c below 8 %, BP below 140/90, statin for every diabetic from 40 to 75. Codes 3044F, 3074F, 3078F."]])
    return Draft(s.mail(s.pick(s.inside(), s.other(VENDORS)[0], ("Coders", f"coding@{s.domain}")), s.match("wording", ["ICD-10 update", "denials", "fee schedule", "a price question", "coding tip", "formulary", "superbill proof", "HEDIS"]), body),
                 "health", "Codes and fees without a person.", accept=EDU)


@family("gen-blank-form", 12, "held_out")
def blank_form(s):
    d = s.d
    rule = d.pick(("______", "____________", "[          ]", "..............", ""))
    fields = d.some(("Patient name:", "Date of birth:", "MRN:", "Address:", "Phone:", "Insurance:", "Member ID:", "Medicare no.:", "Reason for visit:", "Allergies:", "Current medications:", "Emergency contact:",
                     "Referring provider:", "Diagnosis / ICD-10:", "Signature:"), 6, 11)
    form = Lines([f"{f} {rule}".rstrip() for f in fields])
    lead = s.deal("lead", ["Here is the form we use. Fill it in and bring it along, please do not e-mail it back.", "New intake sheet, comments by Friday?", "ROI template as asked.", "Blank referral form below for your front desk.", "can you print 200 of these",
                           "The old form asked for the SSN, this one does not.", "Draft for the web site."])
    shape = s.deal("shape", ["body", "brackets", "file", "body", "check"])
    attachments = []
    if shape == "body":
        body = [lead, form]
    elif shape == "brackets":
        body = [lead, Lines(["Dear [Patient Name],", "your appointment with [Provider] is on [Date] at [Time].", "Your balance is {{balance}}. DOB on file: <<DOB>>.", "MRN: XXXXXXXX"])]
    elif shape == "check":
        body = [lead, Lines([f"[ ] {x}" for x in d.sample(("diabetes", "high blood pressure", "asthma", "cancer", "depression", "pregnant", "HIV", "seizures", "stroke", "smoker"), 6)]), Lines(["Name: " + rule, "Date: " + rule])]
    else:
        body, attachments = [lead], [Attachment(d.pick(("intake_blank.txt", "ROI_template.txt", "referral_form_v4.txt")), "text/plain", f"{s.clinic.upper()}\nPATIENT REGISTRATION\n\n" + "\n".join(form.lines) + "\n")]
    return Draft(s.mail(s.pick(s.other()[0], s.inside(), s.other(VENDORS)[0]), s.deal("subject", ["form", "Intake form", "template", "blank ROI", "new sheet", "for print"]), body, attachments=attachments), "none",
                 "Labels without values: a blank form or template.", accept=["none", "health"])


def anonymous(s, story):
    d = s.d
    age, sex = d.number(24, 84), d.pick(("M", "F", "male", "woman", "man", "female"))
    return s.deal("anonymous", [f"{age} y/o {sex[0].upper()} with {story.dx}, {story.said[0]}, {story.found[0]}.", f"A {age}-year-old {'woman' if sex[0] in 'Ffw' else 'man'} on {story.medication} came with {story.said[0]}. {cap(story.found[0])}.",
                                f"{age}{sex[0].upper()}, {story.short}, {'; '.join(story.found[:2])}.", f"Middle-aged patient, {story.dx}, {story.found[0]}, failed {story.drug}."])


@family("gen-deid-case", 12)
def deid(s):
    story = Story(s.d)
    case = anonymous(s, story)
    ask = s.deal("ask", ["What would you do next?", "For Thursday's case conference; no identifiers please.", "Would you anticoagulate?", "Teaching point: look at the old films first.", "Anybody seen this before?",
                         "I changed nothing else. Ideas?", "De-identified on purpose. Call me if you want the rest through the EHR.", "Journal club question of the month."])
    body = s.deal("order", [[case, ask], [ask, case], [case + " " + ask], [Lines(["Case 3", case, f"Options: a) {story.steps[0]} b) watchful waiting c) {story.drug}"]), ask]])
    return Draft(s.mail(s.pick(s.other()[0], s.inside(), ("", "curbside@listserv.example")), s.deal("subject", ["curbside", "case", "interesting one", "tumor board teaching", "question", "case of the week"]), body), "health", "A case with no one in it: age below 90, no name, date or place.")


@family("gen-clinician-question", 12)
def question(s):
    c, e = s.d.sample(CONDITIONS, 2)
    drug, sig = s.d.pick(c[5])
    body = s.deal("wording", [
        [f"Does anyone still use {drug} for {c[0]} when the kidneys are bad? The label says to halve it."], [f"Quick question for pharmacy: can {drug} be crushed, and does it interact with {e[5][0][0]}?"],
        [f"What is the current target in {c[0]}? The guideline changed and our order set has not."], [f"For the protocol: {drug} {sig} as the default in {c[0]}, second line {e[5][0][0]}. Objections by {s.weekday()}."],
        [f"Do you accept referrals for {c[1]} without imaging? Our patients wait weeks for it."], [f"Is there a coupon for {drug}? We are asked daily."],
        [f"how long do you keep people off driving after {e[0]}. the state page is useless"], [f"Reading the trial on {drug}: n={s.d.number(120, 4200)}, hazard ratio 0.{s.d.number(61, 94)}, mostly {c[0]}. Would it change your practice?"]])
    return Draft(s.mail(s.pick(s.other()[0], s.inside()), s.match("wording", ["question", "crushing", "targets", "protocol", "do you accept", "coupon", "driving", "paper"]), body), "health", "A professional question that is about no single patient.", accept=EDU)


@family("gen-employees", 13, "held_out")
def employees(s):
    d = s.d
    first, last, sex = bare_name(d)
    he, his = ("she", "her") if sex == "F" else ("he", "his")
    body = s.deal("wording", [
        [f"{first} is out sick today, please cover {d.pick(('phones', 'the vaccine fridge', 'check-in'))}."], [f"{first} {last} starts {s.weekday()} as {d.pick(('medical assistant', 'biller', 'triage nurse'))}. Badge no. {d.digits(5)}. Please welcome {'her' if sex == 'F' else 'him'}!"],
        [f"FMLA papers for {first} {last} are complete. Leave runs {s.day(7, 'us')} to {s.day(90, 'us')}. Keep them in the HR file, not the chart."], ["Open enrollment ends Friday. The HSA plan has a $3,200 deductible; dental and vision stay the same. Questions to HR."],
        [f"PTO request: {first} {last}, {s.day(20)} to {s.day(27)}. Balance 64.5 hours. Approved."], ["Staff flu shots on Tuesday in the break room, 7 to 9. Bring your badge. Declination forms are with HR."],
        [f"Interview feedback on {first} {last}: strong phone voice, knows ICD-10, wants $24 an hour. Second round?"], [f"Timesheets due at noon. {first}, yours shows 11 hours on {s.weekday()}; is that right?"],
        [f"{first} {last}'s CPR card expires {s.day(30, 'us')}. Class is in room B20."], [f"Congratulations to {first} on {his} baby! Card at the front desk. {cap(he)} is back in spring."]])
    return Draft(s.mail(s.pick(s.inside(), ("Everyone", f"everyone@{s.domain}"), s.inside()), s.match("wording", ["today", "new colleague", "leave", "enrollment", "PTO", "flu shots", "interview", "timesheets", "CPR card", "good news"]), body), "none",
                 "Personnel matters: an employment record is not patient information.", accept=["none", "identity", "health"])


@family("gen-animals", 12)
def animals(s):
    d = s.d
    pet, kind = d.pick((("Biscuit", "canine"), ("Pepper", "feline"), ("Duke", "canine"), ("Clover", "goat"), ("Mango", "parrot"), ("Ziggy", "feline"), ("Shadow", "gelding")))
    body = s.deal("wording", [
        [f"{pet}, {kind}, DOB {s.day(-1400, 'us')}: rabies and {d.pick(('DHPP', 'FVRCP', 'West Nile'))} due {s.weekday()}."], [Lines([f"Patient: {pet}", f"Species: {kind}", f"Weight: {d.number(6, 90)} lb", f"Microchip 985{d.digits(12)}", "Exam: dental tartar grade 2", "Rx: carprofen 75 mg BID x5 days"])],
        [f"bloodwork on {pet} is back, BUN {d.number(30, 80)} mg/dL, creatinine {d.number(20, 51) / 10}. {kind} kidney diet, recheck in a month. DVM on call tonight"],
        [f"Your {kind} friend {pet} is overdue for heartworm prevention. Book online or call {phone(d)}."], [f"Invoice for {pet}: exam $62, nail trim $18, {d.pick(('ear cytology', 'fecal float'))} $31. Thank you for coming in."],
        [f"The barn vet comes {s.weekday()}. {pet} needs Coggins and a tetanus shot; hold the others in their stalls."]])
    vet, domain = s.deal("vet", [("Barkwell Animal Hospital", "barkwell.example"), ("Nine Lives Cat Clinic", "ninelives.test"), ("Prairie Large Animal", "prairie-vet.example")])
    first, last, _ = bare_name(d)
    return Draft(s.mail((f"{first} {last}" if d.chance(0.4) else "", s.address(first, last, d.pick(PRIVATE_DOMAINS))), s.deal("subject", [f"{pet} reminder", "lab results", f"{pet}'s visit", "vaccines due", "barn day"]), body, sender=(vet, f"desk@{domain}"), signed=False),
                 "none", "A veterinary patient.", accept=["none", "health", "identity"] if "Lines" in str(body[0]) else ["none", "health"])


@family("gen-identity-only", 16)
def identity_only(s):
    d, p = s.d, s.patient()
    lic = lambda: mark("license", d.pick("BDHKST") + d.digits(7))
    wording = s.deal("wording", list(range(9)))
    email = mark("email", p.mailbox)
    sender = [("Hollis Property Management", "leasing@hollis-property.example"), ("Ember Payroll", "support@ember-payroll.test"), ("Two Rivers School District", "registrar@tworivers.example"),
              ("Larkspur Travel", "desk@larkspur-travel.example"), ("Acorn Office Supply", "service@acorn-office.example"), ("Ember Payroll", "support@ember-payroll.test"), ("", "leasing@hollis-property.example"),
              ("Gala Committee", "gala@tworivers.example"), ("Rewards Desk", "rewards@acorn-office.example")][wording]
    body = [
        [f"Lease application: {p.full}, born {p.dob}, currently at {p.address}, phone {p.phone}. Driver's license {lic()}. Please run the credit check."],
        [Lines([f"Employee: {p.reverse}", f"SSN: {mark('ssn', '{{ssn:' + str(d.number(1, 900)) + '}}')}", f"DOB: {p.dob}", f"Address: {p.address}"]), "W-2 was returned. Is the address right?"],
        [f"Transfer of records for {p.full}, date of birth {p.dob}, student no. {mark('other_id', d.digits(7))}. New address {p.address}."],
        [f"Ticket for {p.full}: passport {mark('passport', d.pick('ACX') + d.digits(8))}, born {p.dob}, cell {p.phone}. Seat {d.number(4, 30)}C."],
        [f"Please deliver to {p.full}, {p.address}. Call {p.phone} at the gate. Tracking 1Z999AA10123456784."],
        [f"Direct deposit change: {p.full}, routing 011000015, account {mark('bank', d.digits(10))}. Effective next pay day."],
        [f"New tenant {p.full} ({email}, {p.phone}) takes 4C from the 1st. Car VIN {mark('vin', '1M8GDM9AXKP042788')}, license {lic()}."],
        [f"RSVP from {p.full}, {p.street}, {p.city}. Two guests, vegetarian. {p.phone}"],
        [f"Loyalty card mix-up: {p.full}, {email}, born {p.dob}. Points belong to {p.his} account, not the neighbor's."]][wording]
    to, _ = s.other([("Quillon Credit", "quillon-credit.example"), ("Roundhouse Storage", "roundhouse.test"), ("Fieldstone Insurance Brokers", "fieldstone.example"), ("Inkwell Printing", "inkwell.test")])
    return Draft(s.mail(to, s.match("wording", ["application", "W-2", "transfer", "ticket", "delivery", "direct deposit", "tenant", "RSVP", "wrong account"]), body, sender=sender, signed=False), "identity", "Personal data with no word on health, from a business that gives no care.")


@family("gen-health-marketing", 12)
def marketing(s):
    d = s.d
    c = d.pick(CONDITIONS)
    first, last, _ = bare_name(d)
    product = d.pick(("GlucoTrack Pro", "the SlimWell program", "VeinGone laser", "HearBetter aids", "CalmRoot tea", "the FlexBand brace"))
    body = s.deal("wording", [
        [f"Hi {first},", f"1 in {d.number(4, 12)} adults lives with {c[0]}. {product} is {d.number(10, 40)} % off until {s.weekday()}. Shop now."], [f"Webinar: {cap(c[0])} in primary care, {s.day(20, 'long')}, noon. 1 CME credit. Register with one click."],
        [f"Dear {first} {last}, turning 65? Compare Medicare plans with our licensed agents. No obligation. Reply STOP to unsubscribe."], [f"Exhibit with us! Booth prices for the {c[1]} summit go up on {s.day(14)}. {d.number(300, 2000)} attendees expected."],
        [f"Our {d.pick(('gym', 'spa', 'pharmacy'))} is giving away blood pressure checks. Buy 2 get 1, member ID {d.digits(6)}."], [f"Samples of {c[5][0][0]} are available for your practice. I can stop by {s.weekday()} with lunch. See full prescribing information."],
        [f"Ask the experts about {c[0]}: new treatments, costs, what to eat. View in browser. Unsubscribe."]])
    to = (f"{first} {last}" if d.chance(0.4) else "", s.address(first, last, d.pick(PRIVATE_DOMAINS + ("foxriver-cardio.example",))))
    headers = ["List-Unsubscribe: <https://jetty.example/u>"] if d.chance(0.6) else []
    return Draft(s.mail(to, s.match("wording", ["Special offer", "webinar", "Turning 65?", "Exhibitor prices", "free check", "lunch on us", "Ask the experts"]), body, sender=("Jetty Marketing", "hello@jetty.example"), signed=False, headers=headers), "none",
                 "Advertising that knows a name but nothing of the reader's health.", accept=["none", "health", "identity"])
