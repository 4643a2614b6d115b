"""Each offer, applied to the real draft and compared at the mail server; and our own Undo."""

import json
import re
import time
import unittest

from cases import DANA, IMAGE, LABS, LABS_TEXT, Case, png

RICH = f"<p>Dear <b>colleague</b>, about <i>Dana Roe</i>, DOB 03/04/1961, MRN 00412345:</p><p><img src=\"{IMAGE}\" alt=\"logo\"></p><p>Her hemoglobin A1c is 8.2 &amp; metformin was doubled.</p>"


class Changing(Case):
    options = {"prefs": {"mail.identity.id1.htmlSigText": "Front Desk<br>Lakeside Family Clinic", "mail.identity.id1.htmlSigFormat": True, "mail.identity.id1.attach_signature": False}}

    def write(self, tab):
        """Typed above the signature, which Thunderbird puts in only when the message begins empty."""
        self.tb.window(tab, "const editor = w.GetCurrentEditor(); editor.beginningOfDocument(); editor.insertHTML(args[0]);", RICH)

    def asked(self, write=False, **details):
        tab = self.tb.compose(**details)
        if write:
            self.write(tab)
        now = self.report(tab, ready=lambda now: now["shown"] and any(one["edits"] or one["kind"] != "redact" for one in now["shown"]["report"]["offers"])
                          and (not write or now["shown"]["draft"]["html"] == self.tb.details(tab)["body"]))
        self.tb.send(tab)
        self.tb.question(ready="review")
        return tab, now

    def take(self, tab, kind):
        clicks = self.tb.offer(kind)
        self.tb.wait_unlocked(tab)
        end = time.monotonic() + 10
        while not self.report(tab)["done"]:
            self.assertLess(time.monotonic(), end, "the offer was not carried out")
            time.sleep(0.1)
        return clicks

    def undo(self, tab):
        self.tb.page(f"await browser.runtime.sendMessage({{ to: 'background', type: 'undo', tabId: {tab} }})")

    def html(self, mail):
        """The body as it went out, without what differs in each mail. (Thunderbird breaks lines anew when a word gets longer.)"""
        text = mail.part("html")
        return re.sub(r"\s+", " ", re.sub(r'src="cid:[^"]*"', 'src="cid"', text[text.index("<body"):]))


