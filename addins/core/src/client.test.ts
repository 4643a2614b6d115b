import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, type Wire } from "./client.ts";
import { HostError } from "./protocol.ts";

type Message = Readonly<Record<string, unknown>>;

/** A wire in memory: the test is the host. */
class Loop implements Wire {
  readonly posted: Message[] = [];
  message: (value: unknown) => void = () => {};
  closed: (why: string) => void = () => {};
  broken = false;
  post(message: Message): void {
    if (this.broken) throw new Error("Attempt to postMessage on disconnected port");
    this.posted.push(message);
  }
  listen(events: { message: (value: unknown) => void; closed: (why: string) => void }): void {
    ({ message: this.message, closed: this.closed } = events);
  }
}

const code = (wanted: string) => (error: unknown) => error instanceof HostError && error.code === wanted;
const row = { on_send: "prompt", outside_only: false, text: { en: "Not checked.", es: "Sin revisar." } };
const policy = { fail_mode: "prompt", own_domains: ["clinic.example"], when: { host_absent: row, host_slow: row, partial: row } };

test("replies may come out of order", async () => {
  const wire = new Loop();
  const client = new Client(wire);
  const a = client.call("policy", {}, { deadlineMs: 1000 });
  const b = client.call("cancel", { target: "x" }, { deadlineMs: 1000 });
  const [first, second] = wire.posted;
  assert.notEqual(first?.["id"], second?.["id"]);
  assert.equal(first?.["deadline_ms"], 1000);
  wire.message({ v: 1, id: second?.["id"], type: "cancel", ok: true });
  wire.message({ v: 1, id: first?.["id"], type: "policy", ok: true, policy });
  assert.deepEqual((await a).policy, policy);
  await b;
  assert.equal(client.pending, 0);
});

test("an error of the host, a reply of another shape and a reply without ok all reject", async () => {
  const wire = new Loop();
  const client = new Client(wire);
  const answer = (rest: Message) => {
    const call = client.call("policy", {}, { deadlineMs: 1000 });
    wire.message({ v: 1, id: wire.posted.at(-1)?.["id"], type: "policy", ...rest });
    return call;
  };
  await assert.rejects(answer({ ok: false, error: { code: "busy", where: "/x", message: "later" } }), code("busy"));
  await assert.rejects(answer({ ok: true, policy: { ...policy, fail_mode: "never mind" } }), code("bad_reply"));
  await assert.rejects(answer({}), code("bad_reply"));
});

test("when the wire is gone everything pending is rejected, and so is what comes later", async () => {
  const wire = new Loop();
  const client = new Client(wire);
  const calls = [client.call("policy", {}, { deadlineMs: 1000 }), client.call("policy", {}, { deadlineMs: 1000 })];
  wire.closed("host ended");
  for (const call of calls) await assert.rejects(call, code("unreachable"));
  await assert.rejects(client.call("policy", {}, { deadlineMs: 1000 }), code("unreachable"));
  const broken = new Loop();
  broken.broken = true;
  await assert.rejects(new Client(broken).call("policy", {}, { deadlineMs: 1000 }), code("unreachable"));
});

test("a deadline is a result of its own, the host is told, and a late reply is ignored", async () => {
  const wire = new Loop();
  const client = new Client(wire);
  await assert.rejects(client.call("policy", {}, { deadlineMs: 10 }), code("deadline"));
  assert.equal(wire.posted[1]?.["type"], "cancel");
  assert.equal(wire.posted[1]?.["target"], wire.posted[0]?.["id"]);
  wire.message({ v: 1, id: wire.posted[0]?.["id"], type: "policy", ok: true, policy });
  assert.equal(client.pending, 0);
});

test("a call can be cancelled, and progress reaches the call it belongs to", async () => {
  const wire = new Loop();
  const client = new Client(wire);
  const seen: unknown[] = [];
  const call = client.start("policy", {}, { deadlineMs: 1000, onProgress: (event) => seen.push(event) });
  const event = { v: 1, id: wire.posted[0]?.["id"], type: "progress", done: 1 };
  wire.message(event);
  wire.message({ nonsense: true });
  call.cancel();
  await assert.rejects(call.reply, code("cancelled"));
  assert.deepEqual(seen, [event]);
});
