import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { labelList } from "../../ui/src/labels.ts";
import { fromBase64, sha256, utf8 } from "./bytes.ts";
import { fit, fitLines, heldBack, insight, limits } from "./limits.ts";
import { ageOf } from "./state.ts";
import { sendWords } from "./words.ts";

const all = { command: true, markdown: true };
const dialog = { lines: ["Look again", "Found: name.", "Send if it is right."], label: "Review", portal: null, mayOverride: true };

test("bytes are those of the platform's own functions", () => {
  for (const size of [0, 1, 2, 3, 55, 56, 64, 1000]) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 37) % 256);
    assert.deepEqual(fromBase64(Buffer.from(bytes).toString("base64")), bytes);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"));
  }
  for (const text of ["", "abc", "año ✓ 🩺", "\ud800x"]) assert.deepEqual(utf8(text), new Uint8Array(Buffer.from(text)));
  assert.throws(() => fromBase64("ab$d"), RangeError);
});

test("texts are cut at a word, and never within a sign", () => {
  assert.equal(fit("one two three", 9), "one two…");
  assert.equal(fit("short", 9), "short");
  assert.ok(!/[\ud800-\udbff]…/.test(fit(`${"x".repeat(7)}🩺🩺`, 9)));
  for (let most = 20; most < 200; most++) assert.ok(fit("word ".repeat(60), most).length <= most);
});

test("what to do stays, whatever has to go", () => {
  const said = fitLines(["t".repeat(300), "f".repeat(300), "Do this."], limits.dialog, "\n");
  assert.ok(said.length <= 500 && said.endsWith("\nDo this."));
  assert.equal(fitLines(["a", "", "b"], 500, "\n"), "a\nb");
});

test("no text is longer than Office takes it, however long the words are", () => {
  const long = "word ".repeat(300);
  for (const portal of [null, { text: long, url: `https://portal.example/${"x".repeat(100)}` }, { text: "Portal", url: `https://portal.example/${"x".repeat(470)}` }]) {
    const made = heldBack({ lines: [long, long, long], label: long, portal, mayOverride: true }, all);
    assert.ok(String(made["errorMessage"]).length <= 500);
    assert.ok(String(made["errorMessageMarkdown"]).length <= 500);
    assert.ok(String(made["cancelLabel"]).length <= 20);
  }
  const bar = insight(long, long);
  assert.ok(bar.message.length <= 150 && (bar.actions?.[0]?.actionText.length ?? 99) <= 30);
  assert.ok(!("persistent" in bar), "office.js refuses it");
});

test("every text of ours has room in both languages, at its longest", () => {
  for (const lang of ["en", "es"] as const) {
    const own = sendWords(lang);
    const isWhole = (text: string, most: number) => assert.equal(fit(text, most), text, `${lang}: ${text.length} of ${most}`);
    for (const label of [own.labelReview, own.labelReason, own.labelBlocked, own.labelUnchecked]) isWhole(label, limits.label);
    for (const action of [own.actionReview, own.labelUnchecked]) isWhole(action, limits.action);
    isWhole(own.barUnchecked, limits.bar);
    const texts = JSON.parse(readFileSync(join(process.env["PHISCAN_ROOT"] ?? "", `libphiscan/packs/us-core/texts/${lang}.json`), "utf8")) as Record<string, string>;
    const titles = Object.entries(texts).flatMap(([name, text]) => (name.startsWith("title.") ? [text] : []));
    const kinds = Object.keys(texts).flatMap((name) => (name.startsWith("label.") ? [name.slice(6)] : [])).sort((a, b) => (texts[`label.${b}`] ?? "").length - (texts[`label.${a}`] ?? "").length);
    assert.ok(titles.length > 10 && kinds.length > 40);
    const portal = { text: own.portal, url: `https://portal.clinic.example/${"x".repeat(60)}` };
    const held = (lines: readonly string[]) => {
      const said = heldBack({ lines, label: own.labelReview, portal, mayOverride: true }, all);
      assert.equal(said["errorMessage"], lines.join("\n"), "nothing of it is cut");
      for (const text of [String(said["errorMessage"]), String(said["errorMessageMarkdown"])]) assert.ok(text.length <= limits.dialog && !text.includes("…"), text);
      assert.ok(String(said["errorMessageMarkdown"]).includes(portal.url));
    };
    for (const title of titles) {
      for (const last of [own.orSend, own.again, own.reason, own.blocked]) held([title, own.found(labelList(kinds.slice(0, 9), own)), own.outsideIs(250), own.unreadIs(250), last]);
      const bar = insight(`${title} — ${own.outside(250)} · ${own.filesUnread(250)} · ${labelList(kinds.slice(0, 9), own)}`, own.actionReview).message;
      assert.ok(bar.length <= limits.bar && bar.includes(own.outside(250)) && bar.includes(own.filesUnread(250)), bar);
    }
    for (const why of Object.values(own.trouble)) for (const last of [own.orSend, own.again, own.uncheckedBlocked]) held([why, own.notChecked(own.subjectAndText, 250, 250), last]);
  }
});

test("words are no signs of Markdown, and only an HTTPS address becomes a link", () => {
  const made = (url: string) => String(heldBack({ ...dialog, lines: ["a *b* [c](d) _e_", "Go."], portal: { text: "Portal", url } }, all)["errorMessageMarkdown"]);
  assert.match(made("https://portal.example/"), /^\*\*a \\\*b\\\* \\\[c\\\]\(d\) \\_e\\_\*\*\n\nGo\.\n\n\[Portal\]\(https:\/\/portal\.example\/\)$/);
  for (const url of ["http://portal.example/", "javascript:alert(1)", "https://a b", "https://a)(b"]) assert.doesNotMatch(made(url), /\]\([^d]/);
});

test("only what the Outlook knows is said to it", () => {
  assert.deepEqual(Object.keys(heldBack(dialog, { command: false, markdown: false })), ["allowEvent", "errorMessage"]);
  assert.equal(heldBack(dialog, all)["sendModeOverride"], "promptUser");
  assert.ok(!("sendModeOverride" in heldBack({ ...dialog, mayOverride: false }, all)));
});

test("ages are of versions that are dates", () => {
  assert.equal(ageOf("2026-11-22", new Date("2026-11-24T10:00:00Z")), 2);
  assert.equal(ageOf("0.1.0", new Date()), null);
});
