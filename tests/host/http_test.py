"""The playground from outside, mostly from where it should not be asked."""
import json
import signal
import socket
import threading
import time
import unittest

from host import PHI, POLICY, HostCase, attachment, digest, mail
from http_client import Playground

STATUS = json.dumps({"v": 1, "id": "x", "type": "status"}).encode()


class Case(HostCase):
    def setUp(self):
        super().setUp()
        self.page = Playground(self.home)
        self.addCleanup(self.page.stop)

    def refused(self, status, code, reply):
        self.assertEqual((reply[0], reply[1]["error"]["code"]), (status, code), reply)
        self.assertFalse(reply[1]["ok"])


class Pages(Case):
    def test_the_page_and_what_comes_with_it(self):
        status, headers, body = self.page.get("/")
        self.assertEqual(status, 200)
        self.assertNotIn(b"__PHISCAN_TOKEN__", body)
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
            self.assertIn(part, policy)
        self.assertEqual((headers["X-Content-Type-Options"], headers["Cross-Origin-Resource-Policy"], headers["Cache-Control"]), ("nosniff", "same-origin", "no-store"))
        self.assertNotIn("Access-Control-Allow-Origin", headers)
        self.assertEqual(self.page.get("/playground.js")[1]["Content-Type"], "text/javascript; charset=utf-8")
        self.assertNotEqual(self.page.new_token(), self.page.new_token())

    def test_nothing_but_the_pages(self):
        for path in ("/.hidden", "/../host.py", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/none.js", "/..", "/index.html/", "/%00", "/a b", "/api", "/\\..\\x"):
            with self.subTest(path):
                raw = self.page.raw(f"GET {path} HTTP/1.1\r\nHost: {self.page.authority}\r\n\r\n".encode())
                self.assertRegex(raw.split(b"\r\n")[0], rb"HTTP/1.1 4\d\d")

    def test_other_origins_do_not_get_the_page(self):
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, {"Sec-Fetch-Site": "same-site"}):
            self.assertEqual(self.page.get("/", headers)[0], 403, headers)
        self.assertEqual(self.page.get("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})[0], 200)

    def test_a_clean_end(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            page = Playground(self.home)
            self.assertEqual(page.stop(how), (0, ""))

    def test_the_same_port_twice(self):
        done = self.home.run("serve", "--playground", "--port", str(self.page.port), "--pages", str(self.page.pages))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"--port 0", done.stderr)


class Gates(Case):
    def test_an_honest_request_passes(self):
        status, reply = self.page.post(STATUS)
        self.assertEqual((status, reply["ok"]), (200, True))
        local = f"localhost:{self.page.port}"
        self.assertEqual(self.page.post(STATUS, Host=local, Origin=f"http://{local}")[0], 200)

    def test_wrong_hosts(self):
        port = self.page.port
        for host in ("evil.example", f"evil.example:{port}", f"localhost.evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"0.0.0.0:{port}",
                     f"[::1]:{port}", f"localhost.:{port}", f"user@127.0.0.1:{port}", f"127.0.0.1:{port}.", "", f"127.0.0.1:{port}, evil.example", f"2130706433:{port}"):
            with self.subTest(host):
                self.refused(421, "wrong_host", self.page.post(STATUS, Host=host))
        for raw in (b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nHost: {self.page.authority}\r\nHost: evil.example\r\n\r\n".encode()):
            self.assertRegex(self.page.raw(raw).split(b"\r\n")[0], rb" (421|400) ")

    def test_wrong_origins(self):
        authority = self.page.authority
        for origin in (None, "null", "", "http://evil.example", f"https://{authority}", f"http://{authority}.evil.example", f"http://{authority}/", f"http://127.0.0.1:{self.page.port + 1}",
                       "http://127.0.0.1", f"HTTP://{authority}", f"http://evil.example http://{authority}", "moz-extension://x"):
            with self.subTest(origin):
                self.refused(403, "wrong_origin", self.page.post(STATUS, Origin=origin))

    def test_wrong_content_types(self):
        for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json, text/plain", "application/jsonp", "text/json"):
            with self.subTest(kind):
                self.refused(415, "wrong_content_type", self.page.post(STATUS, Content_Type=kind))
        self.refused(415, "wrong_content_type", self.page.post(STATUS, Content_Encoding="gzip"))

    def test_wrong_tokens(self):
        token = self.page.token
        for one in (None, "", "0" * 64, token[:-1], token + "0", token.upper(), "__PHISCAN_TOKEN__"):
            if one != token:
                with self.subTest(one):
                    self.refused(401, "wrong_token", self.page.post(STATUS, X_Phiscan_Token=one))

    def test_the_order_of_the_gates(self):
        everything = {"Host": "evil.example", "Origin": "http://evil.example", "Content_Type": "text/plain", "X_Phiscan_Token": "0", "Content_Length": str(99 << 20)}
        for name, status, code in (("Host", 421, "wrong_host"), ("Origin", 403, "wrong_origin"), ("Content_Type", 415, "wrong_content_type"),
                                   ("X_Phiscan_Token", 401, "wrong_token"), ("Content_Length", 413, "too_large")):
            self.refused(status, code, self.page.post(b"", **everything))
            del everything[name]

    def test_methods_and_lengths(self):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            self.assertEqual(self.page.post(STATUS, method=method)[0], 405, method)
        self.assertEqual(self.page.post(STATUS, path="/other")[0], 405)
        self.assertEqual(self.page.post(b"", Content_Length="none")[0], 411)
        self.assertEqual(self.page.post(b"0\r\n\r\n", Content_Length="none", Transfer_Encoding="chunked")[0], 411)
        for length in (str((32 << 20) + 1), "-1", "1e3", "99999999999999999999", "0x10"):
            self.assertIn(self.page.post(b"", Content_Length=length)[0], (400, 413), length)

    def test_a_refused_body_is_not_the_next_request(self):
        inner = (f"POST /api HTTP/1.1\r\nHost: {self.page.authority}\r\nOrigin: http://{self.page.authority}\r\nContent-Type: application/json\r\n"
                 f"X-Phiscan-Token: {self.page.token}\r\nContent-Length: {len(STATUS)}\r\n\r\n").encode() + STATUS
        outer = f"POST /api HTTP/1.1\r\nHost: {self.page.authority}\r\nOrigin: http://evil.example\r\nContent-Length: {len(inner)}\r\n\r\n".encode()
        out = self.page.raw(outer + inner)
        self.assertEqual(out.count(b"HTTP/1.1"), 1)
        self.assertIn(b" 403 ", out.split(b"\r\n")[0])

    def test_noise(self):
        for raw in (b"\r\n\r\n", b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000 + b"\r\n\r\n",
                    f"GET /{'a' * 20_000} HTTP/1.1\r\nHost: {self.page.authority}\r\n\r\n".encode(),
                    f"GET / HTTP/1.1\r\nHost: {self.page.authority}\r\n".encode() + b"X: y\r\n" * 20_000 + b"\r\n", b"\x16\x03\x01\x02\x00\x01"):
            one = self.page.raw(raw, wait=False)
            one.shutdown(socket.SHUT_WR)
            one.settimeout(60)
            try:
                while one.recv(65536):
                    pass
            except ConnectionResetError:
                pass
            one.close()
        self.assertEqual(self.page.post(STATUS)[0], 200)

    def test_slow_clients_keep_nobody_waiting_and_are_let_go(self):
        head = f"POST /api HTTP/1.1\r\nHost: {self.page.authority}\r\nOrigin: http://{self.page.authority}\r\nContent-Type: application/json\r\nX-Phiscan-Token: {self.page.token}\r\n"
        slow = [self.page.raw(b"GET / HT", wait=False) for _ in range(6)] + [self.page.raw(f"{head}Content-Length: 1000\r\n\r\n{{".encode(), wait=False) for _ in range(6)]
        self.assertEqual(self.page.post(STATUS)[0], 200)
        for one in slow:
            one.settimeout(60)
            try:
                while one.recv(65536):
                    pass
            except ConnectionResetError:
                pass
            one.close()
        self.assertEqual(self.page.post(STATUS)[0], 200)

    def test_only_this_machine(self):
        with open("/proc/net/tcp") as table:
            lines = [line.split() for line in table][1:]
        mine = [line[1] for line in lines if line[3] == "0A" and int(line[1].split(":")[1], 16) == self.page.port]
        self.assertEqual(mine, [f"0100007F:{self.page.port:04X}"])


class Api(Case):
    def ask(self, **request):
        status, reply = self.page.api({"v": 1, "id": "x", **request})
        self.assertEqual(status, 200)
        return reply

    def test_scan_and_attachments(self):
        self.assertEqual(self.ask(type="scan", request=PHI)["report"]["policy"]["id"], "lakeside-family-clinic")
        data = b"name,mrn,dob\nGunnar Ek,00412345,1961-03-04\n"
        request = mail("List.", attachments=[attachment(data)])
        self.assertEqual(self.ask(type="scan", request=request)["need"], [digest(data)])
        import base64
        done = self.ask(type="attachment", sha256=digest(data), name="list.csv", media_type="text/csv", size=len(data), index=0, count=1, data=base64.b64encode(data).decode())
        self.assertEqual((done["complete"], done["unread"]), (True, None))
        self.assertEqual(self.ask(type="scan", request=request)["need"], [])

    def test_a_policy_is_taken_over_at_once_and_a_broken_one_is_not(self):
        before = self.ask(type="playground.policy")
        self.assertEqual(before["text"], POLICY.read_text())
        monitor = before["text"].replace('"mode": "advise"', '"mode": "monitor"')
        self.assertTrue(self.ask(type="playground.policy", set=monitor)["ok"])
        self.assertEqual(self.ask(type="scan", request=PHI)["report"]["action"], "allow")
        for text, where in (("{", "/set"), (monitor.replace("monitor", "loud"), "/set/mode"), (monitor.replace('"own"', '"mode"', 1), "/set/mode"), ("[]", "/set")):
            reply = self.ask(type="playground.policy", set=text)
            self.assert_error(reply, "policy", where)
            self.assertEqual(self.ask(type="scan", request=PHI)["report"]["action"], "allow")
        self.assertTrue(self.ask(type="playground.policy", set="")["ok"])
        self.assertEqual(self.ask(type="policy")["policy"]["id"], "")

    def test_packs(self):
        reply = self.ask(type="playground.packs", set=["{}"])
        self.assert_error(reply, "packs", "/set")
        self.assertEqual(self.ask(type="playground.packs", set=[])["pack"]["id"], "us-core")
        self.assert_error(self.ask(type="playground.packs", set=[7]), "bad_request", "/set/0")
        self.assertEqual(self.ask(type="scan", request=PHI)["report"]["action"], "confirm")

    def test_history_lives_as_long_as_the_playground(self):
        self.assertEqual(self.ask(type="status")["database"], "memory")
        self.ask(type="record", fingerprint="0" * 64, inputs_sha256="0" * 64, action="confirm", choice="sent", recipients=["dana.roe@mail.example"])
        self.assertNotIn("first_time", self.ask(type="scan", request=PHI)["report"]["recipients"][0]["risks"])
        self.assertEqual(list((self.home.folder / "state").rglob("*.db")), [])

    def test_many_pages_at_once(self):
        results = []

        def work(number):
            for i in range(10):
                status, reply = self.page.api({"v": 1, "id": "same", "type": "scan", "request": mail(f"{number} {i}")} | {"id": f"p{number}.{i}"})
                results.append((status, reply["ok"]))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(results, [(200, True)] * 160)


if __name__ == "__main__":
    unittest.main()
