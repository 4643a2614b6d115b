// A compose window as core's Draft, and changes of a Draft back into the window. What came as it is goes back as it was: recipients
// keep their own spelling, attachments their order, headers of others stay.
import type { Draft, Field, Person } from "@phiscan/core";
import type { Files } from "./files.ts";
import { personOf } from "./lists.ts";

/** A draft with what is needed to change its window. */
export interface Reading {
  readonly draft: Draft;
  readonly details: ComposeDetails;
  readonly attachments: readonly ComposeAttachment[];
  /** Each person of the draft as Thunderbird wrote it, and the line it stands in. */
  readonly written: ReadonlyMap<Person, { readonly line: Field | "newsgroups"; readonly text: string }>;
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
}

export async function readDraft(tabId: number, details: ComposeDetails, { files, limit, role }: ReadOptions): Promise<Reading> {
  const written = new Map<Person, { line: Field | "newsgroups"; text: string }>();
  const line = async (name: Field, texts: readonly string[]) => {
    const people: Person[] = [];
    for (const text of texts) {
      const mailboxes = await browser.messengerUtilities.parseMailboxString(text);
      for (const mailbox of mailboxes.length > 0 ? mailboxes : [{ email: text }]) {
        const person = await personOf(mailbox);
        written.set(person, { line: name, text: mailboxes.length > 1 ? mailboxText(mailbox) : text });
        people.push(person);
      }
    }
    return people;
  };
  const groups = (details.newsgroups ?? []).map((name): Person => ({ address: "", name, membersUnknown: true }));
  for (const group of groups) written.set(group, { line: "newsgroups", text: group.name ?? "" });
  const [to, cc, bcc, attachments, past, from] = await Promise.all([
    line("to", details.to),
    line("cc", details.cc),
    line("bcc", details.bcc),
    browser.compose.listAttachments(tabId),
    conversation(details),
    browser.messengerUtilities.parseMailboxString(details.from),
  ]);
  const sender: Person = from[0]?.name ? { address: from[0].email ?? "", name: from[0].name } : { address: from[0]?.email ?? "" };
  const all = to.length + cc.length;
  const draft: Draft = {
    from: sender,
    to: [...to, ...groups],
    cc,
    bcc,
    subject: details.subject,
    // The text form of a formatted message is made from it when it is sent.
    html: details.isPlainText ? null : details.body,
    text: details.isPlainText ? details.plainTextBody : null,
    compose: details.type === "reply" && all > 1 ? "reply_all" : (details.type ?? "unknown"),
    participants: past.participants,
    attachments: await files.describe(attachments, limit),
    role,
    mailbox: sender.address || null,
    headers: Object.fromEntries(details.customHeaders.map(({ name, value }) => [name, value])),
  };
  return { draft, details, attachments, written, thread: past.thread, files, key: JSON.stringify(draft) };
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
  const mailboxes = (await Promise.all(people.map((text) => browser.messengerUtilities.parseMailboxString(text)))).flat();
  const participants = [...new Set(mailboxes.flatMap((one) => (one.email?.includes("@") ? [one.email.toLowerCase()] : [])))];
  return { participants, thread: root === "" ? null : Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** All that a change may touch, with the files themselves: what our own Undo needs. Only ever in memory. */
export interface Snapshot {
  readonly details: ComposeDetails;
  readonly files: readonly { readonly name: string; readonly file: File }[];
}

export async function snapshot(tabId: number): Promise<Snapshot> {
  const [details, attachments] = await Promise.all([browser.compose.getComposeDetails(tabId), browser.compose.listAttachments(tabId)]);
  const files = await Promise.all(attachments.map(async ({ id, name }) => ({ name, file: await browser.compose.getAttachmentFile(id) })));
  return { details, files };
}

/** Puts `next`, made from what `reading` read, into the window; `removed` are numbers of attachments. */
export async function writeDraft(tabId: number, reading: Reading, next: Draft, removed: ReadonlySet<number>): Promise<void> {
  const { draft, details, attachments, written } = reading;
  const changes: ComposeChanges = {};
  const people = (["to", "cc", "bcc"] as const).map((name) => [name, next[name]] as const);
  if (people.some(([name, list]) => list.length !== draft[name].length || list.some((one, i) => one !== draft[name][i]))) {
    for (const [name, list] of people) changes[name] = list.flatMap((one) => (written.get(one)?.line === "newsgroups" ? [] : [written.get(one)?.text ?? one.address]));
    if (details.newsgroups.length > 0) {
      changes.newsgroups = people.flatMap(([, list]) => list.flatMap((one) => (written.get(one)?.line === "newsgroups" ? [one.name ?? ""] : [])));
    }
  }
  if (next.subject !== draft.subject) changes.subject = next.subject;
  if (next.html !== null && next.html !== draft.html) changes.body = next.html;
  if (next.text !== null && next.text !== draft.text) changes.plainTextBody = next.text;
  const added = Object.entries(next.headers).filter(([name, value]) => draft.headers[name] !== value);
  if (added.length > 0) {
    const names = added.map(([name]) => name.toLowerCase());
    changes.customHeaders = [...details.customHeaders.filter(({ name }) => !names.includes(name.toLowerCase())), ...added.map(([name, value]) => ({ name, value }))];
  }
  if (Object.keys(changes).length > 0) await browser.compose.setComposeDetails(tabId, { ...changes, isPlainText: details.isPlainText });
  for (const [i, { id }] of attachments.entries()) if (removed.has(i)) await browser.compose.removeAttachment(tabId, id);
  const staying = attachments.filter((_, i) => !removed.has(i));
  for (const [i, { id, name }] of staying.entries()) {
    const wanted = next.attachments[i]?.name ?? name;
    if (wanted !== name) await browser.compose.updateAttachment(tabId, id, { name: wanted });
  }
}

export async function restore(tabId: number, { details, files }: Snapshot): Promise<void> {
  const { to, cc, bcc, newsgroups, subject, isPlainText, body, plainTextBody, customHeaders } = details;
  await browser.compose.setComposeDetails(tabId, {
    to, cc, bcc, subject, isPlainText, customHeaders,
    ...(newsgroups.length > 0 ? { newsgroups } : {}),
    ...(isPlainText ? { plainTextBody } : { body }),
  });
  const now = await browser.compose.listAttachments(tabId);
  let same = 0;
  while (same < now.length && same < files.length && now[same]?.name === files[same]?.name && now[same]?.size === files[same]?.file.size) same++;
  // From the first that differs on, so that the order is what it was.
  for (const { id } of now.slice(same)) await browser.compose.removeAttachment(tabId, id);
  for (const { name, file } of files.slice(same)) await browser.compose.addAttachment(tabId, { file, name });
}
