"""Families about recognisable patients: results, notes, referrals, medicines, claims, visits, lists, payloads."""

from clauses import CONDITIONS, HABITS, Story, cap, lab, labs
from family import family
from mail import Attachment, Lines, P, Table
from marks import bare, mark
from people import PARTNERS, VENDORS, written
from scene import Draft

LABS = [p for p in PARTNERS if "Lab" in p[0] or "Hospital" in p[0]]
PAYERS = [("Indigo Health Plan", "indigoplan.example"), ("Meridian Benefit Trust", "meridianbenefit.example"), ("Sagebrush Mutual", "sagebrush-mutual.example")]
PHARMACY = [("Glen Arbor Pharmacy", "glenarbor-rx.example"), ("Keystone Infusion", "keystone-infusion.example"), ("Corner Drug", "cornerdrug.test")]


def identity_line(s, p):
    """One of the ways an identifier line stands above a report. Returns marked text."""
    return s.deal("identity-line", [
        f"Patient: {p.reverse}  DOB: {p.dob}  MRN: {p.mrn}", f"Pt {p.full} ({p.dob}) chart # {p.mrn}", f"{p.caps}   DOB {p.dob}   MRN {p.mrn}",
        f"RE: {p.full}, date of birth {p.dob}", f"Name: {p.with_middle} / Birth date: {p.dob} / Medical record no. {p.mrn}",
        f"PATIENT NAME: {p.caps}  D.O.B.: {p.dob}  ACCESSION: {p.accession}", f"{p.full}, born {p.dob}, MR# {p.mrn}",
        f"Patient ID {p.mrn}, {p.lower}, dob {p.dob_in('short')}"])


@family("gen-lab-table", 13)
def lab_table(s):
    p, d = s.patient(), s.d
    rows = [list(row) for row in labs(d, d.number(3, 8))]
    shape = s.deal("shape", ["columns", "pipes", "inline", "sentence", "html"])
    line = identity_line(s, p)
    to_patient = s.d.chance(0.3)
    if to_patient:
        line = s.deal("hello", [f"Dear {p.titled},", f"Hello {p.full},", f"Hi {p.full},"])
        intro = s.deal("mine", ["your results from last week are below. The ones with a letter are outside the range.", "Here is what the lab sent us. Dr. says not to worry, but read the flagged lines.",
                                "I promised to write as soon as your bloodwork was back."])
    else:
        intro = s.deal("intro", ["labs from this morning, see below", f"Results you asked for when we spoke {s.weekday()}.", "Please compare with yours from spring.",
                                 "Not sure these reached you through the interface, so I am typing them.", "FYI flagged ones first to worry about", "Could the doctor look before noon?"])
    if shape in ("columns", "pipes", "html"):
        head = s.pick(["Test", "Result", "Units", "Ref. range", "Flag"], ["TEST", "RESULT", "UNIT", "REFERENCE", "FLAG"], ["Analyte", "Value", "Unit", "Normal", ""])
        core = Table([head] + rows, "pipes" if shape == "pipes" else "columns")
    elif shape == "inline":
        core = P(", ".join(f"{n} {v} {u}" + (f" ({f})" if f else "") for n, v, u, _, f in rows))
    else:
        n, v, u, r, f = rows[0]
        core = P(f"The {n} came back at {v} {u} (normal {r}). " + " ".join(f"{n2} was {v2} {u2}." for n2, v2, u2, _, _ in rows[1:4]))
    to = s.mailbox_of(p) if to_patient else s.other(LABS)[0]
    subject = s.deal("subject", ["labs", "Lab results", "results attached below", "Bloodwork " + s.day(-2), f"{p.last} labs" if not to_patient else "Your results", "RE: labs"])
    blocks = [line, intro, core] if to_patient else s.pick([intro, Lines([line]), core], [Lines([line]), core, intro], [Lines([line]), core])
    return Draft(s.mail(to, subject, blocks, form="html" if shape == "html" else None), "phi", "Laboratory values of a named patient in a mail's text or table.", ["lab"], 1, 3)


def panel_rows(s, people, kind):
    d, rows = s.d, []
    for p in people:
        c = d.pick(CONDITIONS)
        name, value, unit, _, flag = lab(d)
        cells = {"MRN": p.mrn, "Last": p.last, "First": p.first, "Patient": p.reverse, "Patient Name": p.caps, "DOB": p.dob_in("us" if kind != "iso" else "iso"),
                 "Dx": c[2], "Diagnosis": c[1], "Test": name, "Result": f"{value} {unit}", "Flag": flag, "Member ID": p.member, "Phone": p.phone, "Visit": s.day(-d.number(1, 60), "us"),
                 "Balance": f"{d.number(20, 900)}.{d.digits(2)}", "CPT": d.pick(("99213", "99214", "93000", "36415", "80053")), "Sex": p.sex, "Provider": s.doctor()}
        rows.append(cells)
    return rows


