"""Hostile and broken input on standard input: each has its coded answer, and the host lives on or ends as the protocol says."""
import json
import struct
import time
import unittest

from host import PHI, POLICY, PROGRAM, HostCase, mail

D = "0" * 64
FINE = {"v": 1, "id": "x", "type": "status", "deadline_ms": 100_000}


def upload(**changes):
    return {"v": 1, "id": "x", "type": "attachment", "sha256": D, "name": "a.csv", "media_type": "text/csv", "size": 3, "index": 0, "count": 1, "data": "YSxi", **changes}


def record(**changes):
    return {"v": 1, "id": "x", "type": "record", "fingerprint": D, "inputs_sha256": D, "action": "confirm", "choice": "sent", **changes}


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


# name, bytes or document, code, where
BROKEN = [
    ("nothing", b"", "bad_json", ""),
    ("a blank", b" ", "bad_json", ""),
    ("no JSON", b"hello", "bad_json", ""),
    ("half a document", b'{"v":1,"id":"x","type":"sta', "bad_json", ""),
    ("two documents", b"{}{}", "bad_json", ""),
    ("zero bytes", b"\0" * 32, "bad_json", ""),
    ("a comment", b'{"v":1 /* one */}', "bad_json", ""),
    ("UTF-16", '{"v":1}'.encode("utf-16"), "bad_json", ""),
    ("nested 100 deep", b"[" * 100 + b"]" * 100, "bad_json", ""),
    ("nested 100,000 deep", b"[" * 100_000, "bad_json", ""),
    ("a number beyond all", b'{"v":1e999}', "bad_json", ""),
    ("a key twice", b'{"v":1,"id":"x","id":"y","type":"status"}', "bad_json", "/id"),
    ("a key twice, deep", b'{"v":1,"id":"x","type":"scan","request":{"body":{"text":"a","text":"b"}}}', "bad_json", "/request/body/text"),
    ("300 keys", json.dumps({f"k{i}": 0 for i in range(300)}).encode(), "bad_json", ""),
    ("a list", [], "bad_request", ""),
    ("a text", "status", "bad_request", ""),
    ("null", None, "bad_request", ""),
    ("no id", without(FINE, "id"), "bad_request", "/id"),
    ("an empty id", {**FINE, "id": ""}, "bad_request", "/id"),
    ("a number for id", {**FINE, "id": 7}, "bad_request", "/id"),
    ("a long id", {**FINE, "id": "x" * 65}, "bad_request", "/id"),
    ("an id with spaces", {**FINE, "id": "a b"}, "bad_request", "/id"),
    ("no type", without(FINE, "type"), "bad_request", "/type"),
    ("a list for type", {**FINE, "type": ["status"]}, "bad_request", "/type"),
    ("an unknown type", {**FINE, "type": "exec"}, "unknown_type", "/type"),
    ("no version", without(FINE, "v"), "bad_request", "/v"),
    ("another version", {**FINE, "v": 2}, "version", "/v"),
    ("a text for version", {**FINE, "v": "1"}, "bad_request", "/v"),
    ("deadline 0", {**FINE, "deadline_ms": 0}, "bad_request", "/deadline_ms"),
    ("deadline negative", {**FINE, "deadline_ms": -1}, "bad_request", "/deadline_ms"),
    ("deadline of a year", {**FINE, "deadline_ms": 31536000000}, "bad_request", "/deadline_ms"),
    ("deadline 2^64-1", {**FINE, "deadline_ms": 2**64 - 1}, "bad_request", "/deadline_ms"),
    ("deadline 1.5", {**FINE, "deadline_ms": 1.5}, "bad_request", "/deadline_ms"),
    ("playground", {**FINE, "type": "playground.policy", "set": "{}"}, "not_here", "/type"),
    ("hello without client", {**FINE, "type": "hello", "protocol": [1]}, "bad_request", "/client"),
    ("hello without versions", {**FINE, "type": "hello", "client": {"name": "t"}}, "bad_request", "/protocol"),
    ("hello from the future", {**FINE, "type": "hello", "client": {"name": "t"}, "protocol": [9]}, "version", "/protocol"),
    ("scan of nothing", {**FINE, "type": "scan"}, "bad_request", "/request"),
    ("scan of a text", {**FINE, "type": "scan", "request": "mail"}, "bad_request", "/request"),
    ("scan without from", {**FINE, "type": "scan", "request": without(mail(), "from")}, "bad_request", "/request/from"),
    ("scan of another schema", {**FINE, "type": "scan", "request": {**mail(), "schema": "phiscan.request/9"}}, "bad_request", "/request/schema"),
    ("scan with a text for to", {**FINE, "type": "scan", "request": {**mail(), "to": "dana"}}, "bad_request", "/request/to"),
    ("scan with texts of its own", {**FINE, "type": "scan", "request": {**mail(), "attachments": [{"sha256": D, "text_parts": []}]}}, "bad_request", "/request/attachments/0/text_parts"),
    ("scan with an unnamed attachment", {**FINE, "type": "scan", "request": {**mail(), "attachments": [{"name": "a"}]}}, "bad_request", "/request/attachments/0/sha256"),
    ("scan with half a digest", {**FINE, "type": "scan", "request": {**mail(), "attachments": [{"sha256": "00"}]}}, "bad_request", "/request/attachments/0/sha256"),
    ("scan with 1,001 attachments", {**FINE, "type": "scan", "request": {**mail(), "attachments": [{"sha256": D}] * 1001}}, "bad_request", "/request/attachments"),
    ("chunk without digest", without(upload(), "sha256"), "bad_request", "/sha256"),
    ("chunk with an upper-case digest", upload(sha256="A" * 64), "bad_request", "/sha256"),
    ("chunk without size", without(upload(), "size"), "bad_request", "/size"),
    ("chunk of 26 MiB", upload(size=26 << 20, count=52), "too_large", "/size"),
    ("chunk 0 of 0", upload(count=0), "bad_request", "/count"),
    ("chunk 1 of 1", upload(index=1), "bad_request", "/index"),
    ("chunk -1", upload(index=-1), "bad_request", "/index"),
    ("more chunks than bytes", upload(count=4), "bad_request", "/count"),
    ("fewer chunks than needed", upload(size=600_000, count=1), "bad_request", "/count"),
    ("chunk without data", without(upload(), "data"), "bad_request", "/data"),
    ("chunk that is no base64", upload(data="!!!!"), "bad_request", "/data"),
    ("chunk that is cut base64", upload(data="YSx"), "bad_request", "/data"),
    ("chunk too long", upload(size=600_000, count=2, data="AAAA" * 174_763), "too_large", "/data"),
    ("chunk with more than it says", upload(data="YSxiYSxi"), "too_large", "/data"),
    ("chunk with less than it says", upload(data="YQ=="), "bad_request", "/size"),
    ("chunk with another digest", upload(), "digest_mismatch", "/sha256"),
    ("cancel of nothing", {**FINE, "type": "cancel"}, "bad_request", "/target"),
    ("record without choice", without(record(), "choice"), "bad_request", "/choice"),
    ("record with a choice of its own", record(choice="forwarded"), "bad_request", "/choice"),
    ("record with words", record(reason={"code": "other", "text": "Dana asked"}), "bad_request", "/reason/text"),
    ("record with a reason of its own", record(reason={"code": "because"}), "bad_request", "/reason/code"),
    ("record for good", record(remember_thread={"id": "t", "days": 100000}), "bad_request", "/remember_thread/days"),
    ("record that acknowledges going back", record(choice="went_back", acknowledge=True), "bad_request", "/acknowledge"),
    ("record of people not written to", record(choice="cancelled", recipients=["a@b.test"]), "bad_request", "/recipients"),
    ("record of somebody without address", record(recipients=[{"name": "Dana"}]), "bad_request", "/recipients/0"),
]


