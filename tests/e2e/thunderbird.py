"""A real Thunderbird with a throw-away profile and home: our add-on, the real host, and a mail server on loopback.

Everything is done as a person would: the Send button is clicked, the question is answered in its own window. Environment: PHISCAN_BUILD
(the build folder), PHISCAN_ROOT (the tree), PHISCAN_SCREENSHOTS (a folder, if pictures are wanted)."""

import base64
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from mail_sink import Sink
from marionette import Marionette, ScriptError

ROOT = pathlib.Path(os.environ.get("PHISCAN_ROOT", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get("PHISCAN_BUILD", ROOT / "build"))
ADDON = "thunderbird@phiscan"
PROGRAM = os.environ.get("PHISCAN_THUNDERBIRD", "/usr/lib/thunderbird/thunderbird")
# Thunderbird's own id of our button in a compose window.
BUTTON = re.sub(r"[^a-z0-9_-]", "_", ADDON) + "-composeAction"
DEMO_POLICY = ROOT / "libphiscan/schema/examples/policy.clinic.json"

QUIET = {
    "mail.provider.suppress_dialog_on_startup": True, "mail.spotlight.firstRunDone": True, "mail.winsearch.firstRunDone": True,
    "mail.rights.override": True, "mail.rights.version": 1, "mailnews.start_page.enabled": False, "mailnews.start_page.url": "about:blank",
    "mailnews.start_page.override_url": "about:blank", "mailnews.start_page_override.mstone": "ignore", "app.donation.eoy.version.viewed": 999,
    "mail.inappnotifications.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True, "toolkit.telemetry.reportingpolicy.firstRun": False, "mail.spam.version": 1,
    "mail.shell.checkDefaultClient": False, "app.update.enabled": False, "extensions.update.enabled": False, "extensions.getAddons.cache.enabled": False,
    "extensions.blocklist.enabled": False, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "network.manage-offline-status": False, "mail.SpellCheckBeforeSend": False, "mail.spellcheck.inline": False, "mail.e2ee.auto_enable": False,
    "mailnews.auto_config.guess.enabled": False, "mail.compose.attachment_reminder": False, "mail.warn_on_send_accel_key": False,
    "mailnews.sendInBackground": False, "mail.collect_email_address_outgoing": False, "offline.send.unsent_messages": 2,
}


def preferences(smtp_port, marionette_port, more):
    name, address = "Front Desk", "frontdesk@lakeside-clinic.example"
    account = {
        "mail.accountmanager.accounts": "account1,account2", "mail.accountmanager.defaultaccount": "account1", "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.server": "server1", "mail.account.account1.identities": "id1", "mail.account.account2.server": "server2", "mail.account.lastKey": 2,
        "mail.server.server1.type": "pop3", "mail.server.server1.hostname": "127.0.0.1", "mail.server.server1.port": 9, "mail.server.server1.userName": "frontdesk",
        "mail.server.server1.name": "Clinic", "mail.server.server1.login_at_startup": False, "mail.server.server1.check_new_mail": False,
        "mail.server.server1.download_on_biff": False, "mail.server.server1.directory-rel": "[ProfD]Mail/clinic",
        "mail.server.server2.type": "none", "mail.server.server2.hostname": "Local Folders", "mail.server.server2.userName": "nobody",
        "mail.server.server2.name": "Local Folders", "mail.server.server2.directory-rel": "[ProfD]Mail/Local Folders",
        "mail.identity.id1.fullName": name, "mail.identity.id1.useremail": address, "mail.identity.id1.valid": True, "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.compose_html": True, "mail.identity.id1.doFcc": False, "mail.identity.id1.draft_folder": "mailbox://nobody@Local%20Folders/Drafts",
        "mail.smtpservers": "smtp1", "mail.smtp.defaultserver": "smtp1", "mail.smtpserver.smtp1.hostname": "127.0.0.1", "mail.smtpserver.smtp1.port": smtp_port,
        "mail.smtpserver.smtp1.authMethod": 1, "mail.smtpserver.smtp1.try_ssl": 0, "mail.smtpserver.smtp1.username": "",
        "extensions.autoDisableScopes": 0, "extensions.enabledScopes": 15, "marionette.port": marionette_port,
    }
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in {**QUIET, **account, **more}.items()]
    return "\n".join(lines) + "\n"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# Runs code in the page of a <browser>, which lives in another process, and gives its value back as JSON.
