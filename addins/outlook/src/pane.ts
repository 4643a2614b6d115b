// The task pane: what was seen in the open message, the ways out, "I have checked", Undo; and once, connecting this Outlook with a code.
import { applyOffer, asks, offerAt, type Choice, HostError, type OfferKind, recordBody } from "@phiscan/core";
import { button, el, icon, type ReviewChoice, wordsFor } from "@phiscan/ui";
import { type Checked, look } from "./checks.ts";
import { learn, supply } from "./files.ts";
import { Host, lastSeen, troubleOf } from "./host.ts";
import { door } from "./keys.ts";
import { ask, currentItem, fullBody, has, language } from "./office.ts";
import { type Reading, readMessage } from "./reading.ts";
import { uncheckedBy } from "./say.ts";
import { write } from "./session.ts";
import { ageOf, certificateWarnDays, stateView, type StateView } from "./state.ts";
import { canSetHeaders, isAlready, LinkedFileError, restore, snapshot, type Snapshot, writeMessage } from "./writing.ts";
import { paneWords } from "./pane_words.ts";

const pollMilliseconds = 5000;
const readyMilliseconds = 5000;
const deadline = 5000;
const rememberDays = 30;

interface Done {
  readonly kind: OfferKind;
  readonly before: Snapshot;
  readonly headers: readonly string[];
  /** Kept for the portal. */
  readonly handoff: { readonly text: string; readonly url: string | null } | null;
}

// Office says in which language only when it is ready.
let lang = language();
let own = paneWords(lang);
let words = wordsFor(lang);

const host = new Host(location.origin, { fetch: (url, options) => fetch(url, { ...options, credentials: "omit", cache: "no-store" }) });
const said = el("div", { class: "said", role: "status" });
const notices = el("div", { class: "notices" });
const undoRow = el("div", { class: "undo" });
const main = el("main", {});
const foot = el("footer", {});
const head = el("header", {}, notices, undoRow, said);
document.body.replaceChildren(head, main, foot);

let checked: Checked | null = null;
let key = "";
let shownKey = "";
let done: Done | null = null;
let busy = false;
let again = false;
let state: StateView | null = null;

function tell(text: string, tone: "note" | "fine" | "bad" = "note"): void {
  said.className = `said ${text === "" ? "" : tone}`;
  said.textContent = text;
}

// --- looking ---

/** One look at a time; whoever asks meanwhile gets another one afterwards. */
async function refresh(force: boolean): Promise<void> {
  if (busy) {
    again ||= force;
    return;
  }
  busy = true;
  document.body.dataset["state"] = "busy";
  try {
    await lookOnce(force);
  } finally {
    busy = false;
    document.body.dataset["state"] = "idle";
    document.body.dataset["looks"] = String(Number(document.body.dataset["looks"] ?? 0) + 1);
    if (again) {
      again = false;
      void refresh(true);
    }
  }
}

