"""An installation by policy. It writes Thunderbird's machine-wide policies.json, so it needs root and puts back what was there."""

import json
import os
import pathlib
import unittest

from cases import DANA, Case
from thunderbird import ADDON, BUILD

FILE = pathlib.Path("/etc/thunderbird/policies/policies.json")


@unittest.skipUnless(os.access(FILE.parent if FILE.parent.exists() else "/etc", os.W_OK), "needs the right to write " + str(FILE))
class Installed(Case):
    options = {"xpi": "policy", "host": "missing", "prefs": {"extensions.autoDisableScopes": 15}}
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.before = FILE.read_bytes() if FILE.exists() else None
        cls.made = not FILE.parent.exists()
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(json.dumps({"policies": {
            "ExtensionSettings": {ADDON: {"installation_mode": "force_installed", "install_url": (BUILD / "addins/phiscan-thunderbird.xpi").as_uri(), "updates_disabled": True}},
            "3rdparty": {"Extensions": {ADDON: cls.settings}}}}))
        try:
            super().setUpClass()
        except BaseException:
            cls.put_back()
            raise

    @classmethod
    def put_back(cls):
        if cls.before is not None:
            FILE.write_bytes(cls.before)
        else:
            FILE.unlink(missing_ok=True)
            if cls.made:
                FILE.parent.rmdir()

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            cls.put_back()


class Policy(Installed):
    settings = {"failMode": "block", "strip": False, "locale": "es"}

    def test_it_cannot_be_switched_off_or_taken_away(self):
        rights = self.tb.chrome("""
          const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
          const addon = await AddonManager.getAddonByID(arguments[0]);
          return [addon.isActive, !!(addon.permissions & AddonManager.PERM_CAN_DISABLE), !!(addon.permissions & AddonManager.PERM_CAN_UNINSTALL)];
        """, ADDON)
        self.assertEqual(rights, [True, False, False])

    def test_what_the_clinic_has_set_beats_what_the_person_sets(self):
        self.tb.page("await browser.storage.local.set({ locale: 'en', strip: true, failMode: 'allow_with_note' })")
        tab = self.tb.compose(to=[DANA], subject="Hola", body="<p>Hola</p>")
        self.tb.send(tab)
        self.tb.question(ready="unchecked")
        self.assertIn("Volver y corregir", self.tb.text())
        self.assertEqual(self.tb.in_question("return root.querySelectorAll('button.send').length"), 0)
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)

    def test_the_settings_page_shows_what_is_locked(self):
        self.tb.reload_settings()
        self.assertEqual(self.tb.page("return [document.getElementById('locale').disabled, document.getElementById('strip').disabled, document.querySelectorAll('.locked').length]"), [True, True, 3])
        self.tb.picture("settings-locked", "mail:3pane")


class WrongTypes(Installed):
    """Values that do not fit: none of them is used, and the settings page names them."""

    settings = {"failMode": ["block"], "strip": "no", "locale": 7}

    def test_they_are_named_and_mail_is_asked_about_as_without_them(self):
        self.tb.reload_settings()
        self.assertIn("a value that does not fit, so it is not used: locale, strip, failMode", self.tb.page("return document.body.textContent"))
        self.tb.picture("settings-misfit", "mail:3pane")
        tab = self.tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
        self.tb.send(tab)
        self.tb.question(ready="unchecked")
        self.assertIn("Go back and edit", self.tb.text())
        self.tb.press("button.send")
        self.sent()


if __name__ == "__main__":
    unittest.main(verbosity=2)
