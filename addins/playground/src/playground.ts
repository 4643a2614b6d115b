// The playground: a compose window with the real dialog and the real engine behind it. Nothing is ever sent.
import {
  afterPause,
  applyOffer,
  asks,
  buildRequest,
  type Call,
  type Choice,
  Client,
  displayName,
  type Draft,
  fields,
  HostError,
  localTime,
  offerAt,
  type Person,
  type Policy,
  recordBody,
  type Report,
  type Reply,
  whenUnchecked,
} from "@phiscan/core";
import { button, type Child, el, guest, icon, type PhiscanBanner, type PhiscanReview, type ReviewChoice } from "@phiscan/ui";
import { Chips } from "./chips.ts";
import { Editor } from "./editor.ts";
import { explanation } from "./explain.ts";
import { Files, type Held } from "./files.ts";
import { HttpWire } from "./http.ts";
import { type PageWords, pageWords } from "./words.ts";

interface Sample {
  readonly id: string;
  readonly title: Readonly<Record<string, string>>;
  readonly about: Readonly<Record<string, string>>;
  readonly draft: Omit<Draft, "text" | "attachments" | "headers">;
  readonly files: readonly { readonly name: string; readonly media_type: string; readonly text?: string; readonly base64?: string }[];
}

interface Checked {
  readonly draft: Draft;
  readonly report: Report;
  readonly leftOut: boolean;
  readonly milliseconds: number;
}

type Panel = "explain" | "policy" | "packs";

const pause = 120;
const scanDeadline = 5000;
const rememberDays = 30;

const token = document.querySelector<HTMLMetaElement>('meta[name="phiscan-token"]')?.content ?? "";
const client = new Client(new HttpWire("/api", token));

let words: PageWords = pageWords(localStorage.getItem("language") ?? navigator.language);
let samples: readonly Sample[] = [];
let policy: Policy | null = null;
let policyText = "";
let packText: string | null = null;
let limits = { chunk: 524_288, attachment: 26_214_400 };
let panel: Panel | null = null;
let loaded: string | null = null;

let checked: Checked | null = null;
let running: Call<Reply<"scan">> | null = null;
let lastKey = 0;
let waiting = false;
let wasSlow = false;
let keptHeaders: Readonly<Record<string, string>> = {};
/** Before an offer was applied: what Undo brings back. */
let before: { readonly draft: Draft; readonly files: readonly Held[] } | null = null;

// --- the compose window ---

const from = el("input", { type: "text", id: "from", autocomplete: "off", spellcheck: "false", list: "identities" });
const role = el("select", { id: "role" });
const mailbox = el("select", { id: "mailbox" });
const compose = el("select", { id: "compose" });
const subject = el("input", { type: "text", id: "subject", autocomplete: "off" });
const lines = { to: new Chips("to", () => words, edited), cc: new Chips("cc", () => words, edited), bcc: new Chips("bcc", () => words, edited) };
const thread = new Chips("thread", () => words, edited);
const editor = new Editor(edited, (list) => void attach(list));
const files = new Files(client, filesChanged, () => limits);
const fileList = el("ul", { class: "attached" });
const banner = document.createElement("phiscan-banner") as PhiscanBanner;
const doneBanner = document.createElement("phiscan-banner") as PhiscanBanner;
const review = document.createElement("phiscan-review") as PhiscanReview;
const dialog = el("dialog", { class: "review-dialog" }, review);
const sentDialog = el("dialog", { class: "sent-dialog" });
const side = el("aside", { class: "side", hidden: true });
const status = el("span", { class: "timing" });
const sendButton = el("button", { type: "button", class: "send" });
const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });

const typing = afterPause(pause, () => void scan());