class Offers(Changing):
    def test_redact_changes_what_it_says_and_nothing_else(self):
        mail = dict(to=["Pat <pat@elsewhere.example>"], subject="Visit of Dana Roe, MRN 00412345", deliveryFormat="html")
        control = self.tb.compose(**mail)
        self.write(control)
        original = self.send_and_read(control)
        self.tb.wait_closed(control)
        self.tb.sink.mails.clear()
        self.tb.forget_answers()
        tab, now = self.asked(**mail, write=True)
        wanted = self.expected(now, "redact", "body.html")
        before = self.tb.details(tab)
        self.assertEqual(self.take(tab, "redact"), 2)
        after = self.tb.details(tab)
        self.assertEqual(after["body"], wanted)
        self.assertEqual(after["subject"], self.expected(now, "redact", "subject"))
        self.assertEqual(after["to"], before["to"])
        self.assertIn("moz-signature", after["body"])
        self.assertIn(IMAGE, after["body"])
        self.undo(tab)
        self.assertEqual(self.tb.details(tab)["body"], before["body"])
        self.assertEqual(self.tb.details(tab)["subject"], before["subject"])
        self.undo(tab)
        self.assertEqual(self.tb.details(tab)["body"], wanted)
        sent = self.send_and_read(tab)
        # The same mail, but for what was taken out.
        control_html = self.html(original)
        for edit in next(one for one in now["shown"]["report"]["offers"] if one["kind"] == "redact")["edits"]:
            if edit["part"] == "body.html":
                units = now["shown"]["draft"]["html"].encode("utf-16-le")
                value = units[2 * edit["utf16"][0]:2 * edit["utf16"][1]].decode("utf-16-le")
                control_html = control_html.replace(value, edit["replacement"], 1)
        self.assertEqual(self.html(sent), control_html)
        images = [part.get_content() for part in sent.message.walk() if part.get_content_type() == "image/png"]
        self.assertEqual(images, [part.get_content() for part in original.message.walk() if part.get_content_type() == "image/png"])
        self.assertEqual(len(images), 1)

    def test_redact_in_plain_text(self):
        tab, now = self.asked(to=["Pat <pat@elsewhere.example>"], subject="Labs", plainTextBody="Dana Roe, " + LABS_TEXT, isPlainText=True)
        wanted = self.expected(now, "redact", "body.text")
        before = self.tb.details(tab)
        self.take(tab, "redact")
        self.assertEqual(self.tb.details(tab)["plainTextBody"], wanted)
        self.undo(tab)
        self.assertEqual(self.tb.details(tab)["plainTextBody"], before["plainTextBody"])
        self.undo(tab)
        mail = self.send_and_read(tab)
        self.assertEqual(mail.part("plain").replace("\r\n", "\n").rstrip("\n"), wanted.rstrip("\n"))
        self.assertNotIn(b"00412345", mail.bytes)

    def test_the_portal_note_takes_two_clicks_and_keeps_the_text(self):
        tab, now = self.asked(to=[DANA], subject="Your labs", body=LABS, attachments=[("labs.csv", b"name,a1c\nDana Roe,8.2\n", "text/csv")])
        before = self.tb.details(tab)
        clicks = self.tb.offer("use_portal")
        self.assertLessEqual(clicks, 2)
        self.tb.question(ready="handoff")
        self.assertIn("your A1c is 8.2", self.tb.in_question("return document.querySelector('.kept').textContent"))
        time.sleep(0.5)
        self.tb.picture("portal")
        notice = next(one for one in now["shown"]["report"]["offers"] if one["kind"] == "use_portal")["notice"]
        after = self.tb.details(tab)
        self.assertEqual(after["subject"], notice["subject"])
        self.assertEqual(self.tb.page(f"return (await browser.compose.listAttachments({tab})).length"), 0)
        self.tb.in_question("[...document.querySelectorAll('button')].find(one => one.textContent == 'Put my message back').click(); return true")
        end = time.monotonic() + 10
        while self.tb.details(tab)["subject"] != before["subject"] and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(self.tb.details(tab)["body"], before["body"])
        self.assertEqual(self.tb.page(f"return Promise.all((await browser.compose.listAttachments({tab})).map(async one => [one.name, await (await browser.compose.getAttachmentFile(one.id)).text()]))"),
                         [["labs.csv", "name,a1c\nDana Roe,8.2\n"]])
        self.undo(tab)
        mail = self.send_and_read(tab)
        self.assertEqual(mail.message["Subject"], notice["subject"])
        self.assertNotIn(b"8.2", mail.bytes)
        self.assertEqual(mail.attachments, [])

    def test_a_question_about_the_portal_note_does_not_cost_the_text(self):
        tab, _ = self.asked(to=[DANA], subject="Your labs", body=LABS)
        self.tb.offer("use_portal")
        self.tb.question(ready="handoff")
        self.tb.set_host("missing")
        try:
            self.tb.kill_hosts()
            time.sleep(1)
            self.tb.send(tab)
            self.tb.question(ready="unchecked")
            self.tb.press("button.send")
            self.assertNotIn(b"8.2", self.sent().bytes)
            self.tb.wait_closed(tab)
            self.tb.question(ready="handoff")
            self.assertIn("your A1c is 8.2", self.tb.in_question("return document.querySelector('.kept').textContent"))
        finally:
            self.tb.set_host("real")

    def test_encrypt_merges_its_header_with_those_of_others(self):
        tab, now = self.asked(to=[DANA], subject="Your labs", body=LABS, customHeaders=[{"name": "X-Ticket", "value": "17"}])
        self.take(tab, "encrypt")
        mail = self.send_and_read(tab)
        offer = next(one for one in now["shown"]["report"]["offers"] if one["kind"] == "encrypt")
        self.assertEqual(mail.message["X-Ticket"], "17")
        if offer["header"]:
            self.assertEqual(mail.message[offer["header"]["name"]], offer["header"]["value"])
        if offer["subject_tag"]:
            self.assertTrue(mail.message["Subject"].startswith(offer["subject_tag"]))
        self.assertIn("MRN 00412345", mail.part("plain").replace("\n", " "))

    def test_many_visible_recipients_move_to_bcc_as_they_were_written(self):
        people = [f"\"Person, {n}\" <p{n}@mail.example>" for n in range(8)]
        tab, _ = self.asked(to=people, subject="Our diabetes group", body="<p>Dear all, our diabetes group for patients meets on Friday.</p>")
        self.take(tab, "move_to_bcc")
        after = self.tb.details(tab)
        self.assertEqual(sorted(after["bcc"]), sorted(people))
        self.assertEqual(after["to"], [])
        self.undo(tab)
        self.assertEqual(self.tb.details(tab)["to"], people)

    def test_remove_the_attachment_and_undo_in_order(self):
        files = [("a.txt", b"Lunch menu\n", "text/plain"), ("list.csv", b"name,dob,mrn,diagnosis\nGunnar Ek,1961-03-04,00412345,type 2 diabetes\nAda Lund,1955-01-09,00412346,asthma\n", "text/csv"), ("z.txt", b"Parking\n", "text/plain")]
        tab = self.tb.compose(to=["Pat <pat@elsewhere.example>"], subject="Menu", body="<p>Here is the menu for Friday.</p>", attachments=files)
        now = self.report(tab, ready=lambda now: now["shown"] and any(one["kind"] == "remove_attachment" for one in now["shown"]["report"]["offers"]))
        self.assertFalse(now["shown"]["report"]["gaps"])
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.tb.picture("attachment")
        self.take(tab, "remove_attachment")
        names = f"return (await browser.compose.listAttachments({tab})).map(one => one.name)"
        self.assertEqual(self.tb.page(names), ["a.txt", "z.txt"])
        self.undo(tab)
        self.assertEqual(self.tb.page(names), ["a.txt", "list.csv", "z.txt"])
        self.undo(tab)
        mail = self.send_and_read(tab)
        self.assertEqual(mail.attachments, ["a.txt", "z.txt"])
        self.assertNotIn(b"Gunnar", mail.bytes)

    def test_a_mistyped_recipient_is_taken_off(self):
        tab, _ = self.asked(to=["Lab <lab@valleylab.example>", "Ana <ana@lakeside-clinlc.example>"], subject="Results", body=LABS)
        self.take(tab, "remove_recipient")
        self.assertEqual(self.tb.details(tab)["to"], ["Lab <lab@valleylab.example>"])



