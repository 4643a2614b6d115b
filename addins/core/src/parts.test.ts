// Small parts: bytes, deadlines, own domains, time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterPause, DeadlineError, within } from "./deadline.ts";
import type { Draft } from "./draft.ts";
import { isOwnDomain, whenUnchecked } from "./own_domain.ts";
import type { Policy } from "./protocol.ts";
import { localTime } from "./request.ts";
import { base64, chunks, hex } from "./upload.ts";

test("base64 is what every other base64 is", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
    assert.equal(hex(bytes), Buffer.from(bytes).toString("hex"));
  }
});

test("pieces are whole and in order; nothing is one piece, too", () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
  assert.deepEqual(chunks(bytes, 4).map((piece) => [...piece]), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
  assert.equal(chunks(bytes, 5).length, 2);
  assert.equal(chunks(new Uint8Array(), 4).length, 1);
});

test("own domains hold their subdomains and nothing that only looks like them", () => {
  const own = ["clinic.example"];
  for (const address of ["a@clinic.example", "a@CLINIC.Example", "a@lab.clinic.example", "a@clinic.example."]) assert.ok(isOwnDomain(address, own), address);
  for (const address of ["a@notclinic.example", "a@clinic.example.test", "clinic.example", "a@", ""]) assert.ok(!isOwnDomain(address, own), address);
  assert.ok(!isOwnDomain("a@clinic.example", []));
  assert.ok(!isOwnDomain("a@clinic.example", [""]));
});

test("a mail that nobody could check is asked about, unless the policy lets mail inside go", () => {
  const draft = (...to: readonly string[]): Draft => ({
    from: { address: "desk@clinic.example" }, to: to.map((address) => ({ address })), cc: [], bcc: [], subject: "", html: null, text: "", compose: "new",
    participants: [], attachments: [], role: null, mailbox: null, headers: {},
  });
  const policy = (on_send: "proceed" | "prompt" | "block", outside_only: boolean): Policy => {
    const row = { on_send, outside_only, text: { en: "a", es: "b" } };
    return { fail_mode: "prompt", own_domains: ["clinic.example"], own_addresses: ["Oncall@inbox.example"], when: { host_absent: row, host_slow: row, partial: row } };
  };
  assert.equal(whenUnchecked(draft("a@clinic.example"), null, "host_absent").onSend, "prompt");
  assert.equal(whenUnchecked(draft("a@clinic.example"), policy("prompt", false), "host_absent").onSend, "prompt");
  assert.equal(whenUnchecked(draft("a@clinic.example", "oncall@inbox.example"), policy("block", true), "host_slow").onSend, "note");
  assert.equal(whenUnchecked(draft("a@clinic.example", "b@mail.test"), policy("block", true), "host_slow").onSend, "block");
  assert.equal(whenUnchecked(draft(), policy("prompt", true), "host_absent").onSend, "prompt");
  assert.equal(whenUnchecked(draft("b@mail.test"), policy("proceed", false), "host_absent").onSend, "note");
});

test("a promise keeps its result within the deadline and loses it after", async () => {
  assert.equal(await within(Promise.resolve(7), 50), 7);
  await assert.rejects(within(Promise.reject(new Error("no")), 50), /no/);
  await assert.rejects(within(new Promise(() => {}), 5), DeadlineError);
});

test("only the last of several keys starts a check", async () => {
  let runs = 0;
  const typing = afterPause(15, () => runs++);
  for (let i = 0; i < 5; i++) typing.poke();
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(runs, 1);
  typing.poke();
  typing.stop();
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal(runs, 1);
});

test("local time carries its offset", () => {
  const now = new Date("2026-11-22T15:00:00Z");
  const written = localTime(now);
  assert.match(written, /^2026-11-2\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  assert.equal(new Date(written).getTime(), now.getTime());
});
