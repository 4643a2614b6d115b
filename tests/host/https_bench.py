"""How fast the service answers over HTTPS: one client, sixteen clients, and ten times as many as it takes. Clients are processes of their own
on the same machine, so their time is in the figures; ./dev bench https [SECONDS]."""
import http.client
import json
import multiprocessing
import os
import pathlib
import sys
import time

PROGRAM = sys.argv[1]
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 60
os.environ["PHISCAN_HOST"] = str(pathlib.Path(PROGRAM).resolve())
os.environ["PHISCAN_SOURCE"] = str(pathlib.Path(__file__).resolve().parents[2])
from host import Home  # noqa: E402
from https_client import NAME, Service  # noqa: E402

WORDS = ("Gunnar Ek (MRN 00412345) comes back on Tuesday; his A1c is 8.2. " + "Good morning, the schedule for next week is attached. Please remember that the parking lot is closed. " * 12)


class Client:
    def __init__(self, service, token):
        self.service = service
        self.headers = service.headers(token)
        self.number = 0
        self.connection = None

    def scan(self, who):
        """The status and how many milliseconds it took; each mail is another."""
        self.number += 1
        text = (f"{who} {self.number} " + WORDS * 10)[:10_000]
        body = json.dumps({"v": 1, "id": f"{who}.{self.number}", "deadline_ms": 60_000, "type": "scan",
                           "request": {"schema": "phiscan.request/1", "from": {"address": "a@clinic.example"}, "to": [{"address": "b@mail.example"}], "subject": "Next week", "body": {"text": text}}})
        started = time.perf_counter()
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(NAME, self.service.port, context=self.service.context())
            self.connection.sock = self.service.connect()
        try:
            self.connection.request("POST", "/api", body, self.headers)
            reply = self.connection.getresponse()
            data = reply.read()
            status = reply.status if reply.status != 200 or json.loads(data)["ok"] else -1
            if reply.will_close:
                self.connection = None
        except (OSError, http.client.HTTPException):
            status, self.connection = 0, None
        return status, (time.perf_counter() - started) * 1000


def work(service, token, who, until, results):
    client, out = Client(service, token), []
    while time.time() < until:
        status, ms = client.scan(who)
        out.append((status, ms))
        if status == 429:
            time.sleep(0.05)
    results.put(out)


def load(service, tokens, count, seconds):
    results, until = multiprocessing.Queue(), time.time() + seconds
    crowd = [multiprocessing.Process(target=work, args=(service, tokens[i % len(tokens)], f"c{i}", until, results)) for i in range(count)]
    for one in crowd:
        one.start()
    out = [each for _ in crowd for each in results.get()]
    for one in crowd:
        one.join()
    return out


def at(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")


def line(name, out, seconds, goal=""):
    fine = [ms for status, ms in out if status == 200]
    busy = sum(status == 429 for status, _ in out)
    errors = len(out) - len(fine) - busy
    print(f"{name:44}{len(fine) / seconds:8.0f}/s{at(fine, 0.5):9.1f}{at(fine, 0.99):9.1f}{busy:9}{errors:8}   {goal}", flush=True)


def main():
    home = Home()
    service = Service(home, metrics="loopback", limits={"requests_per_minute": 1_000_000, "in_flight": 32, "in_flight_per_user": 32})
    try:
        tokens = [service.token(f"user{i}") for i in range(16)]
        memory = lambda: int(service.get("/metrics")[2].decode().split("\nphiscan_resident_bytes ")[1].split()[0].split(".")[0].split("e")[0]) / 1e6  # noqa: E731
        load(service, tokens, 4, 2)
        print(f"{'10 kB scans over keep-alive':44}{'':10}{'p50 ms':>9}{'p99 ms':>9}{'429':>9}{'errors':>8}")
        line("1 client", load(service, tokens, 1, SECONDS / 6), SECONDS / 6, "goal 5 and 25")
        before = memory()
        line("16 clients", load(service, tokens, 16, SECONDS), SECONDS, "goal 50 and 250, no errors")
        print(f"resident before and after: {before:.1f} and {memory():.1f} MB")
        line("160 clients", load(service, tokens, 160, SECONDS / 6), SECONDS / 6, "429s, no errors")
        started = time.perf_counter()
        client = Client(service, tokens[0])
        while client.scan("after")[0] != 200:
            pass
        print(f"first answer after the overload: {(time.perf_counter() - started) * 1000:.0f} ms   goal 2000")
    finally:
        service.stop()
        home.remove()


if __name__ == "__main__":
    main()