HOLD = {"redact": dict(to=["Pat <pat@elsewhere.example>"], subject="Visit of Dana Roe, MRN 00412345"),
        "encrypt": dict(to=["Lab <lab@valleylab.example>", DANA], subject="Visit of Dana Roe, MRN 00412345"),
        "use_portal": dict(to=[DANA], subject="Your labs"),
        "remove_recipient": dict(to=["Lab <lab@valleylab.example>", "Ana <ana@lakeside-clinlc.example>"], subject="Results of Dana Roe"),
        "move_to_bcc": dict(to=["\"Person, %d\" <p%d@mail.example>" % (n, n) for n in range(5)], cc=["\"Person, %d\" <p%d@mail.example>" % (n, n) for n in range(5, 9)], subject="Our diabetes group"),
        "remove_attachment": dict(to=["Pat <pat@elsewhere.example>"], subject="Menu")}
NAMED = "Dana Roe, DOB 03/04/1961, MRN 00412345: hemoglobin A1c is 8.2 and metformin was doubled to 1000 mg."
BODIES = {"move_to_bcc": "Dear all, our diabetes group for patients meets on Friday.", "remove_attachment": "Here is the menu for Friday."}
LIST = ("list.csv", b"name,dob,mrn,diagnosis\nGunnar Ek,1961-03-04,00412345,type 2 diabetes\nAda Lund,1955-01-09,00412346,asthma\n", "text/csv")
MENU = ("menu.txt", b"Friday: soup\n", "text/plain")
QUOTED = ("From: Ana Petrova <ana@lakeside-clinic.example>\nTo: Front Desk <frontdesk@lakeside-clinic.example>\nSubject: Results of Dana Roe\n"
          "Date: Sat, 21 Nov 2026 10:00:00 -0500\nContent-Type: text/plain; charset=utf-8\n\nDana Roe, DOB 03/04/1961, MRN 00412345: hemoglobin A1c 8.2 %, metformin doubled.\n")


