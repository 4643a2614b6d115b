"""What a scan answers: reports, the cache, deadlines, cancelling, the size of replies, and that nothing of a mail is left anywhere."""
import json
import pathlib
import unittest

from host import CACHE, PHI, POLICY, HostCase, attachment, digest, mail

LONG = "Dana Roe, MRN 00412345, born 03/04/1961, has an A1c of 8.2 and takes metformin 1000 mg. "


class Reports(HostCase):
    def test_same_request_same_report(self):
        host = self.host()
        first, second = host.scan(PHI), host.scan(PHI)
        self.assertEqual((first["cached"], second["cached"]), (False, True))
        self.assertEqual(first["report"], second["report"])
        self.assertEqual(first["report"]["content"], "phi")

    def test_every_fact_is_part_of_the_key(self):
        host = self.host()
        host.scan(PHI)
        for change in ({"subject": "Hello!"}, {"locale": "es"}, {"now": "2026-11-23"}, {"to": [{"address": "dana.ro@mail.example", "name": "Dana Roe"}]},
                       {"sender": {"role": "nurse"}}, {"explain": True}):
            self.assertFalse(host.scan({**PHI, **change})["cached"], change)
        # The time of day is none.
        self.assertTrue(host.scan({**PHI, "now": "2026-11-22T23:59:00-05:00"})["cached"])

    def test_a_record_changes_the_history_and_so_the_key(self):
        host = self.host()
        self.assertIn("first_time", host.scan(PHI)["report"]["recipients"][0]["risks"])
        host.ask(type="record", fingerprint="0" * 64, inputs_sha256="0" * 64, action="confirm", choice="sent", recipients=["dana.roe@mail.example"])
        after = host.scan(PHI)
        self.assertFalse(after["cached"])
        self.assertNotIn("first_time", after["report"]["recipients"][0]["risks"])

    def test_history_and_acknowledgements_of_the_client_count_for_nothing(self):
        host = self.host()
        honest = host.scan(PHI)["report"]
        claimed = host.scan({**PHI, "acknowledged": [honest["fingerprint"]], "history": {"recipients": [{"field": "to", "index": 0, "first_time": False}]}})["report"]
        self.assertEqual(honest, claimed)
        self.assertEqual(claimed["action"], "confirm")

    def test_lone_surrogates_and_unicode_keep_their_places(self):
        host = self.host()
        text = "\U0001f600 \ud800 " + LONG
        host.send_bytes(json.dumps({"v": 1, "id": "u", "type": "scan", "request": mail(text)}).encode())
        report = host.wait("u")["report"]
        units = text.encode("utf-16-le", "surrogatepass")
        spans = [span for one in report["findings"] if one["label"] == "mrn" for span in one["spans"]]
        self.assertEqual([units[2 * a:2 * b].decode("utf-16-le") for a, b in (span["utf16"] for span in spans)], ["00412345"])

    def test_the_clinic_policy_is_used(self):
        enforced = self.home.folder / "policy.json"
        enforced.write_text(POLICY.read_text().replace('"mode": "advise"', '"mode": "monitor"'))
        self.assertEqual(self.host("--policy", str(enforced)).scan(PHI)["report"]["action"], "allow")
        self.assertEqual(self.host("--policy", str(POLICY)).scan(PHI)["report"]["action"], "confirm")

    def test_progress_only_when_asked(self):
        host = self.host()
        host.scan(PHI)
        self.assertEqual(host.events, [])
        id = host.send(type="scan", request=mail("Another one."), progress=True)
        self.assertTrue(host.wait(id)["ok"])
        self.assertEqual([(event["id"], event["type"], event["stage"]) for event in host.events], [(id, "progress", "queued"), (id, "progress", "scanning")])

    def test_replies_come_in_any_order(self):
        host = self.host()
        slow = host.send(type="scan", request=mail(LONG * 20_000), deadline_ms=100_000)
        self.assertTrue(host.ask(type="status")["ok"])
        self.assertNotIn(slow, host.replies)
        self.assertTrue(host.ask(type="cancel", target=slow)["cancelled"])