async function lookOnce(force: boolean): Promise<void> {
  let item: OutlookItem;
  try {
    item = currentItem();
  } catch {
    return showOutside();
  }
  if (!(await host.isPaired())) return showPairing();
  let reading = await readMessage(item, deadline);
  if (reading.key === key && !force) return;
  try {
    const until = Date.now() + 30_000;
    if (reading.draft.attachments.some((one) => one.sha256 === null && one.unread === undefined)) {
      await learn(host.client, item, reading.attachments, until);
      reading = await readMessage(item, deadline);
    }
    let found = await look(host, reading, deadline);
    for (let i = 0; i < 20 && (found.need.length > 0 || found.pending.length > 0) && Date.now() < until; i++) {
      await supply(host.client, item, reading.attachments, found.need, until);
      if (found.need.length === 0) await pause(200);
      found = await look(host, reading, deadline);
    }
    key = reading.key;
    checked = found;
    state ??= await stateView(host, deadline).catch(() => null);
    show(reading);
  } catch (error) {
    checked = null;
    key = "";
    shownKey = "";
    const trouble = troubleOf(error);
    if (trouble === "not_paired") {
      await host.unpair();
      return showPairing();
    }
    state = null;
    const unchecked = uncheckedBy(reading.draft, trouble, await lastSeen(), lang);
    showUnchecked(unchecked.text, unchecked.onSend === "block");
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// --- showing ---

function frame(reading: Reading | null): void {
  notices.replaceChildren(
    ...(has("1.12") ? [] : [el("p", { class: "notice" }, icon("look"), own.unguarded)]),
    ...(reading?.filesUnseen ? [el("p", { class: "notice" }, icon("look"), own.filesUnseen)] : []),
    ...(state?.certificateDays != null && state.certificateDays < certificateWarnDays ? [el("p", { class: "notice" }, icon("look"), own.certificateEnds(state.certificateDays))] : []),
    ...(checked?.host ? [el("p", { class: "notice" }, icon("look"), checked.host.text)] : []),
  );
  undoRow.replaceChildren(...(done ? [el("p", {}, words.done[done.kind] ?? ""), button(done.kind === "use_portal" ? own.putBack : words.undo, "link", () => void undo())] : []));
  foot.replaceChildren(details());
}

function show(reading: Reading): void {
  frame(reading);
  document.body.dataset["action"] = checked?.report.action ?? "";
  if (!checked) return;
  const { report } = checked;
  if (done?.handoff && !asks(report.action)) return showHandoff(done.handoff);
  // What has not changed stays: ticks that somebody set must not vanish under them.
  const now = `${report.inputs_sha256}|${lang}`;
  if (now === shownKey && main.querySelector("phiscan-review, .quiet")) return;
  shownKey = now;
  if (report.action === "allow" && report.content !== "phi" && report.content !== "identity") {
    main.replaceChildren(el("section", { class: "quiet" }, icon("calm"), el("h1", {}, own.nothing)));
    return;
  }
  const review = document.createElement("phiscan-review");
  review.addEventListener("phiscan-choice", (event) => void choose((event as CustomEvent<ReviewChoice>).detail));
  main.replaceChildren(review);
  review.open({
    report,
    draft: reading.draft,
    leftOut: checked.leftOut,
    ...(reading.thread === null ? {} : { rememberDays }),
    ...(asks(report.action) ? { instead: "checked" as const } : { writing: true }),
  });
}

function showUnchecked(text: string, blocked: boolean): void {
  frame(null);
  document.body.dataset["action"] = "unchecked";
  const review = document.createElement("phiscan-review");
  review.addEventListener("phiscan-choice", (event) => {
    const choice = (event as CustomEvent<ReviewChoice>).detail;
    if (choice.kind === "retry") void refresh(true);
    else if (choice.kind === "go_back") close();
  });
  main.replaceChildren(review);
  // There is nothing to say yes to here: Outlook itself asks at Send.
  review.openUnchecked({ locale: lang, blocked, text, writing: true });
}

function showHandoff({ text, url }: NonNullable<Done["handoff"]>): void {
  shownKey = "";
  const copied = el("span", { role: "status" });
  main.replaceChildren(
    el(
      "section",
      { class: "handoff" },
      el("h1", {}, icon("portal"), own.portalTitle),
      el("ol", {}, own.portalSteps.map((step) => el("li", {}, step))),
      el(
        "div",
        { class: "buttons" },
        url === null ? null : el("a", { class: "primary", href: url, target: "_blank", rel: "noopener noreferrer" }, own.portalOpen),
        button(own.portalCopy, "plain", () => void navigator.clipboard.writeText(text).then(() => (copied.textContent = own.portalCopied))),
        copied,
      ),
    ),
  );
}

function details(): HTMLElement {
  const row = (name: string, value: string) => [el("dt", {}, name), el("dd", {}, value)];
  const version = (one: { readonly version: string } | null) => (one ? own.version(one.version, ageText(one.version)) : own.none);
  let sure = false;
  const off = button(own.disconnect, "link", () => {
    if (sure) return void host.unpair().then(() => refresh(true));
    sure = true;
    off.textContent = own.disconnectSure;
  });
  return el(
    "details",
    {},
    el("summary", { tabindex: "0" }, own.details),
    el("p", {}, own.privacy),
    el("dl", {}, row(own.host, state ? own.hostGood : own.hostBad), state ? [row(own.pack, version(state.pack)), row(own.policy, version(state.policy))] : null),
    off,
  );
}

function ageText(of: string): string {
  const days = ageOf(of, new Date());
  return days === null ? "" : own.age(days);
}

/** Somebody followed the support link of the manifest, or opened the page by hand. */
function showOutside(): void {
  document.body.dataset["action"] = "outside";
  notices.replaceChildren();
  foot.replaceChildren(el("p", {}, own.privacy));
  main.replaceChildren(el("section", { class: "quiet" }, icon("look"), el("h1", {}, own.outlookOnly), el("p", { class: "soft" }, own.outlookHelp)));
}

function showPairing(): void {
  checked = null;
  key = "";
  shownKey = "";
  document.body.dataset["action"] = "not_paired";
  notices.replaceChildren();
  undoRow.replaceChildren();
  foot.replaceChildren(el("p", {}, own.privacy));
  if (main.querySelector("form")) return;
  const code = el("input", { id: "code", name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "7", required: true, "aria-describedby": "code-help" });
  const complaint = el("p", { class: "complaint", role: "alert" });
  const form = el("form", {}, el("h1", {}, own.pairTitle), el("p", { id: "code-help" }, own.pairText), el("label", { for: "code" }, own.pairCode), code, complaint, el("button", { type: "submit", class: "primary" }, own.pairButton));
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    complaint.textContent = "";
    void pair(code, complaint);
  });
  main.replaceChildren(form);
  code.focus();
}

