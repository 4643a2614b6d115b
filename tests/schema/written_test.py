#!/usr/bin/env python3
"""What the command line writes follows the schemas: reports of the corpus, with and without a policy, and the bundled pack.

    written_test.py PHISCAN REQUESTS
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import check_schemas

POLICY = check_schemas.SCHEMAS / "examples/policy.clinic.json"
ALLOWED = (0, 10, 11, 12)  # the four actions


def scan(phiscan, requests, out, *options):
    with open(out, "wb") as file:
        code = subprocess.run([phiscan, "scan", "--no-cache", "--input", "jsonl", "--format", "jsonl", *options, requests], stdout=file).returncode
    if code not in ALLOWED:
        sys.exit(f"phiscan scan {' '.join(options)}: exit {code}")


def main():
    phiscan, requests = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="phiscan-schema-") as folder:
        plain, ruled, spanish, pack = (str(Path(folder) / name) for name in ("plain.jsonl", "ruled.jsonl", "spanish.jsonl", "pack.json"))
        scan(phiscan, requests, plain)
        scan(phiscan, requests, ruled, "--policy", str(POLICY), "--explain")
        scan(phiscan, requests, spanish, "--locale", "es")
        subprocess.run([phiscan, "pack", "bundle", str(check_schemas.ROOT / "packs/us-core"), "-o", pack], check=True)
        wrong = check_schemas.main(["report", plain, ruled, spanish])
        return check_schemas.main(["pack", pack]) or wrong


if __name__ == "__main__":
    sys.exit(main())
