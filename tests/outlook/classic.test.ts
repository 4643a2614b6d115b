// L1: the event script in a world as poor as classic Outlook, with the real service behind it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ClassicWorld, type WorldOptions } from "./classic_world.ts";
import { Service } from "./service.ts";
import { enforced, holdsNothingOf, mail, type Mail } from "./support.ts";

let host: Service;
let strict: Service;
before(async () => {
  [host, strict] = await Promise.all([Service.start(), Service.start({ change: enforced })]);
});
after(() => Promise.all([host.stop(), strict.stop()]));

type Fetch = WorldOptions["fetch"];
const answering: Fetch = async (body) => ({ status: 200, body: await host.ask(body) });
const enforcing: Fetch = async (body) => ({ status: 200, body: await strict.ask(body) });
const refused: Fetch = async () => {
  throw new TypeError("Failed to fetch");
};
const hanging: Fetch = () => new Promise(() => undefined);

const world = (of: Mail, options: Partial<WorldOptions> = {}) => new ClassicWorld({ mail: of, fetch: answering, ...options });
const send = (of: Mail, options: Partial<WorldOptions> = {}) => world(of, options).fire("onMessageSend");

interface Answer {
  allowEvent?: boolean;
  errorMessage?: string;
  errorMessageMarkdown?: string;
  cancelLabel?: string;
  commandId?: string;
  contextData?: string;
  sendModeOverride?: string;
}

/** What Outlook would refuse, cut or not show. */
function isWithinLimits(answer: Answer): void {
  if (answer.allowEvent) return;
  assert.ok(answer.errorMessage, "a message that is held back says why");
  assert.ok(answer.errorMessage.length <= 500 && (answer.errorMessageMarkdown ?? "").length <= 500 && (answer.cancelLabel ?? "").length <= 20);
}

test("every event of the manifest has its handler, and completes once", async () => {
  const one = world(mail("newsletter"));
  const events = ["onMessageCompose", "onMessageRecipientsChanged", "onMessageAttachmentsChanged", "onMessageFromChanged", "onSensitivityLabelChanged", "onInfoBarDismissClicked", "onMessageSend"];
  assert.deepEqual([...one.events].sort(), [...events].sort());
  for (const event of events) assert.equal((await one.fire(event)).completions, 1, event);
});

test("Send: what the report says is what Outlook is told", async () => {
  for (const [id, wanted, fetch = answering] of [["newsletter", "allow"], ["colleague", "allow"], ["appointment", "confirm"], ["typo", "confirm"], ["student", "justify", enforcing], ["never", "block", enforcing], ["spanish", "confirm"]] as const) {
    const of = mail(id);
    const { answer = {}, completions } = await send(of, { mailbox: "1.15", fetch });
    const said = answer as Answer;
    assert.equal(completions, 1, id);
    assert.equal(said.allowEvent, wanted === "allow", id);
    isWithinLimits(said);
    if (wanted === "allow") continue;
    // Only a question may be overridden in Outlook's own dialog; a reason is asked for in our pane, and a stop is a stop.
    assert.equal(said.sendModeOverride, wanted === "confirm" ? "promptUser" : undefined, id);
    assert.equal(said.commandId, "PhiReviewPane");
    assert.ok(said.errorMessageMarkdown);
    holdsNothingOf([said, of.session, of.bar], of, id);
  }
});

test("the portal is a link where Outlook shows links", async () => {
  const { answer } = await send(mail("appointment"), { mailbox: "1.15" });
  assert.match((answer as Answer).errorMessageMarkdown ?? "", /\n\n\[Use the patient portal instead\]\(https:\/\/[^)]+\)$/);
  assert.equal(((await send(mail("appointment"), { mailbox: "1.14" })).answer as Answer).errorMessageMarkdown, undefined);
});

test("below Mailbox 1.14 the same message passes the second time, and any edit asks again", async () => {
  const of = mail("appointment");
  const one = world(of, { mailbox: "1.12" });
  const first = (await one.fire("onMessageSend")).answer as Answer;
  assert.deepEqual(Object.keys(first).sort(), ["allowEvent", "errorMessage"]);
  assert.match(first.errorMessage ?? "", /press Send again/);
  of.body = of.body.replace("</p>", " Bye.</p>");
  assert.equal((await one.fire("onMessageSend")).answer?.["allowEvent"], false, "an edit");
  of.to = of.to.concat({ address: "someone@mail.test", name: "Someone" });
  assert.equal((await one.fire("onMessageSend")).answer?.["allowEvent"], false, "another recipient");
  assert.equal((await one.fire("onMessageSend")).answer?.["allowEvent"], true, "the same again");
});

test("a reason and a stop never pass by pressing Send again", async () => {
  for (const id of ["student", "never"]) {
    const one = world(mail(id), { mailbox: "1.12", fetch: enforcing });
    for (let i = 0; i < 3; i++) assert.equal((await one.fire("onMessageSend")).answer?.["allowEvent"], false, id);
  }
});