@family("gen-lab-attachment", 11, "held_out")
def table_attachment(s):
    """CSV and TSV panels; every fourth is a bulk file of 240 rows."""
    d = s.d
    count = s.deal("rows", [12, 12, 1, 240, 3, 12, 12])
    columns = s.deal("columns", [["MRN", "Last", "First", "DOB", "Dx"], ["Patient Name", "DOB", "Test", "Result", "Flag"], ["MRN", "Patient", "Diagnosis", "Provider"],
                                 ["Last", "First", "DOB", "Member ID", "CPT", "Balance"], ["MRN", "DOB", "Sex", "Test", "Result"], ["Patient", "Phone", "Visit", "Diagnosis"]])
    if count == 240:
        columns = s.deal("bulk-columns", [["MRN", "Last", "First", "DOB", "Dx"], ["MRN", "DOB", "Test", "Result", "Flag"], ["Member ID", "Dx", "CPT", "Balance"]])
    people = s.patients(count)
    kind = s.pick("csv", "tsv", "csv", "iso")
    split = "\t" if kind == "tsv" else ","
    def cell(text):
        return f'"{text}"' if split == "," and "," in bare(text) else text
    body = "\n".join([split.join(columns)] + [split.join(cell(row[c]) for c in columns) for row in panel_rows(s, people, kind)]) + "\n"
    name = s.deal("name", ["panel", "recall_list", "export", "patients_q3", "worklist", "report (2)", "A1c_gap_list", "due_for_labs"]) + (".tsv" if kind == "tsv" else ".csv")
    media = "text/tab-separated-values" if kind == "tsv" else "text/csv"
    cats = (["lab"] if "Test" in columns else []) + (["diagnosis"] if "Dx" in columns or "Diagnosis" in columns else []) + (["billing", "insurance"] if "Member ID" in columns else []) + \
        (["appointment"] if "Visit" in columns else [])
    text = s.deal("note", ["the list you wanted", f"Attached, {count} line{'s' if count > 1 else ''}. Please work from the top.", "Export from the registry as of this morning.",
                           "Here is the file. Let me know if a column is missing.", "see attached", "As discussed, for the quality project. Please keep it in your group.", ""])
    to = s.pick(s.other()[0], s.other(VENDORS)[0], s.inside())
    mail = s.mail(to, s.deal("subject", ["list", "export", "Recall list", "file for you", "FW: registry", "quality report data", "Report"]), [text], form=s.pick("text", "alternative", "html", "long"),
                  attachments=[Attachment(name, media, body, "base64" if count == 240 else "")])
    return Draft(mail, "phi", f"Attached table with {count} patient{'s' if count > 1 else ''} and clinical or claim columns.", cats + (["bulk"] if count > 1 else []), count, 4 if count > 1 else 3)


@family("gen-visit-note", 17)
def visit_note(s):
    p, story = s.case()
    habit = s.deal("habit", list(HABITS))
    top = identity_line(s, p)
    body = story.note(p, habit)
    seen = s.deal("seen", [f"Seen {s.day(-1)}.", f"Visit of {s.day(-3, 'long')}.", "", f"Follow-up {s.weekday()}.", "Telehealth visit today.", ""])
    blocks = {"soap": [Lines([top]), Lines(body)], "headings": [Lines([top]), Lines([seen] + body if seen else body)], "caps": [Lines([top]), P(body[0])]}.get(habit)
    if blocks is None:
        lead = s.deal("lead", [f"Dear colleague,", "Hi,", "", "Good afternoon", "Quick update:"])
        blocks = [lead, Lines([top]), *body] if s.d.chance(0.5) else [lead, P(f"{p.titled} ({p.dob}) {s.pick('was here', 'came by', 'was in clinic')} {s.day(-1)}. " + body[0])]
    close = s.deal("close", ["", "Happy to talk.", f"Next visit {s.day(30)}.", "Copy to the PCP please.", "Call me if anything is unclear.", ""])
    if close and habit != "soap":
        blocks.append(close)
    cats = ["narrative", "diagnosis", "medication"]
    return Draft(s.mail(s.other()[0], s.deal("subject", ["note", "visit note", "update on our patient", "progress note", "consult letter", "f/u", "For your records", "clinic note " + s.day(-1)]), blocks),
                 "phi", f"A visit note ({habit}) with name and findings.", cats, 1, 3)


@family("gen-referral", 13)
def referral(s):
    (p, story), d = s.case(), s.d
    doctor = s.doctor()
    ins = s.pick(f"Insurance: Sagebrush Mutual, member ID {p.member}.", f"Medicare {p.mbi}.", f"Ins ID# {p.member}", "", "")
    body = s.deal("wording", [
        [f"Please see {p.titled}, DOB {p.dob}, for evaluation of {story.dx}. {cap(story.said[0])}; {story.found[0]}.", ins, f"Best phone: {p.phone}. Earliest is fine."],
        [f"Referral request", Lines([f"Patient: {p.full}", f"DOB: {p.dob}", f"Phone: {p.phone}", f"Address: {p.address}", f"Reason: {story.short}, {story.found[0]}", f"Referred by: {doctor}"]), ins],
        [f"{doctor}, would you see my patient {p.initials} (DOB {p.dob}) for {story.short}? {cap(story.found[0])}. Currently on {story.medication}."],
        [f"we have a new one for you. {p.lower}, {p.dob_in('short')}, {story.short}. auth is {p.claim}. {story.steps[0]}"],
        [f"Thank you for agreeing to see {p.full} ({p.age}). Main problem: {story.dx}. Work-up so far: {', '.join(story.found[:2])}.", f"Record number here is {p.mrn}. {ins}".strip()],
        [f"URGENT REFERRAL", Lines([f"{p.caps}  {p.dob}", f"DX {story.icd} {story.short.upper()}", f"CELL {p.phone}"]), "Please call the family today and fax back the date."],
        [f"Face sheet: {p.reverse}; {p.dob}; {p.phone}; {p.address}. Consult for {story.short}. {cap(story.said[0])}.", ins],
        [f"Could your office work in {p.full} this week? {p.he.capitalize()} has {story.dx} and {p.his} visit with us on {s.day(-4)} showed {story.found[0]}. DOB is {p.dob}."]])
    subject = s.deal("subject", ["Referral", f"new referral {p.last}", "consult request", "please schedule", "referral + auth", "urgent", f"Referral: {p.initials}", "patient for you"])
    return Draft(s.mail(s.other()[0], subject, body), "phi", "A referral names the patient and the reason.", ["referral", "diagnosis"] + (["insurance"] if any("Medicare" in str(b) or "ins" in str(b).lower() and "ID" in str(b) for b in body) else []), 1,
                 4 if any(p.raw_mbi in str(b) for b in body) else 3)


