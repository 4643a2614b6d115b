"""Families whose point is the envelope, the character set or the typography: who gets it, and how it is written."""

import html

from clauses import Story, cap
from family import family
from mail import Lines
from marks import mark, remake
from people import PRIVATE_DOMAINS, plain
from scene import Draft


def slip(s):
    """(wrong domain, risks): a slip in the sender's own domain, with the class unknown."""
    name, end = s.domain.rsplit(".", 1)
    kind = s.deal("slip", ["swap", "double", "drop", "tld", "affix", "digit"])
    if kind == "swap":
        i = next(i for i in range(2, len(name) - 1) if name[i] != name[i + 1] and name[i].isalpha() and name[i + 1].isalpha())
        return f"{name[:i]}{name[i + 1]}{name[i]}{name[i + 2:]}.{end}", ["typo_domain"], kind
    if kind == "double":
        return f"{name[:3]}{name[2]}{name[3:]}.{end}", ["typo_domain"], kind
    if kind == "drop":
        return f"{name[:3]}{name[4:]}.{end}", ["typo_domain"], kind
    if kind == "tld":
        return f"{name}.{'test' if end == 'example' else 'example'}", ["tld_slip"], kind
    if kind == "affix":
        return f"{name}-{s.pick('billing', 'portal', 'secure')}.{end}", ["lookalike_domain"], kind
    fake = name.replace("l", "1", 1) if "l" in name else name.replace("o", "0", 1)
    return f"{fake}.{end}", ["lookalike_domain"], kind


def talk(s):
    """Harmless words for envelopes that are the whole point."""
    return s.deal("talk", [["Budget draft for your eyes, comments by Friday."], ["Who has the key to the supply room?"], ["Lunch is here."], ["Please sign the copier lease on page 4."], ["The holiday schedule is final, thank you all."],
                           ["Can you send me the vendor list again?"], ["I parked in your spot, sorry! I will move at noon."], ["Agenda for Thursday: phones, parking, cake."], [f"Meeting moved to {s.clock()}."]])


def about_patient(s):
    p, story = s.case()
    body = s.deal("about", [[f"{p.full}, {p.dob}: {story.dx}, {story.found[0]}. Please call {p.him} today."], [f"Hand-off: {p.titled} (MRN {p.mrn}) has {story.short}, on {story.medication}."],
                            [Lines([f"Pt {p.reverse}", f"DOB {p.dob}", f"A/P: {story.dx}. {story.medication}"])], [f"can you finish the letter for {p.lower}? {story.short}, {story.found[0]}, {story.steps[0]}"]])
    return p, body


@family("gen-rcpt-slip", 12)
def wrong_domain(s):
    domain, risks, kind = slip(s)
    first, last = s.colleague()
    to = (f"{first} {last}" if s.d.chance(0.6) else "", s.address(first, last, domain))
    where = [{"field": "to", "index": 0, "class": "unknown", "risks": risks}]
    if s.deal("content", [True, False]):
        p, body = about_patient(s)
        cats = ["diagnosis"]
        return Draft(s.mail(to, s.deal("subject", ["handoff", "patient", "please call", "letter"]), body), "phi", f"A colleague's mail about a patient goes to a slip of the own domain ({kind}).", cats, 1, 3, recipients=where)
    return Draft(s.mail(to, s.deal("subject2", ["budget", "key", "lunch", "lease", "schedule", "parking"]), talk(s)), "none", f"Harmless, but the domain is a slip of the own ({kind}).", accept=["none", "identity"], recipients=where)


@family("gen-rcpt-class", 13, "held_out")
def who_reads(s):
    d = s.d
    kind = s.deal("kind", ["visible", "private", "gateway", "noreply", "list"])
    phi = s.deal("phi", [False, True, False])
    cc, sender = [], None
    if kind == "visible":
        people = s.patients(d.number(6, 9))
        to = [("", p.mailbox) for p in people]
        where = [{"field": "to", "index": i, "class": "consumer", "risks": ["many_visible"]} for i in range(len(to))]
        body = s.deal("visible", [["Dear all, we are closed on Monday."], ["The walking group meets at the fountain at nine."], ["Thank you for coming to the open house. Photos are on the wall."], ["New phone number at the desk, see below."]])
        return Draft(s.mail(to, s.pick("closed Monday", "hello", "news"), body), "none", "Private addresses see each other; the words are harmless.", accept=["none"], recipients=where)
    if kind == "private":
        local = plain(f"{s.staff_first[0]}{s.staff_last}").lower().replace(" ", "").replace("'", "")
        sender = (f"{s.staff_first} {s.staff_last}", f"{local}@{s.domain}")
        to = [("", f"{local}{s.pick('', '', '.home')}@{d.pick(PRIVATE_DOMAINS)}")]
        where = [{"field": "to", "index": 0, "class": "consumer", "risks": ["own_private"]}]
    elif kind == "gateway":
        to = [("", f"1{d.pick(('202', '303', '404'))}55501{d.digits(2)}@fax.example")]
        where = [{"field": "to", "index": 0, "class": "gateway", "risks": []}]
    elif kind == "noreply":
        to = [("", s.pick("no-reply", "noreply", "donotreply") + "@" + s.pick("indigoplan.example", "deltalab.test", "gantry.example"))]
        where = [{"field": "to", "index": 0, "class": "role_mailbox", "risks": ["noreply"]}]
    else:
        to = [("", f"{s.pick('staff-list', 'listserv', 'managers-list')}@{s.pick('countymed.example', 'state-mgma.example')}")]
        where = None
    if phi:
        p, body = about_patient(s)
        return Draft(s.mail(to, s.pick("patient", "today", "for later"), body, sender=sender), "phi", f"A patient's data to an unfit address ({kind}).", ["diagnosis"], 1, 3, recipients=where)
    return Draft(s.mail(to, s.pick("note", "today", "hello"), talk(s), sender=sender), "none", f"Ordinary words to a {kind} address.", accept=["none", "identity"], recipients=where)