class Frames(HostCase):
    def test_each_broken_request_has_its_coded_error(self):
        self.assertGreaterEqual(len(BROKEN), 60)
        host = self.host().ready()
        for name, document, code, where in BROKEN:
            with self.subTest(name):
                host.send_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
                named = isinstance(document, dict) and isinstance(document.get("id"), str) and document["id"] == "x" and not isinstance(document, bytes)
                reply = host.wait("x") if named else host.wait_unnamed()
                self.assert_error(reply, code, where)
                self.assertLess(len(reply["error"]["message"]), 200)
                self.assertNotIn("Dana", json.dumps(reply))
        # After all that it still does its work.
        self.assertEqual(host.scan(PHI)["report"]["content"], "phi")
        self.assertEqual(host.close(), 0)
        self.assertEqual(host.stderr(), b"")

    def test_a_frame_beyond_the_limit_is_skipped(self):
        host = self.host()
        size = (32 << 20) + 1
        host.write(struct.pack("=I", size))
        host.write(b" " * size)
        self.assert_error(host.wait_unnamed(), "too_large")
        self.assertTrue(host.ask(type="status")["ok"])
        self.assertEqual(host.close(), 0)

    def test_a_stream_that_is_no_frames_ends_the_host(self):
        host = self.host()
        host.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assert_error(host.wait_unnamed(), "bad_frame")
        self.assertEqual(host.process.wait(30), 1)

    def test_half_a_frame_and_then_nothing_ends_the_host(self):
        for data in (b"\x10", struct.pack("=I", 100) + b'{"v":1'):
            host = self.host()
            host.write(data)
            self.assertEqual(host.close(), 1)
            self.assertEqual(host.stderr(), b"")

    def test_one_byte_at_a_time(self):
        host = self.host()
        data = json.dumps({**FINE, "id": "slow"}).encode()
        for byte in struct.pack("=I", len(data)) + data:
            host.write(bytes([byte]))
        self.assertTrue(host.wait("slow")["ok"])

    def test_end_of_input_ends_the_host_within_a_second(self):
        for busy in (False, True):
            host = self.host()
            self.assertTrue(host.ask(type="status")["ok"])
            if busy:
                for _ in range(8):
                    host.send(type="scan", request=mail("Dana Roe, MRN 00412345, A1c 8.2. " * 30_000), deadline_ms=100_000)
            started = time.monotonic()
            self.assertEqual(host.close(), 0)
            # One second is the promise; the rest is for a machine that is doing something else.
            self.assertLess(time.monotonic() - started, 5)

    def test_a_reader_that_goes_away_ends_the_host(self):
        host = self.host()
        self.assertTrue(host.ask(type="status")["ok"])
        host.process.stdout.close()
        try:
            for _ in range(100):
                host.send(type="status")
                time.sleep(0.01)
        except BrokenPipeError:
            pass
        host.process.wait(30)

    def test_many_requests_at_once_are_each_answered_once(self):
        host = self.host()
        ids = [host.send(type="scan", request=mail(f"See you at {i}.")) for i in range(200)]
        replies = [host.wait(id) for id in ids]
        for reply in replies:
            if not reply["ok"]:
                self.assert_error(reply, "busy")
        self.assertGreaterEqual(sum(reply["ok"] for reply in replies), 64)
        self.assertEqual(host.close(), 0)

    def test_an_id_is_busy_while_its_request_is_on_its_way(self):
        host = self.host()
        slow = mail("Dana Roe, MRN 00412345, A1c 8.2. " * 100_000)
        for id in ("one", "two", "three"):
            host.send(type="scan", id=id, request=slow, deadline_ms=100_000)
        host.send(type="status", id="three")
        self.assert_error(host.wait("three"), "duplicate_id", "/id")
        host.kill()


