// The open message as core's Draft. What cannot be read is a gap with a name, never an empty text that looks clean.
import { type Attachment, type Compose, type Draft, type Person } from "../../core/src/draft.ts";
import type { Unread } from "../../core/src/report.ts";
import { sha256, utf8 } from "./bytes.ts";
import { ask, fullBody, has } from "./office.ts";
import { type KnownFile, read } from "./session.ts";

export interface Gap {
  readonly part: string;
  readonly why: Unread;
}

export interface Reading {
  readonly draft: Draft;
  readonly attachments: readonly OutlookAttachment[];
  /** The conversation, as a digest; null for a new message. */
  readonly thread: string | null;
  readonly gaps: readonly Gap[];
  /** This Outlook cannot say which files are attached (below Mailbox 1.8). */
  readonly filesUnseen: boolean;
  /** Equal for equal messages. */
  readonly key: string;
}

const composeTypes: Readonly<Record<string, Compose>> = { newMail: "new", reply: "reply", forward: "forward" };

/** Throws when not even the recipients can be read: then nothing at all is known. */
export async function readMessage(item: OutlookItem, milliseconds: number): Promise<Reading> {
  const gaps: Gap[] = [];
  const soft = <T, O>(otherwise: O, reading: Promise<T>, part?: string): Promise<T | O> =>
    reading.catch((): O => {
      if (part !== undefined) gaps.push({ part, why: "unreadable" });
      return otherwise;
    });
  const line = (recipients: Recipients | undefined) =>
    recipients ? ask<readonly EmailAddress[]>(milliseconds, (done) => recipients.getAsync(done)).then((list) => (list ?? []).map(personOf)) : Promise.resolve([]);
  // The long ones first: two at a time.
  const [body, to, cc, bcc, subject, from, files, kept, composeType, mailbox] = await Promise.all([
    soft(null, readBody(item, milliseconds), "body.html"),
    line(item.to),
    line(item.cc),
    line(item.bcc),
    soft("", ask<string>(milliseconds, (done) => item.subject.getAsync(done)), "subject"),
    soft(null, readFrom(item, milliseconds)),
    soft("failed" as const, readFiles(item, milliseconds)),
    read(item, "files", milliseconds),
    soft(null, readType(item, milliseconds)),
    soft(null, readMailbox(item, milliseconds)),
  ]);
  const profile = Office.context.mailbox.userProfile;
  const sender: Person = from ? personOf(from) : { address: profile?.emailAddress ?? "", ...(profile?.displayName ? { name: profile.displayName } : {}) };
  const attachments = files === "failed" || files === null ? [] : files;
  const compose = composeType === null ? "unknown" : (composeTypes[composeType] ?? "unknown");
  const draft: Draft = {
    from: sender,
    to,
    cc,
    bcc,
    subject,
    html: body?.type === "html" ? body.text : null,
    text: body?.type === "text" ? body.text : null,
    compose: compose === "reply" && to.length + cc.length > 1 ? "reply_all" : compose,
    // Outlook does not tell an add-in who wrote before; the engine reads it from the quoted messages.
    participants: [],
    // A list that Outlook keeps to itself is one file that nobody read.
    attachments: files === "failed" ? [unlisted] : attachments.map((one) => attachmentOf(one, (kept ?? {})[one.id])),
    role: null,
    mailbox: mailbox ?? (sender.address || null),
    headers: {},
  };
  const conversation = item.conversationId ?? "";
  return {
    draft,
    attachments,
    thread: conversation === "" || compose === "new" ? null : sha256(utf8(conversation)).slice(0, 32),
    gaps,
    filesUnseen: files === null,
    key: sha256(utf8(JSON.stringify([draft, gaps]))),
  };
}

const unlisted: Attachment = { name: "?", mediaType: "application/octet-stream", size: 0, sha256: null, unread: "unreadable" };

function personOf({ emailAddress, displayName, recipientType }: EmailAddress): Person {
  const address = emailAddress ?? "";
  return {
    address,
    ...(displayName && displayName !== address ? { name: displayName } : {}),
    // Nobody but Exchange knows who is on it.
    ...(recipientType === "distributionList" ? { membersUnknown: true } : {}),
  };
}

async function readBody(item: OutlookItem, milliseconds: number): Promise<{ readonly type: "html" | "text"; readonly text: string }> {
  const type = await ask<string>(milliseconds, (done) => item.body.getTypeAsync(done)).then(
    (found) => (found === "text" ? "text" : "html"),
    () => "html" as const,
  );
  const text = await ask<string>(milliseconds, (done) => item.body.getAsync(type, { bodyMode: fullBody }, done));
  return { type, text };
}

async function readFrom(item: OutlookItem, milliseconds: number): Promise<EmailAddress | null> {
  const { from } = item;
  return from && has("1.7") ? ask<EmailAddress | null>(milliseconds, (done) => from.getAsync(done)) : null;
}

/** Null when this Outlook cannot say; an error when it could and does not. */
async function readFiles(item: OutlookItem, milliseconds: number): Promise<readonly OutlookAttachment[] | null> {
  const get = item.getAttachmentsAsync;
  return get && has("1.8") ? ask<readonly OutlookAttachment[]>(milliseconds, (done) => get.call(item, done)) : null;
}

async function readType(item: OutlookItem, milliseconds: number): Promise<string | null> {
  const get = item.getComposeTypeAsync;
  return get && has("1.10") ? (await ask<{ readonly composeType: string }>(milliseconds, (done) => get.call(item, done))).composeType : null;
}

/** Whose mailbox it is when somebody writes for somebody else. */
async function readMailbox(item: OutlookItem, milliseconds: number): Promise<string | null> {
  const get = item.getSharedPropertiesAsync;
  if (!get || !has("1.8")) return null;
  const shared = await ask<{ readonly owner?: string; readonly targetMailbox?: string }>(milliseconds, (done) => get.call(item, done));
  return shared.targetMailbox ?? shared.owner ?? null;
}

function attachmentOf({ name, size, isInline, attachmentType }: OutlookAttachment, known: KnownFile | undefined): Attachment {
  const unread = known?.unread ?? (attachmentType === "cloud" ? ("unsupported" as const) : undefined);
  return {
    name,
    size,
    mediaType: attachmentType === "item" ? "message/rfc822" : "application/octet-stream",
    sha256: known?.sha256 ?? null,
    inline: isInline,
    ...(unread ? { unread } : {}),
  };
}
