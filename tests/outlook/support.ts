// What the tests of the Outlook add-in share: invented messages, and what must not turn up of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Sample, sample } from "../web/support.ts";

export const outFolder = join(process.env["PHISCAN_OUT"] ?? "", "outlook");

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
