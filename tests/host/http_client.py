"""A playground of phiscan-host and a plain client for it, down to raw bytes."""
import http.client
import json
import pathlib
import re
import signal
import socket
import subprocess

from host import PROGRAM

PAGE = '<!doctype html><meta name="phiscan-token" content="__PHISCAN_TOKEN__"><script src="playground.js"></script>\n'


def changed(headers, changes):
    """The headers of an honest page with these changes: None leaves one out, names with _ for -."""
    out = {**headers, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {name: value for name, value in out.items() if value is not None}


def with_length(headers, body):
    """Content-Length as it should be, unless it is said otherwise; "none": not at all."""
    out = {**headers, "Content-Length": headers.get("Content-Length", str(len(body)))}
    return {name: value for name, value in out.items() if (name, value) != ("Content-Length", "none")}


class Playground:
    def __init__(self, home, *words):
        self.pages = pathlib.Path(home.folder) / "pages"
        self.pages.mkdir(exist_ok=True)
        (self.pages / "index.html").write_text(PAGE)
        (self.pages / "playground.js").write_text("export {};\n")
        (self.pages / "samples.json").write_text('[{"id": "one"}]')
        (self.pages / ".hidden").write_text("no\n")
        self.process = subprocess.Popen([PROGRAM, "serve", "--playground", "--port", "0", "--pages", str(self.pages), *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home.environment(), text=True)
        line = self.process.stdout.readline()
        self.address = line.strip()
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\n", line).group(1))
        self.authority = f"127.0.0.1:{self.port}"
        self.token = self.new_token()
        assert self.api({"v": 1, "id": "ready", "type": "status", "deadline_ms": 100_000})[1]["ok"]

    def new_token(self):
        status, _, body = self.get("/")
        assert status == 200
        return re.search(rb'content="([0-9a-f]{64})"', body).group(1).decode()

    def get(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers=headers or {})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, dict(reply.getheaders()), body

    def headers(self, **changes):
        return changed({"Host": self.authority, "Origin": f"http://{self.authority}", "Content-Type": "application/json", "X-Phiscan-Token": self.token}, changes)

    def post(self, body, method="POST", path="/api", **changes):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        headers = with_length(self.headers(**changes), body)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            connection.send(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before the body was read
        reply = connection.getresponse()
        data = reply.read()
        connection.close()
        return reply.status, json.loads(data) if data.startswith(b"{") else data

    def api(self, request):
        return self.post(json.dumps({"deadline_ms": 100_000, **request}).encode())

    def raw(self, data, wait=True):
        """Sends bytes as they are; what came back, or the open socket."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        one.sendall(data)
        if not wait:
            return one
        out = b""
        try:
            while piece := one.recv(65536):
                out += piece
        except ConnectionResetError:
            pass
        one.close()
        return out

    def stop(self, how=signal.SIGTERM):
        """The exit code and what was printed to stderr."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        if not self.process.stdout.closed:
            self.errors = self.process.stderr.read()
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode, self.errors
