// A simulated host page: it holds one message, shows it as a compose window does, and answers the real office.js in its frames the way
// Outlook on the web answers it (reverse-read from outlook-web-16.01.debug.js). It is not Outlook: its dialogs, clocks and other
// clients' runtimes are not here.
import type { Mail } from "./support.ts";

interface Call {
  readonly id: number;
  readonly params: Record<string, unknown>;
}

interface Simulated {
  mail: Mail;
  mailbox: string;
  language: string;
  shared: { targetMailbox: string } | null;
  /** Office calls by number that are not answered, or answered with an error. */
  faults: Record<number, "hang" | "fail">;
  calls: number[];
  held: Record<string, unknown> | null;
  sent: boolean;
  completions: number;
  start(mail: Mail, addin: string): void;
  fire(name: string): Promise<{ answer: Record<string, unknown> | null; milliseconds: number }>;
  openPane(): void;
  /** As Tab, or Shift+Tab, comes from Outlook's own controls into the pane. */
  enterPane(backwards: boolean): void;
}

const frames = new Map<string, { window: Window; registered: { correlation: unknown; name: string } | null }>();
const finished = new Map<string, (answer: Record<string, unknown> | null) => void>();
let addin = "";
let nextEvent = 1;
let ready: () => void = () => undefined;

const state: Simulated = {
  mail: null as unknown as Mail, mailbox: "1.15", language: "en-US", shared: null, faults: {}, calls: [], held: null, sent: false, completions: 0,
  start(mail, origin) {
    state.mail = mail;
    addin = origin;
    draw();
    frame("events", "events.html", document.querySelector("#events") as HTMLElement);
  },
  async fire(name) {
    await eventsReady();
    const id = `event-${nextEvent++}`;
    const events = frames.get("events");
    if (!events?.registered) throw new Error("the event page is not listening");
    const started = performance.now();
    const answer = await new Promise<Record<string, unknown> | null>((resolve) => {
      finished.set(id, resolve);
      push(events.window, events.registered, "events", { 0: id, 1: name, 2: JSON.stringify({ source: { id } }) });
    });
    draw();
    return { answer, milliseconds: performance.now() - started };
  },
  openPane() {
    const aside = document.querySelector("#pane") as HTMLElement;
    aside.hidden = false;
    frame("pane", "taskpane.html", aside);
  },
  enterPane(backwards) {
    const pane = document.querySelector("#pane iframe") as HTMLIFrameElement;
    pane.focus();
    const request = { _messageType: 0, _actionName: "Office_notifyAgave", _actionType: 0, _conversationId: "pane_ntf", _correlationId: -1, _origin: location.origin, _data: backwards ? [12] : [11], _serializerVersion: 1 };
    pane.contentWindow?.postMessage(JSON.stringify(request), addin);
  },
};
(window as unknown as { outlook: Simulated }).outlook = state;

function eventsReady(): Promise<void> {
  return frames.get("events")?.registered ? Promise.resolve() : new Promise((resolve) => (ready = resolve));
}

function frame(name: string, file: string, into: HTMLElement): void {
  const old = into.querySelector("iframe");
  const made = document.createElement("iframe");
  made.title = name === "pane" ? "phiscan" : "events";
  // _xdm_Info is last, its origin unencoded.
  made.src = `${addin}/${file}?_host_Info=Outlook$Web$16.01$${state.language}$corr$$$0#&_serializer_version=1&_xdm_Info=${name}|${name}|${location.origin}`;
  if (old) old.replaceWith(made);
  else into.append(made);
  frames.set(name, { window: made.contentWindow as Window, registered: null });
}

function post(target: Window, conversation: string, action: string, correlation: unknown, type: 0 | 1, data: unknown): void {
  target.postMessage(JSON.stringify({ _messageType: 1, _actionName: action, _conversationId: conversation, _correlationId: correlation, _origin: location.origin, _data: data, _errorCode: 0, _responseType: type, _serializerVersion: 1 }), addin);
}

function push(target: Window, registered: { correlation: unknown; name: string } | null, conversation: string, data: unknown): void {
  if (registered) post(target, conversation, registered.name, registered.correlation, 1, data);
}