@family("gen-medication", 13)
def medication(s):
    (p, story), d = s.case(), s.d
    while len(story.condition[5]) < 2:
        p, story = s.case()
    older = Story(d, story.condition)
    while older.drug == story.drug:
        older = Story(d, story.condition)
    dose = story.medication
    to_patient = False
    wording = s.deal("wording", list(range(8)))
    if wording == 0:
        body = [f"Refill request for {p.full}, {p.dob}: {dose}, #{d.pick((30, 60, 90))}, {d.number(1, 5)} refills. Rx {p.rx} on your side. Ok per {s.doctor()}."]
    elif wording == 1:
        to_patient, body = True, [f"Hello {p.titled},", f"{s.doctor()} sent {story.drug} to the pharmacy. Take it as follows: {story.sig}. It replaces {older.drug}. Call us if you notice a rash or dizziness."]
    elif wording == 2:
        body = [f"pt {p.lower} dob {p.dob_in('short')} says the {story.drug} makes {p.him} sick. can we switch to {older.medication}? {p.his} cell {p.phone}"]
    elif wording == 3:
        body = [Lines([f"Medication list for {p.full} (MRN {p.mrn})", f"1. {dose}", f"2. {older.medication}", f"3. {Story(d).medication}", f"Allergies: {d.pick(('penicillin', 'sulfa', 'NKDA', 'codeine'))}"]), "Please reconcile before the admission."]
    elif wording == 4:
        body = [f"Prior authorization for {p.full}: {dose}, diagnosis {story.icd} {story.dx}. Tried and failed {older.drug}. Member ID {p.member}, DOB {p.dob}. Please expedite."]
    elif wording == 5:
        body = [f"STOP {older.drug.upper()} on {p.reverse}, {p.dob}. Interaction with {story.drug}. New order: {dose}. {s.staff_first} {s.staff_last} {s.credential}"]
    elif wording == 6:
        body = [f"The daughter of {p.titled} picked up {story.drug}, but the label says something else than our order ({story.sig}). Prescription no. {p.rx}. Would you check who typed it? {p.titled} was born {p.dob}."]
    else:
        to_patient, body = True, [f"Dear {p.full},", f"your {story.drug} is ready at the pharmacy. The dose went up: {story.sig}. Please {d.pick(('come for a blood test in two weeks', 'keep a diary of your readings', 'bring all bottles next time'))}."]
    to = s.mailbox_of(p) if to_patient else s.other(PHARMACY)[0]
    cats = ["medication"] + (["diagnosis", "insurance"] if wording == 4 else [])
    return Draft(s.mail(to, s.deal("subject", ["Refill", "rx question", "medication change", "prescription", "your medicine" if to_patient else "pharmacy", "med list", "re: rx", "PA request" if wording == 4 else "quick one"]), body),
                 "phi", "A medicine with dose for a recognisable person.", cats, 1, 3)


@family("gen-claim", 13)
def claim(s):
    (p, story), d = s.case(), s.d
    money = f"${d.number(24, 2400)}.{d.digits(2)}"
    cpt = d.pick(("99214", "29881", "93306", "45385", "70553", "97110", "11042"))
    date_of_care = mark("date", s.day(-d.number(20, 90), "us"))
    wording = s.deal("wording", list(range(8)))
    to_patient = wording in (3, 6)
    body = [
        [f"Member ID {p.member}, claim # {p.claim}, CPT {cpt}, denied CO-197, pt {p.full}. DOS {date_of_care}. Please reprocess, the auth was on file."],
        [Lines([f"Claim no: {p.claim}", f"Insured: {p.reverse}", f"Subscriber ID: {p.member}", f"Date of service: {date_of_care}", f"Dx: {story.icd}", f"CPT: {cpt}", f"Billed: {money}"]), "Appeal letter to follow. Which fax should I use?"],
        [f"Still no payment for {p.full} ({p.dob}), service {date_of_care}, {cpt} with {story.icd}. Patient account {p.account}. It was adjudicated and then vanished."],
        [f"Dear {p.titled},", f"your plan processed the visit of {date_of_care}. It paid part; {money} of your deductible is left for {d.pick(('the MRI', 'the colonoscopy', 'the stress test', 'physical therapy'))}. Your account number is {p.account}."],
        [f"cob question. {p.lower} has you as secondary, id {p.member}. primary paid on claim {p.claim} but you say PR-1? dos {date_of_care}"],
        [f"We appeal the denial of {story.drug} for {p.full}, member number {p.member}. The diagnosis is {story.dx} ({story.icd}); {story.found[0]}. A peer-to-peer is welcome any day before 10."],
        [f"Hi {p.full},", f"thanks for calling about your statement. The {money} is the copay and lab from {date_of_care}; insurance denied the {d.pick(('vitamin D', 'genetic screen', 'TSH'))} test as not covered. We can split it in three."],
        [f"EOB for {p.caps}: allowed {money}, patient responsibility {d.number(10, 90)}.00, remark N130. ICN {p.claim}. Why is {cpt} bundled?"]][wording]
    to = s.mailbox_of(p) if to_patient else s.other(PAYERS)[0]
    cats = {3: ["billing", "procedure"], 5: ["insurance", "diagnosis", "medication"], 6: ["billing", "lab"], 1: ["billing", "insurance", "diagnosis"]}.get(wording, ["billing", "insurance"])
    return Draft(s.mail(to, s.deal("subject", ["claim denial", "Claim status", "your statement" if to_patient else "reprocess please", "billing question", "appeal", "COB", "EOB", f"Re: {p.last}" if not to_patient else "balance"]), body),
                 "phi", "A claim or balance of a recognisable person with service or diagnosis.", cats, 1, 3)


