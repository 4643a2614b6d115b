// The event page: what is known of each open compose window, what happens at Send, and what the pages ask. A promise that Thunderbird
// waits for is settled on every path: one that is left open would lock the compose window for ever.
import { applyOffer, asks, type Choice, type Draft, offerAt, type OfferKind, recordBody, type Report } from "@phiscan/core";
import { wordsFor } from "../../ui/src/words.ts";
import type { ReviewChoice } from "@phiscan/ui";
import { type Checked, Checks, pause } from "./checks.ts";
import { type Reading, restore, type Snapshot, snapshot, writeDraft } from "./draft.ts";
import { Host, troubleOf } from "./host.ts";
import { doneLook, Live, lookOf, type Look, notCheckedLook, notSentLook, quiet } from "./live.ts";
import { type Ask, heights, type Now, type Question, type Shown } from "./messages.ts";
import { selfTest, statusOf } from "./self_test.ts";
import { languageOf, readSettings, type Settings } from "./settings.ts";
import { answerWithout } from "./unchecked.ts";
import { closeQuestion, focusCompose, openQuestion, raiseQuestion } from "./windows.ts";
import { pageWords } from "./words.ts";

const rememberDays = 30;
type Answer = { cancel?: boolean };
type Unchecked = { readonly blocked: boolean; readonly text: string };

/** A Send that waits for its person. */
interface Held {
  settings: Settings;
  checked: Checked | null;
  unchecked: Unchecked | null;
  /** Given back to the person because the port was lost: an answer counts for the next Send. */
  released: boolean;
  readonly answer: (answer: Answer) => void;
  timer: ReturnType<typeof setTimeout> | null;
}

/** What was decided about the message that is on its way, for the record after Send. */
interface Passed {
  readonly choice: Choice;
  readonly report: Report;
  readonly draft: Draft;
  readonly thread: string | null;
}

interface Window {
  checked: Checked | null;
  unchecked: string | null;
  scanning: boolean;
  again: boolean;
  key: string;
  cost: number;
  nextTick: number;
  held: Held | null;
  sending: Promise<Answer> | null;
  approval: { readonly inputs: string; readonly choice: Choice } | null;
  passed: Passed | null;
  done: { readonly kind: OfferKind; readonly other: Snapshot; readonly mine: Snapshot; readonly isBack: boolean } | null;
  handoff: { readonly text: string; readonly html: string | null; readonly url: string | null } | null;
  said: string | null;
  notSent: string | null;
  /** Told when Thunderbird is through with a Send. */
  ended: (() => void)[];
  closed: boolean;
}

const windows = new Map<number, Window>();
const live = new Live();
const host = new Host(onHostLost);
const checks = new Checks(host);

function windowOf(tabId: number): Window {
  const known = windows.get(tabId);
  if (known) return known;
  const made: Window = {
    checked: null, unchecked: null, scanning: false, again: false, key: "", cost: 0, nextTick: 0, held: null, sending: null, approval: null, passed: null,
    done: null, handoff: null, said: null, notSent: null, ended: [], closed: false,
  };
  windows.set(tabId, made);
  return made;
}

// --- while writing ---

async function look(tabId: number, force: boolean): Promise<void> {
  const window = windows.get(tabId);
  if (!window || window.sending || window.closed) return;
  if (window.scanning) {
    window.again ||= force;
    return;
  }
  window.scanning = true;
  try {
    const started = Date.now();
    const settings = await readSettings();
    const reading = await checks.read(tabId, settings);
    window.cost = Date.now() - started;
    if (reading.key === window.key && !force) return;
    if (reading.key !== window.key) {
      window.notSent = null;
      window.said = null;
    }
    await lookAt(tabId, window, reading, settings);
  } catch {
    // The compose window is being closed, or is not ready yet: the next tick comes.
  } finally {
    window.scanning = false;
    if (window.again) {
      window.again = false;
      void look(tabId, true);
    }
  }
}

async function lookAt(tabId: number, window: Window, reading: Reading, settings: Settings): Promise<void> {
  const lang = languageOf(settings);
  try {
    const checked = await checks.look(reading, settings, 4000);
    window.key = reading.key;
    window.checked = checked;
    window.unchecked = null;
    if (checked.waiting.length > 0) void checks.supply(checked, settings).then(() => pause(100)).then(() => look(tabId, true)).catch(() => undefined);
    await draw(tabId, settings);
  } catch (error) {
    const trouble = troubleOf(error);
    window.checked = null;
    window.key = "";
    // A host that is not there is not asked again with each key.
    window.nextTick = Date.now() + 5000;
    window.unchecked = answerWithout(reading.draft, trouble, await host.lastPolicy(), settings.failMode, lang).text;
    await draw(tabId, settings);
  }
}

