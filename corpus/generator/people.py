"""Invented people and places. The lists are the generator's own (the rule packs have theirs), mixed freely,
so that no family of mails depends on names of one origin. Values of a patient come marked (see marks.py)."""

import unicodedata
from datetime import date

from marks import mark

# origin: (women, men, surnames)
NAMES = {
    "english": ("Harriet Maude Beverly Tamsin Joyce Colleen Peggy Winifred Darlene Imogen Rosalind Tess",
                "Clifford Wendell Barnaby Russell Graham Desmond Floyd Leland Percy Rufus Stuart Vernon",
                "Hathersage Pickering Thornley Ashdown Wexcombe Fairbrother Lockridge Tuttle Birdsong Cobham Merriweather Stockwell"),
    "spanish": ("Ximena Graciela Rocío Maribel Yesenia Consuelo Itzel Noemí Araceli Dolores",
                "Efraín Gilberto Ramiro Ulises Joaquín Hernán Eliseo Rigoberto Tomás Abelardo",
                "Villaseñor Zamarripa Ocampo Bañuelos Cisneros Arrieta Montemayor Saldívar Peñaloza Urrutia"),
    "portuguese": ("Iracema Fátima Luzia Conceição", "Joaquim Valdir Gonçalo Anselmo", "Mascarenhas Figueiredo Guimarães Brandão Teixeira"),
    "vietnamese": ("Hạnh Mỹ Thảo Ngọc Bích", "Quốc Đạt Khải Thiện", "Trương Đoàn Lâm Phùng Huỳnh"),
    "chinese": ("Meiling Xiuying Yanhong Lihua", "Guowei Zhiqiang Haoran Jianming", "Ouyang Xie Zheng Fang Qiu Szeto"),
    "korean": ("Eun-ji Soo-yeon Hye-won", "Dong-hyun Min-jae Kwang-soo", "Seong Baek Namkung Hwang Noh"),
    "japanese": ("Fumiko Asami Yoshie Natsuki", "Takumi Shigeru Masahiro Ryota", "Hayashida Okumura Nishizawa Kitagawa Morikawa"),
    "indian": ("Lakshmi Padma Harleen Meenakshi Anjali", "Venkatesh Gurpreet Subramanian Rohan Devendra",
               "Chakrabarti Ramaswamy Dhaliwal Vaidyanathan Kulkarni Bhattacharya"),
    "arabic": ("Nadia Zaynab Hanan Rasha Mouna", "Tariq Yousef Bassam Khalil Idris", "al-Khatib Boutros Haddad Mansouri El-Sayed Nasrallah"),
    "persian": ("Shirin Mahnaz Parvaneh", "Farhad Behrouz Dariush", "Rostamian Golestani Khosravi Tehrani"),
    "nigerian": ("Chiamaka Folake Ngozi Ebele", "Babatunde Chukwuemeka Olumide Segun", "Adewale Okonkwo Nwachukwu Ogunleye Eze"),
    "horn-of-africa": ("Tigist Hodan Almaz Saba", "Dawit Abdirahman Mulugeta Liban", "Gebremariam Warsame Tadesse Abdullahi"),
    "polish": ("Grażyna Bożena Jadwiga", "Zbigniew Wojciech Mieczysław", "Wróblewska Jabłoński Szczepanik Gołąb"),
    "slavic": ("Oksana Ludmila Snežana Zdenka", "Bohdan Yevhen Dragan Miroslav", "Hrytsenko Karamazin Jovanović Dvořák Kovalchuk"),
    "german": ("Gisela Hannelore Liesl Ursula", "Eckhard Jürgen Ottmar Wolfgang", "Krämer Oberholtzer Zweig Dornbusch von Lehndorff"),
    "nordic": ("Solveig Åse Ingeborg Tuula", "Torbjørn Håkan Eino Sigurd", "Østergaard Lindqvist Halvorsen Mäkinen Bjarnadóttir"),
    "italian": ("Ornella Filomena Graziella", "Gaspare Ottavio Fiorenzo", "Bevilacqua Di Benedetto Passalacqua Quagliarella"),
    "greek": ("Kalliope Despina Eleftheria", "Stavros Anastasios Leonidas", "Papadimitriou Karagiannis Economou Vlahos"),
    "french": ("Solange Océane Mireille Édith", "Thibault Aurélien Gaëtan", "Beauchêne Thibodeaux L'Écuyer de la Croix Robichaux"),
    "haitian": ("Marie-Flore Roseline Guerda", "Jean-Robert Wilner Frantz", "Desrosiers Toussaint Saint-Fleur Jean-Baptiste"),
    "filipino": ("Maricel Corazon Ligaya", "Rodrigo Bayani Crisanto", "Macapagal Dimaculangan Bautista Panganiban"),
    "pacific": ("Leilani Sina Mele", "Keoni Sione Tavita", "Kealoha Tuiasosopo Fifita Kahananui"),
    "armenian": ("Siranush Anahit", "Vahan Hovhannes", "Petrossian Gharibyan Manoogian"),
    "hmong": ("Mai Pa Kou", "Tou Cheng", "Vang Xiong Lor"),
    "native": ("Talulah Winona Dezba", "Takoda Ahiga", "Yellowhorse Begaye Swiftwater Two Bulls"),
    "turkish": ("Şule Gülsüm", "Çağatay Orhan", "Yıldırım Özdemir Karaoğlu"),
    "hebrew": ("Tziporah Rivka Shoshana", "Mordechai Yitzhak Zvi", "Rosenzweig Ben-David Abramowitz Teitelbaum"),
    "word-names": ("Hope Summer Iris Joy April", "Chase Grant Will Dean Cliff", "Short Young Banks Hill Rice Love Best"),
}
SURNAMES_OF_TWO_WORDS = ("Di Benedetto", "de la Croix", "von Lehndorff", "Two Bulls")
ONE_NAME = ("Suparman", "Wahyuni", "Mulyadi", "Sukarsih", "Thondup", "Dorji", "Ngawang", "Rukmini", "Zahra", "Perumal")

