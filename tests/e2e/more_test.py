"""Who is on a list, what is forwarded, Send Later, Spanish, the settings page, and what is recorded."""

import time
import unittest

from cases import DANA, LABS, Case

RESULTS = ("From: Ana Petrova <ana@lakeside-clinic.example>\nTo: Front Desk <frontdesk@lakeside-clinic.example>\nSubject: Results of Dana Roe\n"
           "Date: Sat, 21 Nov 2026 10:00:00 -0500\nContent-Type: text/plain; charset=utf-8\n\n"
           "Dana Roe, DOB 03/04/1961, MRN 00412345: hemoglobin A1c 8.2 %, metformin doubled.\n")


class More(Case):

    def add_list(self, name, description, members):
        self.tb.chrome("""
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          const [name, description, members] = arguments;
          const book = MailServices.ab.directories.find(one => one.dirPrefId == "ldap_2.servers.pab");
          const list = Cc["@mozilla.org/addressbook/directoryproperty;1"].createInstance(Ci.nsIAbDirectory);
          list.isMailList = true; list.dirName = name; list.description = description;
          const made = book.addMailList(list);
          for (const address of members) {
            const card = Cc["@mozilla.org/addressbook/cardproperty;1"].createInstance(Ci.nsIAbCard);
            card.primaryEmail = address; card.displayName = address.split("@")[0];
            made.addCard(card);
          }
        """, name, description, members)
        time.sleep(0.3)

    def members(self, tab):
        now = self.report(tab, ready=lambda now: now["shown"] and now["shown"]["draft"]["to"])
        return now["shown"]["draft"]["to"][0]

    def test_a_list_is_asked_about_by_its_members_also_with_a_description(self):
        for name, description in (("CareTeam", ""), ("Night Shift", "the people of the night"), ("Weekend", "weekend@lakeside-clinic.example")):
            with self.subTest(name):
                self.add_list(name, description, ["ana@lakeside-clinic.example", "outsider@mail.example"])
                time.sleep(10.5)  # lists are read anew after ten seconds
                tab = self.tb.compose(to=[f"{name} <{description or name}>"], subject="Labs of Dana Roe", body=LABS)
                entry = self.members(tab)
                self.assertEqual(sorted(one["address"] for one in entry["members"]), ["ana@lakeside-clinic.example", "outsider@mail.example"])
                self.tb.send(tab)
                self.tb.question(ready="review")
                self.assertIn("outsider@mail.example", self.tb.text())
                self.tb.press("footer button.primary")
                self.tb.wait_unlocked(tab)
                self.tb.clean()

    def test_a_list_that_nobody_knows_is_said(self):
        # Thunderbird itself does not send to such a name alone.
        tab = self.tb.compose(to=["Far Away <faraway>", "Lab <lab@valleylab.example>"], subject="Labs of Dana Roe", body=LABS)
        self.assertTrue(self.members(tab)["membersUnknown"])
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.assertIn("Nobody can see here who is on this list", self.tb.text())
        self.tb.picture("unknown-list")

    def test_forwarding_to_a_newcomer_shows_who_and_what(self):
        message = self.import_mail(RESULTS)
        tab = self.tb.compose(begin=["beginForward", message, "forwardInline"], to=["Dr. Lee <lee@county-heart.example>"])
        self.tb.send(tab)
        self.tb.question(ready="review")
        said = self.tb.text()
        self.assertIn("You are forwarding", said)
        self.assertIn("lee@county-heart.example", said)
        self.tb.picture("forward")
        now = self.report(tab)
        self.assertEqual(now["shown"]["draft"]["compose"], "forward")
        self.assertIn("ana@lakeside-clinic.example", now["shown"]["draft"]["participants"])
        self.tb.offer("trim_quote")
        self.tb.wait_unlocked(tab)
        end = time.monotonic() + 10
        while "00412345" in self.tb.details(tab)["plainTextBody"] and time.monotonic() < end:
            time.sleep(0.1)
        self.assertNotIn("00412345", self.tb.details(tab)["plainTextBody"])

    def test_an_answer_with_somebody_added_is_reply_all_with_a_newcomer(self):
        message = self.import_mail(RESULTS)
        tab = self.tb.compose(begin=["beginReply", message, "replyToSender"], to=["ana@lakeside-clinic.example", "lee@county-heart.example"])
        now = self.report(tab, ready=lambda now: now["shown"] and len(now["shown"]["draft"]["to"]) == 2)
        self.assertEqual(now["shown"]["draft"]["compose"], "reply_all")
        risks = {one["index"]: one["risks"] for one in now["shown"]["report"]["recipients"]}
        self.assertIn("new_to_thread", risks[1])
        self.assertNotIn("new_to_thread", risks[0])

    def test_a_forward_as_attachment_is_read(self):
        message = self.import_mail(RESULTS)
        tab = self.tb.compose(begin=["beginForward", message, "forwardAsAttachment"], to=["Dr. Lee <lee@county-heart.example>"])
        now = self.report(tab, ready=lambda now: now["shown"] and now["shown"]["report"]["content"] == "phi" and not now["shown"]["report"]["gaps"])
        self.assertTrue(now["shown"]["draft"]["attachments"][0]["name"].endswith(".eml"))

    def test_send_later_is_asked_about_and_stays_later(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(tab, "later")
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.tb.wait_closed(tab)
        self.nothing_sent()
        unsent = self.tb.profile / "Mail/Local Folders/Unsent Messages"
        end = time.monotonic() + 10
        while not (unsent.exists() and b"00412345" in unsent.read_bytes()) and time.monotonic() < end:
            time.sleep(0.2)
        self.assertIn(b"00412345", unsent.read_bytes())
        self.assertNotIn(b"Please check", unsent.read_bytes())

    def test_what_was_sent_is_recorded_and_not_asked_again(self):
        first = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(first)
        self.tb.question(ready="review")
        self.tb.send_anyway()
        self.sent()
        time.sleep(0.5)
        second = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.send(second)
        self.sent(2)
        self.assertEqual(self.tb.has_question(), 0)

    def test_a_draft_that_is_opened_again_is_checked_and_holds_nothing_of_ours(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        self.tb.window(tab, "w.goDoCommand('cmd_saveAsDraft');")
        drafts = self.tb.profile / "Mail/Local Folders/Drafts"
        end = time.monotonic() + 10
        while not (drafts.exists() and b"00412345" in drafts.read_bytes()) and time.monotonic() < end:
            time.sleep(0.2)
        text = drafts.read_bytes()
        self.assertIn(b"00412345", text)
        self.assertNotIn(b"Please check", text)
        self.assertNotIn(b"phiscan", text)

    def test_in_spanish(self):
        self.tb.page("await browser.storage.local.set({ locale: 'es' })")
        try:
            tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
            self.tb.send(tab)
            self.tb.question(ready="review")
            said = self.tb.text()
            self.assertIn("Volver y corregir", said)
            self.assertNotIn("Send anyway", said)
            self.tb.picture("question-es")
        finally:
            self.tb.page("await browser.storage.local.remove('locale')")

    def test_the_panel_of_the_button_shows_the_same_and_undoes(self):
        tab = self.tb.compose(to=[DANA], subject="Your labs", body=LABS)
        self.tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        self.tb.page(f"const tab = await browser.tabs.get({tab}); return browser.composeAction.openPopup({{ windowId: tab.windowId }})")
        popup = """
          const browser = [...w.document.querySelectorAll("browser")].find(one => one.currentURI?.spec.endsWith("popup.html"));
        """
        end = time.monotonic() + 10
        text = None
        while time.monotonic() < end and not text:
            try:
                text = self.tb.window(tab, popup + "return browser && inPage(browser, \"return document.body?.dataset.ready && document.querySelector('phiscan-review')?.shadowRoot.textContent\")")
            except Exception:
                time.sleep(0.2)
        self.assertIn("Send a portal notice instead", text or "")
        self.assertNotIn("Send anyway", text)
        time.sleep(0.5)
        self.tb.picture_of_panel(tab, "panel")

    def test_the_settings_page_says_what_is_there_and_tests_itself(self):
        self.tb.reload_settings()
        said = self.tb.page("return document.body.textContent")
        for wanted in ("us-core", "lakeside-family-clinic", "asks, never blocks"):
            self.assertIn(wanted, said)
        self.tb.page("document.querySelector('button.primary').click()")
        end = time.monotonic() + 10
        while not (result := self.tb.page("return document.querySelector('.result').textContent")) and time.monotonic() < end:
            time.sleep(0.1)
        self.assertIn("The check works", result)
        self.tb.picture("settings", "mail:3pane")


if __name__ == "__main__":
    unittest.main(verbosity=2)