for (const element of [from, subject]) element.addEventListener("input", edited);
for (const element of [role, mailbox, compose]) element.addEventListener("change", edited);
compose.addEventListener("change", showThread);
picker.addEventListener("change", () => {
  void attach([...(picker.files ?? [])]);
  picker.value = "";
});
sendButton.addEventListener("click", () => void send());
banner.addEventListener("phiscan-open", () => checked && openReview(checked));
banner.addEventListener("phiscan-retry", () => void scan());
doneBanner.addEventListener("phiscan-undo", undo);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  decide({ kind: "go_back" });
});
review.addEventListener("phiscan-choice", (event) => decide((event as CustomEvent<ReviewChoice>).detail));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !dialog.open && !sentDialog.open) {
    event.preventDefault();
    void send();
  }
});

/** For whoever waits until everything is checked, such as a test. */
function showState(): void {
  const busy = waiting || running !== null || files.list.some((file) => files.isBusy(file));
  document.body.dataset["state"] = busy ? "busy" : "idle";
}

function soon(): void {
  lastKey = performance.now();
  waiting = true;
  showState();
  typing.poke();
}

function edited(): void {
  doneBanner.hidden = true;
  portalNote.hidden = true;
  before = null;
  soon();
}

function filesChanged(): void {
  drawFiles();
  soon();
}

function parsePerson(line: string): Person {
  const match = /^"?([^"<]*?)"?\s*<([^<>]+)>$/.exec(line.trim());
  return match ? { address: (match[2] ?? "").trim(), ...(match[1] ? { name: match[1].trim() } : {}) } : { address: line.trim() };
}

function written(person: Person): string {
  return person.name ? `${person.name} <${person.address}>` : person.address;
}

function draftNow(): Draft {
  return {
    from: parsePerson(from.value),
    to: lines.to.value,
    cc: lines.cc.value,
    bcc: lines.bcc.value,
    subject: subject.value,
    html: editor.html,
    text: null,
    compose: (compose.value || "new") as Draft["compose"],
    participants: thread.value.map((person) => person.address),
    attachments: files.list.map(({ id: _id, bytes: _bytes, ...attachment }) => attachment),
    role: role.value || null,
    mailbox: mailbox.value || null,
    headers: keptHeaders,
  };
}

function show(draft: Draft): void {
  from.value = written(draft.from);
  for (const field of fields) lines[field].show(draft[field]);
  subject.value = draft.subject;
  compose.value = draft.compose;
  thread.show(draft.participants.map((address) => ({ address })));
  role.value = draft.role ?? "";
  mailbox.value = draft.mailbox ?? "";
  keptHeaders = draft.headers;
  editor.show(draft.html ?? "");
  showThread();
}

function showThread(): void {
  const row = document.querySelector<HTMLElement>(".row-thread");
  if (row) row.hidden = compose.value === "new";
}

async function attach(list: readonly File[]): Promise<void> {
  for (const file of list) await files.add(file.name, file.type || "application/octet-stream", new Uint8Array(await file.arrayBuffer()));
}

async function load(sample: Sample | null): Promise<void> {
  loaded = sample?.id ?? null;
  before = null;
  doneBanner.hidden = true;
  const own = policy?.own_domains[0] ?? "clinic.example";
  const empty: Draft = {
    from: { address: `frontdesk@${own}`, name: "Front Desk" },
    to: [], cc: [], bcc: [], subject: "", html: "", text: null, compose: "new", participants: [], attachments: [], role: null, mailbox: null, headers: {},
  };
  files.show([], []);
  show(sample ? { ...empty, ...sample.draft } : empty);
  for (const button of document.querySelectorAll(".samples button")) button.setAttribute("aria-current", String(button.id === `sample-${loaded ?? "new"}`));
  for (const file of sample?.files ?? []) {
    const bytes = file.text !== undefined ? new TextEncoder().encode(file.text) : Uint8Array.from(atob(file.base64 ?? ""), (char) => char.charCodeAt(0));
    await files.add(file.name, file.media_type, bytes as Uint8Array<ArrayBuffer>);
  }
  lastKey = performance.now();
  await scan();
}

// --- checking ---