async function draw(tabId: number, settings: Settings): Promise<void> {
  const window = windowOf(tabId);
  const lang = languageOf(settings);
  await live.show(tabId, lookNow(window, lang), settings.strip);
}

function lookNow(window: Window, lang: "en" | "es"): Look {
  if (window.notSent !== null) return notSentLook(lang, window.notSent);
  if (window.unchecked !== null) return notCheckedLook(lang, window.unchecked);
  if (window.done && window.checked && !asks(window.checked.report.action)) return doneLook(lang, window.checked.report, wordsFor(lang).done[window.done.kind] ?? "");
  if (!window.checked) return quiet(lang);
  return lookOf(window.checked, lang);
}

// --- at Send ---

browser.compose.onBeforeSend.addListener((tab, details) => {
  const tabId = tab.id;
  if (tabId === undefined) return Promise.resolve({ cancel: true });
  const window = windowOf(tabId);
  // A double click, or two ways to say Send at once. Thunderbird would send twice, and giving the second back at once would unlock the
  // window under the first: it waits until the first is done, and then is none.
  if (window.sending) {
    void raiseQuestion(tabId);
    return window.sending.then((first) => (first.cancel ? first : sendingEnds(window).then(() => ({ cancel: true }))));
  }
  const sending = guard(tabId, window, details)
    .catch(() => refuse(tabId, window))
    .finally(() => {
      window.sending = null;
    });
  window.sending = sending;
  // Given back: the button and the line say what the check at Send has seen.
  void sending.then(async ({ cancel }) => (cancel && !window.closed ? draw(tabId, await readSettings()) : undefined)).catch(() => undefined);
  return sending;
});

function sendingEnds(window: Window): Promise<void> {
  return Promise.race([new Promise<void>((resolve) => window.ended.push(resolve)), pause(60_000)]);
}

/** An error of our own: nothing is sent, and the person is told. */
async function refuse(tabId: number, window: Window): Promise<Answer> {
  const settings = await readSettings().catch(() => null);
  const lang = settings ? languageOf(settings) : "en";
  window.notSent = pageWords(lang).notSentError;
  await Promise.all([closeQuestion(tabId), live.show(tabId, notSentLook(lang, window.notSent), true)]).catch(() => undefined);
  return { cancel: true };
}

async function guard(tabId: number, window: Window, details: ComposeDetails): Promise<Answer> {
  const settings = await readSettings();
  window.notSent = null;
  // Thunderbird itself stopped the last one without a word to us, such as for a recipient without a key.
  keepAnswer(window);
  const found = await judge(tabId, window, settings, details);
  if (found === "pass") {
    // "Press Send again" has been done; a portal hand-off keeps the person's text.
    if (!window.handoff) void closeQuestion(tabId);
    return {};
  }
  return hold(tabId, window, settings, found);
}

type Found = { readonly checked: Checked } | { readonly unchecked: Unchecked };

async function judge(tabId: number, window: Window, settings: Settings, details?: ComposeDetails): Promise<"pass" | Found> {
  const reading = await checks.read(tabId, settings, details);
  let checked: Checked;
  try {
    checked = await checks.thorough(reading, settings);
  } catch (error) {
    const { onSend, text } = answerWithout(reading.draft, troubleOf(error), await host.lastPolicy(), settings.failMode, languageOf(settings));
    if (onSend === "note") {
      window.unchecked = text;
      return "pass";
    }
    return { unchecked: { blocked: onSend === "block", text } };
  }
  window.checked = checked;
  window.unchecked = null;
  window.key = reading.key;
  const { host: condition, report } = checked;
  // What the host does see weighs more than that it may not see all; only a policy that lets nothing pass weighs more still.
  if (condition && (condition.onSend === "block" || !asks(report.action))) return { unchecked: { blocked: condition.onSend === "block", text: condition.text } };
  if (!asks(report.action)) {
    pass(window, checked, { kind: "send", reason: null, rememberDays: null });
    return "pass";
  }
  const kept = takeApproval(window, report.inputs_sha256);
  if (kept && report.action !== "block") {
    pass(window, checked, kept);
    return "pass";
  }
  return { checked };
}

/** One use, and only for what it was given for. */
function takeApproval(window: Window, inputs: string): Choice | null {
  const { approval } = window;
  window.approval = null;
  return approval?.inputs === inputs ? approval.choice : null;
}

