"""Attachment bytes on their way to text, and who may see it."""
import base64
import json
import os
import pathlib
import time
import unittest

from host import HostCase, attachment, digest, mail

ROWS = b"name,dob,mrn,diagnosis\n" + b"".join(b"Gunnar Ek %d,1961-03-04,0041%04d,E11.9\n" % (i, i) for i in range(200))
BIG = b"note\n" + b"The parking lot is closed on Friday.\n" * 40_000  # three chunks


def chunk(data, index, size=524288, **changes):
    count = (len(data) + size - 1) // size
    return {"type": "attachment", "sha256": digest(data), "name": "big.txt", "media_type": "text/plain", "size": len(data), "index": index, "count": count,
            "data": base64.b64encode(data[index * size:(index + 1) * size]).decode(), **changes}


class Uploads(HostCase):
    def test_unknown_then_uploaded_then_found(self):
        host = self.host()
        request = mail("List attached.", attachments=[attachment(ROWS)])
        first = host.scan(request)
        self.assertEqual(first["need"], [digest(ROWS)])
        self.assertEqual(first["report"]["gaps"], [{"part": "attachments/0", "why": "pending"}])
        self.assertFalse(first["report"]["complete"])
        self.assertEqual(host.upload(ROWS)["unread"], None)
        second = host.scan(request)
        self.assertEqual((second["need"], second["report"]["gaps"]), ([], []))
        self.assertEqual(second["report"]["content"], "phi")
        self.assertTrue(any(span["part"].startswith("attachments/0/text_parts/") for one in second["report"]["findings"] for span in one["spans"]))

    def test_in_chunks(self):
        host = self.host()
        self.assertEqual(len(BIG) // 524288, 2)
        for index in range(2):
            reply = host.ask(**chunk(BIG, index))
            self.assertEqual((reply["received"], reply["complete"]), (index + 1, False))
            pending = host.scan(mail(attachments=[attachment(BIG)]))
            self.assertEqual((pending["need"], pending["pending"]), ([], [digest(BIG)]))
        reply = host.ask(**chunk(BIG, 2))
        self.assertEqual((reply["received"], reply["complete"], reply["unread"]), (3, True, None))

    def test_out_of_order_and_twice(self):
        host = self.host()
        self.assert_error(host.ask(**chunk(BIG, 1)), "out_of_order", "/index")
        self.assertTrue(host.ask(**chunk(BIG, 0))["ok"])
        self.assert_error(host.ask(**chunk(BIG, 2)), "out_of_order", "/index")
        self.assertTrue(host.ask(**chunk(BIG, 1))["ok"])
        self.assert_error(host.ask(**chunk(BIG, 1)), "out_of_order", "/index")
        self.assertTrue(host.ask(**chunk(BIG, 2))["complete"])
        # Again, when it is known already: no harm.
        self.assertTrue(host.ask(**chunk(BIG, 2))["complete"])

    def test_index_0_begins_afresh(self):
        host = self.host()
        self.assertTrue(host.ask(**chunk(BIG, 0))["ok"])
        self.assertTrue(host.ask(**chunk(BIG, 1))["ok"])
        self.assertEqual(host.ask(**chunk(BIG, 0))["received"], 1)
        self.assert_error(host.ask(**chunk(BIG, 2)), "out_of_order")

    def test_facts_that_change_on_the_way(self):
        host = self.host()
        self.assertTrue(host.ask(**chunk(BIG, 0))["ok"])
        self.assert_error(host.ask(**chunk(BIG, 1) | {"size": len(BIG) - 1}), "bad_request", "/size")
        self.assert_error(host.ask(**chunk(BIG, 1) | {"count": 4}), "bad_request", "/count")

    def test_a_wrong_digest_drops_the_upload(self):
        host = self.host()
        wrong = digest(b"something else")
        for index in range(3):
            reply = host.ask(**chunk(BIG, index) | {"sha256": wrong})
        self.assert_error(reply, "digest_mismatch", "/sha256")
        self.assertEqual(host.scan(mail(attachments=[attachment(BIG, sha256=wrong) | {"sha256": wrong}]))["need"], [wrong])
        self.assertEqual(host.ask(type="status")["attachments"]["uploads"], 0)

    def test_too_many_uploads_at_the_same_time(self):
        host = self.host()
        replies = [host.ask(**chunk(BIG + b"%d" % i, 0)) for i in range(17)]
        self.assertTrue(all(reply["ok"] for reply in replies[:16]))
        self.assert_error(replies[16], "busy")
        self.assertTrue(host.ask(type="status")["ok"])

    def test_too_many_bytes_at_the_same_time(self):
        host = self.host()
        size = 25 << 20
        made = lambda i: {"type": "attachment", "sha256": f"{i:064d}", "size": size, "index": 0, "count": 50, "data": "AAAA"}
        replies = [host.ask(**made(i)) for i in range(3)]
        self.assertEqual([reply["ok"] for reply in replies], [True, True, False])
        self.assert_error(replies[2], "busy")

    def test_a_client_that_vanishes_in_the_middle_leaves_nothing(self):
        host = self.host()
        self.assertTrue(host.ask(**chunk(BIG, 0))["ok"])
        self.assertEqual(host.close(), 0)
        self.assertEqual(list((self.home.folder / "tmp").iterdir()), [])
        other = self.host()
        self.assertEqual(other.ask(type="status")["attachments"], {"kept": 0, "bytes": 0, "uploads": 0, "reading": 0})
        self.assert_error(other.ask(**chunk(BIG, 1)), "out_of_order")

    def test_what_kinds_come_out(self):
        host = self.host()
        inner = b"From: a@x.test\nTo: b@x.test\nSubject: Gunnar Ek\n\nMRN 00412345, A1c 8.2\n"
        for name, media_type, data, unread in (
                ("a.txt", "text/plain", b"Hello", None), ("empty.txt", "text/plain", b"", None), ("latin.txt", "text/plain; charset=iso-8859-1", b"caf\xe9", None),
                ("a.html", "text/html", b"<p>Hello</p>", None), ("a.eml", "message/rfc822", inner, None), ("a.pdf", "application/pdf", b"%PDF-1.4", "unsupported"),
                ("a.png", "image/png", b"\x89PNG\r\n", "unsupported"), ("odd", "multipart/mixed; boundary=x", b"--x\n\nhi\n--x--\n", None),
                ("none.bin", "", b"\0\1\2", "unsupported"), ('n"\r\nX-Evil: 1.txt', "text/plain\r\nX-Evil: 1", b"Hello", None)):
            with self.subTest(name):
                self.assertEqual(host.upload(data, name, media_type)["unread"], unread)
        found = host.scan(mail("See the mail.", attachments=[attachment(inner, "a.eml", "message/rfc822")]))
        self.assertEqual(found["report"]["content"], "phi")

    def test_what_the_client_could_not_read_is_a_gap(self):
        host = self.host()
        reply = host.scan(mail(attachments=[{"name": "huge.zip", "size": 99 << 20, "unread": "too_large"}]))
        self.assertEqual(reply["report"]["gaps"], [{"part": "attachments/0", "why": "too_large"}])
        self.assertEqual(reply["need"], [])

    def test_a_reader_that_is_missing_or_breaks_leaves_a_gap(self):
        broken = os.environ.get("PHISCAN_EXTRACT_BROKEN")
        programs = ["/nonexistent/phiscan-extract"] + ([broken] if broken else [])
        for program in programs:
            with self.subTest(program):
                host = self.host("--extractor", program)
                reply = host.upload(ROWS)
                self.assertIn(reply["unread"], ("no_sandbox", "crashed", "timeout", "unreadable"))
                report = host.scan(mail("List attached.", attachments=[attachment(ROWS)]))["report"]
                self.assertFalse(report["complete"])
                self.assertEqual(report["gaps"][0]["part"], "attachments/0")
                self.assertEqual(host.scan(mail())["report"]["complete"], True)
                host.kill()

    def test_memory_is_bounded_and_what_fell_out_is_needed_again(self):
        host = self.host()
        texts = [b"%d\n" % i + b"The parking lot is closed on Friday.\n" * 140_000 for i in range(7)]  # 5 MB each
        for text in texts:
            self.assertEqual(host.upload(text, "a.txt", "text/plain")["unread"], None)
        figures = host.ask(type="status")["attachments"]
        self.assertLessEqual(figures["bytes"], 24 << 20)
        reply = host.scan(mail(attachments=[attachment(text, "a.txt", "text/plain") for text in texts]), deadline_ms=60_000)
        self.assertEqual(len(reply["need"]), 7 - figures["kept"])
        self.assertIn(digest(texts[0]), reply["need"])

    def test_texts_end_with_the_host(self):
        host = self.host()
        host.upload(ROWS)
        host.close()
        self.assertEqual(self.host().scan(mail(attachments=[attachment(ROWS)]))["need"], [digest(ROWS)])


if __name__ == "__main__":
    unittest.main()
