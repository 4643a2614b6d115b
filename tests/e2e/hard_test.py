"""Bad input: the person is told, no window stays locked, nothing is lost."""

import json
import pathlib
import tempfile
import time
import unittest

from cases import DANA, LABS, Case
from thunderbird import DEMO_POLICY

PAT = "Pat <pat@elsewhere.example>"


class Hard(Case):
    def attach(self, tab, path):
        """As the person does: the file stays where it is."""
        self.tb.window(tab, """
          const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
          file.initWithPath(args[0]);
          const attachment = Cc["@mozilla.org/messengercompose/attachment;1"].createInstance(Ci.nsIMsgAttachment);
          attachment.url = Services.io.newFileURI(file).spec; attachment.name = file.leafName; attachment.size = file.fileSize;
          await w.AddAttachments([attachment]);
        """, str(path))

    def file(self, name, data):
        path = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-file-", dir=self.tb.folder)) / name
        path.write_bytes(data)
        return path

    def test_an_attachment_that_vanishes_is_named_as_not_read(self):
        path = self.file("lab results.txt", b"Friday: soup\n")
        tab = self.tb.compose(to=[PAT], subject="Menu", body="<p>Here is the menu.</p>")
        self.attach(tab, path)
        self.report(tab, ready=lambda now: now["shown"] and now["shown"]["draft"]["attachments"] and not now["shown"]["report"]["gaps"])
        path.unlink()
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("lab results.txt was not checked", self.tb.text())
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)
        self.nothing_sent(0.5)
        # It came back: then it is read again.
        path.write_bytes(b"Friday: soup\n")
        self.tb.send(tab)
        self.assertEqual(self.sent().attachments, ["lab results.txt"])

    def test_an_attachment_that_vanishes_while_it_is_read_is_named_as_not_read(self):
        path = self.file("lab results.txt", b"Friday: soup\n" * 100_000)
        # Thunderbird hands over the file; before its bytes are asked for, it is gone.
        self.tb.background("""
          const give = browser.compose.getAttachmentFile;
          browser.compose.getAttachmentFile = async (id) => { const file = await give(id); await new Promise((done) => setTimeout(done, 2000)); return file; };
          browser.compose.giveAttachmentFile = give;
        """)
        try:
            tab = self.tb.compose(to=[PAT], subject="Menu", body="<p>Here is the menu.</p>")
            self.attach(tab, path)
            self.tb.send(tab)
            time.sleep(1)
            path.unlink()
            self.tb.question(ready="review")
            self.assertIn("lab results.txt was not checked", self.tb.text())
            self.tb.press("footer button.primary")
            self.tb.wait_unlocked(tab)
            self.nothing_sent(0.3)
        finally:
            self.tb.background("browser.compose.getAttachmentFile = browser.compose.giveAttachmentFile;")

    def test_an_attachment_that_is_changed_after_it_was_read_is_read_again(self):
        path = self.file("list.csv", b"dish,day\nsoup,Friday\n")
        tab = self.tb.compose(to=[PAT], subject="Menu", body="<p>Here is the menu.</p>")
        self.attach(tab, path)
        self.report(tab, ready=lambda now: now["shown"] and now["shown"]["draft"]["attachments"] and not now["shown"]["report"]["gaps"])
        path.write_bytes(b"name,dob,mrn,diagnosis\nGunnar Ek,1961-03-04,00412345,type 2 diabetes\nAda Lund,1955-01-09,00412346,asthma\n")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("list.csv", self.tb.text())

    def add_recipient(self, tab, text):
        """As typed: the API itself refuses some of these."""
        self.tb.window(tab, "w.addressRowAddRecipientsArray(w.document.getElementById('addressRowTo'), [args[0]]);", text)
        self.report(tab, ready=lambda now: now["shown"] and len(now["shown"]["draft"]["to"]) >= 2)

    def test_a_recipient_that_is_no_address_is_named_in_the_question(self):
        for wrong, named in (("just words", "just words is a list, and nobody can see here who is on it"), ("@", "Pat <pat@elsewhere.example> and @."),
                             ("a@b@c <<>>", "a@b@c <"), ("\"unclosed <x@y.example", "unclosed <x"), ("pat@", "and pat@."), ("pat@elsewhere,example", "example is a list")):
            with self.subTest(wrong):
                tab = self.tb.compose(to=[PAT], subject="Lunch", body=LABS)
                self.add_recipient(tab, wrong)
                self.tb.send(tab)
                self.tb.question(tab=tab, ready="review")
                self.assertIn(named, self.tb.text(tab))
                self.tb.press("footer button.primary", tab)
                self.tb.wait_unlocked(tab)
                self.nothing_sent(0.3)
                self.tb.clean()

    def test_thunderbirds_own_word_about_such_a_recipient_leaves_the_window_usable(self):
        tab = self.tb.compose(to=[PAT], subject="Lunch", body="<p>Lunch on Friday?</p>")
        self.add_recipient(tab, "just words")
        self.tb.send(tab)
        self.assertTrue(self.tb.accept_alert())
        self.tb.wait_unlocked(tab)
        self.nothing_sent(0.5)
        self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ to: {json.dumps([PAT])} }})")
        self.tb.send(tab)
        self.assertEqual(self.sent().recipients, ["pat@elsewhere.example"])

    def test_a_body_of_five_megabytes(self):
        tab = self.tb.compose(to=[DANA], subject="Long", body="<p>Hello</p>")
        self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ body: '<p>' + 'The menu is as last week. '.repeat(200000) + '</p>' + {json.dumps(LABS)} }})")
        self.tb.send(tab)
        self.tb.question(seconds=40, ready="review")
        # What stands at its very end was seen.
        self.assertIn("This looks like health information about Dana", self.tb.text())
        self.assertNotIn("was not checked", self.tb.text())
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)
        self.assertIn("00412345", self.tb.details(tab)["plainTextBody"])
        self.nothing_sent(0.5)

    def test_broken_html(self):
        broken = "<table><tr><td>Dana Roe <b>DOB 03/04/1961<p></i>MRN <!-- x --!> 00412345 <td A1c 8.2> &#x110000; &bogus; metformin 1000 mg</table></div><script>alert(1)</script><img src=\"x"
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=broken + "<p>A1c 8.2")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.offer("use_portal")
        self.tb.question(ready="handoff")
        self.assertNotIn("00412345", self.tb.details(tab)["plainTextBody"])
        self.tb.page(f"await browser.runtime.sendMessage({{ to: 'background', type: 'undo', tabId: {tab} }})")
        self.assertIn("00412345", self.tb.details(tab)["plainTextBody"])

    def test_a_thousand_recipients(self):
        people = [f"\"Person, {n}\" <p{n}@mail.example>" for n in range(1000)]
        tab = self.tb.compose(to=people, subject="Our diabetes group", body="<p>Dear all, our diabetes group for patients meets on Friday.</p>")
        self.tb.send(tab)
        self.tb.question(seconds=40, ready="review")
        self.tb.offer("move_to_bcc")
        self.tb.wait_unlocked(tab)
        self.report(tab, ready=lambda now: now["done"] == "move_to_bcc")
        self.assertEqual(len(self.tb.details(tab)["bcc"]), 1000)
        self.assertEqual(len(self.send_and_read(tab).recipients), 1000)

    def test_no_room_for_settings(self):
        """What the storage of an add-on does when the disk is full."""
        self.tb.background("browser.storage.local.kept = { get: browser.storage.local.get, set: browser.storage.local.set }; browser.storage.local.get = () => Promise.reject(new Error('QuotaExceededError')); browser.storage.local.set = () => Promise.reject(new Error('QuotaExceededError'));")
        try:
            tab = self.tb.compose(to=[PAT], subject="Lunch", body="<p>Lunch on Friday?</p>")
            self.tb.send(tab)
            self.sent()
            second = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
            self.tb.send(second)
            self.tb.question(ready="review")
        finally:
            self.tb.background("Object.assign(browser.storage.local, browser.storage.local.kept);")

    def test_a_mail_server_that_refuses_is_no_second_question(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.sink.refuse = "451 busy"
        try:
            self.tb.send(tab)
            self.tb.question(ready="review")
            self.tb.send_anyway()
            self.assertTrue(self.tb.accept_alert())
            self.tb.wait_unlocked(tab, seconds=20)
        finally:
            self.tb.sink.refuse = None
        self.tb.send(tab)
        self.sent()
        self.assertEqual(self.tb.has_question(), 0)


class FullDisk(Case):
    """The host cannot write: it says so and goes on checking."""

    options = {"host": "missing"}

    def test_a_state_that_cannot_be_written(self):
        self.tb.set_host("real")
        script = self.tb.folder / "host"
        script.write_text(script.read_text().replace("exec ", "ulimit -f 0; exec ", 1).replace(f"2>>{self.tb.folder}/host.log", "2>/dev/null"))
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.sent()
        self.tb.reload_settings()
        self.assertIn("cannot remember", self.tb.page("return document.body.textContent"))


def wrong_policy():
    policy = json.loads(DEMO_POLICY.read_text())
    policy["own"]["domains"] = 7
    policy["mode"] = ["loud"]
    file = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-policy-")) / "policy.json"
    file.write_text(json.dumps(policy))
    return file


class WrongPolicy(Case):
    """A policy of the clinic with wrong types: mail that leaves is asked about, with the reason."""

    options = {"policy": wrong_policy()}

    def test_it_is_said_and_the_mail_can_still_be_sent(self):
        tab = self.tb.compose(to=[PAT], subject="Lunch", body="<p>Lunch on Friday?</p>")
        self.tb.send(tab)
        self.tb.question(ready="unchecked")
        self.assertIn("Your clinic's settings cannot be read", self.tb.text())
        self.tb.press("button.send")
        self.sent()

    def test_what_the_host_does_see_is_still_shown(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("Your clinic's settings cannot be read", self.tb.in_question("return document.body.textContent"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