STREETS = ("Quarry Hill Rd", "Tannery Ln", "Wren Hollow Ct", "E Larkspur Ave", "Old Ferry Rd", "Coppergate Dr", "N Juniper St", "Sawmill Pkwy",
           "Bluebird Way", "Hollis Ter", "Kestrel Cir", "Mulberry Pl", "County Rd 14", "W Foundry Blvd", "Saddleback Trl", "Orchard Loop")
TOWNS = (("Maple Hollow", "OH", "43999"), ("Cinder Falls", "PA", "17099"), ("Port Amity", "ME", "04099"), ("Dry Fork", "NM", "87099"),
         ("Ridgewater", "WA", "98999"), ("Bellhaven", "NC", "27999"), ("Little Prairie", "IA", "50099"), ("San Eladio", "CA", "92199"),
         ("Goosecreek", "MN", "55999"), ("Tamarack", "MI", "49099"), ("Elk Crossing", "MT", "59099"), ("Palmetto Bend", "FL", "33099"))
AREA_CODES = ("202", "303", "312", "404", "503", "602", "713", "816", "919")
PRIVATE_DOMAINS = ("mail.example", "webmail.test", "inbox.example", "mail.test")

CLINICS = (("Alder Creek Family Medicine", "aldercreek.example"), ("Bayfront Internal Medicine", "bayfront-im.example"),
           ("Copper Canyon Health", "coppercanyon.example"), ("Dovetail Pediatrics", "dovetail-peds.test"), ("Eastgate Orthopedics", "eastgate-ortho.example"),
           ("Fox River Cardiology", "foxriver-cardio.example"), ("Granite Bay Community Clinic", "granitebay.test"), ("Heron Lake Medical Group", "heronlake.example"),
           ("Ironwood Gastroenterology", "ironwood-gi.example"), ("Juniper Street Clinic", "juniperstreet.example"), ("Kettle Moraine Neurology", "kettle-neuro.test"),
           ("Lantern Hill Primary Care", "lanternhill.example"), ("Mesa Verde Dermatology", "mesaverde-derm.example"), ("North Pier Physicians", "northpier.test"),
           ("Oak Terrace Nephrology", "oakterrace.example"), ("Pine Barrens Pulmonary", "pinebarrens.example"), ("Quail Run Women's Care", "quailrun.example"),
           ("Redbud Endocrinology", "redbud-endo.test"), ("Stonebridge Surgical", "stonebridge-surg.example"), ("Tidewater Urgent Care", "tidewater-uc.example"))
