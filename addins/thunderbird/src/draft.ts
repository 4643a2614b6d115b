// A compose window as core's Draft, and changes of a Draft back into the window. What came as it is goes back as it was: recipients
// keep their own spelling, attachments their order, headers of others stay.
import type { Draft, Field, Person } from "@phiscan/core";
import { changePictures, type Embedded } from "./embedded.ts";
import { encryptionOf, restoreEncryption } from "./encryption.ts";
import type { Files } from "./files.ts";
import { personOf } from "./lists.ts";

/** A draft with what is needed to change its window. */
export interface Reading {
  readonly draft: Draft;
  readonly details: ComposeDetails;
  /** The first attachments of the draft; pictures and links in the text follow them. */
  readonly attachments: readonly ComposeAttachment[];
  readonly embedded: readonly Embedded[];
  /** Each person of the draft as Thunderbird wrote it, and the line it stands in. */
  readonly written: ReadonlyMap<Person, { readonly line: Field | "newsgroups"; readonly text: string }>;
  /** Set when the draft is to be encrypted. */
  readonly encryption: EncryptionSettings | null;
  /** The conversation, as a digest; null for a new message. */
  readonly thread: string | null;
  readonly files: Files;
  /** Equal for equal drafts. */
  readonly key: string;
}

export interface ReadOptions {
  readonly files: Files;
  readonly limit: number;
  readonly role: string | null;
  /** What to call a picture in the text that has no name. */
  readonly unnamed: (number: number) => string;
}

export async function readDraft(tabId: number, details: ComposeDetails, { files, limit, role, unnamed }: ReadOptions): Promise<Reading> {
  const written = new Map<Person, { line: Field | "newsgroups"; text: string }>();
  const entry = async (name: Field, text: string) => {
    const mailboxes = await mailboxesOf(text);
    return Promise.all(
      (mailboxes.length > 0 ? mailboxes : [{ email: text }]).map(async (mailbox) => {
        const person = await personOf(mailbox);
        written.set(person, { line: name, text: mailboxes.length > 1 ? mailboxText(mailbox) : text });
        return person;
      }),
    );
  };
  const line = async (name: Field, texts: readonly string[]) => (await Promise.all(texts.map((text) => entry(name, text)))).flat();
  const groups = (details.newsgroups ?? []).map((name): Person => ({ address: "", name, membersUnknown: true }));
  for (const group of groups) written.set(group, { line: "newsgroups", text: group.name ?? "" });
  const [to, cc, bcc, attachments, past, from, encryption] = await Promise.all([
    line("to", details.to),
    line("cc", details.cc),
    line("bcc", details.bcc),
    browser.compose.listAttachments(tabId),
    conversation(details),
    browser.messengerUtilities.parseMailboxString(details.from),
    encryptionOf(details),
  ]);
  const sender: Person = from[0]?.name ? { address: from[0].email ?? "", name: from[0].name } : { address: from[0]?.email ?? "" };
  const all = to.length + cc.length;
  // The text form of a formatted message is made from it when it is sent.
  const html = details.isPlainText ? null : details.body;
  const described = await files.describe(attachments, limit);
  // A link whose file is attached in this very window stands for that file, which was read.
  const embedded = files.embedded(html, unnamed).filter(({ src, attachment }) => src !== null || !described.some((one) => one.name === attachment.name && one.sha256 !== null));
  const draft: Draft = {
    from: sender,
    to: [...to, ...groups],
    cc,
    bcc,
    subject: details.subject,
    html,
    text: details.isPlainText ? details.plainTextBody : null,
    compose: details.type === "reply" && all > 1 ? "reply_all" : (details.type ?? "unknown"),
    participants: past.participants,
    attachments: [...described, ...embedded.map((one) => one.attachment)],
    role,
    mailbox: sender.address || null,
    ...(encryption ? { encryption: encryption.on ? "on" : "available" } : {}),
    headers: Object.fromEntries(details.customHeaders.map(({ name, value }) => [name, value])),
  };
  const key = JSON.stringify([draft, details.attachVCard ?? false, details.attachPublicPGPKey ?? false]);
  return { draft, details, attachments, embedded, written, encryption: encryption?.settings ?? null, thread: past.thread, files, key };
}

const parsed = new Map<string, Promise<readonly Mailbox[]>>();

/** Asked once for each entry: a message with a thousand of them is read every few seconds. */
function mailboxesOf(text: string): Promise<readonly Mailbox[]> {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= 5000) parsed.clear();
  const reading = browser.messengerUtilities.parseMailboxString(text).catch(() => []);
  parsed.set(text, reading);
  return reading;
}

function mailboxText({ name, email = "" }: Mailbox): string {
  return name ? `"${name.replace(/["\\]/g, "\\$&")}" <${email}>` : email;
}

interface Past {
  readonly participants: readonly string[];
  readonly thread: string | null;
}

const pasts = new Map<number, Promise<Past>>();
const nothing: Past = { participants: [], thread: null };

/** Who took part in the message that is answered or forwarded. */
function conversation({ type, relatedMessageId }: ComposeDetails): Promise<Past> {
  if (relatedMessageId === undefined || type === "new") return Promise.resolve(nothing);
  const known = pasts.get(relatedMessageId);
  if (known) return known;
  const reading = readPast(relatedMessageId, type === "draft").catch(() => nothing);
  if (pasts.size > 50) pasts.clear();
  pasts.set(relatedMessageId, reading);
  return reading;
}