REVEALING = (("Sunrise Methadone Clinic", "substance_use"), ("Rivermouth Oncology", "diagnosis"), ("Stillwater Fertility Center", "reproductive"), ("Open Door HIV Program", "hiv"),
             ("Harmony Psychiatry", "mental_health"), ("Lakeshore Dialysis", "diagnosis"), ("Memory Disorders Center", "diagnosis"), ("Northfield Eating Disorder Program", "mental_health"))


@family("gen-appointment", 15, "held_out")
def appointment(s):
    d, p = s.d, s.patient()
    when = f"{s.weekday()} {s.day(d.number(2, 14))} at {s.clock()}"
    revealing = s.deal("kind", [None, "r", None, "r", None, "r"])
    if revealing:
        place, category = s.deal("place", list(REVEALING))
    else:
        place, category = s.deal("neutral", ["Main Street Family Practice", s.clinic, "Hollis Family Dental", "Lantern Hill Primary Care", "the Maple Hollow office"]), None
    body = s.deal("wording", [
        [f"Reminder: {p.titled}, your visit at {place} is {when}. Reply C to confirm."],
        [f"Dear {p.full},", f"this is to confirm your appointment at {place}: {when}. Please come 15 minutes early and bring your insurance card."],
        [f"Hi {p.full}, we had to move you. New time at {place}: {when}. Sorry for the trouble!"],
        [f"{p.full} did not come to {place} today. Would you reach out and offer {when}? Number on file {p.phone}."],
        [Lines([f"Patient: {p.full}", f"Where: {place}", f"When: {when}"]), "Call us to change it."],
        [f"Hello {p.titled}. You have an appointment with us at {place} on {when}. If you can't make it please call {s.desk}."]])
    staff = "did not come" in str(body[0])
    to = s.other()[0] if staff else s.mailbox_of(p)
    sev = 1 if not revealing else (3 if category == "diagnosis" else 4)
    cats = ["appointment"] + ([category] if category and category != "diagnosis" else [])
    return Draft(s.mail(to, s.deal("subject", ["Appointment reminder", "your visit", "Reminder", "change of time", "confirming", "see you soon"]), body, sender=(place if d.chance(0.5) else "Scheduling", f"scheduling@{s.domain}")),
                 "phi", f"An appointment of a named person at {'a clinic that tells the condition' if revealing else 'a neutral practice'}.", cats, 1, sev)


def hl7(s, p, story):
    d = s.d
    n, v, u, r, f = lab(d)
    stamp = s.when.strftime("%Y%m%d%H%M")
    up = lambda x: x.upper().replace("'", "")
    name = mark("name", f"{up(p.raw_last)}^{up(p.raw_first)}")
    born = p.dob_in("hl7")
    pid = f"PID|1||{p.mrn}^^^{s.domain.split('.')[0].upper()}^MR||{name}^{p.middle}||{born}|{p.sex}|||{mark('address', up(p.raw_street))}^^{mark('city', up(p.town))}^{p.state}^{p.zip}||{p.phone}"
    return [f"MSH|^~\\&|LAB|DELTA|EHR|{s.domain.split('.')[0].upper()}|{stamp}||ORU^R01|{d.digits(6)}|P|2.5.1", pid,
            f"OBR|1||{p.accession}|{n.split(',')[0].upper()}|||{stamp}", f"OBX|1|NM|{n.split(',')[0].upper()}||{v}|{u}|{r}|{f or 'N'}|||F", f"DG1|1||{story.icd}^{story.dx}^I10"]


def x12(s, p, story):
    d = s.d
    up = lambda x: x.upper()
    name = mark("name", f"{up(p.raw_last)}*{up(p.raw_first)}")
    kind = s.deal("x12", ["837", "835", "271"])
    born = p.dob_in("hl7")
    if kind == "837":
        return [f"ST*837*0001*005010X222A1~", f"NM1*IL*1*{name}****MI*{p.member}~", f"N3*{mark('address', up(p.raw_street))}~", f"N4*{mark('city', up(p.town))}*{p.state}*{p.zip}~", f"DMG*D8*{born}*{p.sex}~",
                f"CLM*{p.claim}*{d.number(90, 900)}***11:B:1*Y*A*Y*Y~", f"HI*ABK:{story.icd.replace('.', '')}~", f"SV1*HC:99214*{d.number(90, 400)}*UN*1***1~", "SE*9*0001~"]
    if kind == "835":
        return ["ST*835*0007~", f"CLP*{p.claim}*4*{d.number(100, 900)}*0**12*{d.digits(8)}~", "CAS*CO*197*210~", f"NM1*QC*1*{name}****MI*{p.member}~", f"DTM*232*{written(s.today, 'hl7')}~", "SVC*HC:97110*210*0~", "SE*7*0007~"]
    return ["ST*271*0003~", f"NM1*IL*1*{name}****MI*{p.member}~", f"DMG*D8*{born}*{p.sex}~", "EB*1*IND*30*HM*GOLD~", "EB*C*IND*98***27*40~", f"MSG*OPEN AUTH FOR {story.short.upper()}~", "SE*7*0003~"]


