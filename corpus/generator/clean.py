"""Ordinary mail of practices and businesses, and education that speaks to everybody."""

from clauses import ANALYTES, CONDITIONS, cap
from family import family
from mail import Lines, P, Table
from people import PRIVATE_DOMAINS, VENDORS, bare_name
from scene import Draft

NEAR = ["none", "identity"]
EDU = ["health", "none"]
ADVICE = ("Walk for half an hour on most days.", "Take tablets at the same time every day.", "Call 911 for chest pain, never wait for an e-mail.", "Bring every bottle to your visit, vitamins too.", "Ask before you stop a medicine.",
          "Half of a plate should be vegetables.", "Sleep seven hours if life lets you.", "A yearly eye exam finds trouble early.", "Most people notice nothing until it is late.", "Rest is fine; bed all day is not.",
          "Wash hands for 20 seconds.", "Two glasses of water before noon help.", "Do not share prescriptions with your family.")


def lesson(s):
    """Paragraphs about one condition, to nobody in particular, with numbers."""
    d, c = s.d, s.d.pick(CONDITIONS)
    analyte = d.pick(ANALYTES)
    return c, [s.deal("open", [f"About 1 in {d.number(5, 40)} adults has {c[0]}.", f"What is {c[0]}? In short, something many of our readers live with.", f"{cap(c[0])} is common, and common does not mean harmless.", f"This month we talk about {c[0]}."]),
               s.deal("signs", [f"Typical signs are {c[3][0]} and {c[3][-1]}.", f"You may notice {c[3][0]}.", f"People tell us about {c[3][-1]} first.", "Often there are no signs at all."]) + " " +
               s.deal("number", [f"A normal {analyte[0]} is {analyte[5]} {analyte[1]}.", f"Doctors look at {analyte[0]} (goal {analyte[5]} {analyte[1]}).", f"Studies with {d.number(200, 9000)} people showed {d.number(12, 48)} % fewer attacks.", f"Medicines such as {c[5][0][0]} help many, usually {c[5][0][1]}."]),
               " ".join(d.sample(ADVICE, d.number(2, 4)))]


@family("gen-education", 13)
def education(s):
    c, paragraphs = lesson(s)
    end = s.deal("end", ["Handouts are in the lobby.", "Print and put in the rack, please.", "This is general information and no medical advice.", "Source: our own health educator.", "Class on the first Monday, room B20.", ""])
    to = s.pick(s.inside(), ("Waiting room content", f"lobby@{s.domain}"), s.other(VENDORS)[0])
    return Draft(s.mail(to, s.deal("subject", [f"{c[1]} handout", "text for the web site", "Education sheet", "article draft", "for the lobby screen"]), [*paragraphs, end], signed=s.d.chance(0.4)), "health", "General education about a condition.", accept=EDU)


@family("gen-named-newsletter", 13, "held_out")
def newsletter(s):
    d = s.d
    c, paragraphs = lesson(s)
    first, last, _ = bare_name(d)
    hello = s.deal("hello", [f"Dear {first},", f"Hi {first} {last}!", f"Good morning {first},", f"{first}, your monthly health letter is here.", f"Dear Mr. {last} and family,", f"Hello {last} household,"])
    more = s.deal("more", ["Flu shots: walk in any weekday.", "Our new hours: 7 to 6.", "Recipe: lentil soup with 9 g of fiber.", "Meet our new doctor at the open house.", "Parking is free again."])
    bottom = s.deal("bottom", ["Unsubscribe | View in browser", "You get this because you signed up on our site. Unsubscribe here.", "Manage preferences or unsubscribe.", "No longer want it? Reply STOP."])
    mail = s.mail((f"{first} {last}", s.address(first, last, d.pick(PRIVATE_DOMAINS))), s.deal("subject", [f"{first}, 5 facts on {c[1]}", "Health letter", "This month: " + c[1], "News from " + s.clinic, "Your wellness update"]),
                  [hello, *paragraphs, more, bottom], sender=(s.clinic, f"letter@{s.domain}"), signed=False, form=s.pick("html", "html", "alternative", "text"), look=s.pick("plain", "gmail", "outlook"), headers=[f"List-Unsubscribe: <https://{s.domain}/u>"])
    return Draft(mail, "health", "A newsletter that greets its reader and teaches everybody the same.", accept=["health", "none", "identity"])