/** Conversations have names in mail programs; here each sample is one. */
function threadOf(draft: Draft): { readonly thread?: string } {
  return draft.compose === "new" ? {} : { thread: `playground-${loaded ?? "new"}` };
}

/** Only the newest check counts; an older one that is still under way is called off. */
async function scan(): Promise<Checked | null> {
  typing.stop();
  waiting = false;
  running?.cancel();
  const draft = draftNow();
  const since = lastKey;
  const started = performance.now();
  banner.show({ kind: "checking", locale: words.lang });
  const request = buildRequest(draft, { now: localTime(new Date()), locale: words.lang, explain: true });
  const call = client.start("scan", { request, ...threadOf(draft) }, { deadlineMs: scanDeadline });
  running = call;
  try {
    const reply = await call.reply;
    if (running !== call) return null;
    checked = { draft, report: reply.report, leftOut: reply.left_out !== null, milliseconds: performance.now() - started };
    showChecked(checked);
    document.body.dataset["scans"] = String(Number(document.body.dataset["scans"] ?? 0) + 1);
    document.body.dataset["latency"] = String(Math.round(performance.now() - since));
    void files.send(reply.need);
    return checked;
  } catch (error) {
    if (running !== call || (error instanceof HostError && error.code === "cancelled")) return null;
    checked = null;
    wasSlow = error instanceof HostError && error.code === "deadline";
    banner.show({ kind: "unchecked", locale: words.lang });
    status.textContent = words.notChecked;
    for (const field of fields) lines[field].note(null, field);
    drawSide();
    return null;
  } finally {
    if (running === call) running = null;
    showState();
  }
}

function showChecked(result: Checked): void {
  banner.show({ kind: "report", report: result.report, draft: result.draft });
  status.textContent = words.checkedIn(result.milliseconds.toFixed(0));
  for (const field of fields) lines[field].note(result.report, field);
  document.body.dataset["action"] = result.report.action;
  drawFiles();
  if (panel === "explain") drawSide();
}

/** The draft is read anew and checked as it is now: an older report is worth nothing here. */
async function send(): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  const result = await scan();
  if (result) return asks(result.report.action) ? openReview(result) : finish(result, { kind: "send", reason: null, rememberDays: null });
  const draft = draftNow();
  const { onSend, text } = whenUnchecked(draft, policy, wasSlow ? "host_slow" : "host_absent");
  if (onSend === "note") return showSent(draft, null);
  openDialog();
  review.openUnchecked({ locale: words.lang, blocked: onSend === "block", text: text?.[words.lang === "es" ? "es" : "en"] });
  dialog.setAttribute("aria-label", review.headline);
}

function openReview({ report, draft, leftOut }: Checked): void {
  openDialog();
  review.open({ report, draft, leftOut, rememberDays: draft.compose === "new" ? undefined : rememberDays });
  dialog.setAttribute("aria-label", review.headline);
}

function openDialog(): void {
  if (!dialog.open) dialog.showModal();
}

function decide(choice: ReviewChoice): void {
  dialog.close();
  if (choice.kind === "retry") return void send();
  const result = checked;
  if (!result) return choice.kind === "send" ? showSent(draftNow(), null) : editor.focus();
  if (choice.kind === "send") return finish(result, choice);
  record(choice, result);
  if (choice.kind === "go_back") return editor.focus();
  takeOffer(result, choice.index);
}

/** Content-free, and nobody waits for it. */
function record(choice: Choice, { report, draft }: Checked): Readonly<Record<string, unknown>> {
  const body = recordBody(choice, report, draft, threadOf(draft).thread ?? null);
  client.call("record", body, { deadlineMs: 2000 }).catch(() => undefined);
  return body;
}

function finish(result: Checked, choice: Choice): void {
  showSent(result.draft, record(choice, result));
}