KANJI = ((("林田", "文子", "F"), "高血圧", "血圧は168/98でした。アムロジピン5mgを毎日"), (("奥村", "匠", "M"), "2型糖尿病", "HbA1cは8.9%でした。メトホルミン500mgを1日2回"), (("森川", "夏希", "F"), "気管支喘息", "サルブタモール吸入を4時間ごと"),
         (("西沢", "正弘", "M"), "痛風", "尿酸は9.8 mg/dLでした。コルヒチン0.6mg"))


@family("gen-charset", 14)
def charset(s):
    d = s.d
    kind = s.deal("kind", ["jis", "win", "base64", "qp", "jis-clean", "win-clean", "latin", "8bit"])
    story = Story(d)
    if kind == "jis":
        (family_name, given, sex), dx, text = s.deal("kanji", list(KANJI))
        p = s.patient()
        name = mark("name", f"{family_name} {given}")
        body = s.deal("jp", [[f"お世話になっております。{name} 様（生年月日 {p.dob_in('iso')}）をご紹介します。診断は{dx}です。", f"{text}で治療中です。"], [Lines([f"患者: {name}", f"生年月日: {p.dob_in('iso')}", f"診断: {dx}", text])]])
        return Draft(s.mail(s.other()[0], "紹介状", body, signed=False, form="text", charset="iso-2022-jp"), "phi", "Japanese referral in ISO-2022-JP.", ["diagnosis", "medication", "referral"], 1, 3, voice="bilingual-jp")
    if kind == "jis-clean":
        body = s.deal("jp2", [["いつもお世話になっております。", "コピー機の見積書をお送りください。納期は来月で結構です。"], ["明日の会議は十時からです。資料は各自ご用意ください。"], ["請求書を受け取りました。月末に振り込みます。"]])
        return Draft(s.mail(s.other()[0], "お見積りの件", body, signed=False, form="text", charset="iso-2022-jp"), "none", "Japanese business mail in ISO-2022-JP.", accept=["none", "identity"], voice="vendor-jp")
    if kind == "win-clean":
        body = s.deal("win", [["The café “Zoë’s” caters our lunch – €12 a head – and naïve me thought that was cheap…"], ["Résumé of the meeting: the façade gets painted, the coöp pays ½."], ["“Smart quotes” broke the web form again – please paste as plain text…"]])
        return Draft(s.mail(s.inside(), s.pick("lunch", "façade", "quotes"), body, charset="windows-1252", encoding=s.pick("8bit", "quoted-printable"), form=s.pick("text", "html")), "none", "Curly quotes in windows-1252.", accept=["none", "identity"])
    p = s.patient(latin1=True, sex=story.sex, ages=story.ages)
    how = {"win": ("windows-1252", "8bit"), "base64": ("utf-8", "base64"), "qp": ("utf-8", "quoted-printable"), "latin": ("iso-8859-1", "quoted-printable"), "8bit": ("utf-8", "8bit")}[kind]
    quote = "’" if how[0] != "iso-8859-1" else "'"
    body = s.deal("cs", [[f"{p.full}{quote}s results: {story.found[0]}. Dx {story.dx}. Born {p.dob}. Follow-up at the Clínica Peña."], [f"Voilà the note on {p.full} ({p.dob}): {story.dx}, {story.medication}."], [f"{p.titled}, chart {p.mrn}: 37.9 °C, {story.found[0]}, {story.dx}. Señora Núñez drives {p.him}."],
                         [Lines([f"Patient: {p.reverse}", f"DOB: {p.dob}", f"Temp: 38.4 °C", f"Dx: {story.dx}"])]])
    return Draft(s.mail(s.other()[0], s.deal("subject", ["note", "résumé of visit", "results", "señora"]), body, signed=False, charset=how[0], encoding=how[1]), "phi", f"The same kind of mail in {how[0]} and {how[1]}.", ["diagnosis"], 1, 3)


def weave(text, inner, every):
    return inner.join(text[i:i + every] for i in range(0, len(text), every))


ZERO, SOFT, NBSP = "\u200b", "\u00ad", "\u00a0"
WIDE = str.maketrans("0123456789-/", "０１２３４５６７８９－／")