@family("gen-it-ticket", 12)
def it(s):
    d = s.d
    host = d.pick(("FRONT-PC", "XRAY-WS", "NURSE", "BILL-LT")) + str(d.number(1, 40))
    ip = f"203.0.113.{d.number(2, 250)}"
    body = s.deal("wording", [
        [f"Ticket #{d.digits(6)}: printer at {ip} prints blank pages since the 10.2.{d.number(1, 9)}.{d.number(1, 9)} driver."], [f"{host} is slow again. Rebooted twice, event id {d.digits(4)}, disk at {d.number(80, 99)} %. Can someone come before the clinic opens?"],
        [f"Change {d.digits(5)} approved: VPN certificate renewal on {s.day(5, 'us')}, 22:00 to 23:30. No chart access during the window."], [f"your ticket {d.digits(6)} was closed as resolved. rate us 1-5"],
        ["Password reminder: yours expires in 7 days. Use a phrase. We will never ask for it by mail."], [f"The label printer needs ZPL, not PDF. Attached log line: err=0x80{d.digits(6)} job={d.digits(8)} user=frontdesk host={host}"],
        [f"Meeting id 123 4567 8901, passcode {d.digits(6)}, for the EHR upgrade call {s.weekday()} at {s.clock()}."], [f"Virus found and removed on {host}; quarantine id {d.digits(8)}. The infection came with a fake invoice. Nobody else is sick, so to speak."]])
    to = s.pick(("Help Desk", f"helpdesk@{s.domain}"), s.other([("Brightline Networks", "brightline.test")])[0], s.inside())
    return Draft(s.mail(to, s.match("wording", ["printer", "slow PC", "change notice", "ticket closed", "password", "label printer", "upgrade call", "virus"]), body), "none", "Computer trouble.", accept=["none"])


@family("gen-vendor-talk", 12)
def vendor(s):
    d = s.d
    (who, address), org = s.other(VENDORS)
    name = (who or org).split()[0]
    body = s.deal("wording", [
        [f"Hi {name},", f"we would like the {d.pick(('copier', 'linen', 'cleaning', 'shredding'))} contract for {d.number(12, 48)} months at ${d.number(90, 900)} a month. Send the papers and I will have them signed."], [f"{name}, your driver left the pallet in the ambulance bay again. Please talk to him."],
        ["Can you quote two exam stools, one height-adjustable table and a mayo stand? Delivery to the back door."], [f"We decided against the renewal. Service ends {s.day(45, 'long')}. Please confirm and return the deposit."],
        [f"thanks for lunch! numbers look fine, pls send w9 and cert of insurance. ein on file"], [f"Attached is the signed page. Our PO is {d.digits(5)}. Call {s.desk} when you are at the dock."],
        [f"The brochure says we treat \"all aches\". Please change it to \"family medicine\" and move the phone number up."], [f"Quick complaint: {d.number(3, 9)} gowns short this week, and two had holes."]])
    more = s.deal("more", ["", "", "Same price as last year?", "No rush.", f"I am in until {s.clock()}."])
    blocks = [*body, more]
    if d.chance(0.35):
        blocks.append(s.quote([P(d.pick(("Did you get my offer?", "We have a special this month.", "Who signs for your office?", "Please find the revised numbers.")))], who or org, address, s.clinic, "offer"))
    return Draft(s.mail((who, address), s.match("wording", ["contract", "delivery", "quote", "renewal", "papers", "signed page", "brochure", "linen"]), blocks), "none", "Talk with a supplier.", accept=NEAR)


@family("gen-meeting", 12)
def meeting(s):
    d = s.d
    people = [bare_name(d)[0] for _ in range(4)]
    topics = d.sample(("no-show rate", "phone wait times", "the parking lot", "holiday party", "new check-in kiosk", "vaccine fridge logs", "portal sign-ups at 41 %", "budget 2027", "Saturday hours", "hand washing audit", "mock recall", "chairs for the lobby"), d.number(3, 6))
    body = s.deal("wording", [
        [f"Agenda for {s.weekday()} at {s.clock()}:", Lines([f"{i}. {t}" for i, t in enumerate(topics, 1)])], [f"Minutes. Present: {', '.join(people)}.", Lines([f"- {t}: {d.pick(('done', 'open', people[0] + ' to follow up', 'back in May'))}" for t in topics])],
        [f"Can we move the huddle to {s.clock()}? {people[0]} has the dentist."], [f"{people[0]}, {people[1]}: who orders the cake? It's for 24."], [f"Reminder, board call {s.day(3)}. Topics are {', '.join(topics[:3])}. Dial-in as always."],
        [f"I vote for option B, {topics[0]} first. The rest kills me slowly, but a headache is cheaper than a lawsuit."], [f"lunch? {d.pick(('tacos', 'pho', 'the salad place'))} at {s.clock()}"]])
    return Draft(s.mail(s.pick(s.inside(), ("Team", f"team@{s.domain}")), s.match("wording", ["agenda", "minutes", "huddle", "cake", "board call", "vote", "lunch"]), body), "none", "Meetings and office life.", accept=NEAR)