IN_PAGE = """
  const inPage = (browser, code) => new Promise((resolve, reject) => {
    const name = "phiscan-test:" + Math.random();
    const source = `{
      const code = ${JSON.stringify(code)};
      const reply = (ok, value) => sendAsyncMessage(${JSON.stringify(name)}, JSON.stringify({ ok, value: value === undefined ? null : value }));
      try {
        const box = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
        Promise.resolve(Cu.evalInSandbox("(async () => {" + code + "})()", box)).then((value) => reply(true, value), (error) => reply(false, String(error)));
      } catch (error) { reply(false, String(error)); }
    }`;
    const end = Date.now() + 30000;
    // A page that closes meanwhile never answers.
    const timer = setInterval(() => {
      const window = browser.ownerDocument?.defaultView;  // none any more when the window is gone
      const gone = !browser.isConnected || !window || window.closed;
      if (!gone && Date.now() < end) return;
      clearInterval(timer);
      reject(new Error(gone ? "the page is gone" : "the page did not answer"));
    }, 200);
    const listen = (message) => {
      clearInterval(timer);
      browser.messageManager.removeMessageListener(name, listen);
      const { ok, value } = JSON.parse(message.data);
      ok ? resolve(value) : reject(new Error(value));
    };
    browser.messageManager.addMessageListener(name, listen);
    browser.messageManager.loadFrameScript("data:," + encodeURIComponent(source), false);
  });
  const { setTimeout, clearTimeout, setInterval, clearInterval } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
"""

FIND_QUESTION = """
  const questions = [...Services.wm.getEnumerator(null)].filter(w => w.location.href.includes("extensionPopup"));
  const pages = questions.map(w => w.document.querySelector("browser")).filter(b => b?.currentURI?.spec.includes("review.html?tab="));
"""


