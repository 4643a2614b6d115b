"""The service over HTTPS from outside: what is let in, what is not, and what stays private."""
import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
import unittest
import warnings

from host import PHI, HostCase, attachment, digest, mail
from https_client import NAME, Service

STATUS = json.dumps({"v": 1, "id": "x", "type": "status"}).encode()


class Case(HostCase):
    def service(self, **changes):
        one = Service(self.home, **changes)
        self.addCleanup(one.stop)
        return one

    def refused(self, status, code, reply):
        self.assertEqual((reply[0], reply[2]["error"]["code"]), (status, code), reply)
        self.assertFalse(reply[2]["ok"])
        for name in reply[1]:
            self.assertFalse(name.lower().startswith("access-control-") or name.lower() == "set-cookie", name)


class Gates(Case):
    """Each shape on a raw TLS connection. None of the refused ones may reach the host, which counts what it has answered."""

    def setUp(self):
        super().setUp()
        self.one = self.service(metrics="loopback")
        self.token = self.one.token("frontdesk")
        self.one.ask(self.token, type="status")

    def answered(self):
        text = self.one.get("/metrics")[2].decode()
        return int(text.split("\nphiscan_api_seconds_count ")[1].split()[0])

    def post(self, **changes):
        return self.one.post(STATUS, token=self.token, **changes)

    def test_hostile_shapes_are_refused_in_order_and_reach_nothing(self):
        one, port, token = self.one, self.one.port, self.token
        before = self.answered()
        shapes = 0
        for host in ("evil.example", f"evil.example:{port}", f"{NAME}.evil.example:{port}", NAME, f"{NAME}:{port + 1}", f"{NAME}.:{port}", f"{NAME}:{port}.", f"127.0.0.1:{port}",
                     f"localhost:{port}", f"0.0.0.0:{port}", f"[::1]:{port}", f"user@{NAME}:{port}", f"{NAME}:{port}, evil.example", "", f"2130706433:{port}", f"{NAME.upper()}:{port}", None):
            with self.subTest(host=host):
                self.refused(421, "wrong_host", self.post(Host=host))
                shapes += 1
        for origin in (None, "null", "", "https://evil.example", f"http://{one.host}", f"{one.origin}.evil.example", f"{one.origin}/", f"https://{NAME}", f"{one.origin} https://evil.example",
                       "https://outlook.office.com", one.origin.upper(), "file://", "moz-extension://x"):
            with self.subTest(origin=origin):
                self.refused(403, "wrong_origin", self.post(Origin=origin))
                shapes += 1
        for site in ("cross-site", "same-site", "none", "elsewhere"):
            with self.subTest(site=site):
                self.refused(403, "wrong_origin", self.post(Sec_Fetch_Site=site))
                shapes += 1
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"):
            with self.subTest(method=method):
                self.refused(405, "wrong_method", self.post(method=method))
                shapes += 1
        for path in ("/api/", "/API", "/api?x=1", "//api", f"{one.origin}/api", f"http://{one.host}/api", "/../api", "*", "/%61pi"):
            with self.subTest(path=path):
                self.refused(404, "not_found", self.post(path=path))
                shapes += 1
        for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json, text/plain", "application/jsonp"):
            with self.subTest(kind=kind):
                self.refused(415, "wrong_content_type", self.post(Content_Type=kind))
                shapes += 1
        self.refused(415, "wrong_content_type", self.post(Content_Encoding="gzip"))
        for said in (None, "", "Bearer", "Bearer ", f"Basic {token}", token, f"Bearer {token}x", f"Bearer {token[:-1]}", f"Bearer {'A' * 43}", f"Bearer  {token}", f"Bearer {token}, Bearer {token}"):
            with self.subTest(said=said):
                self.refused(401, "wrong_token", self.post(Authorization=said))
                shapes += 1
        self.assertEqual(self.post(Content_Length="none")[0], 411)
        self.assertEqual(self.post(Content_Length="none", Transfer_Encoding="chunked")[0], 411)
        self.refused(413, "too_large", one.post(b"", token=token, Content_Length=str((32 << 20) + 1)))
        for length in ("-1", "1e3", "0x10", "1, 1", "99999999999999999999999", "+5"):
            with self.subTest(length=length):
                self.assertIn(one.post(b"", token=token, Content_Length=length)[0], (400, 411, 413))
                shapes += 1
        self.assertGreaterEqual(shapes, 40)
        self.assertEqual(self.answered(), before)
        self.assertEqual(self.post()[0], 200)
        self.assertEqual(self.answered(), before + 1)

    def test_the_order_of_the_gates(self):
        changes = {"Host": "evil.example", "Origin": "https://evil.example", "Content_Type": "text/plain", "Authorization": "Bearer no", "Content_Length": str(99 << 20)}
        for name, status, code in (("Host", 421, "wrong_host"), ("Origin", 403, "wrong_origin"), ("Content_Type", 415, "wrong_content_type"), ("Authorization", 401, "wrong_token"),
                                   ("Content_Length", 413, "too_large")):
            self.refused(status, code, self.one.post(b"", token=self.token, **changes))
            del changes[name]

    def lines(self, *extra, without=()):
        head = {"Host": self.one.host, "Origin": self.one.origin, "Content-Type": "application/json", "Authorization": f"Bearer {self.token}", "Content-Length": str(len(STATUS))}
        kept = [f"{name}: {value}" for name, value in head.items() if name not in without]
        return ("POST /api HTTP/1.1\r\n" + "\r\n".join(kept + list(extra)) + "\r\n\r\n").encode()

    def test_doubled_headers_and_smuggling(self):
        before = self.answered()
        for extra, without in (((f"Host: {self.one.host}",), ()), (("Host: evil.example",), ()), ((f"Origin: {self.one.origin}",), ()), (("Origin: null",), ()), (("Content-Type: text/plain",), ()),
                               ((f"Authorization: Bearer {self.token}", "Connection: close"), ()), (("Content-Length: 3",), ()), (("Transfer-Encoding: chunked",), ()), (("Transfer-Encoding: identity",), ()),
                               (("Transfer-Encoding: xchunked",), ("Content-Length",)), (("Transfer-Encoding : chunked",), ()), ((" folded: x",), ()), (("X\0: y",), ()), (("Bad Name: x",), ()),
                               (("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"), ())):
            with self.subTest(extra=extra):
                self.assertRegex(self.one.raw(self.lines(*extra, without=without) + STATUS).split(b"\r\n")[0], rb"^HTTP/1.1 4\d\d ")
        for raw in (self.lines().replace(b"\r\n", b"\n") + STATUS, self.lines().replace(b"HTTP/1.1", b"HTTP/1.0") + STATUS, self.lines().replace(b"HTTP/1.1", b"HTTP/2.0") + STATUS,
                    self.lines(" 0") + STATUS, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0" * 1000, b"GET\r\n\r\n", b"A" * 100_000, self.lines("X: " + "y" * 20_000), self.lines(*["X: y"] * 5_000)):
            with self.subTest(raw=raw[:40]):
                out = self.one.raw(raw)
                self.assertTrue(out == b"" or out.startswith(b"HTTP/1.1 4"), out[:100])
        self.assertEqual(self.answered(), before)

    def test_a_refused_body_is_not_the_next_request(self):
        inner = self.lines() + STATUS
        for outer in (f"POST /api HTTP/1.1\r\nHost: {self.one.host}\r\nOrigin: https://evil.example\r\nContent-Length: {len(inner)}\r\n\r\n".encode(),
                      f"GET /healthz HTTP/1.1\r\nHost: {self.one.host}\r\nContent-Length: {len(inner)}\r\n\r\n".encode(),
                      f"POST /api HTTP/1.1\r\nHost: {self.one.host}\r\nOrigin: {self.one.origin}\r\nContent-Type: application/json\r\nAuthorization: Bearer no\r\nContent-Length: {len(inner)}\r\n\r\n".encode()):
            before = self.answered()
            with self.one.connect(timeout=5) as one:
                one.sendall(outer + inner)
                out = b""
                try:
                    while piece := one.recv(65536):
                        out += piece
                except (TimeoutError, ConnectionResetError):
                    pass
            self.assertEqual(out.count(b"HTTP/1.1"), 1, out)
            self.assertEqual(self.answered(), before)

    def test_what_is_sent_ahead_is_not_answered(self):
        out = self.one.raw(self.lines() + STATUS + self.lines() + STATUS)
        self.assertEqual(out.count(b"HTTP/1.1 200"), 1)

    def test_tls(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            context = self.one.context()
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():  # we know that they are deprecated
                warnings.simplefilter("ignore")
                context.minimum_version = context.maximum_version = version
            with self.assertRaises((ssl.SSLError, ConnectionResetError)):
                self.one.connect(context)
        context = self.one.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AES128-SHA:AES128-GCM-SHA256")  # no forward secrecy
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            self.one.connect(context)
        context = self.one.context()
        context.set_alpn_protocols(["h2"])
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            self.one.connect(context)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.one.connect(ssl.create_default_context())
        for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" + b"\0" * 600, os.urandom(2000)):
            with socket.create_connection(("127.0.0.1", self.one.port), timeout=30) as plain:
                try:
                    plain.sendall(noise)
                    plain.shutdown(socket.SHUT_WR)
                    while plain.recv(65536):
                        pass
                except OSError:
                    pass
        self.assertEqual(self.post()[0], 200)


class Slow(Case):
    def test_slow_clients_are_let_go_however_they_drip(self):
        one = self.service(limits={"handshake_ms": 1000, "head_ms": 1000, "idle_ms": 1500}, metrics="loopback")
        token = one.token("frontdesk")
        silent = socket.create_connection(("127.0.0.1", one.port), timeout=60)
        idle = one.connect()
        head = one.connect()
        over = []

        def drip(connection, piece):
            try:
                while True:
                    connection.sendall(piece)
                    time.sleep(0.1)
            except OSError:
                over.append(piece)

        dripping = threading.Thread(target=drip, args=(head, b"G"))
        dripping.start()
        self.assertEqual(one.ask(token, type="status")["ok"], True)
        for connection in (silent, idle):
            self.assertEqual(connection.recv(1), b"")
            connection.close()
        dripping.join(60)
        self.assertEqual(over, [b"G"])
        head.close()
        self.assertGreaterEqual(int(one.get("/metrics")[2].decode().split("\nphiscan_timeouts_total ")[1].split()[0]), 3)

    def test_a_client_that_goes_in_the_middle_leaves_nothing(self):
        one = self.service(metrics="loopback")
        token = one.token("frontdesk")
        for _ in range(20):
            connection = one.connect()
            connection.sendall((f"POST /api HTTP/1.1\r\nHost: {one.host}\r\nOrigin: {one.origin}\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000000\r\n\r\n").encode())
            connection.close()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if b"phiscan_requests_in_flight 0\n" in one.get("/metrics")[2]:
                break
            time.sleep(0.1)
        self.assertIn(b"phiscan_requests_in_flight 0\n", one.get("/metrics")[2])
        self.assertTrue(one.ask(token, type="status")["ok"])


class Pages(Case):
    def test_pages_icons_and_what_they_say(self):
        one = self.service()
        status, headers, body = one.get("/taskpane.html?_host_Info=Outlook", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe")
        self.assertEqual(status, 200)
        self.assertIn("frame-ancestors https://outlook.office.com https://outlook.office365.com https://outlook.cloud.microsoft", headers["Content-Security-Policy"])
        self.assertNotIn("X-Frame-Options", headers)
        self.assertEqual(one.get("/taskpane.html", If_None_Match=headers["ETag"])[0], 304)
        self.assertEqual(one.request("HEAD", "/taskpane.js", headers={"Host": one.host})[2], b"")
        self.assertEqual(one.get("/icons/icon-16.png", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[1]["Cross-Origin-Resource-Policy"], "cross-origin")
        icon = one.get("/icons/icon-16.png")[1]
        self.assertNotIn("Cache-Control", icon)  # or Office shows an image of its own
        self.assertIn("ETag", icon)
        self.assertEqual(one.get("/taskpane.js")[1]["Cache-Control"], "public, max-age=300")
        self.assertEqual(json.loads(one.get("/.well-known/microsoft-officeaddins-allowed.json")[2]), {"allowed": [f"{one.origin}/launchevent.js"]})
        self.assertRegex(one.get("/healthz")[2], rb'^{"ok":true,"certificate_days":(29|30)}$')
        for path in ("/", "/.hidden", "/../site.key", "/%2e%2e/site.key", "//etc/passwd", "/icons", "/icons/", "/none.js", "/metrics", "/taskpane.html/", "/icons/../taskpane.js"):
            with self.subTest(path):
                self.assertEqual(one.get(path)[0], 404)
        (one.folder / "pages/link.js").symlink_to(one.key)
        self.assertEqual(one.get("/link.js")[0], 404)
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"}):
            self.assertEqual(one.get("/taskpane.js", **headers)[0], 403, headers)

    def test_the_event_script_knows_its_origin(self):
        one = self.service()
        script = one.folder / "pages/launchevent.js"
        script.write_text('const origin = "@PHISCAN_ORIGIN@"; // not twice: @PHISCAN_ORIGIN@\n')
        status, headers, body = one.get("/launchevent.js?_v=1")
        self.assertEqual((status, body.decode()), (200, f'const origin = "{one.origin}"; // not twice: @PHISCAN_ORIGIN@\n'))
        self.assertEqual(headers["ETag"], f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        self.assertEqual(one.get("/launchevent.js", If_None_Match=headers["ETag"])[0], 304)
        other = one.folder / "pages/other.js"
        other.write_bytes(script.read_bytes())
        self.assertEqual(one.get("/other.js")[2], script.read_bytes())

    def test_what_pages_may_load_and_who_may_show_them(self):
        one = self.service(outlook_origins=["https://mail.clinic.example"])
        rules = dict(part.split(" ", 1) for part in one.get("/taskpane.html")[1]["Content-Security-Policy"].split("; "))
        self.assertEqual(rules["default-src"], "'none'")
        self.assertEqual(rules["script-src"], "'self' https://appsforoffice.microsoft.com https://ajax.aspnetcdn.com")
        self.assertEqual(rules["connect-src"], "'self'")
        self.assertEqual(rules["frame-ancestors"], "https://mail.clinic.example")

    def test_a_missing_origin_only_when_the_switch_says_so(self):
        one = self.service(allow_missing_origin=True)
        token = one.token("frontdesk")
        self.assertEqual(one.post(STATUS, token=token, Origin=None)[0], 200)
        self.assertEqual(one.post(STATUS, token=token, Origin=None, Sec_Fetch_Site="cross-site")[0], 403)
        self.assertEqual(one.post(STATUS, token=token, Origin="null")[0], 403)
        self.assertIn(b"allow_missing_origin is on", one.log())


class Users(Case):
    def test_codes_and_tokens_have_their_day(self):
        one = self.service()
        code = one.code("frontdesk")
        self.assertRegex(code, r"^\d{6}$")
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        self.refused(401, "wrong_code", one.pair(wrong))
        status, _, reply = one.pair(f"{code[:3]} {code[3:]}")
        self.assertEqual((status, reply["user"]), (200, "frontdesk"))
        self.assertGreaterEqual(len(reply["token"]), 43)
        self.refused(401, "wrong_code", one.pair(code))
        first = reply["token"]
        self.assertTrue(one.ask(first, type="status")["ok"])
        self.assertNotIn(first.encode(), (one.folder / "users.db").read_bytes() + (one.folder / "users.db-wal").read_bytes())
        second = one.post({"v": 1}, path="/renew", token=first)[2]["token"]
        self.assertTrue(one.ask(second, type="status")["ok"])
        third = one.pair(one.users("rotate", "frontdesk").stdout.decode().strip())[2]["token"]
        for old in (first, second):
            self.refused(401, "wrong_token", one.post(STATUS, token=old))
        self.assertTrue(one.ask(third, type="status")["ok"])
        self.assertEqual(one.users("revoke", "frontdesk").returncode, 0)
        self.refused(401, "wrong_token", one.post(STATUS, token=third))
        self.assertIn(b"not paired", one.users("list").stdout)
        for words in (("add", "frontdesk"), ("add", "a b"), ("pair", "nobody"), ("add", "x" * 65)):
            done = one.users(*words)
            self.assertEqual((done.returncode, done.stdout), (1, b""), words)
            self.assertIn(b"phiscan-host: ", done.stderr)

    def test_a_token_and_a_code_that_are_too_old(self):
        one = self.service()
        token = one.token("frontdesk")
        code = one.code("frontdesk", "pair")
        with sqlite3.connect(one.folder / "users.db") as database:
            database.execute("UPDATE tokens SET expires = 1000")
            database.execute("UPDATE codes SET expires = 1000")
        database.close()
        self.refused(401, "wrong_token", one.post(STATUS, token=token))
        self.refused(401, "wrong_code", one.pair(code))

    def test_guessing_codes_ends_soon(self):
        one = self.service()
        code = one.code("frontdesk")
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        codes = [one.pair(wrong)[0] for _ in range(7)]
        self.assertEqual(codes, [401] * 5 + [429] * 2)
        status, headers, _ = one.pair(code)
        self.assertEqual(status, 429)
        self.assertGreater(int(headers["Retry-After"]), 0)

    def test_two_users_see_nothing_of_each_other(self):
        one = self.service()
        first, second = one.token("frontdesk"), one.token("doctor")
        data = b"name,mrn,dob\nGunnar Ek,00412345,1961-03-04\n"
        request = mail("List.", attachments=[attachment(data)])
        upload = dict(type="attachment", sha256=digest(data), name="list.csv", media_type="text/csv", size=len(data), index=0, count=1, data=base64.b64encode(data).decode())
        self.assertTrue(one.ask(first, **upload)["complete"])
        self.assertEqual(one.ask(first, type="scan", request=request)["need"], [])
        self.assertEqual(one.ask(second, type="scan", request=request)["need"], [digest(data)])
        one.ask(first, type="record", fingerprint="0" * 64, inputs_sha256="0" * 64, action="confirm", choice="sent", recipients=["dana.roe@mail.example"])
        self.assertNotIn("first_time", one.ask(first, type="scan", request=PHI)["report"]["recipients"][0]["risks"])
        self.assertIn("first_time", one.ask(second, type="scan", request=PHI)["report"]["recipients"][0]["risks"])
        self.assertEqual(one.ask(second, type="status")["memory"]["contacts"], 0)

    def test_too_many_requests_are_told_to_wait(self):
        one = self.service(limits={"requests_per_minute": 40})
        token = one.token("frontdesk")
        statuses = [one.post(STATUS, token=token) for _ in range(14)]
        self.assertEqual([status for status, _, _ in statuses][:10], [200] * 10)
        status, headers, reply = statuses[-1]
        self.assertEqual((status, reply["error"]["code"]), (429, "busy"))
        self.assertGreater(int(headers["Retry-After"]), 0)


class Loopback(Case):
    def test_a_token_serves_its_own_user_of_this_machine_and_no_other(self):
        one = self.service(name="localhost", mode="loopback")
        token = one.token("frontdesk")
        self.assertTrue(one.ask(token, type="status")["ok"])
        self.assertIn(f"account {os.getuid()} only".encode(), one.users("list").stdout)
        if os.getuid() != 0:
            self.skipTest("being another user needs root")
        words = ["curl", "-sk", "-H", f"Origin: {one.origin}", "-H", "Content-Type: application/json", "-H", f"Authorization: Bearer {token}", "-d", STATUS.decode(), f"https://localhost:{one.port}/api"]
        self.assertTrue(json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["ok"])
        other = json.loads(subprocess.run(words, capture_output=True, check=True, user=65534, group=65534).stdout)
        self.assertEqual(other["error"]["code"], "wrong_token")
        code = one.users("pair", "frontdesk").stdout.decode().strip()
        words = ["curl", "-sk", "-H", f"Origin: {one.origin}", "-H", "Content-Type: application/json", "-d", json.dumps({"v": 1, "code": code}), f"https://localhost:{one.port}/pair"]
        self.assertEqual(json.loads(subprocess.run(words, capture_output=True, check=True, user=65534, group=65534).stdout)["error"]["code"], "wrong_code")


class Running(Case):
    def clear(self, one):
        shutil.rmtree(one.folder)
        shutil.rmtree(self.home.folder / "authority")
        (self.home.folder / "errors").unlink(missing_ok=True)

    def broken(self, where, **changes):
        one = Service(self.home, starts=False)
        try:
            one.write(**changes)
            done = self.home.run("serve", "--config", str(one.config))
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(where.encode() + b": ", done.stderr)
        finally:
            self.clear(one)

    def test_each_broken_key_is_named(self):
        for where, changes in (("/schema", {"schema": "phiscan.serve/2"}), ("/mode", {"mode": "cloud"}), ("/origin", {"origin": "http://phiscan.clinic.example"}), ("/origin", {"origin": None}),
                               ("/origin", {"origin": "https://phiscan.clinic.example/"}), ("/listen", {"listen": "localhost:1"}), ("/listen", {"listen": "127.0.0.1"}),
                               ("/listen", {"mode": "loopback", "listen": "0.0.0.0:8443"}), ("/certificate", {"certificate": "none.pem"}), ("/certificate", {"certificate": "policy.json"}),
                               ("/certificate", {"origin": "https://other.clinic.example"}), ("/key", {"key": "none.key"}), ("/key", {"key": None}), ("/pages", {"pages": "none"}), ("/users", {"users": "none/users.db"}),
                               ("/users", {"users": "policy.json"}), ("/policy", {"policy": "none.json"}), ("/packs", {"packs": "none"}), ("/outlook_origins/0", {"outlook_origins": ["outlook.office.com"]}),
                               ("/allow_missing_origin", {"allow_missing_origin": "yes"}), ("/metrics", {"metrics": "on"}), ("/limits/in_flight", {"limits": {"in_flight": 0}}),
                               ("/limits/conections", {"limits": {"conections": 1}}), ("/polcy", {"polcy": "x"})):
            with self.subTest(where=where, changes=changes):
                self.broken(where, **changes)

    def test_a_key_that_others_can_read(self):
        one = Service(self.home, starts=False)
        one.key.chmod(0o644)
        done = self.home.run("serve", "--config", str(one.config))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"/key: ", done.stderr)
        self.assertIn(b"chmod 0600", done.stderr)

    def test_a_certificate_that_has_ended_or_fits_another_key(self):
        one = Service(self.home, starts=False)
        one.authority.issue(one.certificate, one.key, days=-1)
        self.assertIn(b"ended on 2020-02-01", self.home.run("serve", "--config", str(one.config)).stderr)
        one.authority.issue(one.certificate, one.folder / "other.key")
        self.assertIn(b"does not belong to the certificate", self.home.run("serve", "--config", str(one.config), "--check").stderr)

    def test_a_taken_port_and_by_whom(self):
        one = Service(self.home, starts=False)
        with socket.socket() as other:
            other.bind(("127.0.0.1", one.port))
            other.listen()
            done = self.home.run("serve", "--config", str(one.config))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"the port is taken by python", done.stderr)
        self.assertIn(f"(process {os.getpid()})".encode(), done.stderr)

    def test_a_reload_takes_over_what_is_good_and_keeps_what_was(self):
        one = self.service()
        token = one.token("frontdesk")
        text = one.policy.read_text()
        self.assertEqual(one.ask(token, type="scan", request=PHI)["report"]["action"], "confirm")
        one.policy.write_text(text.replace('"mode": "advise"', '"mode": "loud"'))
        one.certificate.write_text("no certificate\n")
        one.hang_up()
        self.assertIn(b"the old one stays in force: /mode: policy: ", one.log())
        self.assertIn(b"the old one stays in force: /certificate: ", one.log())
        self.assertEqual(one.ask(token, type="scan", request=PHI)["report"]["action"], "confirm")
        self.assertEqual(one.get("/healthz")[0], 503)
        one.policy.write_text(text.replace('"mode": "advise"', '"mode": "monitor"'))
        one.authority.issue(one.certificate, one.key)
        one.hang_up()
        self.assertEqual(one.ask(token, type="scan", request=PHI)["report"]["action"], "allow")
        self.assertEqual(one.get("/healthz")[0], 200)
        with one.connect() as connection:
            given = connection.getpeercert(binary_form=True)
        self.assertEqual(ssl.DER_cert_to_PEM_cert(given).split(), one.certificate.read_text().split())
        one.write(listen="127.0.0.1:1")
        one.hang_up()
        self.assertIn(b"change with a restart only", one.log())
        self.assertEqual(one.get("/healthz")[0], 200)

    def test_it_ends_in_good_order(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            one = Service(self.home)
            waiting = one.connect()
            self.assertEqual(one.stop(how), 0)
            self.assertEqual(waiting.recv(1), b"")
            waiting.close()
            self.assertNotIn(b"error", one.log())
            self.clear(one)

    def test_nothing_of_a_mail_is_written_anywhere(self):
        one = self.service(metrics="loopback")
        token = one.token("frontdesk")
        canary = "Zephyrine Quillfeather"
        one.ask(token, type="scan", request=mail(f"{canary}, MRN 00412345, has an A1c of 8.2."))
        data = f"name,mrn\n{canary},00412345\n".encode()
        one.ask(token, type="attachment", sha256=digest(data), name=f"{canary}.csv", media_type="text/csv", size=len(data), index=0, count=1, data=base64.b64encode(data).decode())
        one.post(f'{{"v":1,"id":"x","type":"{canary}"'.encode(), token=token)
        one.post(b"{}", token=token, path=f"/{canary.replace(' ', '-')}")
        one.post(b"{}", token=canary.replace(" ", ""))
        one.get(f"/{canary.replace(' ', '%20')}?{canary.replace(' ', '+')}")
        seen = one.get("/metrics")[2]
        one.stop()
        for file in self.home.folder.rglob("*"):
            if file.is_file():
                seen += file.read_bytes()
        for word in canary.split():
            self.assertNotIn(word.encode(), seen)
        self.assertNotIn(b"frontdesk", one.log())
        self.assertNotIn(token.encode(), seen)

    def test_many_clients_at_once_and_far_too_many(self):
        one = self.service(limits={"in_flight": 8, "requests_per_minute": 100_000})
        token = [one.token(f"user{i}") for i in range(4)]
        results = []
        end = time.monotonic() + 10

        def work(number):
            i = 0
            while time.monotonic() < end:
                i += 1
                results.append(one.post({"v": 1, "id": f"{number}.{i}", "type": "scan", "deadline_ms": 100_000, "request": mail(f"{number} {i} " + "Gunnar Ek takes metformin. " * 300)}, token=token[number % 4])[0])

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(set(results) - {200, 429}, set())
        self.assertIn(200, results)
        self.assertEqual(one.ask(token[0], type="status")["ok"], True)


if __name__ == "__main__":
    unittest.main()
