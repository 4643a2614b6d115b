// Attachments: fetched one by one, named by the digest of their bytes, sent up when the host does not know them. What is known of a file is
// kept in the session by its id, so that a later event, and Send, need not fetch it again.
import type { Client } from "../../core/src/client.ts";
import { upload } from "../../core/src/upload.ts";
import { fromBase64, sha256, utf8 } from "./bytes.ts";
import { ask } from "./office.ts";
import { type KnownFile, read, write } from "./session.ts";

const most = 25 * 1024 * 1024;
/** A multiple of three, so that each piece is base64 of its own, below the host's 524,288. */
const chunk = 393_216;

/** Bytes of one attachment, or why there are none. */
export async function content(item: OutlookItem, file: OutlookAttachment, milliseconds: number): Promise<Uint8Array> {
  const get = item.getAttachmentContentAsync;
  if (!get) throw new RangeError("no such function");
  const { content: text, format } = await ask<{ readonly content: string; readonly format: string }>(milliseconds, (done) => get.call(item, file.id, done));
  if (format === "base64") return fromBase64(text);
  if (format === "eml" || format === "iCalendar") return utf8(text);
  throw new RangeError("a link and no file");
}

function mediaTypeOf(file: OutlookAttachment): string {
  return file.attachmentType === "item" ? "message/rfc822" : "application/octet-stream";
}

/** Learns the digests of files that are new, one after the other, until `until`. Their bytes go up at once: nobody fetches twice. */
export async function learn(client: Client, item: OutlookItem, files: readonly OutlookAttachment[], until: number): Promise<void> {
  const known: Record<string, KnownFile> = { ...((await read(item, "files")) ?? {}) };
  for (const file of files) {
    if (known[file.id] || Date.now() > until || file.attachmentType === "cloud") continue;
    if (file.size > most) known[file.id] = { sha256: null, unread: "too_large" };
    else {
      try {
        const bytes = await content(item, file, Math.max(100, until - Date.now()));
        const digest = sha256(bytes);
        known[file.id] = { sha256: digest };
        await send(client, file, digest, bytes, until);
      } catch (error) {
        if (error instanceof RangeError) known[file.id] = { sha256: null, unread: "unreadable" };
      }
    }
    await write(item, "files", known);
  }
}

/** Sends up what the host asks for again. */
export async function supply(client: Client, item: OutlookItem, files: readonly OutlookAttachment[], wanted: readonly string[], until: number): Promise<void> {
  const known = (await read(item, "files")) ?? {};
  for (const file of files) {
    const digest = known[file.id]?.sha256;
    if (!digest || !wanted.includes(digest) || Date.now() > until) continue;
    try {
      await send(client, file, digest, await content(item, file, Math.max(100, until - Date.now())), until);
    } catch {
      // The next check names it as not read, and asks for it again.
    }
  }
}

async function send(client: Client, file: OutlookAttachment, digest: string, bytes: Uint8Array, until: number): Promise<void> {
  try {
    await upload(client, { sha256: digest, name: file.name, mediaType: mediaTypeOf(file), bytes }, chunk, Math.max(300, until - Date.now()));
  } catch {
    // As above.
  }
}