function takeOffer({ report, draft }: Checked, index: number): void {
  const offer = offerAt(report, index);
  const next = applyOffer(draft, offer);
  const pool = files.list;
  before = { draft, files: pool };
  const kept = before;
  files.show(next.attachments, pool);
  show(next);
  doneBanner.hidden = false;
  doneBanner.show({ kind: "done", offer: offer.kind, locale: words.lang });
  portalNote.hidden = offer.url === null;
  portalLink.href = offer.url ?? "";
  lastKey = performance.now();
  void scan().then(() => {
    // Checking again is no edit: Undo stays.
    before = kept;
  });
  sendButton.focus();
}

function undo(): void {
  if (!before) return;
  const { draft, files: pool } = before;
  files.show(draft.attachments, pool);
  show(draft);
  doneBanner.hidden = true;
  portalNote.hidden = true;
  before = null;
  void scan();
  editor.focus();
}

// After a portal hand-off: the person's own text, ready to paste there.
const portalLink = el("a", { class: "portal-link", target: "_blank", rel: "noopener noreferrer" });
const portalCopy = el("button", { type: "button", class: "ghost" });
const portalNote = el("div", { class: "portal-note", hidden: true }, portalLink, portalCopy);
portalCopy.addEventListener("click", () => {
  const source = before?.draft.html;
  if (!source) return;
  const holder = new Editor(() => {}, () => {});
  holder.show(source);
  void navigator.clipboard.writeText(holder.element.innerText).then(() => (portalCopy.textContent = words.copied));
});

// --- what would have been sent ---

function showSent(draft: Draft, recorded: Readonly<Record<string, unknown>> | null): void {
  const body = new Editor(() => {}, () => {});
  body.show(draft.html ?? "");
  const mail = el("div", { class: "sent-body" }, ...body.element.childNodes);
  const row = (name: string, value: Child) => [el("dt", {}, name), el("dd", {}, value)];
  const listed = (list: readonly Person[]) =>
    list.length === 0 ? el("span", { class: "soft" }, words.nobody) : list.map((person, i) => [i > 0 ? ", " : "", guest(written(person) || displayName(person))]);
  const back = button(words.backToMail, "ghost strong", () => sentDialog.close());
  sentDialog.setAttribute("aria-label", words.sentTitle);
  sentDialog.lang = words.lang;
  sentDialog.replaceChildren(
    el("header", {}, icon("fine"), el("div", {}, el("h2", {}, words.sentTitle), el("p", { class: "soft" }, words.sentNote))),
    el(
      "div",
      { class: "sent-main", tabindex: "0", role: "group", "aria-label": words.sentTitle },
      el(
        "dl",
        { class: "facts" },
        row(words.from, guest(written(draft.from))),
        row(words.to, listed(draft.to)),
        draft.cc.length > 0 ? row(words.cc, listed(draft.cc)) : null,
        draft.bcc.length > 0 ? row(words.bcc, listed(draft.bcc)) : null,
        row(words.subject, guest(draft.subject)),
        draft.attachments.length > 0 ? row(words.attach, draft.attachments.map((file, i) => [i > 0 ? ", " : "", guest(file.name)])) : null,
        Object.keys(draft.headers).length > 0 ? row(words.headers, Object.entries(draft.headers).map(([name, value]) => `${name}: ${value}`).join(", ")) : null,
      ),
      mail,
      recorded
        ? el("details", {}, el("summary", {}, words.recorded), el("p", { class: "soft" }, words.recordedNote), el("pre", { tabindex: "0" }, JSON.stringify({ ...recorded, recipients: undefined }, null, 2)))
        : null,
    ),
    el("footer", {}, back, button(words.newMail, "ghost", () => {
      sentDialog.close();
      void load(null);
    })),
  );
  sentDialog.showModal();
  back.focus();
}

// --- drawing ---

