"""Pools of clinical sentences. A note is put together from what a condition offers, in one of several habits of
writing, so that no two notes are alike. Values are drawn, not fixed."""

# dx, short, ICD, complaints, findings, (drug, sig), next steps
CONDITIONS = (
    ("type 2 diabetes mellitus", "DM2", "E11.65", ("polyuria and thirst", "numb toes at night", "sugars in the 200s at home"),
     ("monofilament decreased at both great toes", "no ulcers", "acanthosis at the neck"), (("metformin", "1000 mg PO BID"), ("semaglutide", "0.5 mg SC weekly"), ("insulin glargine", "18 units at bedtime")),
     ("repeat A1c in 3 months", "eye exam is overdue", "see the dietitian")),
    ("essential hypertension", "HTN", "I10", ("morning headaches", "home cuff reads 160s", "ran out of pills two weeks ago"),
     ("BP {bp} both arms", "no bruits", "trace ankle edema"), (("lisinopril", "20 mg PO daily"), ("amlodipine", "5 mg PO daily"), ("chlorthalidone", "12.5 mg PO qAM")),
     ("bring the cuff to the next visit", "BMP in two weeks", "cut the salt")),
    ("moderate persistent asthma", "asthma", "J45.40", ("wheeze with every cold", "waking up at 3 to use the inhaler", "short of breath on stairs"),
     ("expiratory wheeze both bases", "peak flow {pf}", "speaks in full sentences"), (("fluticasone-salmeterol", "250/50 one puff BID"), ("albuterol HFA", "2 puffs q4h PRN"), ("prednisone", "40 mg PO daily x5 days")),
     ("spirometry next week", "action plan given", "spacer teaching done")),
    ("paroxysmal atrial fibrillation", "AFib", "I48.0", ("fluttering in the chest for two days", "lightheaded in the shower", "heart racing after coffee"),
     ("irregularly irregular, rate {hr}", "ECG shows AF without ST change", "no murmur"), (("apixaban", "5 mg PO BID"), ("metoprolol succinate", "50 mg PO daily"), ("diltiazem CD", "180 mg PO daily")),
     ("event monitor for 14 days", "echo ordered", "discuss ablation with EP")),
    ("chronic kidney disease stage 3b", "CKD 3b", "N18.32", ("tired all the time", "swollen ankles by evening", "foamy urine"),
     ("creatinine {cr}, eGFR {gfr}", "1+ pitting edema", "BP {bp}"), (("losartan", "50 mg PO daily"), ("dapagliflozin", "10 mg PO daily"), ("sodium bicarbonate", "650 mg PO TID")),
     ("avoid ibuprofen", "renal ultrasound", "labs again in 6 weeks")),
    ("primary hypothyroidism", "hypothyroid", "E03.9", ("weight up 12 pounds", "cold all day", "hair coming out in the brush"),
     ("TSH {tsh}", "thyroid not enlarged", "delayed relaxation of ankle jerks"), (("levothyroxine", "88 mcg PO daily on an empty stomach"), ("levothyroxine", "112 mcg PO daily")),
     ("TSH in 8 weeks", "take it away from calcium")),
    ("gout of the right great toe", "gout", "M10.071", ("toe so sore the sheet hurts", "third attack this year", "woke up with a red hot foot"),
     ("first MTP red, swollen, exquisitely tender", "uric acid {ua}", "no fever"), (("colchicine", "0.6 mg PO BID"), ("allopurinol", "100 mg PO daily"), ("indomethacin", "50 mg PO TID with food")),
     ("uric acid goal below 6", "less beer and shellfish", "recheck in a month")),
    ("community-acquired pneumonia", "CAP", "J18.9", ("cough with rusty sputum", "fever and chills since the weekend", "pain on the right when breathing in"),
     ("crackles right base", "SpO2 {ox}% on room air", "CXR right lower lobe infiltrate"), (("amoxicillin-clavulanate", "875 mg PO BID x7 days"), ("azithromycin", "500 mg then 250 mg daily x4"), ("doxycycline", "100 mg PO BID x7 days")),
     ("call if worse by tomorrow", "repeat film in 6 weeks", "push fluids")),
    ("cellulitis of the left lower leg", "cellulitis L leg", "L03.116", ("red hot shin after a scrape", "streaking up to the knee", "leg doubled in size"),
     ("warm erythema 14 cm, margins marked", "no crepitus", "temp {temp}"), (("cephalexin", "500 mg PO QID x7 days"), ("clindamycin", "300 mg PO TID x10 days")),
     ("recheck in 48 hours", "elevate the leg", "ER if fever")),
    ("seropositive rheumatoid arthritis", "RA", "M05.79", ("stiff hands until noon", "cannot open jars", "swollen wrists since spring"),
     ("synovitis MCPs 2-4 both hands", "RF and anti-CCP high", "CRP {crp}"), (("methotrexate", "15 mg PO once a week"), ("folic acid", "1 mg PO daily"), ("adalimumab", "40 mg SC every 2 weeks")),
     ("hand films", "hepatitis and TB screen before the biologic", "labs every 8 weeks")),
    ("right rotator cuff tear", "R RC tear", "M75.101", ("pain reaching overhead", "cannot sleep on that side", "fell off a ladder in the garage"),
     ("weak in abduction 4-/5", "positive drop arm", "MRI full-thickness supraspinatus tear 2.1 cm"), (("meloxicam", "15 mg PO daily"), ("acetaminophen", "1000 mg PO TID")),
     ("surgical consult", "PT twice a week", "no overhead lifting")),
    ("migraine with aura", "migraine", "G43.109", ("zigzag lights then pounding headache", "misses two days of work a month", "vomits with every attack"),
     ("neuro exam normal", "fundi sharp", "no neck stiffness"), (("sumatriptan", "100 mg PO at onset"), ("topiramate", "25 mg PO qHS, titrate"), ("propranolol", "40 mg PO BID")),
     ("headache diary", "stop the daily ibuprofen", "MRI only if it changes")),
    ("nephrolithiasis", "kidney stone", "N20.0", ("flank pain that comes in waves", "blood in the urine", "could not sit still in the waiting room"),
     ("CVA tenderness on the left", "CT 5 mm stone at the left UVJ", "UA large blood"), (("tamsulosin", "0.4 mg PO daily"), ("ketorolac", "30 mg IM once"), ("ondansetron", "4 mg ODT q8h PRN")),
     ("strain the urine", "urology if not passed in two weeks")),
    ("acute diverticulitis", "diverticulitis", "K57.32", ("left lower belly pain for three days", "low fever and no appetite", "last colonoscopy four years ago"),
     ("tender LLQ without guarding", "WBC {wbc}", "CT sigmoid thickening, no abscess"), (("amoxicillin-clavulanate", "875 mg PO BID x10 days"),),
     ("clear liquids, then low residue", "colonoscopy in 8 weeks")),
    ("iron deficiency anemia", "IDA", "D50.9", ("craving ice", "short of breath carrying laundry", "heavy tired legs"),
     ("Hgb {hgb}, ferritin {fer}", "pale conjunctivae", "stool guaiac positive"), (("ferrous sulfate", "325 mg PO every other day"), ("iron sucrose", "200 mg IV x5")),
     ("EGD and colonoscopy", "recheck CBC in 4 weeks")),
    ("plaque psoriasis", "psoriasis", "L40.0", ("scaling elbows and scalp", "itch keeps me up", "spreading since the strep throat"),
     ("plaques on 11% of body surface", "nail pitting", "no joint swelling"), (("clobetasol 0.05%", "apply BID to elbows"), ("apremilast", "30 mg PO BID"), ("ixekizumab", "80 mg SC every 4 weeks")),
     ("photos at each visit", "phototherapy if no better")),
    ("basal cell carcinoma of the nose", "BCC nose", "C44.311", ("a sore that will not heal", "spot bleeds when drying the face"),
     ("pearly papule 6 mm left ala", "biopsy: nodular basal cell", "no nodes"), (("mupirocin", "apply TID to the wound"),),
     ("Mohs surgery", "sunscreen every day", "full skin check twice a year")),
    ("obstructive sleep apnea", "OSA", "G47.33", ("wife says he stops breathing", "fell asleep at a red light", "dry mouth every morning"),
     ("AHI {ahi} per hour", "Mallampati IV", "neck 18 inches"), (("CPAP", "auto 6 to 14 cm H2O nightly"),),
     ("mask fitting", "download after 30 nights", "no driving when drowsy")),
    ("focal epilepsy", "epilepsy", "G40.209", ("staring spells at work", "bit the tongue in sleep", "two seizures since the last visit"),
     ("EEG left temporal sharp waves", "level of levetiracetam low", "gait steady"), (("levetiracetam", "750 mg PO BID"), ("lamotrigine", "25 mg daily, slow titration")),
     ("no driving for six months", "MRI epilepsy protocol", "rescue spray for the family")),
    ("heart failure with reduced ejection fraction", "HFrEF", "I50.22", ("three pillows to sleep", "gained 9 pounds in a week", "breathless tying shoes"),
     ("JVP 11 cm, crackles to mid-lung", "EF {ef}% on echo", "BNP {bnp}"), (("furosemide", "40 mg PO BID"), ("carvedilol", "6.25 mg PO BID"), ("sacubitril-valsartan", "24/26 mg PO BID")),
     ("daily weights", "BMP on Friday", "cardiology this week")),
    ("invasive ductal carcinoma of the left breast", "IDC L breast", "C50.912", ("found a lump in the shower", "screening mammogram called back"),
     ("1.8 cm spiculated mass at 2 o'clock", "core biopsy grade 2, ER+ PR+ HER2-", "axilla clear on ultrasound"), (("anastrozole", "1 mg PO daily"), ("ondansetron", "8 mg PO q8h PRN")),
     ("lumpectomy with sentinel node", "radiation after surgery", "tumor board on Thursday")),
    ("adenocarcinoma of the prostate", "prostate CA", "C61", ("up five times a night", "rising PSA for two years"),
     ("PSA {psa}", "biopsy Gleason 4+3 in 5 of 12 cores", "bone scan negative"), (("leuprolide", "22.5 mg IM every 3 months"), ("tamsulosin", "0.4 mg PO qHS")),
     ("radiation oncology consult", "PSA every 3 months")),
    ("herpes zoster", "shingles", "B02.9", ("burning rash around the ribs", "pain before the blisters came"),
     ("grouped vesicles left T6", "eye not involved"), (("valacyclovir", "1 g PO TID x7 days"), ("gabapentin", "300 mg PO qHS")),
     ("keep it covered", "vaccine in a year")),
    ("age-related macular degeneration", "wet AMD", "H35.3211", ("straight lines look wavy", "cannot read with the right eye"),
     ("OCT subretinal fluid right eye", "acuity 20/80 OD, 20/25 OS"), (("aflibercept", "2 mg intravitreal OD"), ("AREDS2", "one capsule BID")),
     ("injection every four weeks", "Amsler grid on the fridge")),
)

