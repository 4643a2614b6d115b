"""The core set: a send, a question, each answer, and what must never happen."""

import time
import unittest

from cases import DANA, LABS, LABS_TEXT, Case


class Sending(Case):
    # Two idle timeouts of the background pass in four seconds.
    options = {"prefs": {"extensions.background.idle.timeout": 2000}}

    def test_ordinary_mail_passes_without_a_window(self):
        tab = self.tb.compose(to=["Rosa <rosa@valleylab.example>"], subject="Lunch", body="<p>Shall we have lunch on Friday?</p>")
        self.tb.send(tab)
        mail = self.sent()
        self.assertIn("Shall we have lunch on Friday?", mail.part("plain"))
        self.assertEqual(self.tb.has_question(), 0)
        self.tb.wait_closed(tab)
        self.nothing_of_ours(mail)

    def test_patient_information_is_asked_about_and_going_back_keeps_the_draft(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        before = self.tb.details(tab)
        self.tb.send(tab)
        self.assertEqual(self.tb.question(ready="review"), "review")
        said = self.tb.text()
        self.assertIn("Go back and edit", said)
        self.tb.picture("question")
        focus = self.tb.in_question("return root.activeElement?.textContent")
        self.assertEqual(focus, "Go back and edit")
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)
        self.nothing_sent()
        self.assertEqual(self.tb.has_question(), 0)
        self.assertEqual(self.tb.details(tab)["body"], before["body"])

    def test_send_anyway_needs_its_ticks_and_sends_the_very_mail(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        strip = self.tb.wait_strip(tab, lambda said: "recipient outside" in said)
        for value in ("00412345", "1961", "8.2", "metformin", "Dana"):
            self.assertNotIn(value, strip)
        self.tb.picture("strip", "msgcompose")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.press("button.send")
        self.assertTrue(self.tb.in_question("return root.querySelector('.complaint').textContent"))
        self.nothing_sent(0.5)
        self.tb.send_anyway()
        mail = self.sent()
        self.assertIn("MRN 00412345", mail.part("plain").replace("\n", " "))
        self.nothing_of_ours(mail)

    def test_mail_after_mail_has_one_host_and_leaves_no_window(self):
        started = len(self.tb.host_starts)
        for count in range(1, 7):
            tab = self.tb.compose(to=["Rosa <rosa@valleylab.example>"], subject=f"Lunch {count}", body="<p>Shall we have lunch on Friday?</p>")
            self.tb.send(tab)
            self.sent(count)
            self.tb.wait_closed(tab)
        self.assertEqual(len(self.tb.host_starts), started + 1)
        self.assertEqual(len(self.tb.host_pids), 1)
        self.assertEqual(self.tb.chrome("return [...Services.wm.getEnumerator(null)].length;"), 1)

    def test_the_x_of_the_window_is_go_back(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.close_question()
        self.tb.wait_unlocked(tab)
        self.nothing_sent()

    def test_a_question_open_for_more_than_two_idle_timeouts_still_sends(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(tab)
        self.tb.question(ready="review")
        time.sleep(9)
        self.assertTrue(self.tb.is_locked(tab))
        self.tb.send_anyway()
        self.sent()
        self.tb.wait_closed(tab)

    def test_an_unanswered_question_gives_the_message_back_and_says_so(self):
        self.tb.page("await browser.storage.local.set({ promptSeconds: 2 })")
        try:
            tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
            self.tb.send(tab)
            self.tb.question(ready="review")
            self.tb.wait_unlocked(tab)
            self.tb.wait_button(tab, "label", lambda label: label == "Not sent")
            self.assertEqual(self.tb.button(tab)["badge"], "!")
            self.tb.picture("not-sent", "msgcompose")
            self.nothing_sent(0.5)
            self.assertEqual(self.tb.has_question(), 0)
        finally:
            self.tb.page("await browser.storage.local.remove('promptSeconds')")

    def test_a_double_click_on_send_asks_once_and_sends_once(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.window(tab, "const b = w.document.getElementById('button-send'); b.click(); b.click(); w.goDoCommand('cmd_sendNow');")
        self.tb.question(ready="review")
        time.sleep(0.5)
        self.assertEqual(self.tb.has_question(), 1)
        self.tb.send_anyway()
        self.sent()
        time.sleep(1.5)
        self.assertEqual(len(self.tb.sink.mails), 1)

    def test_two_windows_at_once_keep_their_own_answers(self):
        first = self.tb.compose(to=[DANA], subject="First", body=LABS)
        second = self.tb.compose(to=[DANA], subject="Second", body=LABS)
        self.tb.send(first)
        self.tb.send(second)
        self.tb.question(tab=first, ready="review")
        self.tb.question(tab=second, ready="review")
        self.tb.send_anyway(tab=second)
        self.assertEqual(self.sent().message["Subject"], "Second")
        self.tb.press("footer button.primary", tab=first)
        self.tb.wait_unlocked(first)
        time.sleep(1)
        self.assertEqual(len(self.tb.sink.mails), 1)

    def test_plain_text_is_asked_about_and_sent_as_it_was(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", plainTextBody=LABS_TEXT, isPlainText=True)
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        self.tb.wait_strip(tab, lambda said: "recipient outside" in said)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        mail = self.sent()
        self.assertEqual(mail.part("plain").replace("\r\n", "\n").rstrip("\n"), LABS_TEXT.rstrip("\n"))
        self.nothing_of_ours(mail)

    def test_the_strip_and_the_badge_follow_the_recipient(self):
        tab = self.tb.compose(to=["Ana <ana@lakeside-clinic.example>"], subject="Your labs", body="<p>Lunch on Friday?</p>")
        time.sleep(1)
        self.assertIsNone(self.tb.strip(tab))
        self.tb.window(tab, "w.GetCurrentEditor().insertText('Dana Roe, DOB 03/04/1961, MRN 00412345: A1c 8.2, metformin 1000 mg.');")
        self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ to: {[DANA]} }})")
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        self.tb.wait_strip(tab, lambda said: said != "")
        self.tb.page(f"await browser.compose.setComposeDetails({tab}, {{ body: '<p>Lunch?</p>' }})")
        self.tb.wait_button(tab, "badge", lambda badge: not badge.isdigit())
        self.tb.wait_strip(tab, lambda said: "Please check" not in said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