class ByHand(HostCase):
    def test_lines(self):
        done = self.home.run("stdio", "--lines", input=b'{"v":1,"id":"a","type":"status"}\n\n{"v":1,"id":"b","type":"policy"}\nwhat\n')
        self.assertEqual(done.returncode, 0)
        replies = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(sorted(str(one["id"]) for one in replies), ["None", "a", "b"])

    def test_a_terminal_gets_an_explanation(self):
        import os
        import pty
        import subprocess
        master, slave = pty.openpty()
        done = subprocess.run([PROGRAM, "stdio"], stdin=slave, capture_output=True, env=self.home.environment(), timeout=60)
        os.close(master)
        os.close(slave)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"--lines", done.stderr)

    def test_started_as_a_mail_program_does_it(self):
        done = self.home.run("/usr/lib/mozilla/native-messaging-hosts/phiscan.json", "thunderbird@phiscan",
                             input=struct.pack("=I", len(json.dumps(FINE))) + json.dumps(FINE).encode())
        self.assertEqual(done.returncode, 0)
        self.assertTrue(json.loads(done.stdout[4:])["ok"])

    def test_help_and_wrong_words(self):
        self.assertEqual(self.home.run("--help").returncode, 0)
        self.assertIn(b"exit codes", self.home.run("help").stdout)
        for words in ([], ["dance"], ["stdio", "--colour"], ["stdio", "more"], ["serve", "--playground", "--port", "x"], ["state"], ["state", "forget"],
                      ["status", "--policy"], ["serve", "--playground", "--pages", "/nowhere"]):
            done = self.home.run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertEqual(done.stdout, b"")
            self.assertIn(b"phiscan-host", done.stderr)

    def test_status_for_people_and_for_programs(self):
        done = self.home.run("status", "--policy", str(POLICY))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"lakeside-family-clinic", done.stdout)
        self.assertIn(b"us-core", done.stdout)
        facts = json.loads(self.home.run("status", "--json").stdout)
        self.assertEqual(facts["state"]["condition"], "ready")
        self.assertEqual(facts["database"], "ok")
        missing = self.home.run("status", "--policy", str(self.home.folder / "none.json"))
        self.assertEqual(missing.returncode, 1)
        self.assertIn(b"problem: policy", missing.stdout)


if __name__ == "__main__":
    unittest.main()
