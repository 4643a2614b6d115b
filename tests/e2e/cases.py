"""What the tests here share: one Thunderbird per class, cleaned between cases, and mails of invented people."""

import base64
import time
import unittest
import zlib
import struct

from marionette import ScriptError
from thunderbird import Thunderbird

DANA = "Dana Roe <dana.roe@mail.example>"
LABS = "<p>Dana, your A1c is 8.2, up from 7.4. Double the metformin to 1000 mg twice a day. DOB 03/04/1961, MRN 00412345.</p>"
LABS_TEXT = "Dana, your A1c is 8.2, up from 7.4.\nDouble the metformin to 1000 mg twice a day.\nDOB 03/04/1961, MRN 00412345.\n"
# Words that only the strip, the badge or the question may say.
OURS = ["Please check", "outside", "phiscan", "Look again", "Not checked", "Go back and edit", "Revise"]


def png(width=4, height=4):
    raw = b"".join(b"\0" + b"\xd0\x40\x40" * width for _ in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


IMAGE = "data:image/png;base64," + base64.b64encode(png()).decode()


class Case(unittest.TestCase):
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.tb = Thunderbird(**cls.options)

    @classmethod
    def tearDownClass(cls):
        cls.tb.close()

    def tearDown(self):
        self.tb.clean()
        self.tb.forget_answers()

    def sent(self, count=1, seconds=15):
        self.assertTrue(self.tb.sink.wait(count, seconds), f"{len(self.tb.sink.mails)} of {count} mails came; the question says: {self.tb.said()!r}")
        self.assertEqual(len(self.tb.sink.mails), count)
        return self.tb.sink.mails[-1]

    def nothing_sent(self, seconds=1.5):
        time.sleep(seconds)
        self.assertEqual(len(self.tb.sink.mails), 0)

    def nothing_of_ours(self, mail):
        for word in OURS:
            self.assertNotIn(word.encode(), mail.bytes, mail.bytes.decode(errors="replace"))

    def import_mail(self, text, name="one"):
        """A message in a local folder; its id. `text` is what follows the Message-ID line."""
        self.tb.chrome("""
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          const root = MailServices.accounts.localFoldersServer.rootFolder;
          let folder = root.containsChildNamed("Case") ? root.getChildNamed("Case") : null;
          if (!folder) { folder = root.QueryInterface(Ci.nsIMsgLocalMailFolder).createLocalSubfolder("Case"); }
          folder.QueryInterface(Ci.nsIMsgLocalMailFolder).addMessage(arguments[0]);
        """, f"From - Sat Nov 21 10:00:00 2026\nX-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nMessage-ID: <{name}@lakeside-clinic.example>\n{text}")
        return self.tb.page(f"""
          const found = await browser.messages.query({{ headerMessageId: "{name}@lakeside-clinic.example" }});
          return found.messages[0].id;
        """)

    def open_as(self, how, name="one"):
        """Opens an imported message as people do it from the message list: Redirect, Draft, EditAsNew, ForwardInline ... Its tab id."""
        self.tb.chrome("""
          const main = Services.wm.getMostRecentWindow("mail:3pane");
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          const folder = MailServices.accounts.localFoldersServer.rootFolder.getChildNamed("Case");
          const header = [...folder.messages].find(one => one.messageId.startsWith(arguments[1] + "@"));
          main.ComposeMessage(Ci.nsIMsgCompType[arguments[0]], Ci.nsIMsgCompFormat.Default, folder, [folder.getUriForMsg(header)]);
        """, how, name)
        self.tb.wait_until("const w = Services.wm.getMostRecentWindow('msgcompose'); return w?.document.readyState == 'complete' && w.gMsgCompose && !w.gWindowLocked && w.gLoadingComplete !== false;")
        time.sleep(0.5)
        return self.tb.page("return (await browser.tabs.query({ type: 'messageCompose' })).at(-1).id")

    def send_and_read(self, tab, count=1):
        """Sends, answering "Send anyway" when asked; what arrived."""
        self.tb.send(tab)
        end = time.monotonic() + 20
        while len(self.tb.sink.mails) < count and time.monotonic() < end:
            try:
                if self.tb.question(seconds=None, tab=tab, ready="review"):
                    self.tb.send_anyway(tab)
            except ScriptError:
                pass  # answered a moment ago, or left by the offer before: it is just closing
            time.sleep(0.1)
        mail = self.sent(count)
        self.nothing_of_ours(mail)
        return mail

    def report(self, tab, ready=lambda now: now["shown"]):
        """What the add-on knows of a compose window: report and draft."""
        end = time.monotonic() + 15
        while True:
            now = self.tb.page(f"return await browser.runtime.sendMessage({{ to: 'background', type: 'now', tabId: {tab} }})")
            if ready(now):
                return now
            if time.monotonic() > end:
                raise AssertionError(f"no such report came: {now}")
            time.sleep(0.1)

    def expected(self, now, kind, part):
        """The part after an offer, worked out here from the engine's edits."""
        offer = next(one for one in now["shown"]["report"]["offers"] if one["kind"] == kind)
        draft = now["shown"]["draft"]
        units = {"body.html": draft["html"], "body.text": draft["text"], "subject": draft["subject"]}[part].encode("utf-16-le")
        for edit in sorted((one for one in offer["edits"] if one["part"] == part), key=lambda one: -one["utf16"][0]):
            start, end = edit["utf16"]
            units = units[: 2 * start] + edit["replacement"].encode("utf-16-le") + units[2 * end:]
        return units.decode("utf-16-le")
