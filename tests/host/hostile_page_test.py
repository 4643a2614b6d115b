"""A hostile page in a real Chromium against the real service: everything a page of another origin can send, and a name that was rebound to the
service's address. Certificate errors are ignored here, so that what holds is not TLS but the gates behind it."""
import http.server
import json
import re
import shutil
import ssl
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


FRAME = """<!doctype html><title>around</title>
<script>
const tell = (what) => fetch("/results", {method: "POST", body: JSON.stringify({frame: what})});
addEventListener("message", (event) => event.data === "framed" && tell("shown"));
</script>
<iframe src="https://SERVICE/taskpane.html" onload="setTimeout(() => tell('empty'), 1500)"></iframe>"""


class Hostile:
    """The hostile page's own server; keeps what the page reports first."""

    def __init__(self, page, context=None):
        self.results, self.arrived = None, threading.Event()
        hostile = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(page.encode())

            def do_POST(self):
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hostile.results = hostile.results or told
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
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
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

    def visit(self, hostile, address):
        """What the page at this address, which is on this server, reports."""
        browser = subprocess.Popen([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", f"--user-data-dir={self.home.folder}/profile",
                                    "--ignore-certificate-errors", "--host-resolver-rules=" + ", ".join(f"MAP {name} 127.0.0.1" for name in (NAME, "rebound.example", "evil.example", "outlook.example")), address],
                                   env=self.home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(hostile.arrived.wait(400), "the page did not come to its end")
        finally:
            browser.terminate()
            browser.wait(30)
        return hostile.results

    def test_a_frame_is_shown_in_outlook_and_nowhere_else(self):
        """The very same frame in two pages: so what is missing in one is not missing for another reason."""
        one = Service(self.home, starts=False)
        self.addCleanup(one.stop)
        (one.folder / "pages/taskpane.js").write_text('parent.postMessage("framed", "*");\n')
        one.authority.issue(one.folder / "around.pem", one.folder / "around.key", "outlook.example")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(one.folder / "around.pem", one.folder / "around.key")
        around = {name: Hostile(FRAME.replace("SERVICE", one.host), context) for name in ("outlook.example", "evil.example")}
        address = {name: f"https://{name}:{page.server.server_port}" for name, page in around.items()}
        one.write(outlook_origins=[address["outlook.example"]])
        one.start()
        for name, shown in (("outlook.example", "shown"), ("evil.example", "empty")):
            self.addCleanup(around[name].stop)
            with self.subTest(name):
                self.assertEqual(self.visit(around[name], address[name] + "/"), {"frame": shown})

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
        results = self.visit(hostile, f"http://evil.example:{hostile.server.server_port}/")
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