def fhir(s, p, story):
    n, v, u, _, _ = lab(s.d)
    return ["{", '  "resourceType": "Bundle", "type": "collection", "entry": [', '    {"resource": {"resourceType": "Patient",',
            f'      "identifier": [{{"type": {{"coding": [{{"code": "MR"}}]}}, "value": "{p.mrn}"}}],', f'      "name": [{{"family": "{p.last}", "given": ["{p.first}"]}}],',
            f'      "gender": "{"female" if p.sex == "F" else "male"}", "birthDate": "{p.dob_in("iso")}"}}}},', '    {"resource": {"resourceType": "Condition", "code": {"text": "' + story.dx + '"}}},',
            f'    {{"resource": {{"resourceType": "Observation", "code": {{"text": "{n}"}}, "valueQuantity": {{"value": {v}, "unit": "{u}"}}}}}}', "  ]", "}"]


@family("gen-structured", 15)
def structured(s):
    p, story = s.case()
    kind = s.deal("kind", ["hl7", "x12", "fhir"])
    lines = {"hl7": hl7, "x12": x12, "fhir": fhir}[kind](s, p, story)
    say = s.deal("say", ["This one keeps failing on our side:", "message that errors out, any idea?", "Sample from production log below. Please do not forward.", "see payload", "Why is it rejected?", "raw below",
                         "The receiver says segment 3 is wrong."])
    vendor = s.other([("Gantry Software", "gantry.example"), ("Interlace Health IT", "interlace.test")])[0]
    cats = {"hl7": ["lab", "diagnosis"], "x12": ["billing", "insurance"], "fhir": ["lab", "diagnosis"]}[kind]
    if s.deal("where", ["body", "file"]) == "file":
        name, media = {"hl7": ("oru_sample.hl7", "text/plain"), "x12": ("batch_0001.txt", "text/plain"), "fhir": ("bundle.json", "application/json")}[kind]
        mail = s.mail(vendor, s.deal("subject", ["failing message", "interface error", "rejects", "payload"]), [say], form=s.pick("text", "alternative"), attachments=[Attachment(name, media, "\n".join(lines) + "\n")])
    else:
        mail = s.mail(vendor, s.deal("subject", ["failing message", "interface error", "rejects", "payload"]), [say, Lines(lines)], form=s.pick("text", "text", "alternative", "html"), look=s.pick("plain", "thunderbird", "gmail"))
    return Draft(mail, "phi", f"A {kind} payload with a patient in it.", cats, 1, 3)


BEHAVIOR = (("opioid use disorder", "buprenorphine-naloxone 8/2 mg SL daily", "substance_use", "urine screen positive for fentanyl"), ("alcohol use disorder, severe", "naltrexone 50 mg PO daily", "substance_use", "relapsed after eleven weeks sober"),
            ("major depressive disorder", "sertraline 100 mg PO daily", "mental_health", "PHQ-9 of 19"), ("bipolar I disorder", "lithium 900 mg PO qHS", "mental_health", "slept two hours a night for a week"),
            ("post-traumatic stress disorder", "prazosin 2 mg PO qHS", "mental_health", "nightmares four nights of seven"), ("methamphetamine use disorder", "mirtazapine 30 mg PO qHS", "substance_use", "missed three groups"),
            ("schizoaffective disorder", "paliperidone 156 mg IM monthly", "mental_health", "voices are back since the move"), ("panic disorder", "escitalopram 10 mg PO daily", "mental_health", "two ER visits for panic in May"))


@family("gen-behavioral", 13)
def behavioral(s):
    p, d = s.patient(), s.d
    dx, drug, category, fact = s.deal("dx", list(BEHAVIOR))
    body = s.deal("wording", [
        [f"{p.full} ({p.dob}) is in our program for {dx}. {cap(fact)}. Currently {drug}. The release you sent covers attendance and this summary."],
        [f"quick one on {p.lower}: {fact}, so we keep {drug}. next group {s.weekday()}. {p.his} case worker should know"],
        [f"Dear Ms. Hobbs,", f"{p.titled} has attended {d.number(4, 19)} of 20 sessions for {dx}. {cap(fact)}. We ask the court to let {p.him} finish the program."],
        [Lines([f"Client: {p.reverse}", f"DOB: {p.dob}", f"Dx: {dx}", f"Rx: {drug}", f"Note: {fact}"])],
        [f"Transfer of care. {p.full}, chart {p.mrn}: {dx}, on {drug}. {cap(fact)}. Last seen {s.day(-6)}; please give {p.him} a slot within 7 days."],
        [f"Hi {p.full},", f"I got your message. Since {d.pick(('the nights are so hard', 'the craving is back', 'things slipped this week'))}, stay on {drug} and call the line any time. We see you {s.weekday()} for your {dx} visit."],
        [f"pharmacy says early refill for {p.reverse} {p.dob}. {drug}. {fact}. ok to fill?"],
        [f"Authorization needs more days: {p.full}, member {p.member}, {dx}, {fact}. Peer review at {s.clock()}."]])
    to_patient = "I got your message" in str(body[-1])
    to = s.mailbox_of(p) if to_patient else s.other()[0]
    return Draft(s.mail(to, s.deal("subject", ["update", "progress report", "re: client", "transfer", "your message" if to_patient else "summary", "group", "early fill", "days"]), body), "phi",
                 f"{cap(dx)} of a recognisable person: a specially protected kind of information.",
                 [category, "diagnosis"] + (["medication"] if drug in bare(str(body)) else []), 1, 4)


