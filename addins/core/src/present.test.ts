// Presentation and placeholders on a report written by hand; tests/web does the same with the engine's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft } from "./draft.ts";
import { called, fill, plain } from "./fill.ts";
import { marker, markedHtml, runsOf } from "./marks.ts";
import { present, recordBody } from "./present.ts";
import { check } from "./shape.ts";
import { report as shape, type Report } from "./report.ts";
import { buildRequest, request } from "./request.ts";

const draft: Draft = {
  from: { address: "apetrova@clinic.example", name: "Ana Petrova" },
  to: [{ address: "dana@mail.test", name: "Dana Roe" }, { address: "lab@lab.example" }],
  cc: [{ address: "", name: "CareTeam", members: [{ address: "a@clinic.example" }, { address: "b@mail.test" }] }],
  bcc: [],
  subject: "🩺 Dana Roe",
  html: "<p>Dana <b>Ro&eacute;</b>: A1c 8.4</p>",
  text: null,
  compose: "forward",
  participants: ["lab@lab.example"],
  attachments: [
    { name: "labs.csv", mediaType: "text/csv", size: 20, sha256: "aa" },
    { name: "scan.png", mediaType: "image/png", size: 20, sha256: null },
  ],
  role: "provider",
  mailbox: null,
  headers: {},
};

const finding = (label: string, kind: string, part: string, from: number, to: number, rest: object = {}) => ({
  rule: `us.${label}`, label, kind, counted: true, suppressed_by: null, category: null, person: 0, zone: "quote", confidence: 0.9, reasons: [],
  spans: [{ part, utf8: [from, to], utf16: [from, to] }], ...rest,
});
const digest = { id: "p", version: "1", sha256: "" };
const report: Report = check(shape, {
  schema: "phiscan.report/1", engine: "0.1.0", content: "phi", severity: 3, confidence: 0.9, categories: ["lab"], action: "confirm",
  action_if_enforced: "justify", complete: false, gaps: [{ part: "attachments/1", why: "unsupported" }],
  findings: [
    finding("name", "identity", "subject", 3, 11, { zone: "new" }),
    finding("name", "identity", "body.html", 11, 21),
    finding("lab", "health", "body.html", 27, 34),
    finding("mrn", "identity", "attachments/0/text_parts/0", 0, 5, { zone: "new" }),
    finding("email", "identity", "body.html", 3, 7, { counted: false, suppressed_by: "staff" }),
  ],
  persons: { patients: 1, staff: 1 },
  recipients: [
    { field: "to", index: 0, class: "consumer", risks: ["new_to_thread"] },
    { field: "to", index: 1, class: "partner", risks: [] },
    { field: "cc", index: 0, class: "list", risks: [] },
    { field: "cc", index: 0, member: 0, class: "own", risks: [] },
    { field: "cc", index: 0, member: 1, class: "unknown", risks: ["new_to_thread"] },
  ],
  offers: ["redact", "trim_quote"].map((kind) => ({ kind, edits: [], recipients: [], attachments: [], header: null, subject_tag: null, notice: null, url: null })),
  text: {
    lang: "en", title: "Please check", offers: { redact: "Take out", trim_quote: "Trim" },
    lines: [{ severity: 3, text: "About {finding:1} to {recipient:to/0} and {recipient:cc/0/1}; {attachment:0}, {finding:3}, {finding:99}, {recipient:to/9}." }],
  },
  fingerprint: "f", inputs_sha256: "i", pack: digest, policy: digest, warnings: [],
});
const options = { decode: (html: string) => html.replace("&eacute;", "é"), unseen: (label: string) => `a ${label || "detail"}` };

test("placeholders are filled from the draft, also where the client cannot read or knows nothing", () => {
  const pieces = fill(report.text.lines[0]?.text ?? "", draft, report, options);
  assert.equal(plain(pieces), "About Roé to Dana Roe <dana@mail.test> and b@mail.test; labs.csv, a mrn, a detail, ?.");
  assert.deepEqual(pieces.filter((piece) => piece.kind !== "plain").map((piece) => piece.kind), ["finding", "recipient", "recipient", "attachment", "finding", "finding", "recipient"]);
  assert.equal(plain(fill("No {braces} here {recipient:from/0}", draft, report, options)), "No {braces} here {recipient:from/0}");
  assert.equal(called({ address: "a@b.test" }), "a@b.test");
});

