"""Where policy and packs come from, who may change them, and what happens when one breaks while the host runs."""
import json
import os
import subprocess
import time
import unittest

from host import PHI, POLICY, SOURCE, HostCase

GOOD = POLICY.read_text()
MONITOR = GOOD.replace('"mode": "advise"', '"mode": "monitor"')


class Files(HostCase):
    def policy(self, text, name="policy.json"):
        path = self.home.folder / name
        path.write_text(text)
        path.chmod(0o644)
        return path

    def status_until(self, host, wanted, seconds=60):
        """The host looks every two seconds at most."""
        end = time.monotonic() + seconds
        while True:
            status = host.ask(type="status")
            if wanted(status) or time.monotonic() > end:
                return status
            time.sleep(0.3)

    def test_a_policy_that_others_can_change_is_not_used(self):
        path = self.policy(MONITOR)
        for mode in (0o666, 0o664):
            path.chmod(mode)
            host = self.host("--policy", str(path))
            status = host.ask(type="status")
            self.assertEqual(status["state"]["condition"], "policy_broken")
            self.assertFalse(status["state"]["may_say_clean"])
            self.assertIn("others can change it", status["problems"][0]["message"])
            self.assertEqual(host.scan(PHI)["report"]["action"], "confirm")
        path.chmod(0o644)
        link = self.home.folder / "link.json"
        link.symlink_to(path)
        self.assertEqual(self.host("--policy", str(link)).ask(type="status")["state"]["condition"], "policy_broken")
        if os.getuid() == 0:
            os.chown(path, 65534, 65534)
            self.assertEqual(self.host("--policy", str(path)).ask(type="status")["state"]["condition"], "policy_broken")

    def test_a_folder_that_others_can_change_is_no_better(self):
        folder = self.home.folder / "open"
        folder.mkdir()
        path = folder / "policy.json"
        path.write_text(GOOD)
        path.chmod(0o644)
        folder.chmod(0o777)
        self.assertEqual(self.host("--policy", str(path)).ask(type="status")["state"]["condition"], "policy_broken")

    def test_broken_missing_and_empty_policies(self):
        for text, where in (("{", ""), ('{"schema": "phiscan.policy/1", "id": "x", "version": "1", "mode": "loud"}', "/mode"), ("", ""), (GOOD.replace('"mode"', '"own"', 1), "/own")):
            with self.subTest(text[:20]):
                host = self.host("--policy", str(self.policy(text)))
                status = host.ask(type="status")
                self.assertEqual(status["state"]["condition"], "policy_broken")
                self.assertEqual((status["problems"][0]["what"], status["problems"][0]["where"]), ("policy", where))
                # Mail is checked all the same, by the standard rules.
                self.assertEqual(host.scan(PHI)["report"]["action"], "confirm")
                self.assertEqual(host.ask(type="policy")["policy"]["fail_mode"], "prompt")
        host = self.host("--policy", str(self.home.folder / "none.json"))
        self.assertEqual(host.ask(type="status")["state"]["condition"], "policy_broken")

    def test_a_policy_that_breaks_on_reload_keeps_the_one_before(self):
        path = self.policy(MONITOR)
        host = self.host("--policy", str(path))
        self.assertEqual(host.scan(PHI)["report"]["action"], "allow")
        path.write_text('{"schema": "phiscan.policy/1"')
        status = self.status_until(host, lambda status: status["problems"])
        self.assertEqual((status["problems"][0]["what"], status["policy"]["id"]), ("policy", "lakeside-family-clinic"))
        self.assertEqual(host.scan(PHI)["report"]["action"], "allow")
        # And a good one is taken over, with the cache no longer answering.
        path.write_text(GOOD)
        status = self.status_until(host, lambda status: not status["problems"])
        self.assertEqual((status["problems"], status["state"]["condition"]), ([], "ready"))
        after = host.scan(PHI)
        self.assertEqual((after["report"]["action"], after["cached"]), ("confirm", False))

    def test_packs_of_a_folder(self):
        packs = self.home.folder / "packs"
        packs.mkdir()
        bundle = packs / "10-us-core.json"
        program = os.path.join(os.path.dirname(os.environ["PHISCAN_HOST"]), "phiscan")
        subprocess.run([program, "pack", "bundle", str(SOURCE / "libphiscan/packs/us-core"), "-o", str(bundle)], check=True, capture_output=True, timeout=60)
        host = self.host("--packs", str(packs))
        self.assertEqual((host.ask(type="status")["pack"]["id"], host.scan(PHI)["report"]["action"]), ("us-core", "confirm"))
        bundle.write_text(bundle.read_text()[:1000])
        status = self.status_until(host, lambda status: status["problems"])
        self.assertEqual(status["problems"][0]["what"], "packs")
        self.assertEqual(host.scan({**PHI, "subject": "Again"})["report"]["action"], "confirm")
        # A start with a broken pack serves with the built-in one, and says so.
        second = self.host("--packs", str(packs))
        self.assertEqual([one["what"] for one in second.ask(type="status")["problems"]], ["packs"])
        self.assertEqual(second.scan(PHI)["report"]["action"], "confirm")


if __name__ == "__main__":
    unittest.main()