/** The message did not leave. Whoever presses Send again for the very same one has answered already. */
function keepAnswer(window: Window): void {
  const { passed } = window;
  window.passed = null;
  if (passed && asks(passed.report.action)) window.approval = { inputs: passed.report.inputs_sha256, choice: passed.choice };
}

function pass(window: Window, { report, reading }: Checked, choice: Choice): void {
  window.passed = { choice, report, draft: reading.draft, thread: reading.thread };
}

function hold(tabId: number, window: Window, settings: Settings, found: Found): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    let keepAwake: ReturnType<typeof setInterval> | null = setInterval(() => void browser.runtime.getPlatformInfo(), 1000);
    const held: Held = {
      settings,
      checked: "checked" in found ? found.checked : null,
      unchecked: "unchecked" in found ? found.unchecked : null,
      released: false,
      timer: null,
      answer: (answer) => {
        if (keepAwake !== null) clearInterval(keepAwake);
        keepAwake = null;
        if (held.timer !== null) clearTimeout(held.timer);
        held.timer = null;
        resolve(answer);
      },
    };
    window.held = held;
    held.timer = setTimeout(() => void timeOut(tabId, window, held), settings.promptSeconds * 1000);
    openQuestion(tabId, heights["checked" in found ? "review" : "unchecked"], () => {
      if (window.held !== held) {
        window.handoff = null;
        return;
      }
      tell(window, held, { kind: "go_back" });
      window.held = null;
      held.answer({ cancel: true });
    }).catch((error: unknown) => {
      window.held = null;
      held.answer({ cancel: true });
      reject(error);
    });
  });
}

async function timeOut(tabId: number, window: Window, held: Held): Promise<void> {
  if (window.held !== held) return;
  window.held = null;
  window.notSent = pageWords(languageOf(held.settings)).notSentTitle;
  held.answer({ cancel: true });
  await closeQuestion(tabId);
  await draw(tabId, held.settings);
}

/** Contract §6: without its port a held Send is given back, and the answer counts for the next one. */
function onHostLost(): void {
  for (const window of windows.values()) {
    const { held } = window;
    if (!held?.checked || held.released) continue;
    held.released = true;
    held.answer({ cancel: true });
    // The next Send should find a host that has started.
    void host.link(languageOf(held.settings)).catch(() => undefined);
  }
}

/** For the record; nobody waits for it. */
function tell(window: Window, held: Held, choice: Choice): void {
  if (!held.checked || window.held !== held) return;
  const { report, reading } = held.checked;
  void record(recordBody(choice, report, reading.draft, reading.thread));
}

async function record(body: Readonly<Record<string, unknown>>): Promise<void> {
  try {
    const { client } = await host.link(languageOf(await readSettings()));
    await client.call("record", body, { deadlineMs: 2000 });
  } catch {
    // Without a host there is no record.
  }
}

browser.compose.onAfterSend.addListener((tab, info) => {
  const window = tab.id === undefined ? undefined : windows.get(tab.id);
  for (const tell of window?.ended.splice(0) ?? []) tell();
  const passed = window?.passed;
  if (!window || !passed) return;
  if (info.error !== undefined) return keepAnswer(window);
  window.passed = null;
  void record(recordBody(passed.choice, passed.report, passed.draft, passed.thread));
});

// --- the person's answer ---

async function choose(tabId: number, choice: ReviewChoice): Promise<Question> {
  try {
    return await act(tabId, choice);
  } catch {
    const window = windowOf(tabId);
    window.held?.answer({ cancel: true });
    window.held = null;
    const lang = languageOf(await readSettings());
    window.notSent = pageWords(lang).notSentError;
    await live.show(tabId, notSentLook(lang, window.notSent), true).catch(() => undefined);
    return { kind: "said", text: window.notSent, lang, also: [] };
  }
}

