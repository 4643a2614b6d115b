"""A client of phiscan-host for tests: frames over real pipes, each host with homes of its own."""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import threading
import unittest

PROGRAM = os.environ["PHISCAN_HOST"]
SOURCE = pathlib.Path(os.environ["PHISCAN_SOURCE"])
POLICY = SOURCE / "libphiscan/schema/examples/policy.clinic.json"
CACHE = pathlib.Path(PROGRAM).resolve().parent.parent / "tests" / "host-cache"  # compiled patterns, shared by all tests


def digest(data):
    return hashlib.sha256(data).hexdigest()


def mail(text="See you at noon.", **more):
    return {"schema": "phiscan.request/1", "from": {"address": "frontdesk@lakeside-clinic.example"},
            "to": [{"address": "dana.roe@mail.example", "name": "Dana Roe"}], "subject": "Hello", "body": {"text": text},
            "now": "2026-11-22", **more}


PHI = mail("Dana, your A1c is 8.2, up from 7.4. Double the metformin to 1000 mg twice a day.")


class Home:
    """Folders of one user; gone afterwards."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-host-"))
        for name in ("state", "tmp", "home"):
            (self.folder / name).mkdir()
        self.state = self.folder / "state/phiscan/state.db"
        CACHE.mkdir(parents=True, exist_ok=True)

    def environment(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
        # The host leaves without waiting for its threads, by design.
        kept["TSAN_OPTIONS"] = kept.get("TSAN_OPTIONS", "") + " report_thread_leaks=0"
        return {**kept, "HOME": str(self.folder / "home"), "XDG_STATE_HOME": str(self.folder / "state"), "XDG_CACHE_HOME": str(CACHE),
                "TMPDIR": str(self.folder / "tmp"), "LC_ALL": "C.UTF-8", **more}

    def run(self, *words, **options):
        return subprocess.run([PROGRAM, *words], env=self.environment(), capture_output=True, timeout=120, **options)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Host:
    """One phiscan-host stdio. Replies are collected by a thread, so that order does not matter."""

    def __init__(self, home, *words, preexec=None, **environment):
        self.home = home
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, "stdio", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                        env=home.environment(**environment), preexec_fn=preexec, bufsize=0)
        self.number = 0
        self.replies, self.events, self.sizes, self.raw = {}, [], [], []
        self.unnamed = []
        self.arrived = threading.Condition()
        self.over = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            try:
                piece = self.process.stdout.read(size - len(data))
            except (ValueError, OSError):  # a test has closed it
                return None
            if not piece:
                return None
            data += piece
        return data

    def _read(self):
        while True:
            head = self._exactly(4)
            data = self._exactly(struct.unpack("=I", head)[0]) if head else None
            with self.arrived:
                if data is None:
                    self.over = True
                else:
                    document = json.loads(data)
                    self.sizes.append(len(data))
                    self.raw.append(data)
                    if document.get("event"):
                        self.events.append(document)
                    elif document["id"] is None:
                        self.unnamed.append(document)
                    else:
                        assert document["id"] not in self.replies, "answered twice"
                        self.replies[document["id"]] = document
                self.arrived.notify_all()
            if data is None:
                return

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view):]

    def send_bytes(self, data):
        self.write(struct.pack("=I", len(data)) + data)

    def send(self, **request):
        if "id" not in request:
            self.number += 1
            request["id"] = f"n{self.number}"
        # Patient, unless a test is about impatience: a busy machine compiles the rules for longer than a mail program would wait.
        self.send_bytes(json.dumps({"v": 1, "deadline_ms": 100_000, **request}).encode())
        return request["id"]

    def wait(self, id, seconds=120):
        with self.arrived:
            assert self.arrived.wait_for(lambda: id in self.replies or self.over, seconds), f"no reply to {id}"
            assert id in self.replies, "the host ended"
            return self.replies.pop(id)

    def wait_unnamed(self, seconds=120):
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.unnamed or self.over, seconds), "no reply"
            assert self.unnamed, "the host ended"
            return self.unnamed.pop(0)

    def ready(self):
        """Waits until the rules are there."""
        assert self.ask(type="status")["ok"]
        return self

    def ask(self, **request):
        return self.wait(self.send(**request))

    def scan(self, request, **more):
        return self.ask(type="scan", request=request, **more)

    def upload(self, data, name="list.csv", media_type="text/csv", chunk=524288):
        pieces = [data[i:i + chunk] for i in range(0, len(data), chunk)] or [b""]
        for index, piece in enumerate(pieces):
            reply = self.ask(type="attachment", sha256=digest(data), name=name, media_type=media_type, size=len(data), index=index,
                             count=len(pieces), data=base64.b64encode(piece).decode())
        return reply

    def close(self, seconds=30):
        """End of input; the exit code."""
        if self.process.stdin:
            self.process.stdin.close()
        code = self.process.wait(seconds)
        self.thread.join(seconds)
        self.process.stdout.close()
        return code

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    pass
        self.errors.close()


class HostCase(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.remove)

    def host(self, *words, **options):
        one = Host(self.home, *words, **options)
        self.addCleanup(one.kill)
        return one

    def assert_error(self, reply, code, where=None):
        self.assertFalse(reply["ok"], reply)
        self.assertEqual(reply["error"]["code"], code, reply)
        if where is not None:
            self.assertEqual(reply["error"]["where"], where, reply)


def attachment(data, name="list.csv", media_type="text/csv", **more):
    return {"name": name, "media_type": media_type, "size": len(data), "sha256": digest(data), **more}