class Sent(Changing):
    """Each offer, in formatted and in plain text: what arrives is, byte by byte, what arrives of a message that was written so from the start."""

    def draft(self, kind, plain):
        details = dict(HOLD[kind], customHeaders=[{"name": "X-Ticket", "value": "17"}], attachments=[MENU, LIST] if kind == "remove_attachment" else [MENU])
        text = BODIES.get(kind, NAMED)
        if plain:
            return dict(details, isPlainText=True, plainTextBody=f"Dear colleague,\n{text}\n\n-- \nFront Desk\n")
        picture = f'<img src="{IMAGE}" alt="map">'
        return dict(details, deliveryFormat="html", body=f'<html><head></head><body><p>Dear <b>colleague</b>,</p><p>{text}</p><p>{picture}</p><pre class="moz-signature" cols="72">-- \nFront Desk</pre></body></html>')

    def wanted(self, kind, plain, now, details):
        """The message as somebody would have to write it."""
        offer = next(one for one in now["shown"]["report"]["offers"] if one["kind"] == kind)
        wanted = {**details, "subject": self.expected(now, kind, "subject")}
        part = "body.text" if plain else "body.html"
        if any(one["part"] == part for one in offer["edits"]):
            wanted["plainTextBody" if plain else "body"] = self.expected(now, kind, part)
        off = {(one["field"], one["index"]) for one in offer["recipients"]}
        if off:
            written = {field: details.get(field, []) for field in ("to", "cc", "bcc")}
            for field, people in written.items():
                wanted[field] = [one for i, one in enumerate(people) if (field, i) not in off]
            if kind == "move_to_bcc":
                wanted["bcc"] = [one for field in ("to", "cc") for i, one in enumerate(written[field]) if (field, i) in off]
        wanted["attachments"] = [one for i, one in enumerate(details["attachments"]) if i not in offer["attachments"]]
        if offer["notice"]:
            wanted.update(subject=offer["notice"]["subject"], attachments=[])
            wanted["plainTextBody" if plain else "body"] = offer["notice"]["text" if plain else "html"]
        if offer["subject_tag"]:
            wanted["subject"] = f"{offer['subject_tag']} {wanted['subject']}"
        if offer["header"]:
            wanted["customHeaders"] = details["customHeaders"] + [offer["header"]]
        return wanted

    def arrives(self, tab):
        mail = self.send_and_read(tab)
        self.tb.wait_closed(tab)
        self.tb.sink.mails.clear()
        self.tb.forget_answers()
        return mail

    def same(self, changed, control):
        self.assertEqual(sorted(changed.recipients), sorted(control.recipients))
        self.assertEqual(changed.canonical().decode(errors="replace"), control.canonical().decode(errors="replace"))

    def check(self, kind, plain):
        details = self.draft(kind, plain)
        tab = self.tb.compose(**details)
        now = self.report(tab, ready=lambda now: now["shown"] and any(one["kind"] == kind for one in now["shown"]["report"]["offers"])
                          and not any(gap["why"] == "pending" for gap in now["shown"]["report"]["gaps"]))
        self.tb.send(tab)
        self.tb.question(ready="review")
        self.take(tab, kind)
        if kind == "use_portal":
            self.tb.close_question()
        changed = self.arrives(tab)
        wanted = self.wanted(kind, plain, now, details)
        self.same(changed, self.arrives(self.tb.compose(**wanted)))
        self.assertEqual(changed.message["X-Ticket"], "17")
        self.assertEqual(changed.message.get("Bcc"), None)
        if kind != "use_portal":
            self.assertEqual(changed.attachments, ["menu.txt"])
            self.assertIn("Front Desk", changed.part("plain" if plain else "html"))
            if not plain:
                self.assertEqual([part.get_content() for part in changed.message.walk() if part.get_content_type() == "image/png"], [png()])

    def test_forwards_without_the_earlier_messages(self):
        for plain in (False, True):
            with self.subTest(plain=plain):
                message = self.import_mail(QUOTED)
                begin = dict(begin=["beginForward", message, "forwardInline"], to=["Dr. Lee <lee@county-heart.example>"], isPlainText=plain)
                tab = self.tb.compose(**begin)
                now = self.report(tab, ready=lambda now: now["shown"] and any(one["kind"] == "trim_quote" for one in now["shown"]["report"]["offers"]))
                body = self.expected(now, "trim_quote", "body.text" if plain else "body.html")
                subject = self.expected(now, "trim_quote", "subject")
                self.tb.send(tab)
                self.tb.question(ready="review")
                self.take(tab, "trim_quote")
                changed = self.arrives(tab)
                self.assertNotIn(b"00412345", changed.bytes)
                control = self.tb.compose(**begin)
                self.tb.page(f"await browser.compose.setComposeDetails({control}, {json.dumps({'subject': subject, 'isPlainText': plain, ('plainTextBody' if plain else 'body'): body})})")
                self.same(changed, self.arrives(control))


def _case(kind, plain):
    return lambda self: self.check(kind, plain)


for _kind in HOLD:
    for _plain in (False, True):
        setattr(Sent, f"test_{_kind}_in_{'plain' if _plain else 'formatted'}_text", _case(_kind, _plain))


if __name__ == "__main__":
    unittest.main(verbosity=2)