@family("gen-evasion", 16)
def evasion(s):
    """Identifiers dressed up by typesetting, by copying from other programs, or by somebody who tries."""
    d, (p, story) = s.d, s.case()
    kind = s.deal("kind", ["soft", "zero", "wide", "nbsp", "tags", "entities", "hidden", "dashes", "wbr"])
    line = s.deal("line", [f"Patient {p.full}, DOB {p.dob_in('us')}, MRN {p.mrn}. {cap(story.dx)}; {story.found[0]}.", f"{p.reverse} / date of birth {p.dob_in('us')} / chart no. {p.mrn}: {story.dx}, {story.medication}.",
                           f"Member ID {p.member}, DOB {p.dob_in('us')}, pt {p.full}: auth for {story.drug}, dx {story.dx}.", f"RE: {p.full} (MRN: {p.mrn}; born {p.dob_in('dash')}). Impression: {story.dx}. {cap(story.steps[0])}."])
    numbers = lambda change: remake(line, lambda label, value: change(value) if label != "name" else value)
    to, subject = s.other()[0], s.deal("subject", ["results", "as typed", "from the scan", "pasted", "note"])
    why = f"Ordinary data of a patient, written with {kind}."
    make = lambda **more: s.mail(to, subject, more.pop("blocks", []), signed=False, footer=0, **more)
    if kind in ("soft", "zero", "wide", "nbsp", "dashes"):
        change = {"soft": lambda v: weave(v, SOFT, 3), "zero": lambda v: weave(v, ZERO, 4), "wide": lambda v: v.translate(WIDE), "nbsp": lambda v: v.replace(" ", NBSP), "dashes": lambda v: v.replace("-", "–")}[kind]
        text = remake(line, lambda label, value: change(value)) if kind in ("soft", "nbsp") else numbers(change)
        if kind == "nbsp":
            text = text.replace(", ", "," + NBSP).replace("DOB ", "DOB" + NBSP).replace("MRN ", "MRN" + NBSP)
        mail = make(blocks=[text], form=s.pick("text", "long", "html", "alternative"))
    else:
        esc = lambda text: html.escape(text, quote=False)
        inner = {"tags": lambda v: f"{esc(v[:3])}<b>{esc(v[3:5])}</b>{esc(v[5:])}", "entities": lambda v: "".join(f"&#{ord(c)};" if d.chance(0.5) else esc(c) for c in v), "wbr": lambda v: f"{esc(v[:4])}<wbr>{esc(v[4:])}",
                 "hidden": esc}[kind]
        safe = esc(line)
        changed = remake(safe, lambda label, value: inner(html.unescape(value)) if kind != "hidden" and (label != "name" or kind == "entities") else value)
        body = f"<p>Please see below.</p>\n<p>{changed}</p>\n" if kind != "hidden" else f'<p>Thank you, see you soon.</p>\n<div style="display:none">{changed}</div>\n'
        mail = make(form="html", source=f"<html><body>\n{body}</body></html>\n")
    return Draft(mail, "phi", why, ["diagnosis"], 1, 3)


@family("gen-typography-clean", 10, "held_out")
def odd_but_clean(s):
    d = s.d
    text = s.deal("text", ["Invoice no. 00{} is due on the 15th, please pay by check.", "The cafeteria opens at 7:30 and closes at 2.", "Your order {} of exam gloves has shipped in two boxes.", "Meeting id {}, dial 9 first, then mute yourself.",
                           "Conference hotel rate is $149 until Friday.", "The new letterhead is on the shared drive, folder {}.", "Please vote for the lobby color: sage, sand or fog."]).replace("{}", d.digits(6))
    kind = s.deal("kind", ["soft", "wide", "nbsp", "zero", "tags", "entities", "footer"])
    if kind in ("soft", "zero"):
        text = " ".join(weave(w, SOFT if kind == "soft" else ZERO, 4) if len(w) > 6 else w for w in text.split(" "))
    elif kind == "wide":
        text = text.translate(WIDE)
    elif kind == "nbsp":
        text = text.replace(" ", NBSP + " ", 3)
    else:
        words = html.escape(text, quote=False)
        inner = {"tags": "".join(f"<span>{c}</span>" if c.isdigit() else c for c in words), "entities": "".join(f"&#x{ord(c):x};" if c.isalnum() and d.chance(0.3) else c for c in text.replace("&", "and")), "footer": words}[kind]
        source = f"<html><body>\n<p>{inner}</p>\n</body></html>\n" if kind != "footer" else f"<html><body>\n<p>{inner}</p>\n<p><font size=1>{html.escape(s.foot(1)[0].text)}</font></p>\n</body></html>\n"
        return Draft(s.mail(s.pick(s.inside(), s.other()[0]), s.deal("subject", ["invoice", "FYI", "order", "call", "vote"]), [], signed=False, form="html", source=source), "none", f"Business mail with {kind} in its text; nothing to find.", accept=["none"])
    return Draft(s.mail(s.pick(s.inside(), s.other()[0]), s.deal("subject", ["invoice", "FYI", "order", "call", "vote"]), [text], signed=d.chance(0.4), form=s.pick("text", "html")), "none", f"Business mail with {kind} in its text; nothing to find.", accept=["none"])