function drawFiles(): void {
  const gaps = new Set((checked?.report.gaps ?? []).map((gap) => gap.part));
  fileList.hidden = files.list.length === 0;
  fileList.replaceChildren(
    ...files.list.map((file, i) => {
      const drop = el("button", { type: "button", class: "chip-x", "aria-label": words.remove(file.name) }, "×");
      drop.addEventListener("click", () => {
        edited();
        files.remove(file.id);
      });
      const busy = files.isBusy(file);
      const unread = !busy && gaps.has(`attachments/${i}`);
      return el(
        "li",
        { class: unread ? "chip risky" : "chip" },
        icon("file"),
        guest(file.name),
        el("span", { class: "chip-address" }, busy ? words.reading : `${Math.max(1, Math.round(file.size / 1000))} kB`),
        drop,
      );
    }),
  );
}

function options(select: HTMLSelectElement, list: readonly (readonly [string, string])[]): void {
  const value = select.value;
  select.replaceChildren(...list.map(([id, name]) => el("option", { value: id }, name)));
  select.value = list.some(([id]) => id === value) ? value : (list[0]?.[0] ?? "");
}

interface PolicyFile {
  readonly roles?: Readonly<Record<string, { readonly title?: string } | string>>;
  readonly mailboxes?: Readonly<Record<string, unknown>>;
  readonly mode?: string;
}

function policyFile(): PolicyFile {
  try {
    return JSON.parse(policyText) as PolicyFile;
  } catch {
    return {};
  }
}

function drawChoices(): void {
  const file = policyFile();
  const names = (from: Readonly<Record<string, unknown>> | undefined) => Object.keys(from ?? {}).filter((key) => !key.startsWith("//"));
  const titled = (id: string) => {
    const entry = file.roles?.[id];
    return typeof entry === "object" ? (entry.title ?? id) : id;
  };
  options(role, [["", words.noRole], ...names(file.roles).map((id) => [id, titled(id)] as const)]);
  options(mailbox, [["", words.ownMailbox], ...names(file.mailboxes).map((id) => [id, id] as const)]);
  options(compose, Object.entries(words.composes));
  identities.replaceChildren(
    ...[...new Set(samples.map((sample) => written(sample.draft.from)))].map((value) => el("option", { value })),
  );
}

const identities = el("datalist", { id: "identities" });

function openPanel(next: Panel | null): void {
  panel = panel === next ? null : next;
  drawSide();
  for (const name of ["explain", "policy", "packs"]) document.getElementById(`open-${name}`)?.setAttribute("aria-expanded", String(panel === name));
  if (panel) side.querySelector<HTMLElement>("h2")?.focus();
}

function drawSide(): void {
  side.hidden = panel === null;
  document.body.classList.toggle("with-side", panel !== null);
  if (panel === null) return;
  const content =
    panel === "explain"
      ? checked
        ? explanation(checked.report, checked.draft, words)
        : el("p", { class: "soft" }, words.noReport)
      : panel === "policy"
        ? policyPanel()
        : packsPanel();
  const close = el("button", { type: "button", class: "icon-button", "aria-label": words.close }, icon("close"));
  close.addEventListener("click", () => openPanel(null));
  const scroll = side.querySelector(".side-main")?.scrollTop ?? 0;
  const main = el("div", { class: "side-main", tabindex: "0", role: "group", "aria-label": words[panel] }, content);
  side.setAttribute("aria-label", words[panel]);
  side.replaceChildren(el("header", {}, el("h2", { tabindex: "-1" }, words[panel]), close), main);
  main.scrollTop = panel === "explain" ? scroll : 0;
}

/** A file to edit: what the host says to it is shown as it is, place and all. */
function fileEditor(id: string, help: string, text: string, apply: (text: string | null) => Promise<string>): HTMLElement {
  const area = el("textarea", { id, spellcheck: "false", autocomplete: "off", rows: "24", "aria-describedby": `${id}-said` });
  area.value = text;
  const said = el("p", { class: "said", id: `${id}-said`, role: "status" });
  const run = async (value: string | null) => {
    said.className = "said";
    said.textContent = "…";
    try {
      area.value = await apply(value);
      said.classList.add("good");
      said.textContent = words.applied;
    } catch (error) {
      said.classList.add("bad");
      const why = error instanceof HostError ? [error.where, error.message].filter((part) => part !== "").join(": ") : String(error);
      said.textContent = `${words.refused} ${why}`;
    }
  };
  return el(
    "div",
    { class: "file-editor" },
    el("label", { for: id, class: "soft" }, help),
    area,
    said,
    el("div", { class: "file-buttons" }, button(words.apply, "ghost strong", () => void run(area.value)), button(words.reset, "ghost", () => void run(null))),
  );
}

