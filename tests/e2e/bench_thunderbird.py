"""What phiscan costs in Thunderbird: Send to mail server with and without it, Send to question, key to verdict; the same for a message of
1 MB and a file of 10 MB. Milliseconds."""

import json
import statistics
import sys
import time

from cases import DANA, LABS
from thunderbird import BUTTON, FIND_QUESTION, Thunderbird

MENU = "The menu is as last week. "
LINE = MENU * 3 + "\n"
CLEAN = "<p>Shall we have lunch on Friday? " + MENU * 300 + "</p>"
LONG = "<p>Shall we have lunch on Friday?</p>" + ("<p>" + MENU * 10 + "</p>") * (1_000_000 // (len(MENU) * 10 + 7))
HALF = LINE * (5_000_000 // len(LINE))


def mail(last=""):
    """A mail with two files of 5 MB, to be attached: 10 MB that are read to the end. More than 8 MiB in one piece would be asked about."""
    part = '--b\nContent-Type: text/plain; charset=UTF-8\nContent-Disposition: attachment; filename="menu%d.txt"\n\n'
    head = "From: Rosa <rosa@valleylab.example>\nTo: Front Desk <frontdesk@lakeside-clinic.example>\nSubject: Menu\nDate: Fri, 20 Nov 2026 10:00:00 -0500\nMIME-Version: 1.0\n"
    return head + 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHere it is.\n' + part % 1 + HALF + "\n" + part % 2 + HALF + last + "\n--b--\n"


FILE = mail()


def p95(values):
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def said(name, values):
    print(f"{name:40} p50 {statistics.median(values):6.0f}   p95 {p95(values):6.0f}   n {len(values)}")


def sends(tb, count, body=CLEAN, attachment=None, rest=1.2):
    """Composed without the add-on's help, so that both runs do the same. `rest`: seconds before Send, as somebody reads it over."""
    out = []
    file = tb.folder / "menu.eml"
    if attachment:
        file.write_text(attachment)
    for i in range(count + 2):
        tb.chrome("""
          const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
          fields.to = arguments[0]; fields.subject = arguments[1]; fields.body = arguments[2];
          if (arguments[3]) {
            const attachment = Cc["@mozilla.org/messengercompose/attachment;1"].createInstance(Ci.nsIMsgAttachment);
            attachment.url = arguments[3]; attachment.name = "menu.eml"; attachment.contentType = "message/rfc822"; attachment.size = arguments[4];
            fields.addAttachment(attachment);
          }
          const params = Cc["@mozilla.org/messengercompose/composeparams;1"].createInstance(Ci.nsIMsgComposeParams);
          params.composeFields = fields; params.type = Ci.nsIMsgCompType.New; params.format = Ci.nsIMsgCompFormat.HTML;
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          params.identity = MailServices.accounts.allIdentities[0];
          MailServices.compose.OpenComposeWindowWithParams(null, params);
        """, "Pat <pat@elsewhere.example>", "Lunch", body, file.as_uri() if attachment else None, len(attachment or ""))
        tb.wait_until("const w = Services.wm.getMostRecentWindow('msgcompose'); return w?.document.readyState == 'complete' && w.gMsgCompose && !w.gWindowLocked;")
        time.sleep(rest)
        tb.sink.mails.clear()
        # One clock for both ends: the call that clicks returns at once.
        start = time.monotonic()
        tb.remote.run("Services.wm.getMostRecentWindow('msgcompose').document.getElementById('button-send').click();")
        assert tb.sink.wait(1, 30)
        out.append(1000 * (tb.sink.mails[0].at - start))
        tb.wait_until("return !Services.wm.getMostRecentWindow('msgcompose')")
    return out[2:]


def questions(tb, count):
    out = []
    for i in range(count + 2):
        tab = tb.compose(to=[DANA], subject="Your labs", body=LABS)
        tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        out.append(tb.window(tab, """
          const start = Date.now();
          w.document.getElementById("button-send").click();
        """ + FIND_QUESTION.replace("const ", "let ") + """
          for (;;) {
            const found = [...Services.wm.getEnumerator(null)].filter(w => w.location.href.includes("extensionPopup")).map(w => w.document.querySelector("browser")).find(b => b?.currentURI?.spec.includes("review.html?tab="));
            if (found) {
              try { if (await inPage(found, "return document.body?.dataset.ready == 'review'")) return Date.now() - start; } catch {}
            }
            await new Promise(resolve => setTimeout(resolve, 5));
          }
        """))
        tb.clean()
    return out


def verdicts(tb, count):
    tab = tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
    time.sleep(2)
    out = []
    for i in range(count + 2):
        for text in (f"Dana Roe, DOB 03/04/1961, MRN 0041234{i % 10}: A1c 8.2, metformin 1000 mg. ", None):
            took = tb.window(tab, """
              const button = w.document.querySelector(`[id^="${args[1]}"]`);
              const editor = w.GetCurrentEditor();
              const start = Date.now();
              if (args[0]) editor.insertText(args[0]); else { editor.selectAll(); editor.deleteSelection(0, 0); }
              const done = () => args[0] ? /^[0-9]+$/.test(button.getAttribute("badge") ?? "") : !/^[0-9]+$/.test(button.getAttribute("badge") ?? "");
              while (!done()) { await new Promise(resolve => setTimeout(resolve, 5)); if (Date.now() - start > 20000) throw new Error("no verdict"); }
              return Date.now() - start;
            """, text, BUTTON)
            if text:
                out.append(took)
    tb.clean()
    return out[2:]


WAIT_BADGE = """
  const button = w.document.querySelector(`[id^="${args[1]}"]`);
  while (!/^[0-9]+$/.test(button.getAttribute("badge") ?? "")) { await new Promise(resolve => setTimeout(resolve, 10)); if (Date.now() - start > 30000) throw new Error("no verdict"); }
  return Date.now() - start;
"""
FOUND = "Dana Roe, DOB 03/04/1961, MRN 00412345: A1c 8.2, metformin 1000 mg."


def long_bodies(tb, count):
    """Pasted into an empty message; until the button tells of what stands at its end."""
    out = []
    for i in range(count):
        tab = tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
        time.sleep(2)
        out.append(tb.window(tab, "const start = Date.now(); w.GetCurrentEditor().QueryInterface(Ci.nsIHTMLEditor).insertHTML(args[0]);" + WAIT_BADGE, LONG + "<p>" + FOUND + "</p>", BUTTON))
        tb.clean()
    return out


def large_files(tb, count):
    """Attached to an open message; until the button tells of what stands at its end."""
    out = []
    for i in range(count):
        file = tb.folder / f"{i}.eml"
        file.write_text(mail(f"{i}\n" + FOUND))
        tab = tb.compose(to=[DANA], subject="Hello", body="<p>Hello</p>")
        time.sleep(2)
        out.append(tb.window(tab, """
          const start = Date.now();
          const attachment = Cc["@mozilla.org/messengercompose/attachment;1"].createInstance(Ci.nsIMsgAttachment);
          attachment.url = args[0]; attachment.name = "menu.eml"; attachment.contentType = "message/rfc822"; attachment.size = args[2];
          w.AddAttachments([attachment]);
        """ + WAIT_BADGE, file.as_uri(), BUTTON, file.stat().st_size))
        tb.clean()
    return out


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    few = max(3, count // 4)
    bare = Thunderbird(xpi="none", host="missing", control=False)
    try:
        without = [sends(bare, count), sends(bare, few, body=LONG, rest=4), sends(bare, few, attachment=FILE, rest=4)]
    finally:
        bare.close()
    tb = Thunderbird()
    try:
        first, _, *shown = questions(tb, count)
        with_it = [sends(tb, count), sends(tb, few, body=LONG, rest=4), sends(tb, few, attachment=FILE, rest=4)]
        live = verdicts(tb, count)
        body = long_bodies(tb, few)
        file = large_files(tb, few)
    finally:
        tb.close()
    for name, bare_times, times in zip(("", ", 1 MB body", ", 10 MB file"), without, with_it):
        said(f"Send to mail server{name}, without", bare_times)
        said(f"Send to mail server{name}, with", times)
        added = statistics.median(times) - statistics.median(bare_times)
        print(f"{'added at Send' + name:40} p50 {added:6.0f}   p95 {p95(times) - p95(bare_times):6.0f}" + ("   (goal 100)" if not name else ""))
    said("Send to question (goal 400)", shown)
    print(f"{'the very first after a start':40}     {first:6.0f}")
    said("last key to verdict, pause included", live)
    print(f"{'verdict after the pause of 450 ms':40} p50 {statistics.median(live) - 450:6.0f}   p95 {p95(live) - 450:6.0f}   (goal 300)")
    said("1 MB pasted to verdict", body)
    said("10 MB attached to verdict", file)
    print(json.dumps({"added_p95": p95(with_it[0]) - p95(without[0]), "question_p95": p95(shown), "question_first": first, "live_p95": p95(live) - 450}))


if __name__ == "__main__":
    main()