class Deadlines(HostCase):
    def test_requests_are_heard_while_the_rules_are_compiled(self):
        cold = self.home.folder / "cold"
        cold.mkdir()
        host = self.host(XDG_CACHE_HOME=str(cold))
        early = host.send(type="scan", request=PHI, deadline_ms=201)
        self.assertFalse(host.ask(type="cancel", target="nobody")["cancelled"])
        hello = host.send(type="hello", client={"name": "test"}, protocol=[1], deadline_ms=100_000)
        reply = host.wait(early)
        if not reply["ok"]:
            self.assert_error(reply, "deadline")
        self.assertEqual(host.wait(hello)["pack"]["id"], "us-core")
        self.assertEqual(host.scan(PHI)["report"]["content"], "phi")

    def test_the_answer_names_what_was_not_read(self):
        host = self.host().ready()
        slow = mail(LONG * 60_000, attachments=[{"name": "x.csv", "sha256": "0" * 64}])
        reply = host.scan({**slow, "to": [{"address": "lab@mail.example"}], "body": {"text": slow["body"]["text"], "html": "<p>x"}}, deadline_ms=201)
        self.assertTrue(reply["ok"], reply)
        report = reply["report"]
        self.assertFalse(report["complete"])
        self.assertEqual({(gap["part"], gap["why"]) for gap in report["gaps"]},
                         {("body.html", "timeout"), ("body.text", "timeout"), ("attachments/0", "pending")})
        self.assertGreaterEqual(["allow", "note", "confirm", "justify", "block"].index(report["action"]), 1)
        self.assertEqual(len(report["recipients"]), 1)

    def test_the_whole_report_is_there_when_asked_again(self):
        host = self.host().ready()
        slow = mail(LONG * 10_000)
        self.assertFalse(host.scan(slow, deadline_ms=201)["report"]["complete"])
        again = host.scan(slow, deadline_ms=100_000)["report"]
        self.assertEqual({gap["why"] for gap in again["gaps"]}, {"too_large"})  # no timeout any more; it holds more facts than are kept
        self.assertEqual(again["content"], "phi")

    def test_a_subject_is_read_even_then(self):
        host = self.host().ready()
        report = host.scan({**mail(LONG * 60_000), "subject": "Dana Roe MRN 00412345 A1c 8.2"}, deadline_ms=201)["report"]
        self.assertFalse(report["complete"])
        self.assertIn("subject", {span["part"] for one in report["findings"] for span in one["spans"]})

    def test_cancel_answers_both(self):
        host = self.host().ready()
        slow = [host.send(type="scan", request=mail(f"{i} " + LONG * 20_000), deadline_ms=100_000) for i in range(4)]
        self.assertTrue(host.ask(type="cancel", target=slow[3])["cancelled"])
        self.assert_error(host.wait(slow[3]), "cancelled")
        self.assertFalse(host.ask(type="cancel", target=slow[3])["cancelled"])
        self.assertFalse(host.ask(type="cancel", target="never")["cancelled"])


class Size(HostCase):
    def test_no_reply_reaches_a_megabyte_and_what_is_missing_is_said(self):
        host = self.host()
        names = "".join(f"Patient {i}: MRN {10_000_000 + i}, A1c {5 + i % 9}.{i % 10}, phone (202) 555-01{i % 100:02d}\n" for i in range(8000))
        people = [{"address": f"person{i}@mail{i}.example", "name": f"Person {i}"} for i in range(1500)]
        reply = host.scan({**mail(names), "cc": people, "explain": True}, deadline_ms=100_000)
        self.assertTrue(reply["ok"], reply)
        self.assertLess(max(host.sizes), 1 << 20)
        self.assertGreater(max(host.sizes), 300_000)
        self.assertGreater(reply["left_out"]["findings"], 0)
        self.assertEqual(reply["report"]["content"], "phi")
        for line in reply["report"]["text"]["lines"]:
            for piece in line["text"].split("{finding:")[1:]:
                self.assertLess(int(piece.split("}")[0]), len(reply["report"]["findings"]))

    def test_a_small_report_says_that_nothing_was_left_out(self):
        self.assertIsNone(self.host().scan(PHI)["left_out"])