window.addEventListener("message", (event) => {
  if (event.origin !== addin || typeof event.data !== "string") return;
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(event.data) as Record<string, unknown>;
  } catch {
    return;
  }
  if (message["_messageType"] !== 0) return;
  const conversation = String(message["_conversationId"]);
  const known = frames.get(conversation);
  const action = String(message["_actionName"]);
  const correlation = message["_correlationId"];
  if (!known) return;
  const reply = (data: unknown) => post(known.window, conversation, action, correlation, 0, data);
  if (message["_actionType"] === 1) {
    known.registered = { correlation, name: action };
    reply({ Error: 0 });
    if (conversation === "events") ready();
    return;
  }
  const data = (message["_data"] ?? {}) as Record<string, unknown>;
  // The pane gives the focus back: forwards and backwards.
  if (action === "ContextActivationManager_notifyHost" && conversation === "pane") {
    const what = Object.values(data).find((one) => one === 13 || one === 14);
    if (what !== undefined) (document.querySelector(what === 13 ? "#send" : "#open") as HTMLElement).focus();
  }
  if (action === "ContextActivationManager_getAppContextAsync") return reply(appContext(conversation));
  if (action === "GetInitialData") return reply({ wasSuccessful: true, data: undefined, ...initialData() });
  if (action === "ExecuteMethod") return execute(data, reply);
  if (action === "executeMethod") {
    reply({ Error: 0, Version: 1 });
    completed(data);
    return;
  }
  reply({ Error: 0, wasSuccessful: true });
});

function appContext(id: string): Record<string, unknown> {
  return {
    _id: id, _appName: 64, _appVersion: "16.01", _appUILocale: state.language, _dataLocale: state.language, _docUrl: "", _clientMode: 0, _settings: {}, _reason: 1,
    _osfControlType: 0, _eToken: "", _correlationId: "corr", _appInstanceId: id, _requirementMatrix: JSON.stringify({ Mailbox: state.mailbox }), _hostCustomMessage: "",
    _hostFullVersion: "16.0.0.0", _clientWindowHeight: 600, _clientWindowWidth: 340, _addinName: "phiscan", _appDomains: [addin], _featureGates: {},
  };
}

function initialData(): Record<string, unknown> {
  const { from, composeType } = state.mail;
  return {
    permissionLevel: 3, itemType: 4, isRead: false, userDisplayName: from.name, userEmailAddress: from.address, userTimeZone: "UTC", timeZoneOffsets: [], hostVersion: "16.0.0.0",
    owaView: "OneColumn", conversationId: composeType === "newMail" ? null : "conversation-7", isFromSharedFolder: state.shared !== null, userProfileType: "enterprise",
  };
}

function completed(data: Record<string, unknown>): void {
  const texts: string[] = [];
  JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value === "string") texts.push(value);
    return value;
  });
  const id = texts.find((text) => finished.has(text));
  const json = texts.find((text) => text.startsWith("{"));
  if (id === undefined) return;
  state.completions++;
  const done = finished.get(id);
  finished.delete(id);
  const answer = json === undefined ? null : ((JSON.parse(json) as { completedContext?: Record<string, unknown> }).completedContext ?? null);
  done?.(answer);
}

const lines = ["to", "cc", "bcc"] as const;

function execute(data: Record<string, unknown>, reply: (data: unknown) => void): void {
  const id = Number((data["MethodData"] as { DispatchId: number }).DispatchId);
  state.calls.push(id);
  const fault = state.faults[id];
  if (fault === "hang") return;
  if (fault === "fail") return reply({ error: true, errorCode: 9001, wasSuccessful: false });
  reply({ wasSuccessful: true, data: answerOf({ id, params: (data["ApiParams"] ?? {}) as Record<string, unknown> }) });
  if ([17, 20, 21, 33, 35, 36, 38, 148, 152].includes(id)) draw();
}

/** The numbers are those of office.js. */
function answerOf({ id, params }: Call): unknown {
  const { mail } = state;
  const line = lines[Number(params["recipientField"])] ?? "to";
  switch (id) {
    case 14: return mail.bodyType;
    case 15: return mail[line].map(({ address, name, list }) => ({ address, name, recipientType: list ? 1 : 3, appointmentResponse: 0 }));
    case 17: return void (mail.subject = String(params["subject"]));
    case 18: return mail.subject;
    case 20: return void (mail.files = mail.files.filter((one) => one.id !== params["attachmentIndex"]));
    case 21: return void (mail[line] = (params["recipientArray"] as { address: string; name: string }[]).map(({ address, name }) => ({ address, name })));
    case 33:
    case 35: return void (mail.bar = { message: String(params["message"]), type: String(params["type"]), actions: params["actions"] });
    case 36: return void (mail.bar = null);
    case 37: return params["coercionType"] === (mail.bodyType === "html" ? 3 : 0) ? mail.body : visible(mail.body);
    case 38: return void (mail.body = String(params["data"]));
    case 42: return void ((document.querySelector("#pane") as HTMLElement).hidden = true);
    case 99: return JSON.stringify({ why: "send" });
    case 107: return { address: mail.from.address, name: mail.from.name };
    case 108: return state.shared;
    case 148: {
      const file = { id: `added-${mail.files.length}-${Date.now()}`, name: String(params["name"]), base64: String(params["base64String"]), isInline: params["isInline"] === true, type: "file" as const };
      mail.files = [...mail.files, file];
      return file.id;
    }
    case 149: return mail.files.map(({ id: key, name, base64, isInline, type }) => ({ id: key, name, isInline, size: Math.floor((base64.length * 3) / 4), attachmentType: { file: 0, item: 1, cloud: 2 }[type] }));
    case 150: {
      const file = mail.files.find((one) => one.id === params["id"]);
      return { content: file?.base64 ?? "", format: file?.type === "cloud" ? "url" : "base64" };
    }
    case 151: return Object.fromEntries(Object.entries(mail.headers).filter(([name]) => (params["internetHeaderKeys"] as string[]).includes(name)));
    case 152: return void Object.assign(mail.headers, params["internetHeaderNameValuePairs"]);
    case 153: return void (params["internetHeaderKeys"] as string[]).forEach((name) => delete mail.headers[name]);
    case 174: return { composeType: mail.composeType };
    case 185: return void (mail.session[String(params["name"])] = String(params["value"]));
    case 186: return mail.session[String(params["name"])] ?? "";
    default: return undefined;
  }
}

