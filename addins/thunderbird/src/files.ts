// Attachments of one compose window: read once, named by the digest of their bytes, sent to the host when it does not know them. A file
// that is changed on the disk is read anew; one that is gone, or comes too slowly, is named as not read.
import { type Attachment, type Client, hex, upload, type Unread, within } from "@phiscan/core";
import { type Embedded, embeddedIn } from "./embedded.ts";

interface Known {
  readonly mediaType: string;
  readonly sha256: string | null;
  readonly unread?: Unread;
}

interface Kept {
  readonly stamp: string;
  readonly reading: Promise<Known>;
}

const uploadDeadline = 30_000;
/** A file on a network drive must not hold a Send for longer. */
const readDeadline = 3000;
const unreadable: Known = { mediaType: "application/octet-stream", sha256: null, unread: "unreadable" };
const pending: Known = { mediaType: "application/octet-stream", sha256: null, unread: "pending" };

export class Files {
  readonly #known = new Map<number, Kept>();
  readonly #uploads = new Map<string, Promise<void>>();
  #embedded: { readonly html: string; readonly found: readonly Embedded[] } = { html: "", found: [] };

  /** Their digests: waits for the bytes, which are on this computer. */
  async describe(list: readonly ComposeAttachment[], limit: number): Promise<readonly Attachment[]> {
    for (const id of this.#known.keys()) if (!list.some((one) => one.id === id)) this.#known.delete(id);
    return Promise.all(
      list.map(async ({ id, name, size }) => {
        const known = await within(this.#read(id, limit), readDeadline).catch(() => pending);
        return { name, size: size ?? 0, mediaType: known.mediaType, sha256: known.sha256, ...(known.unread ? { unread: known.unread } : {}) };
      }),
    );
  }

  /** Pictures in the text and links to files; parsed again only when the text has changed. */
  embedded(html: string | null, unnamed: (number: number) => string): readonly Embedded[] {
    if (html === null) return [];
    if (html !== this.#embedded.html) this.#embedded = { html, found: embeddedIn(html, unnamed) };
    return this.#embedded.found;
  }

  async #read(id: number, limit: number): Promise<Known> {
    try {
      const file = await browser.compose.getAttachmentFile(id);
      const stamp = `${file.size}/${file.lastModified}`;
      const before = this.#known.get(id);
      const kept = before?.stamp === stamp ? before : { stamp, reading: digest(file, limit) };
      this.#known.set(id, kept);
      return await kept.reading;
    } catch {
      // Gone from the disk, or not allowed to be read; it may come back.
      this.#known.delete(id);
      return unreadable;
    }
  }

  /** Sends up those that the host asks for. Resolves when it has read them; never rejects. */
  async send(client: Client, list: readonly ComposeAttachment[], wanted: readonly string[], chunk: number): Promise<void> {
    await Promise.all(
      list.map(async ({ id, name }) => {
        const known = await this.#known.get(id)?.reading.catch(() => unreadable);
        if (!known?.sha256 || !wanted.includes(known.sha256)) return;
        const { sha256, mediaType } = known;
        const running = this.#uploads.get(sha256) ?? this.#upload(client, id, { sha256, name, mediaType }, chunk);
        this.#uploads.set(sha256, running);
        await running;
      }),
    );
  }

  async #upload(client: Client, id: number, named: { sha256: string; name: string; mediaType: string }, chunk: number): Promise<void> {
    try {
      const file = await browser.compose.getAttachmentFile(id);
      await upload(client, { ...named, bytes: new Uint8Array(await file.arrayBuffer()) }, chunk, uploadDeadline);
    } catch {
      // The next check names it as not read, and asks for it again.
    } finally {
      this.#uploads.delete(named.sha256);
    }
  }
}

async function digest(file: File, limit: number): Promise<Known> {
  const mediaType = file.type || "application/octet-stream";
  if (file.size > limit) return { mediaType, sha256: null, unread: "too_large" };
  return { mediaType, sha256: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))) };
}
