#!/usr/bin/env python3
"""The library exports exactly the symbols of symbols.txt, and phiscan.h declares exactly those: symbols_test.py LIBRARY NM."""
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = HERE.parents[1] / "libphiscan/include/phiscan/phiscan.h"


def main():
    library, nm = sys.argv[1:]
    expected = set((HERE / "symbols.txt").read_text("utf-8").split())
    listing = subprocess.run([nm, "-D", "--defined-only", "--format=posix", library], check=True, capture_output=True, text=True).stdout
    exported = {line.split()[0].split("@")[0] for line in listing.splitlines() if line.split()[1] != "A"}
    exported -= {"__asan_version_mismatch_check_v8"}
    declared = set(re.findall(r"^PHISCAN_API .*?(\w+)\(", HEADER.read_text("utf-8"), re.MULTILINE))
    wrong = 0
    for name, found in (("the library", exported), ("phiscan.h", declared)):
        for symbol in sorted(found - expected):
            print(f"{symbol}: in {name} but not in symbols.txt")
            wrong += 1
        for symbol in sorted(expected - found):
            print(f"{symbol}: in symbols.txt but not in {name}")
            wrong += 1
    print(f"{len(expected)} symbols, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