function visible(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}

// --- what a person sees ---

function fill(id: string, text: string): void {
  (document.querySelector(id) as HTMLElement).textContent = text;
}

function draw(): void {
  const { mail } = state;
  for (const name of lines) fill(`#${name}`, mail[name].map(({ address, name: who }) => (who && who !== address ? `${who} <${address}>` : address)).join("; "));
  fill("#from", `${mail.from.name} <${mail.from.address}>`);
  fill("#subject", mail.subject);
  fill("#files", mail.files.map((one) => `📎 ${one.name}`).join("   "));
  const body = document.querySelector("#body") as HTMLIFrameElement;
  body.srcdoc = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>body{font:15px/1.5 sans-serif;margin:12px}</style>${mail.body}`;
  const bar = document.querySelector("#bar") as HTMLElement;
  bar.hidden = mail.bar === null;
  if (mail.bar) {
    const action = (mail.bar.actions as { actionText: string }[] | undefined)?.[0]?.actionText ?? "";
    bar.replaceChildren(Object.assign(document.createElement("img"), { src: `${addin}/icons/16.png`, alt: "" }), mail.bar.message, action === "" ? "" : Object.assign(document.createElement("button"), { textContent: action, onclick: () => state.openPane() }));
  }
}

/** The Markdown that Outlook shows from Mailbox 1.15 on, as far as we use it: paragraphs, bold, links. */
function drawn(markdown: string): (Node | string)[] {
  const plain = (text: string) => text.replace(/\\(.)/g, "$1");
  return markdown.split("\n\n").map((paragraph) => {
    const made = document.createElement("p");
    for (const [whole, bold, link, url] of paragraph.matchAll(/\*\*((?:\\.|[^*])+)\*\*|\[((?:\\.|[^\]])+)\]\((https:[^)]+)\)|(?:\\.|[^*[])+/g)) {
      if (bold !== undefined) made.append(Object.assign(document.createElement("b"), { textContent: plain(bold) }));
      else if (link !== undefined) made.append(Object.assign(document.createElement("a"), { textContent: plain(link), href: url, target: "_blank" }));
      else made.append(plain(whole));
    }
    return made;
  });
}

async function pressSend(): Promise<void> {
  fill("#status", "phiscan is checking …");
  const { answer } = await state.fire("onMessageSend");
  fill("#status", "");
  if (answer?.["allowEvent"] === true) {
    state.sent = true;
    fill("#status", "Sent (nothing leaves this page).");
    return;
  }
  state.held = answer;
  const dialog = document.querySelector("dialog") as HTMLDialogElement;
  const markdown = answer?.["errorMessageMarkdown"];
  if (typeof markdown === "string") (document.querySelector("#said") as HTMLElement).replaceChildren(...drawn(markdown));
  else fill("#said", String(answer?.["errorMessage"] ?? ""));
  fill("#take", String(answer?.["cancelLabel"] ?? ""));
  (document.querySelector("#take") as HTMLElement).hidden = !answer?.["commandId"];
  (document.querySelector("#anyway") as HTMLElement).hidden = answer?.["sendModeOverride"] !== "promptUser";
  dialog.showModal();
}

const on = (id: string, act: () => void) => (document.querySelector(id) as HTMLElement).addEventListener("click", act);
on("#send", () => void pressSend());
on("#open", () => state.openPane());
on("#take", () => {
  (document.querySelector("dialog") as HTMLDialogElement).close();
  state.openPane();
});
on("#anyway", () => {
  (document.querySelector("dialog") as HTMLDialogElement).close();
  state.sent = true;
  fill("#status", "Sent anyway (nothing leaves this page).");
});
on("#dont", () => (document.querySelector("dialog") as HTMLDialogElement).close());