async function pair(input: HTMLInputElement, complaint: HTMLElement): Promise<void> {
  try {
    await host.pair(input.value.replace(/\D/g, ""));
    await host.refresh(deadline).catch(() => undefined);
    tell(own.pairDone, "fine");
    main.replaceChildren();
    await refresh(true);
  } catch (error) {
    const code = error instanceof HostError ? error.code : "unreachable";
    complaint.textContent = code === "wrong_code" ? own.pairWrong : code === "busy" ? own.pairBusy : code === "not_kept" ? own.pairNotKept : own.pairAbsent;
    input.focus();
    input.select();
  }
}

// --- the person's choice ---

function record(choice: Choice, { report, reading }: Checked): void {
  void host.client.call("record", recordBody(choice, report, reading.draft, reading.thread), { deadlineMs: 2000 }).catch(() => undefined);
}

function close(): void {
  // Where Outlook does not let a pane close itself, the sentence stays.
  tell(own.wentBack);
  // The pane cannot put the focus into the message; closing it does.
  Office.context.ui?.closeContainer?.();
}

async function choose(choice: ReviewChoice): Promise<void> {
  const now = checked;
  tell("");
  if (!now || choice.kind === "retry") return refresh(true);
  if (choice.kind === "go_back") {
    if (asks(now.report.action)) record(choice, now);
    return close();
  }
  const item = currentItem();
  const reading = await readMessage(item, deadline);
  // An answer, and the places of an offer, fit only the very message that was shown.
  if (reading.key !== now.reading.key) {
    tell(own.changed, "bad");
    return refresh(true);
  }
  if (choice.kind === "offer") return carryOut(item, now, reading, choice.index);
  await acknowledge(item, now, choice);
}

