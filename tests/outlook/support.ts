// What the tests of the Outlook add-in share: invented messages, and the real phiscan-host over a pipe.
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root, type Sample, sample } from "../web/support.ts";

export const policyFile = join(root, "libphiscan/schema/examples/policy.clinic.json");
export const hostProgram = process.env["PHISCAN_HOST"] ?? join(root, "build/bin/phiscan-host");
export const outFolder = join(process.env["PHISCAN_OUT"] ?? "", "outlook");

/** phiscan-host on a pipe, for a world without a network. */
export class PipedHost {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string, (reply: Record<string, unknown>) => void>();
  readonly #folder = mkdtempSync(join(tmpdir(), "phiscan-outlook-"));
  #next = 0;

  /** `change` makes another policy of the example clinic's. */
  constructor(change: (policy: string) => string = (policy) => policy) {
    const policy = join(this.#folder, "policy.json");
    writeFileSync(policy, change(readFileSync(policyFile, "utf8")));
    this.#child = spawn(hostProgram, ["stdio", "--lines", "--policy", policy, "--state", join(this.#folder, "state.db")]);
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const reply = JSON.parse(line) as Record<string, unknown>;
      this.#waiting.get(String(reply["id"]))?.(reply);
      this.#waiting.delete(String(reply["id"]));
    });
  }

  /** Ids are the caller's own; each HTTPS request is a connection of its own, so they may repeat. */
  async ask(body: string): Promise<string> {
    const request = JSON.parse(body) as Record<string, unknown>;
    const id = `t${this.#next++}`;
    const reply = new Promise<Record<string, unknown>>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    return JSON.stringify({ ...(await reply), id: request["id"] });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.on("exit", resolve));
    this.#child.stdin.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface File {
  readonly id: string;
  readonly name: string;
  readonly base64: string;
  readonly isInline: boolean;
  readonly type: "file" | "item" | "cloud";
}

/** The message that a simulated Outlook holds. */
export interface Mail {
  from: { address: string; name: string };
  to: { address: string; name: string; list?: boolean }[];
  cc: { address: string; name: string; list?: boolean }[];
  bcc: { address: string; name: string; list?: boolean }[];
  subject: string;
  bodyType: "html" | "text";
  body: string;
  composeType: "newMail" | "reply" | "forward";
  files: File[];
  headers: Record<string, string>;
  session: Record<string, string>;
  bar: { message: string; type: string; actions?: unknown } | null;
}

export function mailOf({ draft, files }: Sample): Mail {
  const people = (list: Sample["draft"]["to"]) => list.map(({ address, name, membersUnknown }) => ({ address, name: name ?? address, ...(membersUnknown ? { list: true } : {}) }));
  return {
    from: { address: draft.from.address, name: draft.from.name ?? "" },
    to: people(draft.to),
    cc: people(draft.cc),
    bcc: people(draft.bcc),
    subject: draft.subject,
    bodyType: "html",
    body: draft.html,
    composeType: draft.compose === "forward" ? "forward" : draft.compose === "reply" || draft.compose === "reply_all" ? "reply" : "newMail",
    files: files.map((file, i) => ({ id: `file-${i}`, name: file.name, base64: file.base64 ?? Buffer.from(file.text ?? "").toString("base64"), isInline: false, type: "file" })),
    headers: {},
    session: {},
    bar: null,
  };
}

/** The example clinic where every rule is enforced. */
export const enforced = (policy: string): string => policy.replace('"mode": "advise"', '"mode": "enforce"');

export const mail = (id: string): Mail => mailOf(sample(id));

/** Words of the message that must not turn up where only kinds and counts belong. */
export function canaries(of: Mail): readonly string[] {
  const people = [...of.to, ...of.cc, ...of.bcc].flatMap(({ address, name }) => [address, ...name.split(/\s+/)]);
  const text = of.body.replace(/<[^>]*>/g, " ").split(/[^\p{L}\p{N}/.@-]+/u);
  const numbers = text.filter((word) => /\d{3}/.test(word));
  return [...new Set([...people, ...numbers])].filter((word) => word.length > 3 && word.toLowerCase() !== "phiscan");
}

export function holdsNothingOf(said: unknown, of: Mail, where: string): void {
  const text = JSON.stringify(said).toLowerCase();
  for (const word of canaries(of)) assert.ok(!new RegExp(`(?<![\\p{L}\\p{N}])${escape(word.toLowerCase())}(?![\\p{L}\\p{N}])`, "u").test(text), `${where} holds a word of the message (${word.length} letters)`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

export function launchScript(origin: string): string {
  const text = readFileSync(join(outFolder, "launchevent.js"), "utf8");
  assert.ok(text.includes("@PHISCAN_ORIGIN@"));
  return text.replace("@PHISCAN_ORIGIN@", origin);
}
