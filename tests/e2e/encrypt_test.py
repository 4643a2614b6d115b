"""The offer to encrypt where the sender's identity has keys of its own: what reaches the mail server is locked, and the recipient opens it
with other programs (GnuPG, OpenSSL)."""

import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from cases import DANA, LABS, Case

ADDRESS = "frontdesk@lakeside-clinic.example"
PAT = "Pat <pat@elsewhere.example>"
SUBJECT = "Labs of MRN 00412345"
IN_BODY = [b"00412345", b"metformin", b"A1c"]
# Attributes of the sender's identity.
IDENTITY = """
  const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
  const identity = MailServices.accounts.allIdentities.find(one => one.email == "%s");
""" % ADDRESS
# Makes the sender's OpenPGP key, as Account Settings does; gives its public half.
OWN_KEY = IDENTITY + """
  const { RNP } = ChromeUtils.importESModule("chrome://openpgp/content/modules/RNP.sys.mjs");
  const { EnigmailKeyRing } = ChromeUtils.importESModule("chrome://openpgp/content/modules/keyRing.sys.mjs");
  const { OpenPGPMasterpass } = ChromeUtils.importESModule("chrome://openpgp/content/modules/masterpass.sys.mjs");
  const { BondOpenPGP } = ChromeUtils.importESModule("chrome://openpgp/content/BondOpenPGP.sys.mjs");
  await BondOpenPGP.init();
  const id = (await RNP.genKey("Front Desk <%s>", "ECC", 0, 0, await OpenPGPMasterpass.retrieveOpenPGPPassword())).replace(/^0x/, "");
  EnigmailKeyRing.clearCache();
  identity.setUnicharAttribute("openpgp_key_id", id);
""" % ADDRESS


def run(*words, given=None):
    done = subprocess.run(words, input=given, capture_output=True, timeout=120)
    assert done.returncode == 0, (words, done.stderr.decode(errors="replace"))
    return done.stdout


class Keys(Case):
    """The sender and Dana have keys, Pat has none."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-keys-"))
        try:
            super().setUpClass()
            cls.make_keys()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, "tb"):
            super().tearDownClass()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def offers(self, now):
        return {one["kind"]: one for one in now["shown"]["report"]["offers"]}

    def write(self, **details):
        """A message with the offer, and what the add-on knows of it."""
        tab = self.tb.compose(**{"to": [DANA], "subject": SUBJECT, "body": LABS, **details})
        return tab, self.report(tab, ready=lambda now: now["shown"] and "encrypt" in self.offers(now))

    def wait_encryption(self, tab, wanted):
        return self.report(tab, ready=lambda now: now["shown"] and now["shown"]["draft"].get("encryption") == wanted)

    def take(self, tab):
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.offer("encrypt")
        self.tb.wait_unlocked(tab)
        self.report(tab, ready=lambda now: now["done"] == "encrypt")
        return self.wait_encryption(tab, "on")

    def undo(self, tab):
        self.assertTrue(self.tb.page(f"return await browser.runtime.sendMessage({{ to: 'background', type: 'undo', tabId: {tab} }})"))

    def settings(self, tab):
        return self.tb.details(tab)["selectedEncryptionTechnology"]

    def switch(self, tab, what="enc"):
        """As Thunderbird's own menu does it."""
        self.tb.window(tab, "w.onEncryptionChoice(args[0]);", what)

    def locked(self, mail):
        """What the recipient reads."""
        for word in IN_BODY:
            # Thunderbird keeps no secret in a subject that S/MIME leaves open.
            self.assertNotIn(word, mail.bytes.partition(b"\r\n\r\n")[2])
        opened = self.open(mail)
        for word in IN_BODY:
            self.assertIn(word, opened)
        return opened