@family("gen-facilities", 11, "held_out")
def facilities(s):
    d = s.d
    body = s.deal("wording", [
        [f"Water is off in the east wing {s.weekday()} from {s.clock()}. Use the staff rest room on 2."], [f"Model M12.5 pump, room B{d.number(10, 40)}, gate G20: filter change due. Tag {d.digits(5)}."], ["Fire drill at ten. Leave by the north stairs, meet at the oak, count your people."],
        [f"The elevator is in critical condition, says the technician; part {d.pick('KLM')}-{d.digits(5)} arrives {s.day(6)}."], [f"Key log: {d.number(3, 20)} keys out, number {d.number(100, 400)} missing. Drop it in the box, no questions."], ["Mice again. Traps are set; please no food in drawers."],
        [f"Snow crew comes at 5. Park on the street side. Patients' lot must be clear by {s.clock()}."], [f"AC in the lab reads {d.number(78, 88)} F. HVAC is called, work order {d.digits(6)}."], ["Who took the good stapler? It lives at check-in and it misses us."]])
    end = s.deal("end", ["", "Thanks for your patience.", "Questions to facilities.", "Sorry for the short notice.", "", "This replaces the note of yesterday."])
    return Draft(s.mail(s.pick(("All", f"all@{s.domain}"), s.inside(), s.other([("Cardinal Facilities", "cardinal-fac.example")])[0]), s.match("wording", ["water", "work order", "drill", "elevator", "keys", "pests", "snow", "AC", "stapler"]), [*body, end]), "none", "The building.", accept=["none"])


@family("gen-statistics", 12)
def statistics(s):
    d = s.d
    c = d.pick(CONDITIONS)
    body = s.deal("wording", [
        [f"Cohort n={d.number(120, 900)}, mean A1c {d.number(66, 88) / 10} %, p<0.0{d.number(1, 5)}. Adjusting for age changed nothing."], [f"Third quarter: {d.number(900, 4000)} visits, {d.number(20, 190)} new referrals, {d.number(3, 14)} % no-shows, {d.number(40, 80)} % of {c[1]} patients had labs."],
        [Table([["Measure", "Goal", "Us"]] + [[m, f"{d.number(60, 90)} %", f"{d.number(40, 95)} %"] for m in ("BP control", "A1c < 9", "colon screening", "mammogram", "flu vaccine")], s.pick("columns", "pipes"))],
        [f"Survey: {d.number(60, 99)} % of {d.number(80, 400)} families would come again. Top complaint is parking."], [f"Draft abstract. Of {d.number(200, 800)} adults with {c[0]}, {d.number(20, 60)} % took {c[5][0][0]}; readmission fell from {d.number(15, 22)} to {d.number(6, 14)} %."],
        [f"Counts for the county: influenza {d.number(20, 90)}, RSV {d.number(12, 60)}, strep {d.number(30, 120)}. No small cells this week."], [f"power calc: alpha .05, delta 0.4, we need {d.number(60, 240)} per arm. dropout 15 %"]])
    return Draft(s.mail(s.pick(s.inside(), s.other()[0], ("Quality", f"quality@{s.domain}")), s.match("wording", ["numbers", "Q3", "dashboard", "survey", "abstract", "weekly counts", "power"]), body), "health", "Counts and means of many; nobody in particular.", accept=EDU)


