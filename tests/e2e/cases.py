"""What the tests here share: one Thunderbird per class, cleaned between cases, and mails of invented people."""

import base64
import time
import unittest
import zlib
import struct

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
        self.assertTrue(self.tb.sink.wait(count, seconds), f"{len(self.tb.sink.mails)} of {count} mails came")
        self.assertEqual(len(self.tb.sink.mails), count)
        return self.tb.sink.mails[-1]

    def nothing_sent(self, seconds=1.5):
        time.sleep(seconds)
        self.assertEqual(len(self.tb.sink.mails), 0)

    def nothing_of_ours(self, mail):
        for word in OURS:
            self.assertNotIn(word.encode(), mail.bytes, mail.bytes.decode(errors="replace"))

    def report(self, tab, ready=lambda now: now["shown"]):
        """What the add-on knows of a compose window: report and draft."""
        end = time.monotonic() + 15
        while True:
            now = self.tb.page(f"return await browser.runtime.sendMessage({{ to: 'background', type: 'now', tabId: {tab} }})")
            if ready(now):
                return now
            if time.monotonic() > end:
                raise AssertionError("no report came")
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