async function acknowledge(item: OutlookItem, now: Checked, choice: Choice): Promise<void> {
  // It goes into the record when the message goes: history that changes now would make it another message at Send.
  await write(item, "ack", { inputs: now.report.inputs_sha256, choice }, 2000);
  const send = item.sendAsync;
  const canSend = send !== undefined && has("1.15");
  main.replaceChildren(el("section", { class: "quiet" }, icon("fine"), el("h1", {}, canSend ? own.acknowledgedSending : own.acknowledged), el("p", { class: "soft" }, own.alsoKept)));
  document.body.dataset["acknowledged"] = "yes";
  if (!canSend) return;
  // It raises OnMessageSend again, which finds the answer.
  await ask<void>(60_000, (finished) => send.call(item, finished)).catch(() => {
    main.replaceChildren(el("section", { class: "quiet" }, icon("fine"), el("h1", {}, own.acknowledged)));
  });
}

async function carryOut(item: OutlookItem, now: Checked, reading: Reading, index: number): Promise<void> {
  const offer = offerAt(now.report, index);
  const applied = applyOffer(reading.draft, offer);
  // An Outlook without headers can still say it in the subject, where the clinic's mail system listens to either.
  const next = offer.subject_tag && !canSetHeaders(item) ? { ...applied, headers: {} } : applied;
  const removed = new Set(offer.notice ? reading.attachments.map((_, i) => i) : offer.attachments);
  const renamed = offer.edits.flatMap((edit) => /^attachments\/(\d+)\/name$/.exec(edit.part)?.[1] ?? []).map(Number);
  const headers = Object.keys(next.headers);
  let before: Snapshot;
  try {
    before = await snapshot(item, reading, new Set([...removed, ...renamed]), headers);
  } catch (error) {
    return tell(error instanceof LinkedFileError ? own.keptFile : own.failedOffer, "bad");
  }
  // Done before: what Undo takes back stays what it was.
  if (isAlready(reading, next, before)) return tell(words.done[offer.kind] ?? "", "fine");
  // As a reader saw it: for the portal.
  const text = offer.notice ? await ask<string>(deadline, (finished) => item.body.getAsync("text", { bodyMode: fullBody }, finished)).catch(() => reading.draft.text ?? "") : "";
  try {
    await writeMessage(item, reading, next, removed, before);
  } catch {
    const back = await readMessage(item, deadline).then((half) => restore(item, before, half, headers)).then(
      () => true,
      () => false,
    );
    tell(back ? own.failedOffer : own.failedHalf, "bad");
    return refresh(true);
  }
  done = { kind: offer.kind, before, headers, handoff: offer.notice ? { text, url: offer.url } : null };
  document.body.dataset["done"] = offer.kind;
  record({ kind: "offer", index }, now);
  await refresh(true);
}

async function undo(): Promise<void> {
  const taken = done;
  if (!taken) return;
  tell("");
  const item = currentItem();
  try {
    await restore(item, taken.before, await readMessage(item, deadline), taken.headers);
    done = null;
    delete document.body.dataset["done"];
    tell(own.putBackDone, "fine");
  } catch {
    tell(own.failedHalf, "bad");
  }
  shownKey = "";
  await refresh(true);
}

// --- beginning ---

function speak(): void {
  lang = language();
  own = paneWords(lang);
  words = wordsFor(lang);
  document.documentElement.lang = lang;
  document.title = own.title;
}

function start(): void {
  speak();
  head.prepend(door(own.enter));
  main.replaceChildren(el("p", { class: "quiet" }, own.checking));
  frame(null);
  void refresh(true).finally(() => (document.body.dataset["ready"] = "yes"));
  setInterval(() => {
    if (document.visibilityState === "visible" && document.body.dataset["acknowledged"] !== "yes") void refresh(false);
  }, pollMilliseconds);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void refresh(false));
}

// Outlook never answers a page that somebody opened by hand where the add-in ran before, nor one whose office.js did not come: then this
// says where it belongs, and does not stay empty.
const silent = setTimeout(() => {
  speak();
  showOutside();
}, readyMilliseconds);
if (typeof Office !== "undefined") {
  void Office.onReady(() => {
    clearTimeout(silent);
    start();
  });
}