test("risky recipients are ticked one by one, members of a list too; partners and colleagues are not", () => {
  const view = present(report, draft, options);
  const ticks = [...view.risky, ...view.safe].flatMap((one) => [one, ...one.members]).filter((one) => one.tick).map((one) => one.key);
  assert.deepEqual(ticks, ["to/0", "cc/0/1"]);
  assert.deepEqual(view.safe.map((one) => one.key), ["to/1"]);
  assert.equal(view.outside, 2);
});

test("a first time alone needs no tick", () => {
  const first = report.recipients.map((one) => (one.class === "partner" ? { ...one, risks: ["first_time"] } : one));
  assert.ok(present({ ...report, recipients: first }, draft, options).safe.some((one) => one.key === "to/1"));
});

test("many people who see each other need one tick, not one each", () => {
  const many = { ...report, recipients: report.recipients.map((one) => (one.field === "to" ? { ...one, class: "consumer" as const, risks: ["many_visible"] } : one)) };
  const view = present(many, draft, options);
  assert.equal(view.visibleTogether, 2);
  assert.ok(view.safe.some((one) => one.key === "to/0"));
});

test("forwarding shows who is new and what the quote holds, and trims first", () => {
  const view = present(report, draft, options);
  assert.deepEqual(view.forward?.newcomers.map((one) => one.address), ["dana@mail.test", "b@mail.test"]);
  assert.deepEqual(view.forward?.quoted, ["name", "lab"]);
  assert.deepEqual(view.offers.map((offer) => offer.kind), ["trim_quote", "redact"]);
  assert.equal(present(report, { ...draft, compose: "new" }, options).offers[0]?.kind, "redact");
});

test("attachments say what was found or why they were not checked; an unread one is never clean", () => {
  const [table, picture] = present(report, draft, options).attachments;
  assert.deepEqual([table?.unread, table?.labels], [null, ["mrn"]]);
  assert.equal(picture?.unread, "unsupported");
});

test("block has no send, justify wants a reason", () => {
  assert.equal(present({ ...report, action: "block" }, draft, options).canSend, false);
  assert.equal(present({ ...report, action: "justify" }, draft, options).needsReason, true);
});

test("runs and markers lie exactly on the findings, and together they are the source", () => {
  const runs = runsOf(draft, report, "subject");
  assert.deepEqual(runs.map((run) => run.text), ["🩺 ", "Dana Roe"]);
  const html = markedHtml(draft, report, "k");
  const [name, lab, end] = [marker.begin("k", 1), marker.begin("k", 2), marker.end("k")];
  assert.equal(html, `<p>Dana <b>${name}Ro&eacute;${end}</b>: ${lab}A1c 8.4${end}</p>`);
  assert.equal(html.replaceAll(/<!--k:[^>]*-->/g, ""), draft.html);
  assert.ok(markedHtml(draft, report, "k", { all: true }).includes(`${marker.begin("k", 4)}Dana`));
});

test("a record holds no text of the mail, and of a reason only its code and length", () => {
  const choice = { kind: "send", reason: { code: "other", textLength: 12 }, rememberDays: 30 } as const;
  const body = recordBody(choice, report, draft, "thread-1");
  assert.deepEqual(body["reason"], { code: "other", text_length: 12 });
  assert.deepEqual(body["remember_thread"], { id: "thread-1", days: 30 });
  assert.deepEqual(body["recipients"], [{ address: "dana@mail.test", name: "Dana Roe" }, { address: "lab@lab.example" }, { address: "a@clinic.example" }, { address: "b@mail.test" }]);
  assert.equal(body["thread"], "thread-1");
  assert.equal(body["acknowledge"], true);
  assert.equal(recordBody({ kind: "offer", index: 0 }, report, draft, null)["choice"], "redacted");
  assert.equal(recordBody({ kind: "go_back" }, report, draft, null)["recipients"], undefined);
  for (const word of ["Roe", "A1c", "labs.csv"]) assert.ok(!JSON.stringify(recordBody({ kind: "go_back" }, report, draft, null)).includes(word));
});

test("the request is of the engine's shape, and bytes that are still being read in are pending", () => {
  const built = buildRequest(draft, { now: "2026-11-22T10:00:00-05:00", locale: "en" });
  assert.deepEqual(check(request, built), built);
  assert.deepEqual(built.attachments?.map((one) => one.unread), [null, "pending"]);
  assert.equal(built.cc?.[0]?.members?.length, 2);
});