async function act(tabId: number, choice: ReviewChoice): Promise<Question> {
  const window = windowOf(tabId);
  const { held } = window;
  const settings = await readSettings();
  const lang = languageOf(settings);
  const words = pageWords(lang);
  // A portal hand-off that the question took the place of comes back: the person's own text is there.
  const left = (): Question => (window.handoff ? { kind: "handoff", lang, also: [], ...window.handoff } : { kind: "gone", lang, also: [] });
  if (!held) return left();
  if (choice.kind === "retry") {
    const found = await judge(tabId, window, settings).catch((): Found => ({ unchecked: held.unchecked ?? { blocked: false, text: words.failed } }));
    if (window.held !== held) return left();
    if (found === "pass") {
      await finish(tabId, window, held, {});
      return left();
    }
    held.checked = "checked" in found ? found.checked : null;
    held.unchecked = "unchecked" in found ? found.unchecked : null;
    return questionOf(window, held, lang);
  }
  if (choice.kind === "offer") return takeHeldOffer(tabId, window, held, choice.index, lang);
  if (choice.kind === "go_back") {
    tell(window, held, choice);
    await finish(tabId, window, held, { cancel: true });
    return left();
  }
  if (held.unchecked?.blocked || held.checked?.report.action === "block") return questionOf(window, held, lang);
  // The window is locked, yet other programs may write into it; and while it is read, the port may be lost or the question closed.
  const reading = await checks.read(tabId, settings);
  if (window.held !== held) return left();
  if (held.checked && reading.key !== held.checked.reading.key) {
    window.held = null;
    held.answer({ cancel: true });
    return { kind: "said", text: words.changed, lang, also: [] };
  }
  if (held.released && held.checked) {
    // Send Later must not become Send Now: the person says again how it goes.
    window.approval = { inputs: held.checked.report.inputs_sha256, choice };
    window.held = null;
    return { kind: "said", text: words.pressSend, lang, also: [] };
  }
  if (held.checked) pass(window, held.checked, choice);
  await finish(tabId, window, held, {});
  return left();
}

async function finish(tabId: number, window: Window, held: Held, answer: Answer): Promise<void> {
  window.held = null;
  held.answer(answer);
  // The page closes itself with our reply; this is for the case that it does not.
  if (!window.handoff) void pause(300).then(() => closeQuestion(tabId));
  if (answer.cancel) await focusCompose(tabId).catch(() => undefined);
}

async function takeHeldOffer(tabId: number, window: Window, held: Held, index: number, lang: "en" | "es"): Promise<Question> {
  const { checked } = held;
  if (!checked) return { kind: "gone", lang, also: [] };
  window.held = null;
  const sending = window.sending;
  held.answer({ cancel: true });
  await sending?.catch(() => undefined);
  // The answer has to reach the compose window before the changes do.
  await pause(50);
  return carryOut(tabId, window, checked, index, held.settings, lang);
}

/** Fixing ends with the draft changed and unsent: the person looks, and presses Send. */
async function carryOut(tabId: number, window: Window, checked: Checked, index: number, settings: Settings, lang: "en" | "es"): Promise<Question> {
  const words = pageWords(lang);
  let before: Snapshot | null = null;
  try {
    before = await snapshot(tabId);
    const now = await checks.read(tabId, settings);
    // Spans fit only the very text that was checked.
    if (now.key !== checked.reading.key) return { kind: "said", text: words.changed, lang, also: [] };
    const offer = offerAt(checked.report, index);
    const next = applyOffer(now.draft, offer);
    const removed = new Set(offer.notice ? now.draft.attachments.map((_, i) => i) : offer.attachments);
    await writeDraft(tabId, now, next, removed);
    window.done = { kind: offer.kind, other: before, mine: await snapshot(tabId), isBack: false };
    window.approval = null;
    window.handoff = offer.notice ? { text: before.details.plainTextBody, html: before.details.isPlainText ? null : before.details.body, url: offer.url } : null;
    void record(recordBody({ kind: "offer", index }, checked.report, checked.reading.draft, checked.reading.thread));
  } catch {
    if (before) await restore(tabId, before).catch(() => undefined);
    return { kind: "said", text: words.failedOffer, lang, also: [] };
  }
  await focusCompose(tabId).catch(() => undefined);
  void look(tabId, true);
  if (window.handoff) return { kind: "handoff", lang, also: [], ...window.handoff };
  void pause(400).then(async () => {
    const { windowId } = await browser.tabs.get(tabId);
    await browser.composeAction.openPopup(windowId === undefined ? {} : { windowId });
  }).catch(() => undefined);
  return { kind: "gone", lang, also: [] };
}

/** Back to the draft before the offer; and forward again, so that nothing typed since is lost. False when there is nothing to go back to. */
async function undo(tabId: number): Promise<boolean> {
  const window = windows.get(tabId);
  const done = window?.done;
  if (!window || !done || window.sending || window.closed) return false;
  const now = await snapshot(tabId);
  await restore(tabId, done.other);
  window.done = { kind: done.kind, other: now, mine: done.other, isBack: !done.isBack };
  window.handoff = null;
  window.said = done.isBack ? null : pageWords(languageOf(await readSettings())).putBackDone;
  await look(tabId, true);
  return true;
}

// --- what the pages ask ---

function shownOf({ report, reading, leftOut }: Checked): Shown {
  return { report, draft: reading.draft, leftOut, rememberDays: reading.thread === null ? null : rememberDays };
}

