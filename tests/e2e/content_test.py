"""What a message carries besides its text, and messages that did not begin as new ones: all of it is seen or named."""

import base64
import os
import time
import unittest

from cases import DANA, IMAGE, LABS, Case, png
from offers_test import QUOTED

# Incompressible, so larger than any logo.
LARGE = "data:image/png;filename=scan%20of%20chart.png;base64," + base64.b64encode(png() + os.urandom(60_000)).decode()
OUTSIDE = ["Pat <pat@elsewhere.example>"]


class Content(Case):
    def attachments(self, tab, ready=lambda found: True):
        now = self.report(tab, ready=lambda now: now["shown"] and ready(now["shown"]["draft"]["attachments"]))
        return now["shown"]["draft"]["attachments"], now["shown"]["report"]

    def test_a_logo_in_the_signature_is_not_worth_a_word(self):
        tab = self.tb.compose(to=OUTSIDE, subject="Lunch", body=f'<p>Lunch on Friday?</p><div class="moz-signature"><img src="{IMAGE}" alt="logo">Front Desk</div>')
        files, report = self.attachments(tab)
        self.assertEqual((files, report["gaps"], report["action"]), ([], [], "allow"))
        self.send_and_read(tab)

    def test_a_picture_in_the_text_is_named_as_not_read(self):
        tab = self.tb.compose(to=OUTSIDE, subject="Lunch", body=f'<p>Lunch on Friday?</p><p><img src="{LARGE}"><img src="{IMAGE}"></p>')
        files, report = self.attachments(tab, ready=lambda found: len(found) == 2)
        self.assertEqual([one["name"] for one in files], ["scan of chart.png", "picture 2 in the text"])
        self.assertEqual(report["gaps"], [{"part": "attachments/0", "why": "unsupported"}, {"part": "attachments/1", "why": "unsupported"}])
        self.assertIn("1 attachment not checked", self.any_strip(tab))

    def test_a_small_picture_alone_shows_no_line_and_asks_nothing(self):
        tab = self.tb.compose(to=OUTSIDE, subject="Lunch", body=f'<p>Lunch on Friday?</p><p><img src="{IMAGE}"></p>')
        _, report = self.attachments(tab, ready=lambda found: len(found) == 1)
        self.assertEqual(report["action"], "note")
        time.sleep(0.5)
        self.assertIsNone(self.tb.strip(tab))
        self.tb.send(tab)
        self.sent()
        self.assertEqual(self.tb.has_question(), 0)

    def test_a_picture_of_a_chart_can_be_taken_out(self):
        tab = self.tb.compose(to=OUTSIDE, subject="As promised", body=f'<p>Here it is.</p><p><img src="{LARGE.replace("scan%20of%20chart", "lab%20results")}"></p><p>Bye</p>')
        now = self.report(tab, ready=lambda now: now["shown"] and any(one["kind"] == "remove_attachment" for one in now["shown"]["report"]["offers"]))
        # The example policy only notes what cannot be read, so this is taken from the panel of the button.
        index = next(i for i, one in enumerate(now["shown"]["report"]["offers"]) if one["kind"] == "remove_attachment")
        self.tb.page(f"await browser.runtime.sendMessage({{ to: 'background', type: 'offer', tabId: {tab}, index: {index} }})")
        self.report(tab, ready=lambda now: now["done"] == "remove_attachment")
        mail = self.send_and_read(tab)
        self.assertIn("Here it is.", mail.part("plain"))
        self.assertEqual([part for part in mail.message.walk() if part.get_content_maintype() == "image"], [])

    def any_strip(self, tab):
        end = time.monotonic() + 10
        while not self.tb.strip(tab) and time.monotonic() < end:
            time.sleep(0.1)
        return self.tb.strip(tab)

    def test_a_link_of_filelink_is_named_unless_its_file_was_read(self):
        link = ('<p>Here they are.</p><div id="cloudAttachmentListRoot"><ul id="cloudAttachmentList"><li class="cloudAttachmentItem">'
                '<a class="cloudfile-name" href="https://files.example/s/1">results.pdf</a> 2 MB</li></ul></div>')
        tab = self.tb.compose(to=OUTSIDE, subject="Files", body=link)
        files, report = self.attachments(tab, ready=lambda found: len(found) == 1)
        self.assertEqual((files[0]["name"], report["gaps"][0]["why"]), ("results.pdf", "unsupported"))
        with_file = self.tb.compose(to=OUTSIDE, subject="Files", body=link, attachments=[("results.pdf", b"Friday: soup\n", "text/plain")])
        files, _ = self.attachments(with_file, ready=lambda found: found and found[0]["sha256"])
        self.assertEqual(len(files), 1)

    def test_the_contact_card_and_the_key_are_named(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.window(tab, "w.gMsgCompose.compFields.attachVCard = true; w.gAttachMyPublicPGPKey = true;")
        self.report(tab, ready=lambda now: sorted(now["also"]) == ["pgp", "vcard"])
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("Thunderbird also attaches your contact card, your public key.", self.tb.in_question("return document.body.textContent"))

    def test_a_redirected_message_is_checked_for_its_new_recipient(self):
        self.import_mail(QUOTED, "redirected")
        tab = self.open_as("Redirect", "redirected")
        self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ to: ['Dr. Lee <lee@county-heart.example>'] }})")
        now = self.report(tab, ready=lambda now: now["shown"] and now["shown"]["draft"]["to"])
        self.assertEqual(now["shown"]["draft"]["compose"], "redirect")
        self.assertIn("ana@lakeside-clinic.example", now["shown"]["draft"]["participants"])
        self.assertEqual(now["shown"]["report"]["content"], "phi")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("lee@county-heart.example", self.tb.text())
        self.tb.send_anyway()
        self.assertIn(b"MRN 00412345", self.sent().bytes)

    def test_a_draft_that_is_opened_again_is_asked_about(self):
        self.import_mail("From: Front Desk <frontdesk@lakeside-clinic.example>\nTo: Dana Roe <dana.roe@mail.example>\nSubject: Your labs\nDate: Sat, 21 Nov 2026 10:00:00 -0500\n"
                         f"Content-Type: text/html; charset=utf-8\n\n<html><body>{LABS}</body></html>\n", "draft")
        tab = self.open_as("Draft", "draft")
        now = self.report(tab)
        self.assertEqual(now["shown"]["draft"]["compose"], "draft")
        self.assertEqual(now["shown"]["report"]["content"], "phi")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        mail = self.sent()
        self.assertIn("MRN 00412345", mail.part("plain").replace("\n", " "))
        self.nothing_of_ours(mail)


if __name__ == "__main__":
    unittest.main(verbosity=2)