PARTNERS = (("Blue Spruce Imaging", "bluespruce-imaging.example"), ("Cornerstone Rehab", "cornerstone-rehab.example"), ("Delta Reference Lab", "deltalab.test"),
            ("Evergreen Hospital", "evergreen-hosp.example"), ("Foothill Home Health", "foothill-hh.example"), ("Glen Arbor Pharmacy", "glenarbor-rx.example"),
            ("Harbor Light Hospice", "harborlight.test"), ("Indigo Health Plan", "indigoplan.example"), ("Keystone Infusion", "keystone-infusion.example"),
            ("Lakeview Eye Associates", "lakeview-eye.example"), ("Meridian Benefit Trust", "meridianbenefit.example"), ("Northstar Oxygen", "northstar-dme.test"))
VENDORS = (("Acorn Office Supply", "acorn-office.example"), ("Brightline Networks", "brightline.test"), ("Cardinal Facilities", "cardinal-fac.example"),
           ("Dunmore Medical Products", "dunmore-med.example"), ("Ember Payroll", "ember-payroll.test"), ("Fieldstone Insurance Brokers", "fieldstone.example"),
           ("Gantry Software", "gantry.example"), ("Hillcrest Linen", "hillcrest-linen.example"), ("Inkwell Printing", "inkwell.test"), ("Jetty Marketing", "jetty.example"))
CREDENTIALS = ("MD", "DO", "NP", "PA-C", "RN", "MA", "LPN", "FNP-C", "PharmD", "LCSW")
JOBS = ("Front Desk", "Billing", "Referral Coordinator", "Medical Records", "Office Manager", "Nurse Line", "Patient Accounts", "Care Coordinator", "Practice Administrator")

_NOT_COMPOSED = str.maketrans("łŁøØđĐıßæÆ", "lLoOdDisaA")


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.translate(_NOT_COMPOSED)) if not unicodedata.combining(c))


def surnames(words):
    for two in SURNAMES_OF_TWO_WORDS:
        words = words.replace(two, two.replace(" ", "_"))
    return [word.replace("_", " ") for word in words.split()]


ALL_SURNAMES = [(origin, last) for origin in NAMES for last in surnames(NAMES[origin][2])]


def bare_name(dice, sex=None, latin1=False):
    """(first, last, sex) with no mark: for staff, or to build a patient from."""
    while True:
        origin, last = dice.pick(ALL_SURNAMES)
        women, men, _ = NAMES[origin]
        sex = sex or dice.pick("FM")
        first = dice.pick((women if sex == "F" else men).split())
        if latin1:
            try:
                (first + last).encode("latin-1")
            except UnicodeEncodeError:
                continue
        return first, last, sex


def phone(dice):
    area, line = dice.pick(AREA_CODES), f"01{dice.number(0, 99):02d}"
    return dice.pick(("({a}) 555-{n}", "{a}-555-{n}", "{a}.555.{n}", "{a} 555 {n}")).format(a=area, n=line)


MONTHS = ("January February March April May June July August September October November December").split()
MESES = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre").split()


def written(day, style):
    if style == "us":
        return f"{day.month:02d}/{day.day:02d}/{day.year}"
    if style == "short":
        return f"{day.month}/{day.day}/{day.year % 100:02d}"
    if style == "iso":
        return day.isoformat()
    if style == "dash":
        return f"{day.month:02d}-{day.day:02d}-{day.year}"
    if style == "long":
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    if style == "mon":
        return f"{day.day:02d}-{MONTHS[day.month - 1][:3].upper()}-{day.year}"
    if style == "spanish":
        return f"{day.day} de {MESES[day.month - 1]} de {day.year}"
    if style == "dmy":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    if style == "hl7":
        return f"{day.year}{day.month:02d}{day.day:02d}"
    if style == "md":
        return f"{day.month}/{day.day}"
    raise ValueError(style)


MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"


