#!/usr/bin/env python3
"""Installs the build into a temporary folder and uses it as a stranger would, outside the tree, from C alone.

    install_test.py BUILD CMAKE CC CFLAGS

The program is tests/capi/example.c: it finds PHI in a draft and exits with 0 when the mail would be held.
"""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "capi/example.c"


def run(command, **options):
    print("$", shlex.join(str(word) for word in command), flush=True)
    return subprocess.run([str(word) for word in command], check=True, **options)


def main():
    build, cmake, cc, cflags = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="phiscan-install-") as folder:
        prefix, outside = Path(folder) / "prefix", Path(folder) / "outside"
        shutil.copytree(HERE / "consumer", outside)
        shutil.copy(EXAMPLE, outside / "consumer.c")
        run([cmake, "--install", build, "--prefix", prefix], stdout=subprocess.DEVNULL)

        run([cmake, "-S", outside, "-B", outside / "build", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_C_FLAGS={cflags}",
             f"-DPHISCAN_EXAMPLE={outside / 'consumer.c'}"], stdout=subprocess.DEVNULL)
        run([cmake, "--build", outside / "build"], stdout=subprocess.DEVNULL)
        run([outside / "build/consumer"], stdout=subprocess.DEVNULL)

        [pc] = prefix.rglob("phiscan.pc")
        library = pc.parents[1]
        environment = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent)}
        flags = run(["pkg-config", "--cflags", "--libs", "phiscan"], env=environment, capture_output=True, text=True).stdout
        run([cc, *shlex.split(cflags), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o", outside / "plain", outside / "consumer.c",
             *shlex.split(flags), f"-Wl,-rpath,{library}"])
        run([outside / "plain"], stdout=subprocess.DEVNULL)

        version = run(["pkg-config", "--modversion", "phiscan"], env=environment, capture_output=True, text=True).stdout.strip()
        header = (prefix / "include/phiscan/phiscan.h").read_text("utf-8")
        for part, value in zip(("MAJOR", "MINOR", "PATCH"), version.split(".")):
            assert f"#define PHISCAN_VERSION_{part} {value}\n" in header, part
        schemas = sorted(path.name for path in prefix.rglob("*.schema.json"))
        assert schemas == sorted(path.name for path in (HERE.parents[1] / "libphiscan/schema").glob("*.schema.json")), schemas

        program = next(iter(prefix.glob("bin/phiscan")), None)  # only when the bindings were built
        if program is not None:
            run([program, "version"], env={**os.environ, "LD_LIBRARY_PATH": str(library)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