SEXUAL = (("HIV", "viral load {n} copies/mL, CD4 {c}", "hiv", "bictegravir/emtricitabine/tenofovir daily"), ("chlamydia", "NAAT detected", "sti", "doxycycline 100 mg BID x7 days"), ("syphilis", "RPR 1:{t}", "sti", "penicillin G benzathine 2.4 MU IM"),
          ("early pregnancy loss", "hCG fell to {n} mIU/mL", "reproductive", "misoprostol 800 mcg"), ("IVF cycle", "{e} embryos frozen", "reproductive", "progesterone 200 mg vaginal BID"), ("a BRCA1 pathogenic variant", "c.68_69delAG", "genetic", "MRI every year"),
          ("Lynch syndrome", "MSH2 pathogenic variant", "genetic", "colonoscopy every 1-2 years"), ("gonorrhea", "throat swab positive", "sti", "ceftriaxone 500 mg IM"), ("an unplanned pregnancy", "7w2d by ultrasound", "reproductive", "mifepristone 200 mg on Tuesday"),
          ("PrEP start", "HIV Ag/Ab non-reactive", "hiv", "emtricitabine-tenofovir daily"))


@family("gen-sexual-genetic", 13, "held_out")
def sexual(s):
    d = s.d
    topic, value, category, plan = s.deal("topic", list(SEXUAL))
    p = s.patient(sex="F" if category == "reproductive" else None, ages=(20, 42) if category in ("reproductive", "sti") else (24, 70))
    value = value.replace("{n}", str(d.number(21, 91000))).replace("{c}", str(d.number(90, 800))).replace("{t}", str(d.pick((8, 16, 32, 64)))).replace("{e}", str(d.number(2, 9)))
    body = s.deal("wording", [
        [f"{p.full}, {p.dob}: {topic}, {value}. Plan {plan}."], [f"Hello {p.titled},", f"your result is back: {topic}, {value}. The plan is {plan}. Please call me when you can talk."],
        [Lines([f"Patient {p.reverse}  MRN {p.mrn}", f"{cap(topic)}: {value}", f"Tx: {plan}"])], [f"need the order signed for {p.lower}. {topic} / {value} / {plan}. {p.he} is coming at {s.clock()}"],
        [f"Regarding our mutual patient {p.full}: {topic} confirmed ({value}). I would suggest {plan}. Family members of {p.titled} have not been told."],
        [f"Dear {p.full},", f"as promised the letter about {topic}. Finding: {value}. Next step: {plan}. Bring your partner if you like."]])
    to = s.mailbox_of(p) if "Hello" in str(body[0]) or "Dear" in str(body[0]) else s.other()[0]
    return Draft(s.mail(to, s.deal("subject", ["result", "call me please", "order", "confidential", "letter", "Re: test"]), body), "phi", f"A {category} matter of a recognisable person.", [category], 1, 4)


@family("gen-spanish-patient", 13)
def spanish(s):
    p, d = s.patient(), s.d
    # problem, medicine, value
    problem, drug, value, cat = s.deal("problem", [("diabetes tipo 2", "metformina 850 mg dos veces al día", "hemoglobina A1c 9.1 %", "lab"), ("presión alta", "losartán 50 mg cada mañana", "presión 168/98", "vitals"),
                                         ("asma", "salbutamol 2 inhalaciones cada 4 horas", "saturación 91 %", "vitals"), ("colesterol alto", "atorvastatina 40 mg por la noche", "LDL 188 mg/dL", "lab"),
                                         ("anemia", "sulfato ferroso 325 mg", "hemoglobina 8.7 g/dL", "lab"), ("infección de la vejiga", "nitrofurantoína 100 mg cada 12 horas", "urocultivo positivo", "lab"),
                                         ("depresión", "sertralina 50 mg diarios", "PHQ-9 de 17", "mental_health")])
    title = ("Sra. " if p.sex == "F" else "Sr. ") + p.last
    body = s.deal("wording", [
        [f"Paciente: {p.full}, fecha de nacimiento {p.dob_in('dmy')}, expediente {p.mrn}. Diagnóstico: {problem}. {cap(value)}. Se le indicó {drug}."],
        [f"Estimad{'a' if p.sex == 'F' else 'o'} {title}:", f"Ya tenemos sus resultados: {value}. Esto significa {problem}. El doctor quiere que tome {drug} y que regrese en dos semanas."],
        [f"Hola {p.full}, le escribo de la clínica. Su receta de {drug} está lista. Recuerde que es para {'su ' + problem if not problem.startswith('diabetes') else 'la ' + problem}."],
        [Lines([f"Nombre del paciente: {p.reverse}", f"F. de N.: {p.dob_in('dmy')}", f"Tel.: {p.phone}", f"Motivo: {problem}", f"Resultado: {value}", f"Tratamiento: {drug}"]), "Favor de agendar con el especialista."],
        [f"Compañeros, {title} llamó porque se siente peor. Tiene {problem}, {value}. Núm. de miembro {p.member}. ¿Quién le devuelve la llamada al {p.phone}?"],
        [f"Buenos días. Enviamos a {p.full} (nacid{'a' if p.sex == 'F' else 'o'} el {p.dob_in('spanish')}) por {problem}. Toma {drug}. Gracias por verl{'a' if p.sex == 'F' else 'o'} pronto."]])
    to_patient = "Estimad" in str(body[0]) or "le escribo" in str(body[0])
    to = s.mailbox_of(p) if to_patient else s.other()[0]
    charset = s.pick("utf-8", "utf-8", "windows-1252", "iso-8859-1")
    try:
        bare(str(body)).encode("latin-1")
    except UnicodeEncodeError:
        charset = "utf-8"
    sev = 4 if cat == "mental_health" else 3
    wording_lab = value in bare(str(body))
    cats = ["diagnosis"] + ([cat] if wording_lab or cat == "mental_health" else []) + (["medication"] if drug in bare(str(body)) else [])
    return Draft(s.mail(to, s.deal("subject", ["Resultados", "cita y resultados", "paciente nuevo", "Referencia", "su receta", "Re: llamada"]), body, charset=charset, signed=d.chance(0.5), footer=0),
                 "phi", "Spanish mail with patient and finding.", cats, 1, sev, voice="bilingual-es")