class Thunderbird:
    """`host` as for set_host; `xpi`: profile, or policy when the administrator's policy installs it."""

    def __init__(self, host="real", policy=DEMO_POLICY, prefs=None, xpi="profile", headless=True, home=None, sink=None, control=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phiscan-tb-"))
        self.home = home or self.folder / "home"
        self.home.mkdir(exist_ok=True)
        self.profile = self.folder / "profile"
        (self.profile / "extensions").mkdir(parents=True)
        self.sink = sink or Sink()
        port = free_port()
        (self.profile / "user.js").write_text(preferences(self.sink.port, port, prefs or {}))
        if xpi == "profile":
            shutil.copy(BUILD / "addins/phiscan-thunderbird.xpi", self.profile / f"extensions/{ADDON}.xpi")
        self.policy = policy
        self.set_host(host)
        environment = {
            **os.environ, "HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state"), "XDG_CACHE_HOME": str(BUILD / "tests/e2e-cache"),
            "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1", "MOZ_DBUS_REMOTE": "0", "MOZ_CRASHREPORTER_DISABLE": "1", "LANGUAGE": "", "LC_ALL": "C.UTF-8", "TZ": "America/New_York",
        }
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self.log = open(self.folder / "thunderbird.log", "wb")
        words = [PROGRAM, "--no-remote", "--profile", str(self.profile), "--marionette", "--remote-allow-system-access"]
        self.process = subprocess.Popen(words + (["--headless"] if headless else []), env=environment, stdout=self.log, stderr=self.log, start_new_session=True)
        try:
            self.remote = Marionette(port)
            self.wait_until("""
                const main = Services.wm.getMostRecentWindow("mail:3pane");
                return main?.document.readyState == "complete" && (!arguments[1] || !!WebExtensionPolicy.getByID(arguments[0])?.active) && !!main.document.getElementById("tabmail")?.currentTabInfo;
            """, ADDON, control, seconds=40)
            self.main = self.remote.call("WebDriver:GetWindowHandle", {})
            if control:
                self.open_control()
        except BaseException:
            self.close()
            raise

    # --- the host ---

    @property
    def manifest(self):
        return self.home / ".mozilla/native-messaging-hosts/phiscan.json"

    def set_host(self, host):
        """real, missing, None for what is installed, or the text of a shell script that stands in for it. A host that runs already stays."""
        if host is None:
            return
        self.manifest.parent.mkdir(parents=True, exist_ok=True)
        self.manifest.unlink(missing_ok=True)
        if host == "missing":
            return
        script = self.folder / "host"
        options = f"--state {self.home}/state.db"
        if self.policy:
            options += f" --policy {self.policy}"
        body = f"exec {BUILD}/bin/phiscan-host stdio {options} 2>>{self.folder}/host.log" if host == "real" else host
        script.write_text(f"#!/bin/sh\necho $$ >> {self.folder}/host.pids\n{body}\n")
        script.chmod(0o755)
        described = {"name": "phiscan", "description": "phiscan", "path": str(script), "type": "stdio", "allowed_extensions": [ADDON]}
        self.manifest.write_text(json.dumps(described))

    @property
    def host_starts(self):
        """The process ids of all hosts so far."""
        file = self.folder / "host.pids"
        return file.read_text().split() if file.exists() else []

    @property
    def host_pids(self):
        """Of those that run."""
        running = []
        for word in self.host_starts:
            state = pathlib.Path(f"/proc/{word}/stat")
            if state.exists() and ") Z " not in state.read_text():
                running.append(int(word))
        return running

    def kill_hosts(self):
        for pid in self.host_pids:
            os.kill(pid, signal.SIGKILL)

    def forget_answers(self):
        """A new host without a past: "yes, I checked" of one case would silence the next."""
        self.kill_hosts()
        for file in self.home.glob("state.db*"):
            file.unlink()

    # --- remote control ---

    def chrome(self, script, *args):
        return self.remote.wait_for(IN_PAGE + script, *args)

    def wait_until(self, script, *args, seconds=15):
        end = time.monotonic() + seconds
        while True:
            value = self.remote.wait_for(IN_PAGE + script, *args)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"did not happen in {seconds} s: {script.strip()[:300]}")
            time.sleep(0.05)

    def open_control(self):
        """The add-on's own settings page in a tab: from there its API is called."""
        self.chrome("""
          const policy = WebExtensionPolicy.getByID(arguments[0]);
          const principal = policy.extension.principal;
          const tabmail = Services.wm.getMostRecentWindow("mail:3pane").document.getElementById("tabmail");
          tabmail.openTab("contentTab", { url: policy.getURL("options.html"), linkHandler: "single-page", triggeringPrincipal: principal, principal,
            initialBrowsingContextGroupId: policy.browsingContextGroupId, background: false });
        """, ADDON)
        self.wait_until("""
          const tabmail = Services.wm.getMostRecentWindow("mail:3pane").document.getElementById("tabmail");
          globalThis.controlPage = tabmail.tabInfo.map(info => info.browser).find(browser => browser?.currentURI?.spec.endsWith("options.html"));
          if (!globalThis.controlPage) return false;
          try { return await inPage(globalThis.controlPage, "return document.readyState == 'complete' && typeof browser.compose == 'object'"); } catch { return false; }
        """)

    def page(self, code):
        """Code in the settings page; `browser.*` is there."""
        return self.chrome("""
          const tabmail = Services.wm.getMostRecentWindow("mail:3pane").document.getElementById("tabmail");
          const control = tabmail.tabInfo.map(info => info.browser).find(browser => browser?.currentURI?.spec.endsWith("options.html"));
          return inPage(control, arguments[0]);
        """, code)

    def reload_settings(self):
        self.page("document.documentElement.dataset.old = 'yes'; location.reload()")
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                if self.page("return !document.documentElement.dataset.old && document.body?.dataset.ready") == "yes":
                    return
            except Exception:
                pass  # between two documents
            time.sleep(0.1)
        raise AssertionError("the settings page did not come")

    def background(self, code):
        """Code in the add-on's background page, to break it."""
        return self.chrome("""
          const { extension } = WebExtensionPolicy.getByID(arguments[0]);
          const view = [...extension.views].find(one => one.viewType == "background");
          return inPage(view.xulBrowser, arguments[1]);
        """, ADDON, code)

    # --- composing ---

    def compose(self, **details):
        """Opens a compose window and gives its tab id. `attachments`: (name, bytes, type)."""
        files = [[name, list(data), media] for name, data, media in details.pop("attachments", [])]
        begin = details.pop("begin", None)
        tab = self.page(f"""
          const details = {json.dumps(details)};
          const files = {json.dumps(files)};
          if (files.length) details.attachments = files.map(([name, bytes, type]) => ({{ file: new File([new Uint8Array(bytes)], name, {{ type }}), name }}));
          const begin = {json.dumps(begin)};
          const tab = begin === null ? await browser.compose.beginNew(details) : await browser.compose[begin[0]](begin[1], begin[2], details);
          return tab.id;
        """)
        self.wait_until("const w = Services.wm.getMostRecentWindow('msgcompose'); return w?.document.readyState == 'complete' && w.gMsgCompose && !w.gWindowLocked;")
        return tab

    def details(self, tab):
        return self.page(f"return JSON.parse(JSON.stringify(await browser.compose.getComposeDetails({tab})));")

    COMPOSE = """
      const policy = WebExtensionPolicy.getByID(arguments[0]);
      const w = [...Services.wm.getEnumerator("msgcompose")].find(one => { try { return policy.extension.tabManager.getWrapper(one)?.id == arguments[1]; } catch { return false; } });
    """

    def window(self, tab, script, *args):
        """Script with `w`, the compose window."""
        return self.chrome(self.COMPOSE + "const args = [...arguments].slice(2);" + script, ADDON, tab, *args)

    def send(self, tab, how="button-send"):
        if how == "later":
            self.window(tab, "w.goDoCommand('cmd_sendLater');")
        else:
            self.window(tab, "w.document.getElementById(args[0]).click();", how)

    def is_open(self, tab):
        return self.window(tab, "return !!w;")

    def is_locked(self, tab):
        return self.window(tab, "return !!w?.gWindowLocked;")

    def wait_unlocked(self, tab, seconds=10):
        self.wait_until(self.COMPOSE + "return !!w && !w.gWindowLocked;", ADDON, tab, seconds=seconds)

    def wait_closed(self, tab, seconds=15):
        self.wait_until(self.COMPOSE + "return !w;", ADDON, tab, seconds=seconds)

    def button(self, tab):
        """What our button in the compose window says."""
        return self.window(tab, """
          const button = w.document.querySelector(`[id^="${args[0]}"]`);
          return button && { label: button.getAttribute("label"), title: button.getAttribute("tooltiptext") ?? button.title, badge: button.getAttribute("badge") ?? "" };
        """, BUTTON)

    def wait_button(self, tab, field, wanted, seconds=15):
        end = time.monotonic() + seconds
        while True:
            said = self.button(tab)
            if said and wanted(said[field] or ""):
                return said
            if time.monotonic() > end:
                raise AssertionError(f"the button says {said}")
            time.sleep(0.1)

    def strip(self, tab):
        """Text of the strip in the message, or none."""
        return self.window(tab, """
          const text = w.getComputedStyle ? w.GetCurrentEditor().document.defaultView.getComputedStyle(w.GetCurrentEditor().document.body, "::before").content : null;
          return text == "none" ? null : text;
        """)

    def wait_strip(self, tab, wanted, seconds=15):
        """The strip follows the button by a moment."""
        end = time.monotonic() + seconds
        while not wanted(said := self.strip(tab) or ""):
            if time.monotonic() > end:
                raise AssertionError(f"the strip says {said!r}")
            time.sleep(0.1)
        return said

    # --- the question ---

    def question(self, seconds=30, tab=None, ready=None):
        """Waits for the question window; gives what it is. Without `seconds` one look, and False when it is not there or not ready."""
        which = f"review.html?tab={tab}" if tab is not None else "review.html?tab="
        script = FIND_QUESTION + """
          const page = pages.find(b => b.currentURI.spec.includes(arguments[0]));
          if (!page) return false;
          try {
            const kind = await inPage(page, "return document.body?.dataset.ready ?? ''");
            return arguments[1] === null ? kind : kind === arguments[1] && kind;
          } catch { return false; }
        """
        if seconds is None:
            return self.chrome(script, which, ready)
        try:
            return self.wait_until(script, which, ready, seconds=seconds)
        except AssertionError:
            raise AssertionError(f"no question {ready or ''} came in {seconds} s; there is: {self.scene()}") from None

    def scene(self):
        """What is on the screen, for a test that failed."""
        return self.chrome(FIND_QUESTION + """
          const state = (w) => ({ subject: w.GetComposeDetails().subject.length, locked: w.gWindowLocked, send: !w.document.getElementById("button-send").disabled,
            phiscan: w.document.querySelector(`[id^="${arguments[0]}"]`)?.getAttribute("label") });
          const said = (page) => inPage(page, "return [document.body?.dataset.ready ?? '', (document.querySelector('phiscan-review')?.shadowRoot ?? document.body).textContent.slice(0, 120)]").catch(String);
          return JSON.stringify({ questions: await Promise.all(pages.map(said)), compose: [...Services.wm.getEnumerator("msgcompose")].map(state),
            others: [...Services.wm.getEnumerator(null)].map(w => w.location.href).filter(href => !/messenger\.xhtml|messengercompose|extensionPopup/.test(href)) });
        """, BUTTON) + f", mails that arrived: {len(self.sink.mails)}, hosts: {len(self.host_pids)} of {len(self.host_starts)}"

    def has_question(self, tab=""):
        """How many are open, of one compose window or of all."""
        return self.chrome(FIND_QUESTION + "return pages.filter(b => b.currentURI.spec.endsWith('tab=' + arguments[0]) || arguments[0] === '').length;", tab)

    def no_question(self, seconds=10):
        """Waits until none is open."""
        self.wait_until(FIND_QUESTION + "return pages.length == 0;", seconds=seconds)

    def in_question(self, code, tab=None):
        """Code in the question's page; `root` is the inside of the review."""
        which = f"review.html?tab={tab}" if tab is not None else "review.html?tab="
        return self.chrome(FIND_QUESTION + "const page = pages.find(b => b.currentURI.spec.includes(arguments[0])); if (!page) throw new Error('no question is open'); return inPage(page, arguments[1]);",
                           which, "const root = document.querySelector('phiscan-review')?.shadowRoot ?? document;" + code)

    def text(self, tab=None):
        return self.in_question("return (root.body ?? root).textContent", tab)

    def said(self):
        """The text of the question, or nothing when none is open or it is just closing."""
        try:
            return self.text() if self.has_question() else ""
        except ScriptError:
            return ""

    def press(self, selector, tab=None):
        self.in_question(f"const it = root.querySelector({json.dumps(selector)}); if (!it) throw new Error('nothing to press'); it.click(); return true", tab)

    def send_anyway(self, tab=None):
        """Ticks what has to be ticked, gives a reason when one is asked for."""
        self.in_question("""
          for (const box of root.querySelectorAll('.recipients input[type=checkbox]')) if (!box.checked) box.click();
          root.querySelector('input[type=radio]')?.click();
          root.querySelector('button.send').click();
          return true
        """, tab)

    def offer(self, kind, tab=None):
        """Takes an offer, through its preview if it has one. Number of clicks."""
        clicks = self.in_question(f"""
          const icons = {{ use_portal: "portal", encrypt: "lock", redact: "pen", remove_recipient: "minus", move_to_bcc: "hide", trim_quote: "cut", remove_attachment: "file" }};
          const button = [...root.querySelectorAll("button.offer")].find(one => one.querySelector(".icon-" + icons[{json.dumps(kind)}]));
          if (!button) return 0;
          button.click();
          const use = root.querySelector("footer button.primary");
          if (root.querySelector(".change-0, .notice, .pair, .letter")) {{ use.click(); return 2; }}
          return 1;
        """, tab)
        if not clicks:
            raise AssertionError(f"there is no offer {kind}: {self.text(tab)[:600]}")
        return clicks

    def close_question(self):
        """As the X of the window does."""
        self.chrome(FIND_QUESTION + "for (const w of questions) w.close();")

    def accept_alert(self, seconds=15):
        """Thunderbird's own alert, such as about a mail server; False when none comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.chrome("""
              const alert = [...Services.wm.getEnumerator(null)].find(w => w.location.href.endsWith("commonDialog.xhtml"))?.document.querySelector("dialog");
              alert?.acceptDialog();
              return !!alert;
            """):
                return True
            time.sleep(0.1)
        return False

    # --- pictures ---

    def picture(self, name, kind="question"):
        folder = os.environ.get("PHISCAN_SCREENSHOTS")
        if not folder:
            return
        handle = self.remote.run("""
          const [kind] = arguments;
          const { TabManager } = ChromeUtils.importESModule("chrome://remote/content/shared/TabManager.sys.mjs");
          const all = [...Services.wm.getEnumerator(null)];
          const w = kind == "question" ? all.find(w => w.location.href.includes("extensionPopup")) : Services.wm.getMostRecentWindow(kind);
          return String(w.docShell?.browsingContext?.id ?? "");
        """, kind)
        path = pathlib.Path(folder) / f"thunderbird-{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        handles = self.remote.call("WebDriver:GetWindowHandles", {})
        chrome_handles = handles if handles else []
        for one in chrome_handles:
            self.remote.call("WebDriver:SwitchToWindow", {"handle": one, "focus": False})
            if self.remote.run("return String(window.docShell?.browsingContext?.id ?? '')") == handle:
                self.remote.screenshot(one, path)
                break
        # A session whose window closes is worth nothing.
        self.remote.call("WebDriver:SwitchToWindow", {"handle": self.main, "focus": False})

    def picture_of_panel(self, tab, name):
        """The panel of our button lies over its window and is not in a picture of that."""
        folder = os.environ.get("PHISCAN_SCREENSHOTS")
        if not folder:
            return
        text = self.window(tab, """
          const panel = [...w.document.querySelectorAll("browser")].find(one => one.currentURI?.spec.endsWith("popup.html"));
          const bitmap = await panel.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
          const canvas = w.document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
          canvas.width = bitmap.width;
          canvas.height = bitmap.height;
          canvas.getContext("2d").drawImage(bitmap, 0, 0);
          return canvas.toDataURL("image/png").split(",")[1];
        """)
        (pathlib.Path(folder) / f"thunderbird-{name}.png").write_bytes(base64.b64decode(text))

    # --- between cases, and the end ---

    def clean(self):
        """Closes what a case left open: a left question would be found by the next."""
        self.chrome("""
          for (const w of [...Services.wm.getEnumerator(null)].filter(w => w.location.href.includes("extensionPopup"))) w.close();
          for (const w of Services.wm.getEnumerator("msgcompose")) { w.ToggleWindowLock(false); w.gContentChanged = false; w.close(); }
        """)
        self.wait_until("return [...Services.wm.getEnumerator('msgcompose')].length == 0 && ![...Services.wm.getEnumerator(null)].some(w => w.location.href.includes('extensionPopup'));")
        self.sink.mails.clear()

    def close(self):
        try:
            if hasattr(self, "remote"):
                self.remote.call("Marionette:Quit", {"flags": ["eForceQuit"]})
                self.process.wait(10)
        except Exception:
            pass
        if hasattr(self, "remote"):
            self.remote.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()
        self.sink.close()
        if not os.environ.get("PHISCAN_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
