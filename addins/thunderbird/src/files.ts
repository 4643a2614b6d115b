// Attachments of one compose window: read once, named by the digest of their bytes, sent to the host when it does not know them.
import { type Attachment, type Client, hex, upload, type Unread } from "@phiscan/core";

interface Known {
  readonly mediaType: string;
  readonly sha256: string | null;
  readonly unread?: Unread;
}

const uploadDeadline = 30_000;

export class Files {
  readonly #known = new Map<number, Promise<Known>>();
  readonly #uploads = new Map<string, Promise<void>>();

  /** Their digests: waits for the bytes, which are on this computer. */
  async describe(list: readonly ComposeAttachment[], limit: number): Promise<readonly Attachment[]> {
    return Promise.all(
      list.map(async ({ id, name, size }) => {
        const known = await this.#read(id, limit);
        return { name, size: size ?? 0, mediaType: known.mediaType, sha256: known.sha256, ...(known.unread ? { unread: known.unread } : {}) };
      }),
    );
  }

  #read(id: number, limit: number): Promise<Known> {
    const before = this.#known.get(id);
    if (before) return before;
    const reading = this.#digest(id, limit).catch((): Known => {
      // A file behind a link, or one that is gone from the disk.
      return { mediaType: "application/octet-stream", sha256: null, unread: "unreadable" };
    });
    this.#known.set(id, reading);
    return reading;
  }

  async #digest(id: number, limit: number): Promise<Known> {
    const file = await browser.compose.getAttachmentFile(id);
    const mediaType = file.type || "application/octet-stream";
    if (file.size > limit) return { mediaType, sha256: null, unread: "too_large" };
    return { mediaType, sha256: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))) };
  }

  forget(id: number): void {
    this.#known.delete(id);
  }

  /** Sends up those that the host asks for. Resolves when it has read them; never rejects. */
  async send(client: Client, list: readonly ComposeAttachment[], wanted: readonly string[], chunk: number): Promise<void> {
    await Promise.all(
      list.map(async ({ id, name }) => {
        const known = await this.#known.get(id);
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