@family("gen-forward-quote", 15)
def forward(s):
    """The new text says nothing; the quoted mail does."""
    d, (p, story) = s.d, s.case()
    quoted = s.deal("quoted", [[f"Hi, {p.full} ({p.dob}) was here {s.weekday()}. {story.sentence(cap(p.he), p.his)}", "Please let me know how you want to go on."],
                               [Lines([f"Patient: {p.reverse}", f"MRN: {p.mrn}", f"Dx: {story.dx}", f"Rx: {story.medication}"])],
                               [f"{p.titled} wants {p.his} results. {cap(story.found[0])}. I told {p.him} it is probably {story.short}."],
                               [f"Chart {p.mrn} / {p.full}: insurance refuses {story.drug}. {cap(story.dx)} is well documented."],
                               [f"Following up on {p.full}. {cap(story.said[0])}, {story.found[-1]}. Would you see {p.him} before {s.day(10)}?", "Best phone is " + p.phone + "."],
                               [P(f"I am sorry for the delay about {p.titled}, dob {p.dob_in('short')}."), P(f"{story.sentence(cap(p.he), p.his)}")]])
    new = s.deal("new", ["see below", "FYI", "Can you help with this?", "Please advise.", "Who has time for this one?", "Looping you in.", "Thoughts? I am out until Monday.", "as discussed", ""])
    shape = s.deal("shape", ["outlook", "gmail", "thunderbird", "gmail-forward", "outlook-lines", "thunderbird-forward", "apple"])
    (who, address), org = s.other()
    quote = s.quote([P(b) if isinstance(b, str) else b for b in quoted], who or org, address, s.clinic, "patient question", shape)
    deep = quote
    if d.chance(0.3):
        quote.blocks.append(s.quote([P(d.pick(("Did anybody answer them?", "Any news?", "I called twice.")))], shape="outlook" if shape.startswith("outlook") else shape, days=5))
    to = s.pick(s.other(VENDORS)[0], s.other()[0], s.inside(), s.other(VENDORS)[0])
    subject = ("FW: " if "forward" in shape or shape in ("outlook", "apple") else "Re: ") + d.pick(("patient question", "follow-up", "results", "chart", "question from the office"))
    return Draft(s.mail(to, subject, [new, deep], form="text" if shape == "apple" else s.pick("text", "text", "alternative", "html")), "phi", "Only the quoted mail tells about a patient.",
                 ["diagnosis"], 1, 3)


@family("gen-several-patients", 11, "held_out")
def several(s):
    d = s.d
    people, stories = zip(*(s.case() for _ in range(d.number(2, 5))))
    form = s.deal("form", ["lines", "prose", "dashes", "two", "numbered"])
    if form == "lines":
        blocks = [s.pick("Huddle list for tomorrow", "on call hand-off", "Rounds"), Lines([f"{p.reverse} {p.dob_in('short')} - {t.short}, {t.found[0]}" for p, t in zip(people, stories)])]
    elif form == "prose":
        blocks = [" ".join(f"{p.titled}: {t.sentence(cap(p.he), p.his)}" for p, t in zip(people, stories))]
    elif form == "dashes":
        blocks = ["Calls to return:", Lines([f"- {p.full} {p.phone}: {t.said[0]}" for p, t in zip(people, stories)])]
    elif form == "two":
        people, stories = people[:2], stories[:2]
        blocks = [f"I think two charts are mixed up. {people[0].full} (MRN {people[0].mrn}) has {stories[0].dx}; {people[1].full} (MRN {people[1].mrn}) has {stories[1].dx}. The letters went to the wrong one."]
    else:
        blocks = [Lines([f"{i}) {p.caps} {p.mrn} {t.medication}" for i, (p, t) in enumerate(zip(people, stories), 1)]), "All of them need a refill by Friday."]
    cats = ["medication", "bulk"] if form == "numbered" else ["narrative", "bulk"] if form == "dashes" else ["diagnosis", "bulk"]
    return Draft(s.mail(s.pick(s.inside(), s.other()[0]), s.deal("subject", ["list", "tomorrow", "handoff", "mix-up", "calls", "refills", "rounds"]), blocks), "phi",
                 f"{len(people)} patients in one mail.", cats, len(people), 4)