class Locking:
    def test_the_offer_locks_what_goes_out_and_can_be_taken_back(self):
        tab, now = self.write(customHeaders=[{"name": "X-Ticket", "value": "17"}])
        self.assertEqual(now["shown"]["draft"]["encryption"], "available")
        offer = self.offers(now)["encrypt"]
        before = self.tb.details(tab)
        now = self.take(tab)
        self.assertNotIn("encrypt", self.offers(now))
        after = self.tb.details(tab)
        self.assertEqual(after["selectedEncryptionTechnology"], self.set_to)
        self.assertEqual(after["subject"], f"{offer['subject_tag']} {SUBJECT}")
        self.assertTrue(self.tb.window(tab, "return w.document.getElementById('button-encryption').hasAttribute('checked')"))
        self.undo(tab)
        back = self.tb.details(tab)
        self.assertFalse(back["selectedEncryptionTechnology"]["encryptBody"])
        self.assertEqual([back[name] for name in ("subject", "customHeaders", "body", "attachPublicPGPKey")], [before[name] for name in ("subject", "customHeaders", "body", "attachPublicPGPKey")])
        self.assertEqual(back["selectedEncryptionTechnology"]["signMessage"], before["selectedEncryptionTechnology"]["signMessage"])
        self.wait_encryption(tab, "available")
        self.undo(tab)
        self.assertEqual(self.settings(tab), self.set_to)
        self.wait_encryption(tab, "on")
        mail = self.send_and_read(tab)
        self.tb.wait_closed(tab)
        self.locked(mail)
        # What the clinic's gateway looks for is still there.
        self.assertEqual(mail.message[offer["header"]["name"]], offer["header"]["value"])
        self.assertEqual(mail.message["X-Ticket"], "17")

    def test_the_panel_makes_the_offer_too_and_says_what_a_missing_key_does(self):
        tab, now = self.write()
        index = [one["kind"] for one in now["shown"]["report"]["offers"]].index("encrypt")
        self.tb.page(f"return await browser.runtime.sendMessage({{ to: 'background', type: 'offer', tabId: {tab}, index: {index} }})")
        self.wait_encryption(tab, "on")
        # The panel opens by itself a moment later.
        self.tb.wait_until(self.tb.COMPOSE + """
          const panel = [...w.document.querySelectorAll("browser")].find(one => one.currentURI?.spec.endsWith("popup.html"));
          return !!panel && (await inPage(panel, "return document.body.textContent")).includes("If a key is missing, Thunderbird tells you");
        """, "thunderbird@phiscan", tab)

    def test_a_clinic_without_a_gateway_has_the_offer_too(self):
        self.tb.policy, kept = None, self.tb.policy
        self.tb.set_host("real")
        self.tb.kill_hosts()
        try:
            tab, now = self.write()
            offer = self.offers(now)["encrypt"]
            self.assertEqual((offer["header"], offer["subject_tag"]), (None, None))
            self.take(tab)
            self.assertEqual(self.tb.details(tab)["subject"], SUBJECT)
            self.locked(self.send_and_read(tab))
        finally:
            self.tb.policy = kept
            self.tb.set_host("real")

    def test_a_message_locked_by_hand_is_not_offered_to_be_locked(self):
        tab, _ = self.write()
        self.switch(tab)
        now = self.wait_encryption(tab, "on")
        self.assertNotIn("encrypt", self.offers(now))
        self.assertFalse(self.tb.details(tab)["subject"].startswith("["))
        self.switch(tab)
        now = self.wait_encryption(tab, "available")
        self.assertIn("encrypt", self.offers(now))
        # What Thunderbird remembers of the subject once it was locked must not be in the way of Undo.
        self.take(tab)
        self.undo(tab)
        self.assertFalse(self.settings(tab)["encryptBody"])

    def test_undo_of_another_offer_leaves_the_lock_as_it_is(self):
        tab, _ = self.write(to=[PAT], body="<p>Dana Roe, DOB 03/04/1961, MRN 00412345: hemoglobin A1c is 8.2 and metformin was doubled.</p>")
        now = self.report(tab, ready=lambda now: "redact" in self.offers(now))
        before = self.tb.window(tab, "return [w.gSendEncrypted, w.gUserTouchedSendEncrypted, w.gUserTouchedSendSigned]")
        self.assertEqual(before, [False, False, False])
        index = [one["kind"] for one in now["shown"]["report"]["offers"]].index("redact")
        self.tb.page(f"return await browser.runtime.sendMessage({{ to: 'background', type: 'offer', tabId: {tab}, index: {index} }})")
        self.assertNotIn("00412345", self.tb.details(tab)["body"])
        self.undo(tab)
        self.assertIn("00412345", self.tb.details(tab)["body"])
        self.assertEqual(self.tb.window(tab, "return [w.gSendEncrypted, w.gUserTouchedSendEncrypted, w.gUserTouchedSendSigned]"), before)

    def test_who_has_only_the_gateway_for_somebody_switches_the_lock_off(self):
        tab, now = self.write(to=[PAT])
        offer = self.offers(now)["encrypt"]
        self.take(tab)
        self.switch(tab)
        # The word in the subject asks the gateway.
        self.assertNotIn("encrypt", self.offers(self.wait_encryption(tab, "available")))
        mail = self.send_and_read(tab)
        self.assertIn("metformin", next(part for part in mail.message.walk() if part.get_content_type() == "text/plain").get_content())
        self.assertTrue(mail.message["Subject"].startswith(offer["subject_tag"]))
        self.assertEqual(mail.message[offer["header"]["name"]], offer["header"]["value"])

    def test_what_is_locked_stays_so_when_undone_from_an_identity_without_keys(self):
        other = self.tb.chrome("""
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          const identity = MailServices.accounts.createIdentity();
          identity.email = "billing@lakeside-clinic.example";
          identity.fullName = "Billing";
          MailServices.accounts.getAccount("account1").addIdentity(identity);
          return identity.key;
        """)
        try:
            tab, _ = self.write()
            self.take(tab)
            self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ identityId: '{other}' }})")
            self.undo(tab)
            self.assertEqual(self.tb.details(tab)["subject"], SUBJECT)
            self.assertTrue(self.settings(tab)["encryptBody"])
            self.undo(tab)
            self.assertTrue(self.settings(tab)["encryptBody"])
        finally:
            self.tb.clean()
            self.tb.chrome("""
              const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
              const account = MailServices.accounts.getAccount("account1");
              account.removeIdentity(account.identities.find(one => one.key == arguments[0]));
            """, other)

    def test_a_missing_key_sends_nothing_leaves_the_window_free_and_is_not_asked_twice(self):
        tab, _ = self.write(to=[PAT])
        self.take(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.stopped(tab)
        self.tb.wait_unlocked(tab)
        self.nothing_sent()
        # The same message once more: it was answered, so that only Thunderbird speaks.
        self.tb.send(tab)
        self.stopped(tab)
        self.tb.wait_unlocked(tab)
        self.assertEqual(self.tb.has_question(), 0)
        self.nothing_sent()
        # Unlocked it is another message, and the answer does not hold for it.
        self.undo(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.assertIn(b"metformin", self.sent().bytes)
        self.tb.wait_closed(tab)


class OpenPGP(Locking, Keys):
    set_to = {"name": "OpenPGP", "encryptBody": True, "encryptSubject": True, "signMessage": True}

    @classmethod
    def gpg(cls, *words, given=None):
        return run("gpg", "--homedir", str(cls.folder), "--batch", "--quiet", "--no-tty", "--trust-model", "always", *words, given=given)

    @classmethod
    def make_keys(cls):
        cls.gpg("--passphrase", "", "--quick-generate-key", DANA, "default", "default", "never")
        public = cls.gpg("--armor", "--export", "dana.roe@mail.example").decode()
        own = cls.tb.chrome(OWN_KEY + """
          const { exitCode, errorMsg } = await RNP.importPubkeyBlockAutoAcceptImpl(null, arguments[0], "verified");
          if (exitCode !== 0) throw new Error("the recipient's key was not taken: " + errorMsg);
          EnigmailKeyRing.clearCache();
          return await RNP.getPublicKey("0x" + id);
        """, public)
        cls.gpg("--import", given=own.encode())

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["gpgconf", "--homedir", str(cls.folder), "--kill", "all"], capture_output=True, timeout=60)
        super().tearDownClass()

    def open(self, mail):
        self.assertEqual(mail.message.get_content_type(), "multipart/encrypted")
        self.assertEqual(mail.message.get_param("protocol"), "application/pgp-encrypted")
        # The subject is locked as well.
        self.assertEqual(mail.message["Subject"], "...")
        for word in IN_BODY:
            self.assertNotIn(word, mail.bytes)
        to = self.folder / "opened"
        to.unlink(missing_ok=True)
        said = self.gpg("--status-fd", "1", "--output", str(to), "--decrypt", given=mail.message.get_payload(1).get_payload(decode=True)).decode()
        self.assertIn("GOODSIG", said)
        self.assertIn(SUBJECT.encode(), to.read_bytes())
        return to.read_bytes()

    def stopped(self, tab):
        """Thunderbird's key assistant, over the message; closed again."""
        self.tb.wait_until(self.tb.COMPOSE + """
          const assistant = w.document.getElementById("keyAssistant");
          if (!assistant.open) return false;
          assistant.close();
          return true;
        """, "thunderbird@phiscan", tab)


class Certificates(Keys):
    set_to = {"name": "S/MIME", "encryptBody": True, "signMessage": True}

    @classmethod
    def make_keys(cls):
        at = lambda name: str(cls.folder / name)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Lakeside Test CA", "-keyout", at("ca.key"), "-out", at("ca.pem"))
        for name, address in (("sender", ADDRESS), ("dana", "dana.roe@mail.example")):
            run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}/emailAddress={address}", "-keyout", at(f"{name}.key"), "-out", at(f"{name}.csr"))
            (cls.folder / "extensions").write_text(f"basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=emailProtection\nsubjectAltName=email:{address}\n")
            run("openssl", "x509", "-req", "-in", at(f"{name}.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "30", "-extfile", at("extensions"), "-out", at(f"{name}.pem"))
        run("openssl", "pkcs12", "-export", "-inkey", at("sender.key"), "-in", at("sender.pem"), "-certfile", at("ca.pem"), "-name", "Front Desk", "-passout", "pass:test", "-out", at("sender.p12"))
        bare = lambda name: "".join(line for line in (cls.folder / name).read_text().splitlines() if not line.startswith("-----"))
        cls.tb.chrome(IDENTITY + """
          const database = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
          database.addCertFromBase64(arguments[1], "C,C,C");
          database.addCertFromBase64(arguments[2], ",,");
          const { FileUtils } = ChromeUtils.importESModule("resource://gre/modules/FileUtils.sys.mjs");
          if (database.importPKCS12File(new FileUtils.File(arguments[0]), "test") !== 0) throw new Error("the sender's certificate was not taken");
          const own = database.getCerts().find(one => one.emailAddress == "frontdesk@lakeside-clinic.example");
          for (const use of ["signing", "encryption"]) {
            identity.setUnicharAttribute(use + "_cert_name", own.displayName);
            identity.setUnicharAttribute(use + "_cert_dbkey", own.dbKey);
          }
        """, at("sender.p12"), bare("ca.pem"), bare("dana.pem"))

    def open(self, mail):
        self.assertEqual(mail.message.get_content_type(), "application/pkcs7-mime")
        at = lambda name: str(self.folder / name)
        inner = run("openssl", "cms", "-decrypt", "-inkey", at("dana.key"), "-recip", at("dana.pem"), given=mail.bytes)
        return run("openssl", "cms", "-verify", "-CAfile", at("ca.pem"), given=inner)

    def stopped(self, tab):
        self.assertTrue(self.tb.accept_alert())


class SMime(Locking, Certificates):
    pass


class Both(Certificates):
    """The identity has an OpenPGP key as well; Dana only has her certificate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tb.chrome(OWN_KEY)

    def test_the_technology_of_the_window_and_then_the_one_that_all_have_keys_for(self):
        tab, _ = self.write()
        self.assertEqual(self.settings(tab)["name"], "OpenPGP")
        self.take(tab)
        # Thunderbird itself changes over.
        end = time.monotonic() + 10
        while self.settings(tab) != SMime.set_to and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(self.settings(tab), SMime.set_to)
        self.undo(tab)
        self.assertFalse(self.settings(tab)["encryptBody"])
        self.undo(tab)
        self.locked(self.send_and_read(tab))

    def test_a_window_that_is_set_to_the_other_stays_with_it(self):
        tab, _ = self.write(to=[PAT])
        self.switch(tab, "SMIME")
        self.take(tab)
        self.assertEqual(self.settings(tab), SMime.set_to)


if __name__ == "__main__":
    unittest.main(verbosity=2)
