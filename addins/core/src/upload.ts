// Attachment bytes go up once, in pieces that fit a native message. The host checks the digest at the end.
import type { Client } from "./client.ts";
import type { Unread } from "./report.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(bytes: Uint8Array & { readonly toBase64?: () => string }): string {
  // Built in since 2025; some mail programs are older.
  if (bytes.toBase64) return bytes.toBase64();
  const out: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const at = (shift: number) => alphabet.charAt((bits >> shift) & 63);
    out.push(at(18) + at(12) + (b === undefined ? "=" : at(6)) + (c === undefined ? "=" : at(0)));
  }
  return out.join("");
}

/** At least one piece, also of nothing. */
export function chunks(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += size) out.push(bytes.subarray(at, at + size));
  return out;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Upload {
  readonly sha256: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One after the other: a busy host shall not see all of them at once. Resolves with why it was not read, or null. */
export async function upload(client: Client, file: Upload, chunkSize: number, deadlineMs: number): Promise<Unread | null> {
  const pieces = chunks(file.bytes, chunkSize);
  let unread: Unread | null = null;
  for (const [index, piece] of pieces.entries()) {
    const reply = await client.call(
      "attachment",
      {
        sha256: file.sha256,
        name: file.name,
        media_type: file.mediaType,
        size: file.bytes.length,
        index,
        count: pieces.length,
        data: base64(piece),
      },
      { deadlineMs },
    );
    unread = reply.unread ?? null;
  }
  return unread;
}
