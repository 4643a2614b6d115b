// Changes of a Draft back into the open message, and our own Undo: Outlook's does not reach over what an add-in writes.
import type { Draft, Person } from "@phiscan/core";
import { base64 } from "@phiscan/core";
import { content } from "./files.ts";
import { ask, fullBody, has } from "./office.ts";
import type { Reading } from "./reading.ts";

const milliseconds = 5000;
const fileMilliseconds = 30_000;

export class LinkedFileError extends Error {}

/** All that a change may touch. Only ever in memory, until the pane closes. */
export interface Snapshot {
  readonly draft: Draft;
  readonly files: readonly { readonly file: OutlookAttachment; readonly base64: string }[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Mailbox 1.8. */
export function canSetHeaders(item: OutlookItem): boolean {
  return item.internetHeaders !== undefined && has("1.8");
}

/** Whether the message is what `next` would make of it. */
export function isAlready(now: Reading, next: Draft, kept: Snapshot): boolean {
  return JSON.stringify({ ...next, headers: {} }) === JSON.stringify({ ...now.draft, headers: {} }) && Object.entries(next.headers).every(([name, value]) => kept.headers[name] === value);
}

const recipients = (item: OutlookItem, field: "to" | "cc" | "bcc") => (field === "bcc" ? item.bcc : item[field]);

/** Files whose bytes cannot be had are never touched: what goes must be able to come back. */
export async function snapshot(item: OutlookItem, reading: Reading, touched: ReadonlySet<number>, headers: readonly string[]): Promise<Snapshot> {
  const files: { file: OutlookAttachment; base64: string }[] = [];
  for (const [i, file] of reading.attachments.entries()) {
    if (!touched.has(i)) continue;
    if (file.attachmentType !== "file") throw new LinkedFileError("not a file");
    files.push({ file, base64: base64(await content(item, file, fileMilliseconds)) });
  }
  const set = item.internetHeaders;
  const before = set && headers.length > 0 ? await ask<Readonly<Record<string, string>>>(milliseconds, (done) => set.getAsync(headers, done)) : {};
  return { draft: reading.draft, files, headers: before };
}

/** What of `next` differs from `now`, written one after the other. `kept` holds the bytes of files that are renamed. */
export async function writeMessage(item: OutlookItem, now: Reading, next: Draft, removed: ReadonlySet<number>, kept: Snapshot): Promise<void> {
  const { draft, attachments } = now;
  for (const field of ["to", "cc", "bcc"] as const) await writeLine(item, field, draft[field], next[field]);
  if (next.subject !== draft.subject) await ask<void>(milliseconds, (done) => item.subject.setAsync(next.subject, done));
  await writeBody(item, draft, next);
  const names = next.attachments.map((one) => one.name);
  let staying = 0;
  for (const [i, file] of attachments.entries()) {
    if (removed.has(i)) {
      await ask<void>(milliseconds, (done) => item.removeAttachmentAsync(file.id, done));
      continue;
    }
    const name = names[staying++] ?? file.name;
    if (name === file.name) continue;
    // There is no way to rename: the same bytes under another name.
    const bytes = kept.files.find((one) => one.file.id === file.id);
    if (!bytes) throw new LinkedFileError("no bytes");
    await addFile(item, bytes.base64, name, file.isInline);
    await ask<void>(milliseconds, (done) => item.removeAttachmentAsync(file.id, done));
  }
  const added = Object.entries(next.headers).filter(([name, value]) => kept.headers[name] !== value);
  if (added.length > 0) await setHeaders(item, Object.fromEntries(added));
}

async function writeLine(item: OutlookItem, field: "to" | "cc" | "bcc", before: readonly Person[], after: readonly Person[]): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const line = recipients(item, field);
  if (!line) throw new RangeError("no such line");
  const list = after.map(({ address, name }) => ({ emailAddress: address, displayName: name ?? address }));
  await ask<void>(milliseconds, (done) => line.setAsync(list, done));
}

async function writeBody(item: OutlookItem, before: Draft, after: Draft): Promise<void> {
  const [type, old, text] = after.html !== null ? (["html", before.html, after.html] as const) : (["text", before.text, after.text ?? ""] as const);
  if (old === text) return;
  await ask<void>(milliseconds, (done) => item.body.setAsync(text, { coercionType: type, bodyMode: fullBody }, done));
}

async function addFile(item: OutlookItem, bytes: string, name: string, isInline: boolean): Promise<void> {
  const add = item.addFileAttachmentFromBase64Async;
  if (!add || !has("1.8")) throw new LinkedFileError("no such function");
  await ask<string>(fileMilliseconds, (done) => add.call(item, bytes, name, { isInline }, done));
}

async function setHeaders(item: OutlookItem, headers: Readonly<Record<string, string>>): Promise<void> {
  const set = item.internetHeaders;
  if (!set || !canSetHeaders(item)) throw new RangeError("no headers");
  await ask<void>(milliseconds, (done) => set.setAsync(headers, done));
}

/** Puts everything back as it was in `before`; `now` is how the message is at this moment. */
export async function restore(item: OutlookItem, before: Snapshot, now: Reading, touchedHeaders: readonly string[]): Promise<void> {
  for (const field of ["to", "cc", "bcc"] as const) await writeLine(item, field, now.draft[field], before.draft[field]);
  if (before.draft.subject !== now.draft.subject) await ask<void>(milliseconds, (done) => item.subject.setAsync(before.draft.subject, done));
  await writeBody(item, now.draft, before.draft);
  const wanted = new Set(before.draft.attachments.map((one) => one.name));
  for (const file of now.attachments) {
    if (!wanted.has(file.name)) await ask<void>(milliseconds, (done) => item.removeAttachmentAsync(file.id, done));
  }
  const there = now.attachments.map((one) => one.name);
  for (const { file, base64: bytes } of before.files) if (!there.includes(file.name)) await addFile(item, bytes, file.name, file.isInline);
  const set = item.internetHeaders;
  if (!set || touchedHeaders.length === 0) return;
  const gone = touchedHeaders.filter((name) => before.headers[name] === undefined);
  if (gone.length > 0) await ask<void>(milliseconds, (done) => set.removeAsync(gone, done));
  if (gone.length < touchedHeaders.length) await setHeaders(item, before.headers);
}