test("nobody answers: the message is not sent unasked, and within its time", async () => {
  const of = mail("newsletter");
  for (const [name, fetch, most] of [["refused", refused, 400], ["hanging", hanging, 3000], ["500", async () => ({ status: 500, body: "<html>" }), 400], ["nonsense", async () => ({ status: 200, body: "{}" }), 3000]] as const) {
    const { answer, completions, milliseconds } = await send(of, { fetch });
    assert.equal(completions, 1, name);
    assert.equal(answer?.["allowEvent"], false, name);
    assert.equal(answer?.["sendModeOverride"], "promptUser", name);
    isWithinLimits(answer as Answer);
    assert.ok(milliseconds <= most + 500, `${name}: ${milliseconds} ms`);
  }
});

test("the last policy decides when nobody answers: own people, note, block", async () => {
  const colleague = mail("colleague");
  const seen: Record<string, string> = {};
  const online = world(colleague, { stored: seen });
  await online.fire("onMessageCompose");
  const policy = online.stored["phiscan.policy"] ?? "";
  assert.ok(policy.length > 0, "the policy is kept");
  type Kept = { policy: { policy: { own_domains: string[]; when: Record<string, { on_send: string; outside_only: boolean }> } } };
  const changed = (change: (kept: Kept) => void) => {
    const kept = JSON.parse(policy) as Kept;
    change(kept);
    return { "phiscan.policy": JSON.stringify(kept) };
  };
  const row = (kept: Kept) => kept.policy.policy.when["host_absent"] as { on_send: string; outside_only: boolean };
  const offline = async (of: Mail, stored: Record<string, string>) => (await send(of, { fetch: refused, stored })).answer as Answer;
  const outsideOnly = changed((kept) => (row(kept).outside_only = true));
  assert.equal((await offline(colleague, outsideOnly)).allowEvent, true);
  assert.equal((await offline(mail("appointment"), outsideOnly)).allowEvent, false);
  assert.equal((await offline(mail("appointment"), changed((kept) => (row(kept).on_send = "note")))).allowEvent, true);
  const blocked = await offline(colleague, changed((kept) => Object.assign(row(kept), { on_send: "block", outside_only: false })));
  assert.equal(blocked.allowEvent, false);
  assert.equal(blocked.sendModeOverride, undefined);
  assert.equal((await offline(colleague, { "phiscan.policy": "{broken" })).allowEvent, false);
});

test("an Outlook that throws, fails, hangs or dawdles is answered all the same", async () => {
  const names = ["to.getAsync", "cc.getAsync", "bcc.getAsync", "subject.getAsync", "body.getAsync", "body.getTypeAsync", "from.getAsync", "getComposeTypeAsync", "getAttachmentsAsync", "session.getAsync", "session.setAsync"];
  const runs = names.flatMap((name) => (["hang", "throw", "fail"] as const).map(async (fault) => {
    const { answer, completions, milliseconds } = await send(mail("appointment"), { faults: { [name]: fault } });
    assert.equal(completions, 1, `${name} ${fault}`);
    assert.equal(answer?.["allowEvent"], false, `${name} ${fault}`);
    assert.ok(milliseconds < 4000, `${name} ${fault}: ${milliseconds} ms`);
  }));
  await Promise.all(runs);
});

test("a text that could not be read is never clean", async () => {
  const of = mail("newsletter");
  of.to = [{ address: "someone@mail.test", name: "Someone" }];
  const calm = (await send(of)).answer;
  assert.equal(calm?.["allowEvent"], true);
  for (const name of ["body.getAsync", "to.getAsync"]) assert.equal((await send(of, { faults: { [name]: "fail" } })).answer?.["allowEvent"], false, name);
});

test("without a code nothing is sent to anybody, and the person is told", async () => {
  let asked = 0;
  const one = world(mail("newsletter"), { fetch: async () => (asked++, { status: 200, body: "{}" }) });
  delete one.stored["phiscan.token"];
  const { answer } = await one.fire("onMessageSend");
  assert.equal(asked, 0);
  assert.match(String(answer?.["errorMessage"]), /not connected/);
});

test("the info bar: one, kinds and counts, only when something changes, gone when fine, quiet once closed", async () => {
  const of = mail("appointment");
  const one = world(of);
  const bars = () => one.calls.filter((call) => call === "bar.replaceAsync").length;
  await one.fire("onMessageRecipientsChanged");
  assert.equal(of.bar?.type, "insightMessage");
  assert.ok((of.bar?.message.length ?? 999) <= 150);
  holdsNothingOf(of.bar, of, "bar");
  holdsNothingOf(of.session, of, "session");
  const before = bars();
  await one.fire("onMessageRecipientsChanged");
  assert.equal(bars(), before, "the same is not said twice");
  of.bar = null;
  await one.fire("onInfoBarDismissClicked");
  await one.fire("onMessageFromChanged");
  assert.equal(of.bar, null, "closed is closed");
  const { to, body } = of;
  of.body = "<p>See you at lunch.</p>";
  await one.fire("onSensitivityLabelChanged");
  of.body = body;
  of.to = to.concat({ address: "second@mail.test", name: "Second" });
  await one.fire("onMessageRecipientsChanged");
  assert.ok(of.bar, "new findings are said again");
  of.body = "<p>See you at lunch.</p>";
  of.subject = "Lunch";
  await one.fire("onMessageRecipientsChanged");
  assert.equal(of.bar, null, "removed when fine");
});

