#!/usr/bin/env python3
"""Write the generated half of the corpus from a seed: the same seed, the same files, byte for byte.

    corpus/generate.py --seed 2026 --out corpus/generated     write the mails
    corpus/generate.py --check                                 do the committed files come from the seed?
    corpus/generate.py --list                                  families, counts, split

The words are in generator/: people.py and clauses.py hold names and sentences, phi.py, tricky.py, clean.py and
envelope.py the template families, mail.py the message formats.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "generator"))
sys.dont_write_bytecode = True

from dice import Dice  # noqa: E402
from family import FAMILIES  # noqa: E402
from mail import finish  # noqa: E402
from marks import bare  # noqa: E402
from scene import Scene  # noqa: E402
import phi, tricky, clean, envelope  # noqa: E402,E401,F401  (they register their families)


def labels(draft, found, name, split, scene):
    out = {"accept": draft.accept or [draft.content], "categories": draft.categories, "content": draft.content, "family": name, "origin": "generated",
           "patients": draft.patients, "spans": found, "split": split, "voice": draft.voice or scene.voice, "why": draft.why}
    if draft.content == "phi":
        out["severity"] = draft.severity
    if draft.recipients is not None:
        out["recipients"] = draft.recipients
    return json.dumps(out, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def generate(seed):
    """{file name: bytes}. Each family has its own dice, so that a change in one leaves the others as they were."""
    files = {}
    for name, count, split, make in FAMILIES:
        decks, seen, number, tries = {}, set(), 0, 0
        family_dice = Dice(f"{seed}/{name}")
        while number < count:
            tries += 1
            assert tries < 50 * count, f"{name} has too few wordings"
            scene = Scene(family_dice, decks)
            draft = make(scene)
            words = " ".join(bare(repr(draft.mail.blocks) + draft.mail.source).lower().split())
            if words in seen:
                continue
            seen.add(words)
            number += 1
            eml, found = finish(draft.mail, family_dice)
            stem = f"{name.removeprefix('gen-')}-{number:02d}"
            files[f"{stem}.eml"] = eml
            files[f"{stem}.labels.json"] = labels(draft, found, name, split, scene).encode()
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=2026, help="default 2026, the seed of the committed mails")
    parser.add_argument("--out", type=Path, default=HERE / "generated", help="folder to write or check (default: corpus/generated)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs, is missing or is extra")
    parser.add_argument("--list", action="store_true", help="print the families")
    options = parser.parse_args()
    if options.list:
        for name, count, split, _ in FAMILIES:
            print(f"{name:<24}{count:>4}  {split}")
        return 0
    files = generate(options.seed)
    present = {p.name for p in options.out.glob("*.eml")} | {p.name for p in options.out.glob("*.labels.json")}
    if options.check:
        wrong = sorted([n for n in files if n not in present or (options.out / n).read_bytes() != files[n]] + list(present - set(files)))
        for name in wrong:
            print(f"differs from seed {options.seed}: {name}")
        print(f"{len(files) // 2} mails, {len(wrong)} files differ")
        return 1 if wrong else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name in present - set(files):
        (options.out / name).unlink()
    for name, data in files.items():
        (options.out / name).write_bytes(data)
    print(f"{len(files) // 2} mails in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
