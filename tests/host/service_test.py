"""The systemd unit as it is installed. Where systemd does not run the machine, as in containers, it is verified and not started."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from host import PROGRAM, SOURCE

BUILD = pathlib.Path(os.environ.get("PHISCAN_BUILD", SOURCE / "build"))
ANALYZE = shutil.which("systemd-analyze")


class Unit(unittest.TestCase):
    def setUp(self):
        self.text = (BUILD / "bindings/host/phiscan.service").read_text()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "phiscan.service"

    def verify(self, text):
        self.file.write_text(text)
        return subprocess.run([ANALYZE, "verify", "--man=no", str(self.file)], capture_output=True, text=True, timeout=120)

    def here(self, text="", expected=2):
        """The unit with the program where it is before it is installed."""
        text, count = re.subn(r"(?m)^(ExecStart(?:Pre)?=[+-]*)\S+/phiscan-host ", rf"\g<1>{PROGRAM} ", text or self.text)
        self.assertEqual(count, expected)
        return text

    @unittest.skipUnless(ANALYZE, "systemd-analyze is not installed")
    def test_systemd_takes_it(self):
        done = self.verify(self.here())
        self.assertNotIn("phiscan.service", done.stderr)
        self.assertEqual(done.returncode, 0, done)
        self.assertNotEqual(self.verify(self.here().replace("ExecStart=/", "ExecStart=/missing/")).returncode, 0)
        self.assertIn("phiscan.service", self.verify(self.here() + "Nonsense=1\n").stderr)

    @unittest.skipUnless(ANALYZE, "systemd-analyze is not installed")
    def test_the_units_that_keep_the_certificate_good(self):
        for name, manager, programs in (("phiscan-cert.service", "--system", 1), ("phiscan-cert.timer", "--system", 0), ("phiscan-trust.service", "--user", 1), ("phiscan-trust.path", "--user", 0)):
            with self.subTest(name):
                text = (BUILD / "bindings/host" / name).read_text()
                (self.file.parent / name).write_text(self.here(text, programs))
                done = subprocess.run([ANALYZE, manager, "verify", "--man=no", str(self.file.parent / name)], capture_output=True, text=True, timeout=120,
                                      env={**os.environ, "XDG_RUNTIME_DIR": str(self.file.parent), "SYSTEMD_UNIT_PATH": f"{self.file.parent}:"})
                self.assertNotIn(name, done.stderr)
                self.assertEqual(done.returncode, 0, done)
        # What they run is what the program knows.
        for name in ("phiscan-cert.service", "phiscan-trust.service"):
            words = re.search(r"(?m)^ExecStart=\S+ (.*) --config \S+$", (BUILD / "bindings/host" / name).read_text()).group(1).split()
            done = subprocess.run([PROGRAM, *words, "--config", "/nowhere/serve.json"], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1, done)  # 2 would be: no such command
            self.assertIn("/nowhere/serve.json", done.stderr)

    @unittest.skipUnless(ANALYZE, "systemd-analyze is not installed")
    def test_it_stays_locked_in(self):
        self.file.write_text(self.here())
        done = subprocess.run([ANALYZE, "security", "--offline=yes", "--threshold=25", str(self.file)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout[-300:] + done.stderr)

    def test_the_example_and_the_user_belong_to_it(self):
        self.assertIn("--config /etc/phiscan/serve.json", self.text)
        example = json.loads((SOURCE / "bindings/host/service/serve.json").read_text())
        state = re.search(r"(?m)^StateDirectory=(\S+)$", self.text).group(1)
        self.assertTrue(example["users"].startswith(f"/var/lib/{state}/"))
        loopback = json.loads((SOURCE / "bindings/host/service/serve.loopback.json").read_text())
        self.assertIn(f"PathChanged=/etc/phiscan/{loopback['certificate']}\n", (SOURCE / "bindings/host/service/phiscan-trust.path").read_text())
        for one in (example, loopback):  # good but for what is not there yet
            folder = self.file.parent / one["mode"]
            (folder / "pages").mkdir(parents=True)
            here = {**one, "pages": "pages", "users": "users.db", "state": "state.db", "policy": None}
            (folder / "serve.json").write_text(json.dumps({key: value for key, value in here.items() if value is not None}))
            done = subprocess.run([PROGRAM, "serve", "--check", "--config", str(folder / "serve.json")], capture_output=True, text=True, timeout=60)
            self.assertIn(f"/certificate: {folder}/{one['certificate']}: there is no such file", done.stderr)
        user = re.search(r"(?m)^User=(\S+)$", self.text).group(1)
        self.assertRegex((SOURCE / "bindings/host/service/phiscan.sysusers").read_text(), rf"(?m)^u {user} - ")


if __name__ == "__main__":
    unittest.main()