let firstPolicy: string | null = null;

async function setPolicy(text: string): Promise<void> {
  await client.call("playground.policy", { set: text }, { deadlineMs: 10_000 });
  policyText = text;
  await readPolicy();
  drawChoices();
  lastKey = performance.now();
  await scan();
}

async function readPolicy(): Promise<void> {
  policy = (await client.call("policy", {}, { deadlineMs: scanDeadline })).policy;
}

function policyPanel(): HTMLElement {
  const current = policyFile().mode ?? "advise";
  const mode = el("select", { id: "mode" });
  options(mode, Object.entries(words.modes));
  mode.value = current;
  mode.addEventListener("change", () => {
    void setPolicy(policyText.replace(/("mode"\s*:\s*")(monitor|advise|enforce)(")/, `$1${mode.value}$3`)).then(drawSide);
  });
  return el(
    "div",
    {},
    el("div", { class: "mode" }, el("label", { for: "mode" }, words.mode), mode),
    fileEditor("policy-text", words.policyHelp, policyText, async (text) => {
      await setPolicy(text ?? firstPolicy ?? policyText);
      mode.value = policyFile().mode ?? "advise";
      return policyText;
    }),
  );
}

const emptyPack = `{
  "schema": "phiscan.pack/1",
  "id": "our-clinic",
  "version": "1",
  "disable": [],
  "weights": {},
  "rules": []
}
`;

function packsPanel(): HTMLElement {
  return fileEditor("pack-text", words.packsHelp, packText ?? emptyPack, async (text) => {
    await client.call("playground.packs", { set: text === null ? [] : [text] }, { deadlineMs: 30_000 });
    packText = text;
    lastKey = performance.now();
    await scan();
    return text ?? emptyPack;
  });
}

