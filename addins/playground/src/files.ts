// Attachments: read once, hashed, sent up in pieces, and scanned by their digest from then on.
import { type Attachment, type Client, hex, upload } from "@phiscan/core";

export interface Held extends Attachment {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const uploadDeadline = 30_000;

export class Files {
  #list: readonly Held[] = [];
  #next = 1;
  readonly #busy = new Set<string>();

  constructor(
    readonly client: Client,
    readonly changed: () => void,
    readonly limits: () => { readonly chunk: number; readonly attachment: number },
  ) {}

  get list(): readonly Held[] {
    return this.#list;
  }

  isBusy(file: Held): boolean {
    return file.sha256 === null ? file.unread === undefined : this.#busy.has(file.sha256);
  }

  async add(name: string, mediaType: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const id = this.#next++;
    const tooLarge = bytes.length > this.limits().attachment;
    this.#list = [...this.#list, { id, name, mediaType, size: bytes.length, sha256: null, bytes, ...(tooLarge ? { unread: "too_large" as const } : {}) }];
    this.changed();
    if (tooLarge) return;
    const sha256 = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, sha256 } : one));
    await this.send([sha256]);
  }

  /** Sends up what the host asks for; also what it has forgotten since. */
  async send(digests: readonly string[]): Promise<void> {
    for (const sha256 of digests) {
      const file = this.#list.find((one) => one.sha256 === sha256);
      if (!file || this.#busy.has(sha256)) continue;
      this.#busy.add(sha256);
      this.changed();
      try {
        await upload(this.client, { sha256, name: file.name, mediaType: file.mediaType, bytes: file.bytes }, this.limits().chunk, uploadDeadline);
      } catch {
        // It stays unread, and the report names it.
      } finally {
        this.#busy.delete(sha256);
      }
      this.changed();
    }
  }

  remove(id: number): void {
    this.#list = this.#list.filter((one) => one.id !== id);
    this.changed();
  }

  /** After an offer or undo: the same bytes under perhaps other names. */
  show(attachments: readonly Attachment[], pool: readonly Held[]): void {
    this.#list = attachments.flatMap((one) => {
      const held = pool.find((other) => other.sha256 === one.sha256 && other.size === one.size);
      return held ? [{ ...held, name: one.name, id: this.#next++ }] : [];
    });
    this.changed();
  }
}
