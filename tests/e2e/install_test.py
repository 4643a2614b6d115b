"""phiscan-host install --thunderbird, and that Thunderbird then finds the program."""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import time
import unittest

from thunderbird import ADDON, BUILD, ROOT, Thunderbird

HOST = BUILD / "bin/phiscan-host"


class Install(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-home-"))
        self.manifest = self.home / ".mozilla/native-messaging-hosts/phiscan.json"

    def tearDown(self):
        shutil.rmtree(self.home)

    def run_host(self, *words, program=HOST):
        return subprocess.run([program, *words], env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": str(BUILD / "lib")}, capture_output=True, text=True, timeout=60)

    def test_the_manifest_lets_in_our_add_on_and_nobody_else(self):
        addon = json.loads((ROOT / "addins/thunderbird/manifest.json").read_text())["browser_specific_settings"]["gecko"]["id"]
        self.assertEqual(addon, ADDON)
        self.assertEqual(self.run_host("install", "--thunderbird").returncode, 0)
        said = json.loads(self.manifest.read_text())
        self.assertEqual(said["allowed_extensions"], [addon])
        self.assertEqual((said["name"], said["type"], said["path"]), ("phiscan", "stdio", str(HOST.resolve())))
        self.assertEqual(stat.S_IMODE(self.manifest.stat().st_mode), 0o644)
        self.assertEqual(self.run_host("status", "--thunderbird").returncode, 0)

    def test_uninstall_takes_it_back_and_may_be_said_twice(self):
        self.run_host("install", "--thunderbird")
        for _ in range(2):
            self.assertEqual(self.run_host("uninstall", "--thunderbird").returncode, 0)
            self.assertFalse(self.manifest.exists())
        self.assertEqual(self.run_host("status", "--thunderbird").returncode, 1)

    def test_a_folder_that_others_can_change_is_refused(self):
        self.manifest.parent.mkdir(parents=True)
        self.manifest.parent.chmod(0o777)
        done = self.run_host("install", "--thunderbird")
        self.assertEqual(done.returncode, 1)
        self.assertIn("others can change it", done.stderr)
        self.assertFalse(self.manifest.exists())

    def test_a_program_that_others_can_change_is_refused(self):
        copy = self.home / "phiscan-host"
        shutil.copy(HOST, copy)
        copy.chmod(0o777)
        done = self.run_host("install", "--thunderbird", program=copy)
        self.assertEqual(done.returncode, 1)
        self.assertIn("others can change it", done.stderr)

    def test_a_link_is_not_followed(self):
        self.manifest.parent.mkdir(parents=True)
        other = self.home / "precious"
        other.write_text("kept")
        self.manifest.symlink_to(other)
        self.assertEqual(self.run_host("install", "--thunderbird").returncode, 1)
        self.assertEqual(other.read_text(), "kept")

    def test_status_names_what_is_wrong(self):
        self.run_host("install", "--thunderbird")
        good = json.loads(self.manifest.read_text())
        for change, wanted in (({"allowed_extensions": [ADDON, "other@x.example"]}, "nobody else"), ({"path": "/nowhere/host"}, "no such program"), ({"path": "host"}, "absolute"),
                               ({"name": "other"}, "another name"), ({"type": "pkcs11"}, "another type")):
            self.manifest.write_text(json.dumps({**good, **change}))
            done = self.run_host("status", "--thunderbird", "--json")
            self.assertEqual(done.returncode, 1, change)
            self.assertIn(wanted, done.stdout)
        self.manifest.write_text("{")
        self.assertEqual(self.run_host("status", "--thunderbird").returncode, 1)
        self.manifest.write_text(json.dumps(good))
        self.manifest.chmod(0o666)
        self.assertIn("others can change it", self.run_host("status", "--thunderbird").stdout)

    def test_thunderbird_finds_the_installed_program(self):
        self.run_host("install", "--thunderbird")
        tb = Thunderbird(home=self.home, host=None)
        try:
            found = None
            end = time.monotonic() + 30
            while not found and time.monotonic() < end:
                found = tb.page("return (await browser.runtime.sendMessage({ to: 'background', type: 'selftest' })).milliseconds")
            self.assertTrue(found)
        finally:
            tb.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
