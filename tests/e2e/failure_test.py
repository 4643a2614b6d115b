"""When the host is not there, dies, hangs or talks nonsense: nobody's window stays locked, and nothing looks checked that was not."""

import json
import os
import pathlib
import signal
import tempfile
import time
import unittest

from cases import DANA, LABS, Case
from thunderbird import DEMO_POLICY


class Failing(Case):
    options = {"prefs": {"extensions.background.idle.timeout": 2000}, "host": "missing"}

    def setUp(self):
        self.tb.kill_hosts()
        time.sleep(0.3)

    def ask(self, host, subject="Lunch", body="<p>Shall we have lunch on Friday?</p>", seconds=15):
        self.tb.set_host(host)
        tab = self.tb.compose(to=["Pat <pat@elsewhere.example>"], subject=subject, body=body)
        self.tb.send(tab)
        self.assertEqual(self.tb.question(seconds=seconds, ready="unchecked"), "unchecked")
        said = self.tb.text()
        self.assertIn("Not checked: subject and text, 1 recipient", said)
        return tab

    def try_again(self):
        self.tb.in_question("[...root.querySelectorAll('footer button')].find(one => one.textContent == 'Try again')?.click(); return true")

    def heard(self):
        """Whether the answer sent the mail; if not, the window says that it is kept."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.tb.sink.wait(1, 0.2):
                return True
            if "Your answer is kept" in self.tb.said():
                return False
        self.fail("the mail did not go, and nothing was said")

    def until_checked(self):
        """On a busy machine a host may start slower than a Send waits: the person tries again."""
        end = time.monotonic() + 60
        while not self.tb.sink.wait(1, 0.2) and time.monotonic() < end:
            if "too long" in self.tb.said():
                self.try_again()

    def test_without_a_host_it_says_so_and_sending_anyway_works_after_a_while(self):
        tab = self.ask("missing")
        self.tb.picture("unchecked")
        time.sleep(6)
        self.assertTrue(self.tb.is_locked(tab))
        self.tb.press("button.send")
        self.sent()
        self.tb.wait_closed(tab)

    def test_try_again_finds_a_host_that_came_back(self):
        tab = self.ask("missing")
        self.tb.set_host("real")
        self.try_again()
        self.until_checked()
        self.sent()
        self.tb.wait_closed(tab)

    def test_after_trying_again_the_window_fits_and_going_back_shows_what_was_seen(self):
        self.tb.set_host("missing")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.wait_button(tab, "label", lambda label: label == "Not checked")
        self.tb.send(tab)
        self.tb.question(ready="unchecked")
        self.tb.set_host("real")
        end = time.monotonic() + 60
        while "patient information" not in self.tb.said() and time.monotonic() < end:
            self.try_again()
            time.sleep(0.2)
        self.tb.question(ready="review")
        end = time.monotonic() + 10
        where = "return [window.screenY >= 0 && window.screenY + window.outerHeight <= screen.availTop + screen.availHeight, window.outerHeight, screen.availHeight]"
        while time.monotonic() < end and not ((seen := self.tb.in_question(where))[0] and seen[1] > 500):
            time.sleep(0.1)
        self.assertTrue(seen[0] and seen[1] > 500, seen)
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        self.tb.wait_strip(tab, lambda said: "Please check" in said)

    def test_a_host_that_hangs(self):
        self.ask("cat > /dev/null")
        self.tb.press("footer button.primary")
        self.nothing_sent()

    def test_a_host_that_talks_nonsense(self):
        self.ask("echo Segmentation fault; sleep 60")
        self.tb.press("footer button.primary")
        self.nothing_sent()

    def test_a_host_that_ends_at_once(self):
        self.ask("exit 3")
        self.tb.close_question()
        self.nothing_sent()

    def test_a_host_that_is_too_old(self):
        reply = r"""exec python3 -I -S -c '
import json, struct, sys
while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4: break
    asked = json.loads(sys.stdin.buffer.read(struct.unpack("=I", head)[0]))
    text = json.dumps({"v": 1, "id": asked["id"], "type": asked["type"], "ok": False, "error": {"code": "version", "where": "/protocol", "message": "no"}}).encode()
    sys.stdout.buffer.write(struct.pack("=I", len(text)) + text); sys.stdout.buffer.flush()
