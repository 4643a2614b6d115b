"""A service of phiscan-host over HTTPS, with a site certificate of its own, and a plain client for it, down to raw bytes."""
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

from host import POLICY, PROGRAM, Home
from http_client import changed, with_length

NAME = "phiscan.clinic.example"


def openssl(*words, **options):
    subprocess.run(["openssl", *words], check=True, capture_output=True, **options)


class Authority:
    """A certificate authority for tests; its certificates are the sites'."""

    def __init__(self, folder, name="phiscan test authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.file = self.folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / "ca.key", "-out", self.file, "-days", "30",
                "-subj", f"/CN={name}")

    def issue(self, certificate, key, name=NAME, days=30):
        """`days` below zero: a certificate that has ended."""
        request, extensions = self.folder / "request.pem", self.folder / "extensions"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        extensions.write_text(f"subjectAltName=DNS:{name}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n")
        if days > 0:
            openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.folder / "ca.key", "-CAcreateserial", "-out", certificate, "-days", str(days), "-extfile", extensions)
        else:
            (self.folder / "index").write_text("")
            (self.folder / "serial").write_text("1234\n")
            config = self.folder / "ca.conf"
            config.write_text(f"[ca]\ndefault_ca=one\n[one]\ndatabase={self.folder}/index\nserial={self.folder}/serial\nnew_certs_dir={self.folder}\ndefault_md=sha256\npolicy=any\n"
                              "[any]\ncommonName=supplied\n")
            openssl("ca", "-batch", "-config", config, "-in", request, "-cert", self.file, "-keyfile", self.folder / "ca.key", "-out", certificate, "-notext",
                    "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-extfile", extensions)
        os.chmod(key, 0o600)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Service:
    def __init__(self, home: Home, starts=True, name=NAME, **changes):
        self.home = home
        self.name = name
        self.folder = home.folder / "service"
        self.folder.mkdir()
        self.authority = Authority(home.folder / "authority")
        self.certificate, self.key = self.folder / "site.pem", self.folder / "site.key"
        self.authority.issue(self.certificate, self.key, name)
        pages = self.folder / "pages"
        (pages / "icons").mkdir(parents=True)
        (pages / "taskpane.html").write_text("<!doctype html><title>phiscan</title><script src=taskpane.js></script>\n")
        (pages / "taskpane.js").write_text("export {};\n")
        (pages / "launchevent.js").write_text("// events\n")
        (pages / "icons/icon-16.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        (pages / ".hidden").write_text("no\n")
        self.policy = self.folder / "policy.json"
        self.policy.write_text(POLICY.read_text())
        self.port = free_port()
        self.host = f"{name}:{self.port}"
        self.origin = f"https://{self.host}"
        self.settings = {"schema": "phiscan.serve/1", "mode": "server", "origin": self.origin, "listen": f"127.0.0.1:{self.port}", "certificate": "site.pem", "key": "site.key",
                         "pages": "pages", "users": "users.db", "policy": "policy.json", **changes}
        self.config = self.folder / "serve.json"
        self.write()
        self.process = None
        self.errors = None
        if starts:
            self.start()

    def write(self, **changes):
        self.settings.update(changes)
        self.config.write_text(json.dumps({key: value for key, value in self.settings.items() if value is not None}))

    def start(self, wait=True):
        self.errors = open(self.home.folder / "errors", "ab")
        self.process = subprocess.Popen([PROGRAM, "serve", "--config", str(self.config)], stdout=subprocess.PIPE, stderr=self.errors, env=self.home.environment())
        if wait:
            self.wait_for(b"listening")

    def log(self):
        return (self.home.folder / "errors").read_bytes()

    def wait_for(self, text, count=1, seconds=60):
        end = time.monotonic() + seconds
        while self.log().count(text) < count:
            assert self.process.poll() is None and time.monotonic() < end, self.log()
            time.sleep(0.02)

    def users(self, *words):
        return self.home.run("users", *words, "--config", str(self.config))

    def code(self, name, verb="add"):
        done = self.users(verb, name)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def token(self, name):
        status, _, reply = self.pair(self.code(name))
        assert status == 200, reply
        return reply["token"]

    def pair(self, code, **changes):
        return self.post({"v": 1, "code": code}, path="/pair", Authorization=None, **changes)

    def context(self, trusts=True):
        context = ssl.create_default_context(cafile=str(self.authority.file)) if trusts else ssl._create_unverified_context()
        return context

    def connect(self, context=None, timeout=60):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return (context or self.context()).wrap_socket(plain, server_hostname=self.name)

    def raw(self, data, **options):
        """Sends bytes as they are; everything that came back until the end of the connection."""
        with self.connect(**options) as one:
            out = b""
            try:
                one.sendall(data)
                while piece := one.recv(65536):
                    out += piece
            except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
                pass
            return out

    def headers(self, token="", **changes):
        return changed({"Host": self.host, "Origin": self.origin, "Content-Type": "application/json", "Authorization": f"Bearer {token}"}, changes)

    def request(self, method, path, body=b"", headers=None):
        with self.connect() as one:
            head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items()) + "Connection: close\r\n\r\n"
            try:
                one.sendall(head.encode("latin-1") + body)
            except (ConnectionResetError, BrokenPipeError):
                pass
            reply = http.client.HTTPResponse(one, method=method)
            reply.begin()
            data = reply.read()
            return reply.status, dict(reply.getheaders()), data

    def get(self, path, **headers):
        return self.request("GET", path, headers=changed({"Host": self.host}, headers))

    def post(self, document, path="/api", method="POST", token="", **changes):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        headers = with_length(self.headers(token, **changes), body)
        status, given, data = self.request(method, path, body, headers)
        return status, given, json.loads(data) if data.startswith(b"{") else data

    def ask(self, token, **request):
        status, _, reply = self.post({"v": 1, "id": "x", "deadline_ms": 100_000, **request}, token=token)
        assert status == 200, reply
        return reply

    def hang_up(self):
        """SIGHUP, and waits until it has been dealt with."""
        count = self.log().count(b" reloaded")
        self.process.send_signal(signal.SIGHUP)
        self.wait_for(b" reloaded", count + 1)

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.process.stdout.close()
        self.errors.close()
        return self.process.returncode