ANALYTES = (("Glucose", "mg/dL", 62, 340, 0, "70-99"), ("Hemoglobin A1c", "%", 5.1, 12.4, 1, "4.0-5.6"), ("Creatinine", "mg/dL", 0.6, 3.4, 2, "0.6-1.2"),
            ("eGFR", "mL/min/1.73", 18, 98, 0, ">59"), ("Potassium", "mmol/L", 2.9, 6.1, 1, "3.5-5.1"), ("Sodium", "mmol/L", 122, 148, 0, "136-145"),
            ("LDL cholesterol", "mg/dL", 48, 221, 0, "<100"), ("HDL cholesterol", "mg/dL", 28, 81, 0, ">40"), ("Triglycerides", "mg/dL", 70, 612, 0, "<150"),
            ("TSH", "mIU/L", 0.02, 24.0, 2, "0.45-4.5"), ("Hemoglobin", "g/dL", 6.9, 16.8, 1, "12.0-15.5"), ("WBC", "K/uL", 2.1, 24.5, 1, "4.0-11.0"),
            ("Platelets", "K/uL", 44, 512, 0, "150-400"), ("Ferritin", "ng/mL", 4, 480, 0, "15-150"), ("ALT", "U/L", 11, 388, 0, "7-56"), ("AST", "U/L", 12, 301, 0, "10-40"),
            ("Vitamin D, 25-OH", "ng/mL", 8, 66, 0, "30-100"), ("PSA", "ng/mL", 0.3, 18.9, 1, "<4.0"), ("INR", "ratio", 1.1, 6.4, 1, "2.0-3.0"), ("Uric acid", "mg/dL", 3.9, 11.2, 1, "3.5-7.2"))