class Traces(HostCase):
    def test_no_word_of_a_mail_is_left_anywhere(self):
        words = [f"Quizzaciously{i}Zorblatt" for i in range(12)]
        host = self.host("--policy", str(POLICY)).ready()
        w = iter(words)
        data = f"name,mrn\n{next(w)} Ek,00412345\n".encode()
        request = {**mail(f"{next(w)} has an A1c of 8.2, MRN 00412345. {next(w)}"), "subject": next(w), "thread": {"participants": [f"{next(w)}@mail.example"]},
                   "to": [{"address": f"{next(w)}@mail.example", "name": next(w)}], "attachments": [attachment(data, f"{next(w)}.csv")]}
        replies = [host.scan(request, thread=next(w)), host.upload(data, "list.csv"), host.scan(request), host.scan(request, deadline_ms=1)]
        replies.append(host.scan({**request, next(w): {"a": 1}}))
        report = replies[2]["report"]
        self.assertEqual(report["content"], "phi")
        replies.append(host.ask(type="record", fingerprint=report["fingerprint"], inputs_sha256=report["inputs_sha256"], action="confirm", choice="sent", acknowledge=True,
                                thread=words[8], remember_thread={"id": words[8], "days": 3}, recipients=[{"address": f"{words[5]}@mail.example", "name": words[6]}]))
        self.assertTrue(replies[-1]["kept"])
        for broken in (b'{"' + words[11].encode() + b'":1,"' + words[11].encode() + b'":2}', words[11].encode(), b'{"v":1,"id":"' + words[11].encode() + b' ","type":"x"}',
                       json.dumps({"v": 1, "id": "t", "type": words[11]}).encode(), json.dumps({"v": 1, "id": "c", "type": "scan", "request": {**request, "cc": words[11]}}).encode()):
            host.send_bytes(broken)
        host.wait("t")
        host.wait("c")
        host.send(type="status", id="last")
        host.wait("last")
        everything = b"".join(host.raw)
        # Alive and with its files open, and again after it has ended.
        for end in (False, True):
            if end:
                self.assertEqual(host.close(), 0)
            everything += host.stderr()
            for folder in (self.home.folder, CACHE):
                for path in folder.rglob("*"):
                    if path.is_file():
                        everything += str(path).encode() + path.read_bytes()
        self.assertTrue((self.home.state).exists())
        lower = everything.lower()
        for word in words:
            self.assertNotIn(word.lower().encode(), lower)
        for part in (b"00412345", b"mail.example"):
            self.assertNotIn(part, everything.replace(POLICY.read_bytes(), b""))
        self.assertEqual(list((self.home.folder / "tmp").iterdir()), [])
        self.assertEqual(host.stderr(), b"")

    def test_the_memory_of_the_process_holds_no_mail_that_is_done(self):
        import os
        if os.getuid() != 0:
            self.skipTest("looking into another process needs the administrator")
        host = self.host()
        word = "Quizzaciously" + "Zorblattine"
        for i in range(5):
            host.scan({**mail(f"{word} has an A1c of 8.2, MRN 00412345. " * (1 + 40 * i)), "subject": word})
        self.assertTrue(host.ask(type="status")["ok"])
        for i in range(200):
            host.scan(mail(f"See you at {i}. " + "The parking lot is closed. " * (i % 50)))
        found = 0
        pid = host.process.pid
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                if "w" not in rights or "[v" in line:
                    continue
                begin, end = (int(part, 16) for part in span.split("-"))
                # In pieces that overlap by a word: sanitizers map terabytes, nearly all of them empty.
                for at in range(begin, min(end, begin + (1 << 30)), 1 << 24):
                    memory.seek(at)
                    try:
                        found += memory.read(min(end - at, (1 << 24) + len(word))).count(word.encode())
                    except OSError:
                        break
        self.assertEqual(found, 0)


if __name__ == "__main__":
    unittest.main()
