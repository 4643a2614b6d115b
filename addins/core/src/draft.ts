// A draft as the add-ins hold it: a value. Applying an offer gives a new one; undo is the old one.
import type { Field, Unread } from "./report.ts";

export type Compose = "new" | "reply" | "reply_all" | "forward" | "redirect" | "draft" | "unknown";

export interface Person {
  readonly address: string;
  readonly name?: string;
  /** A list that was expanded. */
  readonly members?: readonly Person[];
  /** A list whose members nobody here can see. */
  readonly membersUnknown?: boolean;
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** Of the bytes, lower-case hex; null until it is known. */
  readonly sha256: string | null;
  readonly inline?: boolean;
  /** Why its bytes will not be sent up, such as too_large. */
  readonly unread?: Unread;
}

export interface Draft {
  readonly from: Person;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly compose: Compose;
  /** Addresses that already took part in the conversation. */
  readonly participants: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly role: string | null;
  readonly mailbox: string | null;
  /** By the mail program itself: the sender's identity is configured to encrypt, or this message is set to. */
  readonly encryption?: "available" | "on";
  /** Headers to set, such as the one that makes a gateway encrypt. */
  readonly headers: Readonly<Record<string, string>>;
}

export const fields: readonly Field[] = ["to", "cc", "bcc"];

/** The string that a part name of the report speaks of; null when the client has none (the text of an attachment). */
export function partOf(draft: Draft, part: string): string | null {
  if (part === "subject") return draft.subject;
  if (part === "body.html") return draft.html;
  if (part === "body.text") return draft.text;
  const name = /^attachments\/(\d+)\/name$/.exec(part);
  return name ? (draft.attachments[Number(name[1])]?.name ?? null) : null;
}

/** Number of the attachment that a part or gap belongs to, or null. */
export function attachmentOf(part: string): number | null {
  const match = /^attachments\/(\d+)(\/|$)/.exec(part);
  return match ? Number(match[1]) : null;
}

export function displayName(person: Person): string {
  return person.name || person.address;
}