def fill(d, text):
    return (text.replace("{bp}", f"{d.number(112, 188)}/{d.number(62, 108)}").replace("{pf}", str(d.number(180, 420))).replace("{hr}", str(d.number(96, 148)))
            .replace("{cr}", f"{d.number(15, 26) / 10}").replace("{gfr}", str(d.number(28, 44))).replace("{tsh}", f"{d.number(71, 380) / 10}")
            .replace("{ua}", f"{d.number(78, 112) / 10}").replace("{ox}", str(d.number(88, 95))).replace("{temp}", f"{d.number(996, 1027) / 10} F")
            .replace("{crp}", f"{d.number(12, 68)} mg/L").replace("{wbc}", f"{d.number(118, 189) / 10}").replace("{hgb}", f"{d.number(68, 106) / 10}")
            .replace("{fer}", str(d.number(4, 12))).replace("{ahi}", str(d.number(16, 71))).replace("{ef}", str(d.number(20, 38))).replace("{bnp}", str(d.number(620, 3900)))
            .replace("{psa}", f"{d.number(58, 214) / 10}"))


def lab(d, item=None):
    """(name, value, unit, range, flag)"""
    name, unit, low, high, places, reference = item or d.pick(ANALYTES)
    value = low + (high - low) * d.number(0, 1000) / 1000
    limit = [float(x) for x in reference.strip("<>").split("-")]
    flag = ""
    if reference[0] == "<" and value >= limit[0] or len(limit) == 2 and value > limit[1]:
        flag = "H"
    elif reference[0] == ">" and value <= limit[0] or len(limit) == 2 and value < limit[0]:
        flag = "L"
    return name, f"{value:.{places}f}", unit, reference, flag


