import assert from "node:assert/strict";
import { test } from "node:test";
import { applyOffer, replaceRanges } from "./edits.ts";
import type { Draft } from "./draft.ts";
import type { Offer } from "./report.ts";

const draft: Draft = {
  from: { address: "desk@clinic.example" },
  to: [{ address: "a@mail.test" }, { address: "b@mail.test" }],
  cc: [{ address: "c@mail.test" }],
  bcc: [],
  subject: "🩺 Dana Roe",
  html: "<p>Dana &amp; Roe</p>",
  text: null,
  compose: "new",
  participants: [],
  attachments: [
    { name: "Dana.csv", mediaType: "text/csv", size: 3, sha256: "aa" },
    { name: "map.png", mediaType: "image/png", size: 3, sha256: "bb" },
  ],
  role: null,
  mailbox: null,
  headers: {},
};
const nothing: Offer = { kind: "redact", edits: [], recipients: [], attachments: [], header: null, subject_tag: null, notice: null, url: null };
const edit = (part: string, from: number, to: number, replacement: string) => ({ part, utf8: [0, 0] as const, utf16: [from, to] as const, replacement });

test("replacements are made in any order and lead back again", () => {
  const source = "🩺 Dana Roe, born 04/12/1961, MRN 00412";
  const { text, undo } = replaceRanges(source, [
    { at: [34, 39], text: "[record number]" },
    { at: [3, 11], text: "[name]" },
    { at: [18, 28], text: "" },
  ]);
  assert.equal(text, "🩺 [name], born , MRN [record number]");
  assert.equal(replaceRanges(text, undo).text, source);
});

test("edits that overlap or lie outside are refused, and nothing is changed", () => {
  for (const at of [[[0, 4], [3, 5]], [[2, 1]], [[0, 99]]] as const) {
    assert.throws(() => replaceRanges("Dana Roe", at.map(([from, to]) => ({ at: [from, to] as const, text: "x" }))), RangeError);
  }
});

test("an offer is applied whole: subject, body, names of files, recipients and attachments", () => {
  const next = applyOffer(draft, {
    ...nothing,
    edits: [edit("subject", 3, 11, "[name]"), edit("body.html", 3, 17, "[name]"), edit("attachments/0/name", 0, 4, "[name]")],
    recipients: [{ field: "to", index: 0 }],
    attachments: [1],
  });
  assert.equal(next.subject, "🩺 [name]");
  assert.equal(next.html, "<p>[name]</p>");
  assert.deepEqual(next.to.map((one) => one.address), ["b@mail.test"]);
  assert.deepEqual(next.attachments.map((one) => one.name), ["[name].csv"]);
  assert.equal(draft.subject, "🩺 Dana Roe");
});

test("moving to Bcc keeps everybody", () => {
  const next = applyOffer(draft, { ...nothing, kind: "move_to_bcc", recipients: [{ field: "to", index: 1 }, { field: "cc", index: 0 }] });
  assert.deepEqual([next.to, next.cc, next.bcc].map((list) => list.map((one) => one.address)), [["a@mail.test"], [], ["b@mail.test", "c@mail.test"]]);
});

test("a portal notice replaces subject, text and attachments", () => {
  const next = applyOffer(draft, { ...nothing, kind: "use_portal", notice: { lang: "en", subject: "A message", text: "Log in", html: "<p>Log in</p>" } });
  assert.deepEqual([next.subject, next.html, next.text, next.attachments.length], ["A message", "<p>Log in</p>", null, 0]);
});

test("encryption sets the header and the tag, once, and the mail program's own where the identity can", () => {
  const encrypt: Offer = { ...nothing, kind: "encrypt", header: { name: "X-Encrypt", value: "yes" }, subject_tag: "[encrypt]" };
  const twice = applyOffer(applyOffer(draft, encrypt), encrypt);
  assert.equal(twice.subject, "[encrypt] 🩺 Dana Roe");
  assert.deepEqual(twice.headers, { "X-Encrypt": "yes" });
  assert.equal(twice.encryption, undefined);
  assert.equal(applyOffer({ ...draft, encryption: "available" }, encrypt).encryption, "on");
  assert.equal(applyOffer({ ...draft, encryption: "available" }, { ...nothing, kind: "trim_quote" }).encryption, "available");
});
