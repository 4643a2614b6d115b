#!/usr/bin/env python3
"""Holds JSON documents against the schemas of libphiscan/schema.

    check_schemas.py                        the schemas themselves, and that their words are those of labels.hpp
    check_schemas.py KIND FILE...           KIND: request report pack policy; FILE: a document, JSON lines (.jsonl), or - for stdin
    check_schemas.py --must-fail KIND FILE  every document must be refused

A line of `phiscan scan --format jsonl` counts as the report inside it. Problems name a place, never a value: documents may hold mail.
Exit: 0 all as expected, 1 not, 2 usage.
"""
import json
import re
import sys
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2] / "libphiscan"
SCHEMAS = ROOT / "schema"


def validator(kind):
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def documents(path):
    text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    try:
        whole = [json.loads(text)]
    except json.JSONDecodeError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    for document in whole:
        if isinstance(document, dict) and "source" in document and "schema" not in document:
            if "report" not in document:
                continue
            document = document["report"]
        yield document


def problems(check, document):
    for error in check.iter_errors(document):
        deepest = error
        while deepest.context:
            deepest = jsonschema.exceptions.best_match(deepest.context)
        where = "/" + "/".join(str(step) for step in deepest.absolute_path)
        rule = "/".join(str(step) for step in deepest.absolute_schema_path)
        yield f"{where}: against {rule}"


def words(header, macro):
    """The words of one X(...) list in labels.hpp."""
    body = re.search(rf"#define {macro}\(X\)((?:.*\\\n)*.*\n)", header).group(1)
    return re.findall(r"X\((\w+)\)", body)


def check_words():
    header = (ROOT / "src/rules/labels.hpp").read_text("utf-8")
    report = json.loads((SCHEMAS / "report.schema.json").read_text("utf-8"))["properties"]
    rule = json.loads((SCHEMAS / "pack.schema.json").read_text("utf-8"))["$defs"]["rule"]["properties"]
    finding = report["findings"]["items"]["properties"]
    recipient = report["recipients"]["items"]["properties"]
    expected = [
        ("report label", words(header, "PHISCAN_LABELS"), finding["label"]["enum"]),
        ("report category", words(header, "PHISCAN_CATEGORIES"), report["categories"]["items"]["enum"]),
        ("report class", words(header, "PHISCAN_CLASSES"), recipient["class"]["enum"]),
        ("report risk", words(header, "PHISCAN_RISKS"), recipient["risks"]["items"]["enum"]),
        ("pack label", words(header, "PHISCAN_LABELS"), [w for w in rule["label"]["enum"] if w]),
        ("pack category", words(header, "PHISCAN_CATEGORIES"), [w for w in rule["category"]["enum"] if w]),
    ]
    return [f"{name}: the schema and labels.hpp differ" for name, code, schema in expected if code != schema]


def check_texts():
    """Both languages say the same things, with the same placeholders, about every word that can turn up."""
    header = (ROOT / "src/rules/labels.hpp").read_text("utf-8")
    folder = ROOT / "packs/us-core/texts"
    texts = {lang: json.loads((folder / f"{lang}.json").read_text("utf-8")) for lang in ("en", "es")}
    wrong = [f"texts: {key} is in one language only" for key in sorted(set(texts["en"]) ^ set(texts["es"]))]
    for key in set(texts["en"]) & set(texts["es"]):
        marks = [sorted(re.findall(r"\{(\w+)\}", texts[lang][key])) for lang in ("en", "es")]
        if marks[0] != marks[1]:
            wrong.append(f"texts: {key} has other placeholders in the other language")
    labels = words(header, "PHISCAN_LABELS")
    wanted = ["category." + word for word in words(header, "PHISCAN_CATEGORIES")]
    wanted += [f"risk.{word}.{n}" for word in words(header, "PHISCAN_RISKS") for n in ("one", "many")]
    provider_or_structure = {"provider_name", "npi", "dea", "ein", "clia", "taxonomy", "hl7v2", "x12", "fhir", "ccda", "dicom", "table"}
    wanted += ["label." + word for word in labels if word not in provider_or_structure]
    return wrong + [f"texts: {key} is missing" for key in wanted if key not in texts["en"]]


def main(arguments):
    must_fail = arguments[:1] == ["--must-fail"]
    if must_fail:
        arguments = arguments[1:]
    if not arguments:
        found = [problem for schema in sorted(SCHEMAS.glob("*.schema.json")) for problem in check_schema(schema)]
        found += check_words() + check_texts()
        for problem in found:
            print(problem)
        return 1 if found else 0
    kind, files = arguments[0], arguments[1:]
    if not files or not (SCHEMAS / f"{kind}.schema.json").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    check = validator(kind)
    bad = count = 0
    for file in files:
        for index, document in enumerate(documents(file)):
            count += 1
            found = list(problems(check, document))
            if must_fail != bool(found):
                bad += 1
                print(f"{file} #{index}: should have been refused" if must_fail else f"{file} #{index}:")
                for problem in found[:10]:
                    print("  " + problem)
    print(f"{count} documents, {bad} not as expected")
    return 1 if bad or count == 0 else 0


def check_schema(path):
    try:
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))
    except jsonschema.exceptions.SchemaError as error:
        return [f"{path.name}: {'/'.join(str(step) for step in error.absolute_path)}: {error.message}"]
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