function draw(): void {
  document.documentElement.lang = words.lang;
  document.title = `${words.product} · ${words.playground}`;
  const language = el("select", { id: "language", "aria-label": words.language }, el("option", { value: "en" }, "English"), el("option", { value: "es" }, "Español"));
  language.value = words.lang;
  language.addEventListener("change", () => {
    words = pageWords(language.value);
    localStorage.setItem("language", words.lang);
    const draft = draftNow();
    draw();
    show(draft);
    void scan().then(() => document.getElementById("language")?.focus());
  });
  const open = (name: Panel) => {
    const element = el("button", { type: "button", class: "tool", id: `open-${name}`, "aria-expanded": String(panel === name) }, words[name]);
    element.addEventListener("click", () => openPanel(name));
    return element;
  };
  const sampleButton = (id: string, title: string, about: string, press: () => void) => {
    const element = el("button", { type: "button", id: `sample-${id}`, "aria-current": String((loaded ?? "new") === id) }, el("span", { class: "sample-title" }, title), about ? el("span", { class: "sample-about" }, about) : null);
    element.addEventListener("click", press);
    return el("li", {}, element);
  };
  const row = (id: string, name: string, kind: string, ...content: readonly Child[]) => el("div", { class: `row ${kind}` }, el("label", { for: id }, name), content);
  const tool = (name: string, sign: Child, press: () => void) => {
    const element = el("button", { type: "button", class: "icon-button", "aria-label": name, title: name }, sign);
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", press);
    return element;
  };
  sendButton.replaceChildren(icon("forward"), words.send);
  editor.element.setAttribute("aria-label", words.body);
  fileList.setAttribute("aria-label", words.attach);
  portalLink.textContent = words.portalOpen;
  portalCopy.textContent = words.portalCopy;
  const card = el(
    "div",
    { class: "card" },
    el(
      "div",
      { class: "bar" },
      sendButton,
      tool(words.attach, [icon("clip"), el("span", {}, words.attach)], () => picker.click()),
      el("span", { class: "spacer" }),
      status,
    ),
    el(
      "div",
      { class: "fields" },
      el(
        "div",
        { class: "row row-from" },
        el("label", { for: "from" }, words.from),
        from,
        el("span", { class: "pick" }, el("label", { for: "role" }, words.role), role),
        el("span", { class: "pick" }, el("label", { for: "mailbox" }, words.mailbox), mailbox),
      ),
      row("to", words.to, "", lines.to.element),
      row("cc", words.cc, "", lines.cc.element),
      row("bcc", words.bcc, "", lines.bcc.element),
      row("subject", words.subject, "row-subject", subject, el("span", { class: "pick" }, el("label", { for: "compose" }, words.compose), compose)),
      row("thread", words.participants, "row-thread", thread.element),
    ),
    el("div", { class: "strips" }, doneBanner, portalNote, banner),
    fileList,
    el(
      "div",
      { class: "format", role: "group", "aria-label": words.body },
      tool(words.bold, el("b", {}, "B"), () => editor.command("bold")),
      tool(words.italic, el("i", {}, "I"), () => editor.command("italic")),
      tool(words.listing, icon("list"), () => editor.command("insertUnorderedList")),
      tool(words.quote, icon("quote"), () => editor.command("formatBlock", "blockquote")),
    ),
    editor.element,
    picker,
    identities,
  );
  document.body.replaceChildren(
    el(
      "header",
      { class: "top" },
      el("h1", {}, el("span", { class: "logo" }, words.product), " ", el("span", { class: "soft" }, words.playground)),
      el("p", { class: "promise" }, icon("lock"), words.promise),
      el("div", { class: "tools", role: "group", "aria-label": words.tools }, open("explain"), open("policy"), open("packs")),
      language,
    ),
    el(
      "nav",
      { class: "samples", "aria-label": words.samples },
      el("h2", {}, words.samples),
      el(
        "ul",
        {},
        sampleButton("new", words.newMail, "", () => void load(null)),
        samples.map((sample) => sampleButton(sample.id, sample.title[words.lang] ?? sample.id, sample.about[words.lang] ?? "", () => void load(sample))),
      ),
    ),
    el("main", {}, card),
    side,
    dialog,
    sentDialog,
  );
  drawChoices();
  drawFiles();
  drawSide();
  showThread();
  if (checked) showChecked(checked);
}

// Files may be dropped anywhere on the message.
let dragging = 0;
document.addEventListener("dragenter", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  dragging++;
  document.body.classList.add("dragging");
});
document.addEventListener("dragleave", () => {
  dragging = Math.max(0, dragging - 1);
  if (dragging === 0) document.body.classList.remove("dragging");
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  dragging = 0;
  document.body.classList.remove("dragging");
  void attach([...(event.dataTransfer?.files ?? [])]);
});

// On a slow machine somebody may write before the first sample is there: their words stay.
let typed = false;
document.addEventListener("input", () => (typed = true), { once: true });

async function start(): Promise<void> {
  doneBanner.hidden = true;
  samples = (await (await fetch("/samples.json")).json()) as readonly Sample[];
  draw();
  try {
    const hello = await client.call("hello", { client: { name: "playground", version: "0.1.0" }, protocol: [1], locale: words.lang }, { deadlineMs: scanDeadline });
    limits = hello.limits;
    await readPolicy();
    policyText = (await client.call("playground.policy", {}, { deadlineMs: scanDeadline })).text;
    firstPolicy = policyText;
    drawChoices();
  } catch {
    status.textContent = words.unreachable;
  }
  if (!typed) await load(samples[0] ?? null);
  document.body.dataset["ready"] = "yes";
}

void start();
