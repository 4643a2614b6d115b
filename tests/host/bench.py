"""How fast the host answers, and what it holds: start to first verdict, a 10 kB scan over stdio, an answer from the cache, resident memory
after 1,000 scans. Medians of several runs; ./dev bench host."""
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
PATIENT = "Gunnar Ek (MRN 00412345) comes back on Tuesday; his A1c is 8.2, up from 7.4, and he takes metformin 1000 mg twice a day. "
WORDS = PATIENT + ("Good morning, the schedule for next week is attached. Please remember that the parking lot is closed on Friday, and that the meeting about the "
                   "new phones has moved to room four. Coffee and sandwiches will be there; tell the front desk if you cannot come. ") * 12


class Host:
    def __init__(self, folder):
        self.started = time.perf_counter()
        self.process = subprocess.Popen([PROGRAM, "stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                                        env={**os.environ, "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder})
        self.number = 0

    def exactly(self, size):
        data = b""
        while len(data) < size:
            data += self.process.stdout.read(size - len(data))
        return data

    def ask(self, **request):
        self.number += 1
        data = json.dumps({"v": 1, "id": str(self.number), "deadline_ms": 120_000, **request}).encode()
        started = time.perf_counter()
        self.process.stdin.write(struct.pack("=I", len(data)) + data)
        reply = self.exactly(struct.unpack("=I", self.exactly(4))[0])
        ms = (time.perf_counter() - started) * 1000
        return json.loads(reply), ms

    def scan(self, size, salt=""):
        text = (salt + WORDS * (size // len(WORDS) + 1))[:size]
        reply, ms = self.ask(type="scan", request={"schema": "phiscan.request/1", "from": {"address": "a@clinic.example"}, "to": [{"address": "b@mail.example"}],
                                                   "subject": "Next week", "body": {"text": text}})
        assert reply["ok"], reply
        return reply, ms

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def main():
    with tempfile.TemporaryDirectory() as folder:
        compiled = Host(folder)
        compiled.scan(1000)
        print(f"{'very first start to first verdict (nothing compiled yet)':62}{(time.perf_counter() - compiled.started) * 1000:9.1f} ms")
        compiled.close()
        starts = []
        for _ in range(15):
            host = Host(folder)
            host.scan(1000)
            starts.append((time.perf_counter() - host.started) * 1000)
            host.close()
        print(f"{'start to first verdict, p50 of 15':62}{statistics.median(starts):9.1f} ms   (goal 50)")
        host = Host(folder)
        times = [host.scan(10_000, f"{i} ")[1] for i in range(1000)]
        again = [host.scan(10_000, "999 ")[1] for _ in range(200)]
        usage = host.ask(type="status")[0]["process"]
        host.close()
        times.sort()
        print(f"{'10 kB scan over stdio, p50 of 1,000 different mails':62}{statistics.median(times):9.2f} ms")
        print(f"{'  p99':62}{times[989]:9.2f} ms")
        print(f"{'the same mail again (cache), p50':62}{statistics.median(again):9.2f} ms")
        print(f"{'resident after 1,000 scans':62}{usage['resident_kb'] / 1000:9.1f} MB   (goal 60)")
        print(f"{'database after the scans':62}{sum(one.stat().st_size for one in pathlib.Path(folder).rglob('state.db*')) / 1000:9.1f} kB")


if __name__ == "__main__":
    main()