function alsoGoes(reading: Reading | undefined): readonly ("vcard" | "pgp")[] {
  return [...(reading?.details.attachVCard ? (["vcard"] as const) : []), ...(reading?.details.attachPublicPGPKey ? (["pgp"] as const) : [])];
}

function questionOf(window: Window, held: Held, lang: "en" | "es"): Question {
  if (held.checked) {
    return { kind: "review", lang, also: alsoGoes(held.checked.reading), shown: shownOf(held.checked), released: held.released, aside: held.checked.host?.text ?? null };
  }
  if (held.unchecked) return { kind: "unchecked", lang, also: alsoGoes(window.checked?.reading), ...held.unchecked };
  return { kind: "gone", lang, also: [] };
}

async function answer(message: Ask, sender: MessageSender): Promise<unknown> {
  const settings = await readSettings();
  const lang = languageOf(settings);
  if (message.tabId === undefined) {
    if (message.type === "status") return statusOf(host, settings);
    if (message.type === "selftest") return selfTest(host, settings);
    const tabId = sender.tab?.id;
    if (tabId === undefined) return null;
    const window = windowOf(tabId);
    const now = Date.now();
    // A very long message is read less often: reading it costs the editor time.
    if (message.type === "tick" && now < window.nextTick) return null;
    window.nextTick = now + Math.min(5000, Math.max(1500, 40 * window.cost));
    await look(tabId, false);
    return null;
  }
  const { tabId } = message;
  const window = windowOf(tabId);
  switch (message.type) {
    case "question":
      if (window.held) return questionOf(window, window.held, lang);
      if (window.handoff) return { kind: "handoff", lang, also: [], ...window.handoff } satisfies Question;
      return { kind: "gone", lang, also: [] } satisfies Question;
    case "held":
      return window.held !== null && !window.held.released;
    case "choice":
      return choose(tabId, message.choice);
    case "now": {
      const { checked, done } = window;
      return {
        lang, also: alsoGoes(checked?.reading), shown: checked ? shownOf(checked) : null, unchecked: window.unchecked ?? window.notSent, done: done?.kind ?? null, isBack: done?.isBack ?? false,
        said: window.said,
      } satisfies Now;
    }
    case "offer": {
      if (!window.checked || window.sending) return { kind: "gone", lang, also: [] } satisfies Question;
      const after = await carryOut(tabId, window, window.checked, message.index, settings, lang);
      if (after.kind === "handoff") await openQuestion(tabId, heights.handoff, () => (window.handoff = null));
      return after;
    }
    case "undo":
      return undo(tabId).catch(() => false);
  }
}

browser.runtime.onMessage.addListener((message, sender) => {
  if (typeof message !== "object" || message === null || !("to" in message) || message.to !== "background") return undefined;
  return answer(message as Ask, sender);
});

// --- events ---

for (const event of [browser.compose.onAttachmentAdded, browser.compose.onAttachmentRemoved, browser.compose.onIdentityChanged]) {
  event.addListener((tab: ComposeTab) => {
    if (tab.id !== undefined) void look(tab.id, false);
  });
}

browser.tabs.onRemoved.addListener((tabId) => {
  const window = windows.get(tabId);
  if (!window) return;
  window.held?.answer({ cancel: true });
  if (window.held) void closeQuestion(tabId);
  window.closed = true;
  window.sending = null;
  live.forget(tabId);
  checks.forget(tabId);
  // Work that was under way may still ask for it; after a portal hand-off the page keeps the person's text itself.
  setTimeout(() => {
    windows.delete(tabId);
    restSoon();
  }, 5000);
});

let rest: ReturnType<typeof setTimeout> | undefined;

/** The host goes after half a minute without a compose window, not between one mail and the next. */
function restSoon(): void {
  clearTimeout(rest);
  rest = setTimeout(() => {
    if (windows.size === 0) host.drop();
  }, 30_000);
}

async function watchComposeWindows(): Promise<void> {
  const scripts = await browser.scripting.compose.getRegisteredScripts();
  if (!scripts.some((script) => script.id === "phiscan")) await browser.scripting.compose.registerScripts([{ id: "phiscan", js: ["compose.js"] }]);
  // Windows that were open before us. The script does nothing when it is there twice.
  for (const { id } of await browser.tabs.query({ type: "messageCompose" })) {
    if (id !== undefined) await browser.scripting.executeScript({ target: { tabId: id }, files: ["compose.js"] }).catch(() => undefined);
  }
}

void watchComposeWindows().catch(() => undefined);