test("an Outlook that does not take our bar gets a plain one, or none", async () => {
  for (const fault of ["throw", "fail", "hang"] as const) {
    assert.equal((await world(mail("appointment"), { faults: { "bar.replaceAsync": fault } }).fire("onMessageRecipientsChanged")).completions, 1, fault);
  }
});

test("attachments go up once, in pieces, and count at Send", async () => {
  const of = mail("newsletter");
  of.to = [{ address: "someone@mail.test", name: "Someone" }];
  const rows = Array.from({ length: 9000 }, (_, i) => `Gunnar Ek ${i},1961-03-04,MRN ${10_000_000 + i},type 2 diabetes A1c 8.2`).join("\n");
  of.files = [{ id: "f1", name: "list.csv", base64: Buffer.from(`name,dob,mrn,note\n${rows}`).toString("base64"), isInline: false, type: "file" }];
  const pieces: number[] = [];
  const counting: Fetch = async (body) => {
    const message = JSON.parse(body) as { type: string; index?: number };
    if (message.type === "attachment") pieces.push(message.index ?? -1);
    return answering(body, "", {});
  };
  const one = world(of, { fetch: counting });
  await one.fire("onMessageAttachmentsChanged", 30_000);
  assert.deepEqual(pieces, [0, 1]);
  await one.fire("onMessageAttachmentsChanged", 30_000);
  assert.equal(one.calls.filter((call) => call === "getAttachmentContentAsync").length, 1, "fetched once");
  assert.equal((await one.fire("onMessageSend")).answer?.["allowEvent"], false);
  holdsNothingOf(of.session, { ...of, body: "Gunnar 10000001 1961-03-04" }, "session");
});

test("the host goes while a file is on its way at Send: one answer, in time, and the file is named", async () => {
  for (const [name, gone] of [["hangs", hanging], ["refuses", refused], ["is cut off", async () => ({ status: 200, body: '{"v":1,"ok":tr' })]] as const) {
    const of = mail("newsletter");
    of.to = [{ address: "someone@mail.test", name: "Someone" }];
    of.files = [{ id: "f1", name: "intake-form.csv", base64: Buffer.from("name,dob\nGunnar Ek,1961-03-04\n").toString("base64"), isInline: false, type: "file" }];
    const asked: string[] = [];
    const { answer, completions, milliseconds } = await send(of, {
      fetch: async (body, url, headers) => {
        const { type } = JSON.parse(body) as { type: string };
        asked.push(type);
        return type === "scan" ? answering(body, url, headers) : gone(body, url, headers);
      },
    });
    assert.ok(asked.includes("attachment"), `${name}: ${asked.join(" ")}`);
    assert.equal(completions, 1, name);
    assert.ok(milliseconds <= 3000, `${name}: ${milliseconds} ms`);
    assert.equal(answer?.["allowEvent"], false, name);
    assert.match(String(answer?.["errorMessage"]), /attachment was not checked/, name);
  }
});

test("a file that nobody could read, and one behind a link, are named as not checked", async () => {
  const of = mail("appointment");
  of.files = [{ id: "c1", name: "chart.pdf", base64: "", isInline: false, type: "cloud" }, { id: "c2", name: "labs.pdf", base64: "AAAA", isInline: false, type: "file" }];
  const { answer } = await send(of, { faults: { getAttachmentContentAsync: "fail" } });
  assert.match(String(answer?.["errorMessage"]), /2 attachments were not checked/);
});

test("what was quoted is part of the message", async () => {
  const of = mail("newsletter");
  of.composeType = "reply";
  of.to = [{ address: "someone@mail.test", name: "Someone" }];
  of.body = `<p>Sounds good.</p><blockquote><p>From: Dana Roe</p><p>Patient Dana Roe, born 04/12/1961, MRN 00412345: A1c 8.2, metformin 1000 mg twice a day.</p></blockquote>`;
  assert.equal((await send(of)).answer?.["allowEvent"], false);
});

test("a shared mailbox is told to the engine, and Spanish is spoken", async () => {
  const asked: { request?: { sender?: { mailbox?: string }; locale?: string } }[] = [];
  const of = mail("appointment");
  const { answer } = await send(of, {
    language: "es-US", shared: { targetMailbox: "scheduling@lakeside-clinic.example" },
    fetch: async (body, url, headers) => {
      asked.push(JSON.parse(body) as (typeof asked)[number]);
      assert.equal(url, "https://phiscan.clinic.example/api");
      assert.equal(headers["Authorization"], "Bearer a-token-of-tests");
      return answering(body, url, headers);
    },
  });
  const scan = asked.find((one) => one.request);
  assert.equal(scan?.request?.sender?.mailbox, "scheduling@lakeside-clinic.example");
  assert.equal(scan?.request?.locale, "es");
  assert.match(String(answer?.["errorMessage"]), /Mire otra vez/);
});
