"""What phiscan costs in Thunderbird: Send to mail server with and without it, Send to question, key to verdict. Milliseconds."""

import json
import statistics
import sys
import time

from cases import DANA, LABS
from thunderbird import BUTTON, FIND_QUESTION, Thunderbird

CLEAN = dict(to=["Pat <pat@elsewhere.example>"], subject="Lunch", body="<p>Shall we have lunch on Friday? " + "The menu is as last week. " * 300 + "</p>")


def p95(values):
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def said(name, values):
    print(f"{name:38} p50 {statistics.median(values):6.0f}   p95 {p95(values):6.0f}   n {len(values)}")


def sends(tb, count):
    """Composed without the add-on's help, so that both runs do the same."""
    out = []
    for i in range(count + 2):
        tb.chrome("""
          const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
          fields.to = arguments[0]; fields.subject = arguments[1]; fields.body = arguments[2];
          const params = Cc["@mozilla.org/messengercompose/composeparams;1"].createInstance(Ci.nsIMsgComposeParams);
          params.composeFields = fields; params.type = Ci.nsIMsgCompType.New; params.format = Ci.nsIMsgCompFormat.HTML;
          const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
          params.identity = MailServices.accounts.allIdentities[0];
          MailServices.compose.OpenComposeWindowWithParams(null, params);
        """, CLEAN["to"][0], CLEAN["subject"], CLEAN["body"])
        tb.wait_until("const w = Services.wm.getMostRecentWindow('msgcompose'); return w?.document.readyState == 'complete' && w.gMsgCompose && !w.gWindowLocked;")
        time.sleep(1.2)
        tb.sink.mails.clear()
        # One clock for both ends: the call that clicks returns at once.
        start = time.monotonic()
        tb.remote.run("Services.wm.getMostRecentWindow('msgcompose').document.getElementById('button-send').click();")
        assert tb.sink.wait(1, 20)
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
    return out[2:]


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


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    bare = Thunderbird(xpi="none", host="missing", control=False)
    try:
        without = sends(bare, count)
    finally:
        bare.close()
    tb = Thunderbird()
    try:
        with_it = sends(tb, count)
        shown = questions(tb, count)
        live = verdicts(tb, count)
    finally:
        tb.close()
    said("Send to mail server, without", without)
    said("Send to mail server, with", with_it)
    print(f"{'added at Send':38} p50 {statistics.median(with_it) - statistics.median(without):6.0f}   p95 {p95(with_it) - p95(without):6.0f}   (goal 100)")
    said("Send to question (goal 400)", shown)
    said("last key to verdict, pause included", live)
    print(f"{'verdict after the pause of 450 ms':38} p50 {statistics.median(live) - 450:6.0f}   p95 {p95(live) - 450:6.0f}   (goal 300)")
    print(json.dumps({"added_p95": p95(with_it) - p95(without), "question_p95": p95(shown), "live_p95": p95(live) - 450}))


if __name__ == "__main__":
    main()
