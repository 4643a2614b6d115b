"""The key of the history in a real keyring: GNOME's, on a session bus of this test alone."""
import os
import subprocess
import tempfile
import time
import unittest

from host import HostCase, mail

D = "0" * 64


class Keyring:
    """A session bus with an unlocked keyring; `bus` is its address."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="phiscan-keyring-")
        self.bus_daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.bus = self.bus_daemon.stdout.readline().strip()
        self.start()

    def start(self):
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "XDG_RUNTIME_DIR": self.folder.name, "DBUS_SESSION_BUS_ADDRESS": self.bus}
        self.daemon = subprocess.Popen(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"], env=environment,
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.daemon.stdin.write(b"test")
        self.daemon.stdin.close()
        asked = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
        for _ in range(100):
            said = subprocess.run(asked, env=environment, capture_output=True, text=True).stdout
            if "boolean true" in said:
                return
            time.sleep(0.1)
        raise AssertionError("the keyring did not come")

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait()

    def close(self):
        self.stop()
        self.bus_daemon.terminate()
        self.bus_daemon.wait()
        self.bus_daemon.stdout.close()
        self.folder.cleanup()


class InKeyring(HostCase):
    def setUp(self):
        super().setUp()
        self.keyring = Keyring()
        self.addCleanup(self.keyring.close)

    def start(self):
        return self.host(DBUS_SESSION_BUS_ADDRESS=self.keyring.bus)

    def first_time(self, host):
        report = host.scan(mail("The parking lot is closed."))["report"]
        return "first_time" in report["recipients"][0]["risks"]

    def remember(self, host):
        said = host.ask(type="record", fingerprint=D, inputs_sha256=D, action="confirm", choice="sent", recipients=[{"address": "dana.roe@mail.example"}])
        self.assertTrue(said["kept"])

    def test_the_key_is_there_and_no_file_holds_it(self):
        host = self.start()
        self.assertTrue(self.first_time(host))
        self.assertEqual(host.ask(type="status")["memory"]["key"], "keyring")
        self.remember(host)
        host.close()
        files = [one.name for one in self.home.state.parent.iterdir()]
        self.assertIn("state.db", files)
        self.assertEqual([name for name in files if name.endswith(".key")], [])
        self.assertFalse(self.first_time(self.start()), "the next host reads the key again")

    def test_without_its_keyring_a_history_is_closed_and_not_begun_anew(self):
        host = self.start()
        self.remember(host)
        host.close()
        self.keyring.stop()
        without = self.start()
        self.assertTrue(without.scan(mail("The parking lot is closed."))["ok"])
        self.assertIsNotNone(without.ask(type="status")["memory"]["why"])
        without.close()
        self.keyring.start()
        self.assertFalse(self.first_time(self.start()), "nothing was lost")


if __name__ == "__main__":
    unittest.main()
