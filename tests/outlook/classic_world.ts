// A world as poor as classic Outlook before 2403: ES2016 and nothing newer, no page, no Intl, no encoders, no crypto. Office is simulated;
// every call of it can be made to hang, to throw, to fail or to wait. This is not that runtime, only as poor.
import { createContext, runInContext } from "node:vm";
import { launchScript, type Mail } from "./support.ts";

type Fault = "hang" | "throw" | "fail" | number;

export interface WorldOptions {
  readonly mail: Mail;
  /** Highest Mailbox requirement set, such as "1.15". */
  readonly mailbox?: string;
  readonly language?: string;
  readonly fetch: (body: string, url: string, headers: Record<string, string>) => Promise<{ status: number; body: string }>;
  readonly stored?: Record<string, string>;
  /** By name, such as "body.getAsync". */
  readonly faults?: Readonly<Record<string, Fault>>;
  readonly shared?: { readonly targetMailbox: string };
}

export interface Outcome {
  readonly answer: Record<string, unknown> | undefined;
  readonly completions: number;
  readonly milliseconds: number;
}

const newer: readonly (readonly [string, readonly string[]])[] = [
  ["globalThis", ["Intl", "WebAssembly", "WeakRef", "FinalizationRegistry", "BigInt", "BigInt64Array", "BigUint64Array", "SharedArrayBuffer", "Atomics", "AggregateError", "Iterator", "escape", "unescape"]],
  ["Object", ["entries", "values", "fromEntries", "getOwnPropertyDescriptors", "hasOwn", "groupBy"]],
  ["Array", ["fromAsync"]],
  ["Array.prototype", ["flat", "flatMap", "at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
  ["Uint8Array.prototype.__proto__", ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "with"]],
  ["String.prototype", ["padStart", "padEnd", "trimStart", "trimEnd", "trimLeft", "trimRight", "matchAll", "replaceAll", "at", "isWellFormed", "toWellFormed"]],
  ["Promise", ["allSettled", "any", "withResolvers", "try"]],
  ["Promise.prototype", ["finally"]],
  ["Symbol.prototype", ["description"]],
];

export class ClassicWorld {
  readonly calls: string[] = [];
  readonly stored: Record<string, string>;
  readonly #options: WorldOptions;
  readonly #handlers = new Map<string, (event: unknown) => void>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.stored = { "phiscan.token": "a-token-of-tests", ...options.stored };
    const context = createContext({
      setTimeout, clearTimeout,
      Office: this.#office(),
      OfficeRuntime: { storage: { getItem: async (key: string) => this.stored[key] ?? null, setItem: async (key: string, value: string) => void (this.stored[key] = value), removeItem: async (key: string) => void delete this.stored[key] } },
      fetch: async (url: string, init: { body: string; headers: Record<string, string> }) => {
        const { status, body } = await options.fetch(init.body, url, init.headers);
        return { status, text: async () => body };
      },
    });
    for (const [where, names] of newer) runInContext(names.map((name) => `delete ${where}.${name};`).join(" "), context);
    runInContext("delete globalThis.globalThis; delete this.console;", context);
    runInContext(launchScript("https://phiscan.clinic.example"), context, { filename: "launchevent.js" });
  }

  get events(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  /** What Outlook does when something happens; resolves when the handler has completed, or after `most` milliseconds. */
  fire(name: string, most = 8000): Promise<Outcome> {
    const handler = this.#handlers.get(name);
    if (!handler) throw new Error(`no handler ${name}`);
    const started = performance.now();
    return new Promise((resolve) => {
      let completions = 0;
      let first: { answer: Record<string, unknown> | undefined; milliseconds: number } | null = null;
      const finish = () => resolve({ answer: first?.answer, milliseconds: first?.milliseconds ?? Infinity, completions });
      const clock = setTimeout(finish, most);
      handler({
        completed: (answer?: Record<string, unknown>) => {
          completions++;
          if (first) return;
          first = { answer: answer && (JSON.parse(JSON.stringify(answer)) as Record<string, unknown>), milliseconds: performance.now() - started };
          clearTimeout(clock);
          // A second completion would come soon after.
          setTimeout(finish, 250);
        },
      });
    });
  }

  #call<T>(name: string, answer: () => T): (...args: unknown[]) => void {
    return (...args) => {
      this.calls.push(name);
      const fault = this.#options.faults?.[name];
      if (fault === "throw") throw new Error("Office said no");
      if (fault === "hang") return;
      const callback = args.filter((one) => typeof one === "function").at(-1) as ((result: unknown) => void) | undefined;
      const reply = () => callback?.(fault === "fail" ? { status: "failed", value: undefined, error: { code: 9001 } } : { status: "succeeded", value: answer() });
      setTimeout(reply, typeof fault === "number" ? fault : 0);
    };
  }

  #office(): unknown {
    const { mail, mailbox = "1.14", language = "en-US", shared } = this.#options;
    const people = (list: Mail["to"]) => list.map(({ address, name, list: isList }) => ({ emailAddress: address, displayName: name, recipientType: isList ? "distributionList" : "externalUser" }));
    const line = (name: "to" | "cc" | "bcc") => ({ getAsync: this.#call(`${name}.getAsync`, () => people(mail[name])) });
    const session = (args: () => unknown) => args;
    const item: Record<string, unknown> = {
      itemType: "message", conversationId: mail.composeType === "newMail" ? null : "conversation-7",
      subject: { getAsync: this.#call("subject.getAsync", () => mail.subject) },
      to: line("to"), cc: line("cc"), bcc: line("bcc"),
      body: { getTypeAsync: this.#call("body.getTypeAsync", () => mail.bodyType), getAsync: this.#body(mail) },
      from: { getAsync: this.#call("from.getAsync", () => ({ emailAddress: mail.from.address, displayName: mail.from.name })) },
      getComposeTypeAsync: this.#call("getComposeTypeAsync", () => ({ composeType: mail.composeType })),
      getAttachmentsAsync: this.#call("getAttachmentsAsync", () => mail.files.map(({ id, name, isInline, base64, type }) => ({ id, name, isInline, attachmentType: type, size: Buffer.from(base64, "base64").length }))),
      getAttachmentContentAsync: (id: string, done: unknown) => this.#call("getAttachmentContentAsync", () => ({ format: "base64", content: mail.files.find((one) => one.id === id)?.base64 ?? "" }))(done),
      notificationMessages: {
        replaceAsync: (key: string, bar: { message: string; type: string }, done: unknown) => this.#call("bar.replaceAsync", () => void (mail.bar = { ...bar }))(done, key),
        removeAsync: (_key: string, done: unknown) => this.#call("bar.removeAsync", () => void (mail.bar = null))(done),
      },
      sessionData: {
        getAsync: (key: string, done: unknown) => this.#call("session.getAsync", session(() => mail.session[key] ?? ""))(done),
        setAsync: (key: string, value: string, done: unknown) => this.#call("session.setAsync", () => void (mail.session[key] = value))(done),
      },
      ...(shared ? { getSharedPropertiesAsync: this.#call("getSharedPropertiesAsync", () => shared) } : {}),
    };
    return {
      actions: { associate: (name: string, handler: (event: unknown) => void) => this.#handlers.set(name, handler) },
      context: {
        displayLanguage: language,
        requirements: { isSetSupported: (name: string, version: string) => name === "Mailbox" && minor(version) <= minor(mailbox) },
        mailbox: { item, userProfile: { emailAddress: mail.from.address, displayName: mail.from.name } },
      },
    };
  }

  /** With the mode that shows only the reply, what was quoted is not there: whoever asks for it has not read the message. */
  #body(mail: Mail): (...args: unknown[]) => void {
    return (type, options, done) => {
      const whole = (options as { bodyMode?: number }).bodyMode === 0;
      const text = whole ? mail.body : mail.body.split("<blockquote")[0];
      this.#call("body.getAsync", () => (type === mail.bodyType ? text : mail.body.replace(/<[^>]*>/g, "")))(done);
    };
  }
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}