'"""
        self.ask(reply)
        # On a busy machine the interpreter takes longer to start than a Send waits; it is left to start, so trying again finds it.
        end = time.monotonic() + 60
        while "too old" not in self.tb.text() and time.monotonic() < end:
            self.assertIn("too long", self.tb.text())
            self.try_again()
            time.sleep(0.2)
        self.assertIn("too old", self.tb.text())
        self.tb.press("footer button.primary")
        self.nothing_sent()

    def test_killed_while_the_question_is_open_the_answer_counts_for_the_next_send(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.report(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.kill_hosts()
        self.tb.wait_unlocked(tab)
        self.nothing_sent(0.5)
        self.tb.send_anyway()
        self.tb.question(ready="yes")
        self.assertIn("press Send again", self.tb.text())
        self.tb.picture("press-send-again")
        self.nothing_sent()
        # Nobody has to close that window first: it goes when the mail does.
        self.tb.send(tab)
        self.until_checked()
        mail = self.sent()
        self.tb.wait_closed(tab)
        self.tb.no_question()
        self.nothing_of_ours(mail)

    def test_a_host_that_died_while_writing_is_started_again_without_a_word(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=["Pat <pat@elsewhere.example>"], subject="Lunch", body="<p>Lunch on Friday?</p>")
        self.report(tab)
        self.tb.kill_hosts()
        self.tb.send(tab)
        self.until_checked()
        self.sent()

    def test_hung_while_the_question_is_open_the_answer_still_counts(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.report(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        for pid in self.tb.host_pids:
            os.kill(pid, signal.SIGSTOP)
        self.tb.send_anyway()
        self.nothing_of_ours(self.sent())
        self.tb.wait_closed(tab)

    def test_killed_just_as_the_answer_is_given_it_goes_once_or_waits_for_send(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.report(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.tb.kill_hosts()
        if not self.heard():
            # The port was lost before the answer was heard: the answer is kept for the next Send.
            self.tb.wait_unlocked(tab)
            self.tb.close_question()
            self.tb.send(tab)
            self.until_checked()
        self.sent()
        self.tb.wait_closed(tab)
        time.sleep(1)
        self.assertEqual(len(self.tb.sink.mails), 1)

    def test_killed_while_the_answer_is_taken_it_is_kept_and_said(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.report(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        # The message is read once more before it goes: long enough for the port to be lost meanwhile.
        self.tb.background("""
          const read = browser.compose.getComposeDetails;
          browser.compose.getComposeDetails = async (tab) => { await new Promise((done) => setTimeout(done, 3000)); browser.compose.getComposeDetails = read; return read(tab); };
        """)
        self.tb.send_anyway()
        self.tb.kill_hosts()
        self.tb.wait_unlocked(tab)
        self.assertFalse(self.heard())
        self.tb.close_question()
        self.tb.send(tab)
        self.until_checked()
        self.sent()
        self.tb.wait_closed(tab)

    def test_such_an_answer_does_not_count_for_another_text(self):
        self.tb.set_host("real")
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.report(tab)
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.kill_hosts()
        self.tb.wait_unlocked(tab)
        self.tb.send_anyway()
        self.tb.question(ready="yes")
        self.tb.close_question()
        self.tb.window(tab, "w.GetCurrentEditor().insertText('SSN will follow. ');")
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.nothing_sent(0.5)


def blocking_policy():
    text = DEMO_POLICY.read_text()
    policy = json.loads(text)
    policy["fail_mode"] = "block"
    file = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-policy-")) / "policy.json"
    file.write_text(json.dumps(policy))
    return file


class Blocking(Case):
    """A clinic that does not send what was not checked."""

    options = {"policy": blocking_policy()}

    def test_without_a_host_there_is_no_way_to_send(self):
        tab = self.tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
        self.report(tab)
        self.tb.set_host("missing")
        self.tb.kill_hosts()
        time.sleep(1)
        self.tb.send(tab)
        self.tb.question(ready="unchecked")
        self.assertEqual(self.tb.in_question("return root.querySelectorAll('button.send').length"), 0)
        self.assertIn("cannot be sent", self.tb.text())
        self.tb.press("footer button.primary")
        self.tb.wait_unlocked(tab)
        self.nothing_sent()


class Answers(Case):
    """A host that answers, with a mistake of our own in the middle."""

    def test_an_error_in_our_own_code_cancels_with_a_message(self):
        tab = self.tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
        time.sleep(1)
        self.tb.background("browser.compose.kept = browser.compose.listAttachments; browser.compose.listAttachments = () => { throw new Error('broken') };")
        self.tb.send(tab)
        self.tb.wait_button(tab, "label", lambda label: label == "Not sent")
        self.tb.wait_unlocked(tab)
        self.nothing_sent()
        self.tb.background("browser.compose.listAttachments = browser.compose.kept;")
        self.tb.send(tab)
        self.sent()


if __name__ == "__main__":
    unittest.main(verbosity=2)