def labs(d, count):
    return [lab(d, item) for item in d.sample(ANALYTES, count)]


ONLY = {"prostate CA": "M", "OSA": "M", "IDC L breast": "F"}
OLDER = ("wet AMD", "prostate CA", "HFrEF", "CKD 3b", "AFib", "shingles", "IDC L breast")


class Story:
    """One condition with drawn details, told in pieces or as a whole note. `who` opens sentences about the patient."""

    def __init__(self, d, condition=None):
        self.d = d
        self.condition = condition or d.pick(CONDITIONS)
        dx, short, icd, said, found, drugs, steps = self.condition
        self.sex, self.ages = ONLY.get(short), (52, 88) if short in OLDER else (19, 84)
        self.dx, self.short, self.icd = dx, short, icd
        self.said = d.sample(said, 2)
        self.found = [fill(d, f) for f in d.shuffled(found)]
        self.drug, self.sig = d.pick(drugs)
        self.steps = d.shuffled(steps)

    @property
    def medication(self):
        return f"{self.drug} {self.sig}"

    def sentence(self, he, his):
        d = self.d
        return d.pick((f"{he} has {self.dx}; {self.found[0]}.", f"{he} came in with {self.said[0]}, and it is {self.dx}.",
                       f"We found {self.dx} and started {self.medication}.", f"{cap(his)} exam: {', '.join(self.found[:2])}. This is {self.short}.",
                       f"{he} reports {self.said[0]}. {cap(self.found[0])}. Impression: {self.dx}.")).replace("  ", " ")

    def note(self, p, habit):
        d = self.d
        he, his = p.he, p.his
        step = self.steps[0]
        if habit == "soap":
            return [f"S: {cap(self.said[0])}" + (f", {self.said[1]}" if len(self.said) > 1 and d.chance(0.6) else "") + ".",
                    f"O: {'; '.join(self.found)}.", f"A: {cap(self.dx)} ({self.icd}).", f"P: {self.medication}. {cap('; '.join(self.steps[:2]))}."]
        if habit == "short":
            return [f"{p.age}{p.sex} c/o {self.said[0]}. {'; '.join(self.found[:2])}. dx {self.short}. started {self.medication}, {step}."]
        if habit == "caps":
            text = (f"THE PATIENT PRESENTS WITH {self.said[0]}. ON EXAMINATION, {', '.join(self.found[:2])}. IMPRESSION: {self.dx}. "
                    f"PLAN: {self.medication}. {step}.")
            return [text.upper()]
        if habit == "formal":
            return [f"As you know, this {p.age}-year-old {p.man} presented with {self.said[0]}. On examination I found {' and '.join(self.found[:2])}. "
                    f"In summary, {he} has {self.dx}, for which I have prescribed {self.medication}. {cap(step)}."]
        if habit == "headings":
            return [f"HPI: {cap(self.said[-1])} for {d.number(2, 9)} {d.pick(('days', 'weeks', 'months'))}.", f"Exam: {'; '.join(self.found)}.",
                    f"Assessment and Plan: 1. {cap(self.dx)}: {self.medication}; {step}. 2. Return in {d.number(2, 12)} weeks."]
        return [f"{cap(he)} told us about {self.said[0]}, so we looked closer: {self.found[0]}. {d.pick(('The doctor', 'Our NP', 'The PA'))} thinks it is {self.dx} "
                f"and wants {p.him} on {self.medication}. {cap(step)}, please."]


HABITS = ("soap", "short", "caps", "formal", "headings", "chatty")


def cap(text):
    return text[:1].upper() + text[1:]