@family("gen-credentialing", 11, "held_out")
def credentialing(s):
    d = s.d
    first, last, _ = bare_name(d)
    npi, dea = d.pick(("1234567893", "1000000004", "2000000002", "1555010010")), d.pick(("FT5550101", "AB1234563", "MZ9876547"))
    body = s.deal("wording", [
        [f"Dr. {last}, cardiology, is joining us; NPI {npi}, DEA {dea}. Please load {first} with all payers."], [Lines([f"Provider: {first} {last}, MD", f"NPI: {npi}", "Taxonomy: 207R00000X", f"State license: MD{d.digits(6)}", f"Board: internal medicine, exp {s.day(700, 'us')}", f"Malpractice policy no. MP-{d.digits(7)}"])],
        [f"The CAQH profile of {first} {last}, NP lapses {s.day(9)}. Attestation takes five minutes."], [f"Peer reference for Dr. {first} {last}: would you work with this colleague again? Yes / no, and sign."],
        [f"{last}'s hospital privileges were renewed through {s.day(730, 'us')}. Copy for the file."], [f"Payer says the NPI {npi} is linked to the old TIN 12-3456789. Please relink to the group."],
        [f"On call roster for credentialing committee: chair Dr. {last}. Bring the files of three applicants."]])
    return Draft(s.mail(s.other([("Indigo Health Plan", "indigoplan.example"), ("Evergreen Hospital", "evergreen-hosp.example")])[0], s.match("wording", ["new provider", "credentialing", "CAQH", "reference", "privileges", "NPI", "committee"]), body), "none", "Provider numbers and papers, no patient.", accept=NEAR)


@family("gen-training", 11)
def training(s):
    d = s.d
    fake = s.deal("fake", ["078-05-1120", "219-09-9999"])
    body = s.deal("wording", [
        [f"SSN {fake} is the sample on the training slide. Please do not use real ones in the sandbox."], [f"Test patient for the demo: ZZTEST, PATIENT, DOB 01/01/1900, MRN 00000000. Order any lab on it."],
        ["Privacy quiz, question 4: \"Jane Doe, DOB 01/01/1970, has the flu\". Is that PHI? Answer: yes, if she existed."], [f"Screenshots in the manual use the card 4111 1111 1111 1111, the Medicare number 1EG4-TE5-MK73 and the SSN {fake}, all samples."],
        ["HIPAA refresher due Friday. 20 minutes, 12 questions, certificate to your file."], ["For new hires: protected health information is a name together with anything about care or payment. When in doubt, use the portal."],
        ["Example of a good subject line: \"Question about a visit\". Example of a bad one: \"John Doe HIV result\"."]])
    more = s.deal("more", ["", "Coffee is provided.", "Room 4, bring a laptop.", "The recording will be posted.", "Ask me when it is unclear."])
    return Draft(s.mail(s.pick(s.inside(), ("New hires", f"new-hires@{s.domain}")), s.match("wording", ["sandbox", "demo", "quiz", "manual", "HIPAA refresher", "orientation", "subject lines"]), [*body, more]), "none", "Training with sample people and documented test numbers.", accept=["none", "health", "identity"])


@family("gen-spanish-office", 12, "held_out")
def spanish_office(s):
    d = s.d
    topic = d.pick(("la diabetes", "la presión alta", "el asma", "la influenza", "la anemia"))
    wording = s.deal("wording", list(range(8)))
    health = wording in (1, 4, 6)
    body = [
        [f"Buenos días: mañana llega el técnico de {d.pick(('la copiadora', 'el aire acondicionado', 'los teléfonos'))} a las {d.number(8, 11)}. Favor de abrirle."],
        [f"¿Qué es {topic}? Muchas personas no lo saben. Coma más verduras, camine 30 minutos y tome sus medicinas a la misma hora. Pregunte a su médico."],
        [f"Estimados proveedores: la factura {d.digits(6)} vence el {s.day(12, 'dmy')}. Adjunten la orden de compra {d.digits(5)}."],
        ["Compañeras, el viernes es el convivio. Cada quien trae un platillo. Yo llevo tamales."],
        [f"Taller gratuito sobre {topic}: sábado a las 10 en la biblioteca. Habrá café y un intérprete."],
        [f"Necesitamos {d.number(2, 9)} cajas de guantes y papel para la mesa de exploración. El proveedor subió los precios {d.number(3, 12)} %."],
        [f"Boletín del mes: uno de cada {d.number(4, 12)} adultos vive con {topic}. La meta de hemoglobina A1c es menor de 7 %. Cancelar suscripción."],
        ["Formulario nuevo en español:", Lines(["Nombre del paciente: ________", "Fecha de nacimiento: ________", "Número de seguro: ________", "Motivo de la consulta: ________"])]][wording]
    return Draft(s.mail(s.pick(s.inside(), ("Recepción", f"recepcion@{s.domain}"), s.other(VENDORS)[0]), s.match("wording", ["aviso", "folleto", "factura", "convivio", "taller", "pedido", "boletín", "formulario"]), body, charset=s.pick("utf-8", "windows-1252", "utf-8"), signed=d.chance(0.4), footer=0),
                 "health" if health else "none", "Spanish office mail or education.", accept=EDU if health else (["none", "health"] if wording == 7 else NEAR))
