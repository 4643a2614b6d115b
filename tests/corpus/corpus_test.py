#!/usr/bin/env python3
"""Holds the corpus to its own rules (corpus/README.md): every mail parses, every label stands where it says it
does, the mix is right, nothing in it could belong to a real person, and the generated half comes from its seed.

    tests/corpus/corpus_test.py            check and print a table of counts
    tests/corpus/corpus_test.py --table    the table only
"""

import collections
import email
import email.policy
import functools
import html
import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
FOLDERS = ("phi", "clean", "tricky", "recipients", "generated")
CONTENTS = ("phi", "identity", "health", "none")
CATEGORIES = set("""lab diagnosis medication vitals procedure imaging appointment referral billing insurance intake id_document immunization narrative bulk
    substance_use psychotherapy mental_health hiv sti reproductive genetic gender_care abuse minor communicable workers_comp hospice""".split())
LABELS = set("""name date_of_birth date age_over_89 address city zip phone fax email ssn ssn_last4 itin mrn encounter member_id mbi medicaid_id claim account
    prescription accession license passport vin device url ip card bank other_id""".split())
CLASSES = set("own partner direct consumer unknown list gateway role_mailbox ticket disposable invalid".split())
RISKS = set("""lookalike_domain typo_domain tld_slip punycode own_private first_time similar_to_usual new_to_thread display_mismatch greeting_mismatch
    patient_mismatch many_visible unknown_members baa_missing baa_expired channel_mismatch noreply""".split())
SAMPLE_SSNS = {"078-05-1120", "219-09-9999", "457-55-5462", "123-45-6789"}
RESERVED = re.compile(r"(^|\.)(example\.(com|org|net)|[a-z0-9-]+\.(example|test)|localhost|invalid)$")
STANDARD_HOSTS = {"www.w3.org", "schemas.microsoft.com", "hl7.org", "www.hl7.org", "loinc.org", "snomed.info", "terminology.hl7.org", "unitsofmeasure.org", "purl.org"}


class Corpus:
    def __init__(self):
        self.mails = []
        for folder in FOLDERS:
            for path in sorted((CORPUS / folder).glob("*.eml")):
                labels = path.with_name(path.stem + ".labels.json")
                self.mails.append((path.relative_to(CORPUS), path.read_bytes(), json.loads(labels.read_text("utf-8")) if labels.exists() else None))


CORPUS_ONCE = Corpus()


def decoded(part):
    """Text of a leaf; the charset as declared, with its everyday meaning."""
    data = part.get_payload(decode=True) or b""
    charset = (part.get_content_charset() or "utf-8").lower()
    charset = {"us-ascii": "utf-8", "iso-8859-1": "cp1252", "ks_c_5601-1987": "cp949", "x-unknown": "utf-8", "utf-7": "utf-7"}.get(charset, charset)
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").lstrip("\ufeff")


def unflow(text, delsp):
    out, carry, depth_before = [], None, -1
    for line in text.split("\n"):
        depth = len(re.match(r">*", line)[0])
        rest = line[depth:]
        rest = rest[1:] if rest.startswith(" ") else rest
        soft = rest.endswith(" ") and rest != "-- "
        if carry is not None and depth == depth_before:
            out[-1] += rest if not (delsp and soft) else rest[:-1]
        else:
            out.append(rest if not (delsp and soft) else rest[:-1])
        carry, depth_before = (True if soft else None), depth
    return "\n".join(out)


def visible(page):
    """A page's text: tags and comments away, entities decoded, hidden blocks kept."""
    page = re.sub(r"(?is)<(style|script|title)\b[^>]*>.*?</\1\s*>", "", page)
    page = re.sub(r"(?s)<!--.*?-->", "", page)
    page = re.sub(r"(?i)</?(p|div|br|tr|td|th|li|h\d|table|blockquote|ul|ol|hr|body)\b[^>]*>", "\n", page)
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def squeeze(text):
    return re.sub(r"[ \t\r\n\f]+", " ", text)


