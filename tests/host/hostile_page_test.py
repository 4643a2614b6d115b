"""A hostile page in a real Chromium against the real service: everything a page of another origin can send, and a name that was rebound to the
service's address. Certificate errors are ignored here, so that what holds is not TLS but the gates behind it."""
import http.server
import json
import re
import shutil
import subprocess
import threading
import unittest

from host import HostCase
from https_client import NAME, Service

CHROMIUM = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), None)

PAGE = """<!doctype html><title>free vouchers</title><body><script>
const body = JSON.stringify({v: 1, id: "x", type: "status"}), results = {};
const wait = (name, start) => new Promise((done) => {
  const end = (what) => { results[name] ??= what; done(); };
  setTimeout(() => end("silence"), 60000);
  start(end);
});
const ask = (name, url, options) => wait(name, (end) => fetch(url, options).then((reply) => end(reply.type === "opaque" ? "opaque" : "read"), () => end("refused")));
const element = (tag, more) => document.body.appendChild(Object.assign(document.createElement(tag), more));
addEventListener("message", (event) => { if (event.data === "framed") results.framed = "read"; });
async function attack(who, base) {
  await ask(who + " fetch", base + "/api", {method: "POST", body});
  await ask(who + " fetch json", base + "/api", {method: "POST", body, headers: {"Content-Type": "application/json", Authorization: "Bearer TOKEN"}});
  await ask(who + " fetch put", base + "/api", {method: "PUT", body});
  await ask(who + " fetch credentials", base + "/api", {method: "POST", body, credentials: "include"});
  await ask(who + " fetch get", base + "/healthz", {});
  await ask(who + " no-cors post", base + "/api", {method: "POST", body, mode: "no-cors"});
  await ask(who + " no-cors pair", base + "/pair", {method: "POST", body: '{"v":1,"code":"123456"}', mode: "no-cors"});
  await ask(who + " no-cors blob", base + "/api", {method: "POST", body: new Blob([body], {type: "text/plain"}), mode: "no-cors"});
  await wait(who + " beacon", (end) => { navigator.sendBeacon(base + "/api", body); setTimeout(() => end("sent"), 300); });
  await wait(who + " form", (end) => {
    const target = "t" + who, frame = element("iframe", {name: target});
    const form = element("form", {method: "post", enctype: "text/plain", action: base + "/api", target});
    form.append(Object.assign(document.createElement("input"), {name: body.slice(0, -1) + ',"a":"', value: '"}'}));
    frame.onload = () => setTimeout(() => end("sent"), 300);
    form.submit();
  });
  await wait(who + " img", (end) => element("img", {src: base + "/api?type=status", onload: () => end("read"), onerror: () => end("refused")}));
  await wait(who + " script", (end) => element("script", {src: base + "/api", onload: () => end("read"), onerror: () => end("refused")}));
  await wait(who + " websocket", (end) => {
    const one = new WebSocket(base.replace("https", "wss") + "/api");
    one.onopen = () => end("read");
    one.onerror = () => end("refused");
  });
  await wait(who + " iframe", (end) => { element("iframe", {src: base + "/taskpane.html"}).onload = () => setTimeout(() => end("loaded"), 500); });
}
(async () => {
  await attack("other", "https://SERVICE");
  await attack("rebound", "https://REBOUND");
  await fetch("/results", {method: "POST", body: JSON.stringify(results)});
})();
</script>"""


class Hostile:
    """The hostile page's own server; keeps what the page reports."""

    def __init__(self, page):
        self.results, self.arrived = None, threading.Event()
        hostile = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(page.encode())

            def do_POST(self):
                hostile.results = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(b"")
                hostile.arrived.set()

            def answer(self, data):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@unittest.skipUnless(CHROMIUM, "Chromium is not installed (./dev setup installs it)")
class HostilePage(HostCase):
    def counts(self, one):
        text = one.get("/metrics")[2].decode()
        out = {name: int(count) for name, count in re.findall(r'phiscan_requests_total\{outcome="(\w+)"\} (\d+)', text)}
        return out, int(re.search(r"\nphiscan_api_seconds_count (\d+)", text).group(1))

    def test_nothing_of_it_reaches_the_parser_or_is_read(self):
        one = Service(self.home, starts=False, metrics="loopback")
        self.addCleanup(one.stop)
        (one.folder / "pages/taskpane.js").write_text('parent.postMessage("framed", "*");\n')
        one.start()
        token = one.token("frontdesk")  # even with it
        one.ask(token, type="status")
        before, answered = self.counts(one)
        rebound = "rebound.example"
        hostile = Hostile(PAGE.replace("SERVICE", one.host).replace("REBOUND", f"{rebound}:{one.port}").replace("TOKEN", token))
        self.addCleanup(hostile.stop)
        browser = subprocess.Popen([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={self.home.folder}/profile",
                                    "--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} 127.0.0.1, MAP {rebound} 127.0.0.1, MAP evil.example 127.0.0.1",
                                    f"http://evil.example:{hostile.server.server_port}/"], env=self.home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(hostile.arrived.wait(400), "the page did not come to its end")
        finally:
            browser.terminate()
            browser.wait(30)
        results = hostile.results
        self.assertEqual(len(results), 28, results)
        self.assertNotIn("read", results.values(), results)
        for who in ("other", "rebound"):
            for what in ("fetch", "fetch json", "fetch put", "fetch credentials", "fetch get", "img", "script", "websocket"):
                self.assertEqual(results[f"{who} {what}"], "refused", results)
        after, now = self.counts(one)
        self.assertEqual(now, answered, "a request reached the parser")
        new = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
        # The browser itself holds nothing back but preflighted bodies: what refused were the gates.
        self.assertGreaterEqual(new.get("wrong_origin", 0), 8, new)
        self.assertGreaterEqual(new.get("wrong_host", 0), 8, new)
        self.assertNotIn(200, [one.post(b"", token=token, Host=f"{rebound}:{one.port}")[0]])
        self.assertEqual(one.ask(token, type="status")["ok"], True)  # and the service goes on
        self.assertEqual(self.counts(one)[1], answered + 1)


if __name__ == "__main__":
    unittest.main()
