"""Every example of PROTOCOL.md, in order, against a real host."""
import json
import re
import unittest

from host import POLICY, SOURCE, HostCase
from http_client import Playground

BLOCK = re.compile(r"```json (request|reply)( playground)?\n(.*?)```", re.S)


def examples():
    text = (SOURCE / "bindings/host/PROTOCOL.md").read_text()
    blocks = [(kind, bool(place), json.loads(body)) for kind, place, body in BLOCK.findall(text)]
    assert len(blocks) % 2 == 0
    for request, reply in zip(blocks[::2], blocks[1::2]):
        assert request[0] == "request" and reply[0] == "reply"
        yield request[1], request[2], reply[2]


class Examples(HostCase):
    def compare(self, expected, actual, where=""):
        if expected == "…":
            return
        if isinstance(expected, dict):
            self.assertIsInstance(actual, dict, where)
            self.assertEqual(sorted(expected), sorted(actual), f"fields of {where or 'the reply'}")
            for key in expected:
                self.compare(expected[key], actual[key], f"{where}/{key}")
        else:
            self.assertEqual(expected, actual, where)

    def test_every_example(self):
        host = self.host("--policy", str(POLICY)).ready()
        page = Playground(self.home)
        self.addCleanup(page.stop)
        seen = set()
        for in_playground, request, expected in examples():
            seen.add(request["type"])
            with self.subTest(request["id"]):
                if in_playground:
                    status, reply = page.api(request)
                    self.assertEqual(status, 200)
                else:
                    host.send_bytes(json.dumps(request).encode())
                    reply = host.wait(request["id"])
                self.compare(expected, reply)
        self.assertEqual(seen, {"hello", "scan", "attachment", "cancel", "record", "policy", "status", "playground.samples", "playground.policy", "playground.packs"})
        self.assertEqual(host.close(), 0)

    def test_every_error_code_of_the_page_is_in_the_code_and_the_other_way_round(self):
        page = (SOURCE / "bindings/host/PROTOCOL.md").read_text()
        listed = set(re.findall(r"`([a-z_]+)`", page.split("Error codes:")[1].split("##")[0]))
        code = "".join(path.read_text() for path in (SOURCE / "bindings/host").glob("*.cpp"))
        for word in listed:
            self.assertTrue(f'"{word}"' in code or f'\\"{word}\\"' in code, word)
        used = set(re.findall(r'(?:Problem\{|refuse\(\w+, \{|wrong\(|fail\("\w+", "[^"]*", )"([a-z_]+)"', code))
        of_files = {"config", "users", "certificate", "in_use"}  # told to the administrator, in no reply
        self.assertLessEqual(used, listed | of_files | {"wrong_host", "wrong_origin"}, used - listed)
        over_https = set(re.findall(r'(?:refuse\(|Literal\()"([a-z_]+)"', (SOURCE / "bindings/host/https.cpp").read_text()))
        told = set(re.findall(r"`([a-z_]+)`", page.split("## HTTPS")[1].split("\n## ")[0]))
        self.assertGreater(len(over_https), 10)
        self.assertLessEqual(over_https, told, over_https - told)


if __name__ == "__main__":
    unittest.main()