@family("gen-demographics", 15)
def demographics(s):
    p, d = s.patient(), s.d
    ssn = mark("ssn", "{{ssn:" + str(d.number(1, 900)) + "}}")
    wording = s.deal("wording", list(range(8)))
    sev, cats = 2, ["intake"]
    if wording == 0:
        body = ["New patient, please register:", Lines([f"Name: {p.with_middle}", f"Date of birth: {p.dob}", f"Address: {p.address}", f"Cell: {p.phone}"])]
    elif wording == 1:
        sev, cats, body = 4, ["intake"], [Lines([f"PATIENT REGISTRATION", f"Last, First: {p.reverse}", f"DOB {p.dob}", f"SSN {ssn}", f"Home {p.phone}", "Reason for visit: knee pain"])]
    elif wording == 2:
        sev, cats, body = 4, ["insurance"], [f"Medicare {p.mbi} for {p.titled}, please approve the CPAP and supplies. DOB {p.dob}."]
    elif wording == 3:
        sev, cats, body = 3, ["insurance"], [f"eligibility check pls: {p.lower}, {p.dob_in('short')}, member id {p.member}, plan changed in january, needs auth for MRI"]
    elif wording == 4:
        sev, cats, body = 4, ["billing"], [f"Balance for {p.full} is ${d.number(40, 900)} from the visit on {mark('date', s.day(-30, 'us'))}. Soc. sec. no. {ssn}. Sending to collections Friday unless somebody objects."]
    elif wording == 5:
        body = [f"{p.full} moved. New address {p.address}, new number {p.phone}. Date of birth for the lookup: {p.dob}. Please change it in the chart {p.mrn}."]
    elif wording == 6:
        sev, cats, body = 4, ["insurance", "intake"], [Lines([f"Insured: {p.caps}", f"MBI: {p.mbi}", f"Birth date: {p.dob}", f"Street: {p.street}", f"City/ZIP: {p.city} {p.state} {p.zip}", "Part B active, secondary none"])]
    else:
        last4 = mark("ssn_last4", str(d.number(1001, 9899)))
        sev, cats, body = 3, ["billing"], [f"last 4 SSN {last4}, DOB {p.dob}, {p.full}, balance ${d.number(40, 700)} from {mark('date', s.day(-40, 'md'))} visit. Can we set up payments?"]
    to = s.other(PAYERS)[0] if sev != 2 and wording != 1 else s.pick(s.other()[0], s.inside())
    return Draft(s.mail(to, s.deal("subject", ["registration", "new patient", "eligibility", "demographics", "update", "coverage", "account"]), body), "phi",
                 "Registration or coverage data of a patient from a practice.", cats, 1, sev)


@family("gen-thin-identity", 15, "held_out")
def thin_identity(s):
    """One name, initials, a number alone, the subject alone, the recipient alone."""
    d, story = s.d, Story(s.d)
    kind = s.deal("kind", ["one-name", "subject", "recipient", "initials", "mrn-only", "file-name"])
    attachments = []
    if kind == "one-name":
        p = s.patient(one_name=True, sex=story.sex, ages=story.ages)
        body = s.deal("one", [[f"Patient: {p.full}, DOB {p.dob}. {story.sentence(cap(p.he), cap(p.his))}"], [f"Our patient {p.full} (only one name in the passport; chart {p.mrn}) has {story.dx}. On {story.medication}."],
                              [Lines([f"Name: {p.full}", "Last name: none", f"DOB: {p.dob}", f"Dx: {story.dx}", f"Rx: {story.medication}"])]])
        subject, to = s.pick("consult", "patient with one name", "note"), s.other()[0]
    elif kind == "subject":
        p = s.patient(sex=story.sex, ages=story.ages)
        subject = s.deal("subj", [f"{p.full} {story.short}", f"{p.reverse} results", f"Re: {p.last}, {p.dob_in('short')}"])
        body, to = s.deal("sbody", [[f"{cap(story.found[0])}. So it is {story.dx}. {story.medication}."], [f"came back: {story.found[0]}. please start {story.medication}"], [f"Impression: {story.dx}. {cap(story.steps[0])}."]]), s.other()[0]
    elif kind == "recipient":
        p = s.patient(sex=story.sex, ages=story.ages)
        to = (p.raw_full, p.mailbox)
        value = lab(d)
        body = s.deal("rbody", [[f"Good news, your {value[0]} is {value[1]} {value[2]} now. Stay on {story.medication}."], ["Hello,", f"your test shows {story.dx}. We would like to start {story.medication}. Please call."],
                                [f"Your {value[0]} of {value[1]} {value[2]} needs another look. Skip breakfast and come {s.weekday()} at {s.clock()}."]])
        subject = s.pick("your results", "test", "news", "follow-up")
    elif kind == "initials":
        p = s.patient(sex=story.sex, ages=story.ages)
        body = s.deal("ibody", [[f"Please see my patient {p.initials} (DOB {p.dob}) for {story.dx}. {cap(story.found[0])}."], [f"{p.initials}, born {p.dob}: {story.said[0]}, {story.found[0]}. {story.short}?"],
                                [f"Question on {p.initials} dob {p.dob_in('short')} - {story.short}, on {story.medication}, ok to add a statin?"]])
        subject, to = s.pick("curbside", "patient", "consult"), s.other()[0]
    elif kind == "mrn-only":
        p = s.patient(sex=story.sex, ages=story.ages)
        body = s.deal("mbody", [[f"MRN {p.mrn} - {story.found[0]}. {cap(story.dx)}. Please call the family."], [f"can you look at chart {p.mrn}? {story.short}, {story.found[0]}, needs {story.drug}"],
                                [f"Medical record number {p.mrn}: pathology says {story.dx}."]])
        subject, to = s.pick("chart", "look please", "path"), s.other()[0]
    else:
        p = s.patient(latin1=True, sex=story.sex, ages=story.ages)
        while not p.raw_full.isascii():
            p = s.patient(latin1=True, sex=story.sex, ages=story.ages)
        name = mark("name", f"{p.raw_last}_{p.raw_first}".replace(" ", "_"))
        attachments = [Attachment(f"{name}_visit_note.txt", "text/plain", f"Visit {s.day(-2, 'us')}\n{story.note(p, 'short')[0]}\n")]
        body, subject, to = [s.pick("attached", "as requested", "the note")], s.pick("note", "file", "document"), s.other()[0]
    cats = ["lab"] if kind == "recipient" and "test shows" not in str(body) else ["diagnosis"]
    return Draft(s.mail(to, subject, body, attachments=attachments, form="text" if attachments else None), "phi", f"The patient is known by {kind} only.", cats, 1, 3)
