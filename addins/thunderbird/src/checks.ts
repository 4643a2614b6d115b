// Reads a compose window and asks the host about it.
import { buildRequest, DeadlineError, HostError, localTime, type Report, within } from "@phiscan/core";
import { type Reading, readDraft } from "./draft.ts";
import { Files } from "./files.ts";
import { type Host, isMessage } from "./host.ts";
import { languageOf, type Settings } from "./settings.ts";
import { pageWords } from "./words.ts";

export const sendDeadline = 5000;
const usualLimit = 25 * 1024 * 1024;

export interface Checked {
  readonly reading: Reading;
  readonly report: Report;
  readonly leftOut: boolean;
  /** Attachments the host has not read yet. */
  readonly waiting: readonly string[];
  /** Condition of the host that forbids to take the report for the whole truth. */
  readonly host: { readonly onSend: "prompt" | "block"; readonly text: string } | null;
}

export class Checks {
  readonly #host: Host;
  readonly #files = new Map<number, Files>();

  constructor(host: Host) {
    this.#host = host;
  }

  files(tabId: number): Files {
    const files = this.#files.get(tabId) ?? new Files();
    this.#files.set(tabId, files);
    return files;
  }

  forget(tabId: number): void {
    this.#files.delete(tabId);
  }

  async read(tabId: number, settings: Settings, details?: ComposeDetails): Promise<Reading> {
    return readDraft(tabId, details ?? (await browser.compose.getComposeDetails(tabId)), {
      files: this.files(tabId), limit: usualLimit, role: settings.role, unnamed: pageWords(languageOf(settings)).picture,
    });
  }

  /** One look, with what the host has now. A host that hangs is ended; one that has died since the last look is started again, once. */
  async look(reading: Reading, settings: Settings, deadlineMs: number): Promise<Checked> {
    const until = Date.now() + deadlineMs;
    const wasOpen = this.#host.isOpen;
    try {
      return await this.#ask(reading, settings, deadlineMs);
    } catch (error) {
      if (!wasOpen || !(error instanceof HostError) || error.code !== "unreachable") throw error;
      return this.#ask(reading, settings, Math.max(300, until - Date.now()));
    }
  }

  async #ask(reading: Reading, settings: Settings, deadlineMs: number): Promise<Checked> {
    const lang = languageOf(settings);
    const until = Date.now() + deadlineMs;
    // A host that is still starting is left to start: the next look may find it ready.
    const { client } = await within(this.#host.link(lang), deadlineMs).catch((error: unknown) => {
      throw error instanceof DeadlineError ? new HostError("deadline", "the host is still starting") : error;
    });
    const request = buildRequest(reading.draft, { now: localTime(new Date()), locale: lang });
    const body = { request, ...(reading.thread === null ? {} : { thread: reading.thread }) };
    const scan = client.call("scan", body, { deadlineMs: Math.max(300, until - Date.now()) });
    const { report, left_out: leftOut, need, pending } = await scan.catch((error: unknown) => {
      if (error instanceof HostError && error.code === "deadline") this.#host.drop();
      throw error;
    });
    return { reading, report, leftOut: leftOut !== null, waiting: [...need, ...pending], host: this.#condition(lang) };
  }

  /** At Send: the same, waiting for attachments as long as there is time. */
  async thorough(reading: Reading, settings: Settings): Promise<Checked> {
    const until = Date.now() + sendDeadline;
    const left = () => Math.max(300, until - Date.now());
    for (;;) {
      const checked = await this.look(reading, settings, left());
      if (checked.waiting.length === 0 || left() < 1000) return checked;
      await Promise.race([this.supply(checked, settings), pause(left() - 700)]);
      await pause(50);
    }
  }

  /** Sends up what the host asked for. */
  async supply({ reading, waiting }: Checked, settings: Settings): Promise<void> {
    const { client, hello } = await this.#host.link(languageOf(settings));
    await reading.files.send(client, reading.attachments, waiting, hello.limits.chunk);
  }

  #condition(lang: "en" | "es"): Checked["host"] {
    const state = this.#host.state;
    const onSend = state?.["on_send"];
    const text = state?.["text"];
    if ((onSend !== "prompt" && onSend !== "block") || !isMessage(text)) return null;
    return { onSend, text: String(text[lang] ?? "") };
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