class Patient:
    """One invented patient. Properties give marked values; `raw_...` give bare ones for addresses and codes."""

    def __init__(self, dice, today, sex=None, ages=(19, 88), latin1=False, one_name=False):
        self.raw_first, self.raw_last, self.sex = bare_name(dice, sex, latin1)
        if one_name:
            self.raw_first, self.raw_last = "", dice.pick(ONE_NAME)
        self.middle = dice.pick("ABCDEGHJKLMNPRSTW")
        self.age = dice.number(*ages)
        self.born = date(today.year - self.age - 1, dice.number(1, 12), dice.number(1, 28))
        if (self.born.month, self.born.day) <= (today.month, today.day):
            self.born = self.born.replace(year=today.year - self.age)
        self.dob_style = dice.pick(("us", "us", "short", "long", "iso", "dash", "mon"))
        self.raw_mrn = dice.pick(("00{}", "{}", "MR{}", "A{}", "{}-{}")).format(dice.digits(6), dice.digits(2))
        if sum(c.isdigit() for c in self.raw_mrn) == 0 or len(set(self.raw_mrn)) < 3:
            self.raw_mrn = "0041" + dice.digits(5)
        self.raw_member = dice.pick(("XQ{}", "ZGP{}", "W{}", "{}-01", "H{}")).format(dice.digits(9))
        self.raw_claim = dice.pick(("2026{}", "CLM-{}", "E{}", "{}-A")).format(dice.digits(8))
        self.raw_account = dice.pick(("88{}", "PA-{}", "{}")).format(dice.digits(7))
        self.raw_accession = dice.pick((f"S26-{dice.number(10000, 99999)}", f"26-{dice.digits(6)}", f"H{dice.digits(8)}"))
        self.raw_rx = f"{dice.number(6, 9)}{dice.digits(6)}"
        letter, either = (lambda: dice.pick(MBI_LETTERS)), (lambda: dice.pick(MBI_LETTERS + "0123456789"))
        self.raw_mbi = (f"{dice.number(1, 9)}{letter()}{either()}{dice.number(0, 9)}-{letter()}{either()}{dice.number(0, 9)}-"
                        f"{letter()}{letter()}{dice.digits(2)}")
        self.raw_phone = phone(dice)
        self.town, self.state, self.raw_zip = dice.pick(TOWNS)
        self.raw_street = f"{dice.number(3, 9899)} {dice.pick(STREETS)}" + dice.pick(("", "", f" Apt {dice.number(1, 40)}", f" #{dice.number(1, 12)}B"))
        local = plain(self.raw_first + "." + self.raw_last).lower().replace("'", "").replace(" ", "").strip(".")
        self.mailbox = (dice.pick((local, local.replace(".", ""), local.split(".")[-1] + dice.digits(2), local[0] + local.split(".")[-1]))
                        + "@" + dice.pick(PRIVATE_DOMAINS))
        self.mailbox = plain(self.mailbox)

    @property
    def raw_full(self):
        return f"{self.raw_first} {self.raw_last}".strip()

    @property
    def full(self):
        return mark("name", self.raw_full)

    @property
    def with_middle(self):
        return mark("name", f"{self.raw_first} {self.middle}. {self.raw_last}" if self.raw_first else self.raw_last)

    @property
    def reverse(self):
        return mark("name", f"{self.raw_last}, {self.raw_first}" if self.raw_first else self.raw_last)

    @property
    def caps(self):
        return mark("name", (f"{self.raw_last}, {self.raw_first} {self.middle}" if self.raw_first else self.raw_last).upper())

    @property
    def lower(self):
        return mark("name", self.raw_full.lower())

    @property
    def last(self):
        return mark("name", self.raw_last)

    @property
    def first(self):
        return mark("name", self.raw_first)

    @property
    def titled(self):
        return ("Ms. " if self.sex == "F" else "Mr. ") + self.last

    @property
    def initials(self):
        return mark("name", f"{plain(self.raw_first)[0]}.{plain(self.raw_last)[0].upper()}.")

    @property
    def dob(self):
        return self.dob_in(self.dob_style)

    def dob_in(self, style):
        return mark("date_of_birth", written(self.born, style))

    mrn = property(lambda self: mark("mrn", self.raw_mrn))
    member = property(lambda self: mark("member_id", self.raw_member))
    claim = property(lambda self: mark("claim", self.raw_claim))
    account = property(lambda self: mark("account", self.raw_account))
    accession = property(lambda self: mark("accession", self.raw_accession))
    rx = property(lambda self: mark("prescription", self.raw_rx))
    mbi = property(lambda self: mark("mbi", self.raw_mbi))
    phone = property(lambda self: mark("phone", self.raw_phone))
    street = property(lambda self: mark("address", self.raw_street))
    city = property(lambda self: mark("city", self.town))
    zip = property(lambda self: mark("zip", self.raw_zip))

    @property
    def address(self):
        return f"{self.street}, {self.city}, {self.state} {self.zip}"

    he = property(lambda self: "she" if self.sex == "F" else "he")
    him = property(lambda self: "her" if self.sex == "F" else "him")
    his = property(lambda self: "her" if self.sex == "F" else "his")
    man = property(lambda self: "woman" if self.sex == "F" else "man")