async function readPast(id: number, isDraft: boolean): Promise<Past> {
  const header = await browser.messages.get(id);
  const full = await browser.messages.getFull(id).catch(() => ({ headers: undefined }));
  const names = [full.headers?.["references"]?.[0], full.headers?.["in-reply-to"]?.[0], header.headerMessageId].map((text) => /[^\s<>]+/.exec(text ?? "")?.[0]);
  const root = names.find((name) => name !== undefined) ?? "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(root)));
  // Its own recipients are no participants of what a draft answers.
  const people = isDraft ? [] : [header.author, ...header.recipients, ...header.ccList];
  const mailboxes = (await Promise.all(people.map(mailboxesOf))).flat();
  const participants = [...new Set(mailboxes.flatMap((one) => (one.email?.includes("@") ? [one.email.toLowerCase()] : [])))];
  return { participants, thread: root === "" ? null : Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** All that a change may touch, with the files themselves: what our own Undo needs. Only ever in memory. */
export interface Snapshot {
  readonly details: ComposeDetails;
  /** Without its bytes when they are gone from the disk. */
  readonly files: readonly { readonly name: string; readonly size: number; readonly file: File | null }[];
}

export async function snapshot(tabId: number): Promise<Snapshot> {
  const [details, attachments] = await Promise.all([browser.compose.getComposeDetails(tabId), browser.compose.listAttachments(tabId)]);
  const files = await Promise.all(attachments.map(async ({ id, name, size = 0 }) => ({ name, size, file: await browser.compose.getAttachmentFile(id).catch(() => null) })));
  return { details, files };
}

/** Puts `next`, made from what `reading` read, into the window; `removed` are numbers of the draft's attachments. */
export async function writeDraft(tabId: number, reading: Reading, next: Draft, removed: ReadonlySet<number>): Promise<void> {
  const { draft, details, attachments, embedded, written } = reading;
  const changes: ComposeChanges = {};
  const people = (["to", "cc", "bcc"] as const).map((name) => [name, next[name]] as const);
  if (people.some(([name, list]) => list.length !== draft[name].length || list.some((one, i) => one !== draft[name][i]))) {
    for (const [name, list] of people) changes[name] = list.flatMap((one) => (written.get(one)?.line === "newsgroups" ? [] : [written.get(one)?.text ?? one.address]));
    if (details.newsgroups.length > 0) {
      changes.newsgroups = people.flatMap(([, list]) => list.flatMap((one) => (written.get(one)?.line === "newsgroups" ? [one.name ?? ""] : [])));
    }
  }
  if (next.subject !== draft.subject) changes.subject = next.subject;
  const staying = draft.attachments.flatMap((_, i) => (removed.has(i) ? [] : [i]));
  const names = new Map(staying.map((i, at) => [i, next.attachments[at]?.name]));
  const pictures = embedded.flatMap(({ src }, at) => (src === null ? [] : [{ src, i: attachments.length + at }]));
  const goes = new Set(pictures.flatMap(({ src, i }) => (removed.has(i) ? [src] : [])));
  const renamed = new Map(pictures.flatMap(({ src, i }) => (names.get(i) !== undefined && names.get(i) !== draft.attachments[i]?.name ? [[src, names.get(i) ?? ""] as const] : [])));
  const html = next.html !== null && goes.size + renamed.size > 0 ? changePictures(next.html, goes, renamed) : next.html;
  if (html !== null && html !== draft.html) changes.body = html;
  if (next.text !== null && next.text !== draft.text) changes.plainTextBody = next.text;
  const added = Object.entries(next.headers).filter(([name, value]) => draft.headers[name] !== value);
  if (added.length > 0) {
    const names = added.map(([name]) => name.toLowerCase());
    changes.customHeaders = [...details.customHeaders.filter(({ name }) => !names.includes(name.toLowerCase())), ...added.map(([name, value]) => ({ name, value }))];
  }
  if (next.encryption !== draft.encryption && reading.encryption) changes.selectedEncryptionTechnology = reading.encryption;
  if (Object.keys(changes).length > 0) await browser.compose.setComposeDetails(tabId, { ...changes, isPlainText: details.isPlainText });
  for (const [i, { id }] of attachments.entries()) if (removed.has(i)) await browser.compose.removeAttachment(tabId, id);
  for (const [i, { id, name }] of attachments.entries()) {
    const wanted = names.get(i) ?? name;
    if (!removed.has(i) && wanted !== name) await browser.compose.updateAttachment(tabId, id, { name: wanted });
  }
}

export async function restore(tabId: number, { details, files }: Snapshot): Promise<void> {
  const { to, cc, bcc, newsgroups, subject, isPlainText, body, plainTextBody, customHeaders } = details;
  await restoreEncryption(tabId, details);
  await browser.compose.setComposeDetails(tabId, {
    to, cc, bcc, subject, isPlainText, customHeaders,
    ...(newsgroups.length > 0 ? { newsgroups } : {}),
    ...(isPlainText ? { plainTextBody } : { body }),
  });
  const now = await browser.compose.listAttachments(tabId);
  let same = 0;
  while (same < now.length && same < files.length && now[same]?.name === files[same]?.name && now[same]?.size === files[same]?.size) same++;
  // From the first that differs on, so that the order is what it was.
  for (const { id } of now.slice(same)) await browser.compose.removeAttachment(tabId, id);
  for (const { name, file } of files.slice(same)) if (file !== null) await browser.compose.addAttachment(tabId, { file, name });
}
