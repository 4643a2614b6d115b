import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft } from "@phiscan/core";
import { whole } from "./flowed.ts";
import { settingsFrom } from "./settings.ts";
import { cssString, stripCss } from "./strip.ts";
import { answerWithout } from "./unchecked.ts";

test("no text can leave its CSS string", () => {
  assert.equal(cssString("ab1"), '"ab1"');
  for (const text of ['"; } body { display: none', "\\", "\n", "*/", "é", "\u{1f512}", "</style>"]) {
    const css = cssString(text);
    assert.match(css, /^"([A-Za-z0-9]|\\[0-9a-f]{1,6} )*"$/);
    const back = css.slice(1, -1).replace(/\\([0-9a-f]+) /g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
    assert.equal(back, text);
  }
  assert.equal(stripCss('x"}', "stop").split("{").length, stripCss("x", "stop").split("{").length);
});

test("lines that Thunderbird cut are whole again", () => {
  assert.equal(whole("Dana, your A1c is \n8.2, up from \n7.4.\n\n  * two \n    and three\n> quoted \n> on\n-- \nAna \nPetrova"), "Dana, your A1c is 8.2, up from 7.4.\n\n  * two and three\n> quoted \n> on\n-- \nAna Petrova");
});

test("the administrator beats the person, and nonsense is nothing", () => {
  const settings = settingsFrom({ locale: "es", failMode: "block", promptSeconds: "soon" }, { locale: "en", strip: false, failMode: "allow_with_note", role: "provider" });
  assert.equal(settings.locale, "es");
  assert.equal(settings.failMode, "block");
  assert.equal(settings.strip, false);
  assert.equal(settings.promptSeconds, 300);
  assert.equal(settings.role, null);
  assert.deepEqual(settings.locked, ["locale", "failMode"]);
  assert.deepEqual(settings.misfits, ["promptSeconds"]);
  assert.equal(settingsFrom({}, { failMode: "allow_with_note" }).failMode, null);
});

const draft: Draft = {
  from: { address: "a@clinic.example" }, to: [{ address: "b@else.example" }], cc: [], bcc: [{ address: "c@else.example" }], subject: "", html: null, text: "", compose: "new",
  participants: [], attachments: [{ name: "x", mediaType: "text/plain", size: 1, sha256: null }], role: null, mailbox: null, headers: {},
};

test("without an engine and a policy it asks, and names what was not checked", () => {
  const { onSend, text } = answerWithout(draft, "absent", null, null, "en");
  assert.equal(onSend, "prompt");
  assert.match(text, /subject and text, 1 attachment, 2 recipients/);
  assert.equal(answerWithout(draft, "absent", null, "block", "en").onSend, "block");
  assert.equal(answerWithout(draft, "slow", null, "allow_with_note", "es").onSend, "note");
  assert.match(answerWithout(draft, "version", null, null, "es").text, /antiguo/);
});