@functools.cache
def parts_of(raw):
    """{part name: text} as the labels name parts, and the list of leaves."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts, leaves = {"subject": str(message["Subject"] or "")}, []
    files = 0

    def walk(node, top):
        nonlocal files
        kind = node.get_content_type()
        if node.is_multipart() and kind != "message/rfc822":
            for child in node.iter_parts() if hasattr(node, "iter_parts") else node.get_payload():
                walk(child, top)
            return
        name = node.get_filename()
        body = kind in ("text/plain", "text/html") and not name and node.get_content_disposition() != "attachment"
        key = "body.html" if kind == "text/html" else "body.text"
        if body and key not in parts:
            text = decoded(node)
            if kind == "text/plain" and node.get_param("format") == "flowed":
                text = unflow(text, node.get_param("delsp") == "yes")
            parts[key] = text
            leaves.append(text)
            return
        number, files = files, files + 1
        if name:
            parts[f"attachments/{number}/name"] = name
        if kind == "message/rfc822":
            inner = node.get_payload(0)
            below, more = parts_of(inner.as_bytes())
            text = "\n".join(visible(t) if "html" in k else t for k, t in below.items())
            leaves.extend(more)
        elif node.get_content_maintype() == "text" or kind in ("application/json", "application/xml", "application/x-x12", "application/edi-x12", "application/hl7-v2"):
            text = decoded(node)
            leaves.append(text)
        else:
            return
        parts[f"attachments/{number}/text_parts/0"] = visible(text) if kind == "text/html" else text

    walk(message, True)
    return parts, leaves


def language(text):
    words = re.findall(r"\w+", text.lower())
    if re.search(r"[\u3040-\u30ff]", text):
        return "ja"
    spanish = sum(w in {"el", "la", "los", "las", "que", "para", "con", "su", "por", "una", "paciente", "del", "de"} for w in words)
    english = sum(w in {"the", "and", "to", "of", "for", "is", "we", "you", "in", "a", "on", "with"} for w in words)
    if spanish > english and spanish >= 2:
        return "es"
    return "en" if english or text.isascii() else "other"


def table():
    rows = collections.Counter()
    for path, raw, labels in CORPUS_ONCE.mails:
        parts, _ = parts_of(raw)
        text = parts.get("body.text") or visible(parts.get("body.html", "")) or parts["subject"]
        for key in ("content", "split", "origin"):
            rows[(key, labels[key], labels["origin"])] += 1
        rows[("language", language(text), labels["origin"])] += 1
        rows[("mails", "all", labels["origin"])] += 1
    print(f"{'':<10}{'':<12}{'hand':>7}{'generated':>11}{'all':>7}")
    for kind, value in sorted({(k, v) for k, v, _ in rows if k != "origin"}):
        hand, made = rows[(kind, value, "hand")], rows[(kind, value, "generated")]
        print(f"{kind:<10}{value:<12}{hand:>7}{made:>11}{hand + made:>7}")
    families = {m[2]["family"] for m in CORPUS_ONCE.mails}
    print(f"families: {len(families)}, patients: {sum(m[2]['patients'] for m in CORPUS_ONCE.mails)}, spans: {sum(len(m[2]['spans']) for m in CORPUS_ONCE.mails)}")


class CorpusTest(unittest.TestCase):
    maxDiff = 2000

    def none_of(self, wrong):
        self.assertEqual([], wrong[:20], f"{len(wrong)} in all")

    def test_every_mail_has_labels_and_every_label_file_a_mail(self):
        self.none_of([str(p) for p, _, labels in CORPUS_ONCE.mails if labels is None])
        self.none_of([str(p) for f in FOLDERS for p in (CORPUS / f).glob("*.labels.json") if not p.with_name(p.name.replace(".labels.json", ".eml")).exists()])

    def test_every_mail_is_whole(self):
        wrong = []
        for path, raw, _ in CORPUS_ONCE.mails:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            wrong += [f"{path}: no {h}" for h in ("From", "To", "Date", "Message-ID", "MIME-Version") if h not in message]
            wrong += [f"{path}: {d!r}" for part in message.walk() for d in part.defects]
            if not any(parts_of(raw)[0].get(k) is not None for k in ("body.text", "body.html")):
                wrong.append(f"{path}: no body")
        self.none_of(wrong)

    def test_labels_use_the_words_of_the_report(self):
        wrong = []
        for path, _, l in CORPUS_ONCE.mails:
            need = {"content", "accept", "categories", "patients", "spans", "family", "voice", "split", "origin", "why"}
            ok = (need <= set(l) and l["content"] in CONTENTS and l["content"] in l["accept"] and set(l["accept"]) <= set(CONTENTS) and set(l["categories"]) <= CATEGORIES
                  and l["split"] in ("tuning", "held_out") and l["origin"] in ("hand", "generated") and (l["content"] == "phi") == ("severity" in l)
                  and l.get("severity", 0) in range(5) and all(s["label"] in LABELS for s in l["spans"])
                  and all(r["class"] in CLASSES and set(r["risks"]) <= RISKS for r in l.get("recipients", []))
                  and (l["content"] in ("phi", "identity") or not l["spans"]) and (l["patients"] > 0) == (l["content"] == "phi")
                  and ("bulk" in l["categories"]) <= (l["patients"] > 1))
            if not ok:
                wrong.append(str(path))
        self.none_of(wrong)

    def test_every_span_stands_in_its_part(self):
        wrong = []
        for path, raw, labels in CORPUS_ONCE.mails:
            parts, _ = parts_of(raw)
            for span in labels["spans"]:
                text = parts.get(span["part"])
                if text is None:
                    if not span["part"].startswith("attachments/") or not span["part"].endswith("/0"):
                        wrong.append(f"{path}: no part {span['part']}")
                    continue        # PDF and Office files are read by the extractor's own tests
                text = visible(text) if span["part"] == "body.html" else text
                if span["text"] not in text and squeeze(span["text"]) not in squeeze(text):
                    wrong.append(f"{path}: {span['part']}: {span['label']} {span['text']!r}")
        self.none_of(wrong)

    def test_the_mix(self):
        all_mails = [l for _, _, l in CORPUS_ONCE.mails]
        self.assertGreaterEqual(len(all_mails), 800)
        for group in (all_mails, [l for l in all_mails if l["origin"] == "generated"], [l for l in all_mails if l["origin"] == "hand"]):
            share = sum(l["content"] != "phi" for l in group) / len(group)
            self.assertGreaterEqual(share, 0.45)
        generated = sum(l["origin"] == "generated" for l in all_mails) / len(all_mails)
        self.assertTrue(0.45 <= generated <= 0.55, f"{generated:.3f} generated")

    def test_families_are_wholly_tuning_or_wholly_held_out(self):
        split = collections.defaultdict(set)
        for _, _, l in CORPUS_ONCE.mails:
            split[l["family"]].add(l["split"])
        self.none_of(sorted(f for f, s in split.items() if len(s) > 1))
        generated = {l["family"]: l["split"] for _, _, l in CORPUS_ONCE.mails if l["origin"] == "generated"}
        held = sum(s == "held_out" for s in generated.values()) / len(generated)
        self.assertTrue(0.3 <= held <= 0.4, f"{held:.2f} of the generated families held out")

    def test_no_two_mails_are_alike(self):
        seen, wrong = {}, []
        for path, raw, _ in CORPUS_ONCE.mails:
            key = squeeze("\n".join(sorted(t for p, t in parts_of(raw)[0].items() if p != "subject")))
            if key.strip() and key in seen:
                wrong.append(f"{path} = {seen[key]}")
            seen[key] = path
        self.none_of(wrong)

    def test_only_reserved_domains(self):
        wrong = set()
        for path, raw, _ in CORPUS_ONCE.mails:
            texts = [re.split(rb"\r?\n\r?\n", raw)[0].decode("utf-8", "replace")] + parts_of(raw)[1]
            for text in texts:
                for host in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text) + re.findall(r"https?://([\w.-]+)", text):
                    host = host.lower().rstrip(".")
                    if host not in STANDARD_HOSTS and not RESERVED.search(host) and not host.endswith((".in-addr.arpa",)):
                        wrong.add(f"{path}: {host}")
        self.none_of(sorted(wrong))

    def test_only_fictional_telephones(self):
        wrong = []
        for path, raw, _ in CORPUS_ONCE.mails:
            for text in parts_of(raw)[1]:
                for area, exchange, line in re.findall(r"(?<![\w./-])\(?([2-9]\d{2})\)?[-. ]{1,2}([2-9]\d{2})[-. ](\d{4})(?![\w-]|\.\d)", text):
                    if exchange != "555" or not line.startswith("01"):
                        wrong.append(f"{path}: {area} {exchange} {line}")
        self.none_of(wrong)

    def test_no_number_shaped_like_a_social_security_number(self):
        wrong = []
        for path, raw, _ in CORPUS_ONCE.mails:
            for text in parts_of(raw)[1] + [raw.decode("latin-1")]:
                for found in re.finditer(r"(?<![\w-])(\d{3})([- ])(\d{2})\2(\d{4})(?![\w-])", text):
                    area = int(found[1])
                    cannot_be = area in (0, 666) or area >= 900 or found[3] == "00" or found[4] == "0000"
                    if not cannot_be and f"{found[1]}-{found[3]}-{found[4]}" not in SAMPLE_SSNS:
                        wrong.append(f"{path}: a social security number is written out")
        self.none_of(wrong)

    def test_places_for_social_security_numbers_stay_readable(self):
        wrong = []
        for path, raw, labels in CORPUS_ONCE.mails:
            wanted = {s["text"] for s in labels["spans"] if "{{ssn:" in s["text"]}
            wrong += [f"{path}: {w}" for w in wanted if w.encode() not in raw]
        self.none_of(wrong)

    def test_generated_mails_come_from_their_seed(self):
        done = subprocess.run([sys.executable, str(CORPUS / "generate.py"), "--check"], capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stdout[-1500:] + done.stderr[-1500:])


if __name__ == "__main__":
    table()
    if "--table" not in sys.argv:
        unittest.main(verbosity=1)
