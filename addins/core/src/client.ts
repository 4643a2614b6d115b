// The transport: a counter for ids, a map of what is pending, everything rejected when the wire is gone. It knows neither
// native messaging nor HTTPS; a wire is whatever carries objects both ways.
import { DeadlineError, within } from "./deadline.ts";
import { type CallName, calls, envelope, HostError, type Reply, version } from "./protocol.ts";
import { check } from "./shape.ts";

export interface Wire {
  /** May throw when the wire is gone. */
  post(message: Readonly<Record<string, unknown>>): void;
  listen(events: { message: (value: unknown) => void; closed: (why: string) => void }): void;
}

export interface CallOptions {
  readonly deadlineMs: number;
  /** Told of "progress" events with the id of this call. */
  readonly onProgress?: (event: unknown) => void;
}

interface Pending {
  readonly type: CallName;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HostError) => void;
  readonly onProgress: ((event: unknown) => void) | undefined;
}

export interface Call<T> {
  readonly reply: Promise<T>;
  /** The call ends with the code "cancelled"; the host is told. */
  cancel(): void;
}

export class Client {
  #next = 1;
  #closed: string | null = null;
  readonly #pending = new Map<string, Pending>();
  readonly #wire: Wire;
  readonly #prefix: string;

  /** `prefix` keeps ids apart where several clients share what the host takes for one connection. */
  constructor(wire: Wire, prefix = "") {
    this.#wire = wire;
    this.#prefix = prefix;
    wire.listen({ message: (value) => this.#receive(value), closed: (why) => this.close(why) });
  }

  get pending(): number {
    return this.#pending.size;
  }

  async call<K extends CallName>(type: K, body: Readonly<Record<string, unknown>>, options: CallOptions): Promise<Reply<K>> {
    return this.start(type, body, options).reply;
  }

  start<K extends CallName>(type: K, body: Readonly<Record<string, unknown>>, options: CallOptions): Call<Reply<K>> {
    const id = `${this.#prefix}${type}-${this.#next++}`;
    const answered = new Promise<unknown>((resolve, reject) => {
      if (this.#closed !== null) return reject(new HostError("unreachable", this.#closed));
      this.#pending.set(id, { type, resolve, reject, onProgress: options.onProgress });
      try {
        this.#wire.post({ v: version, id, type, deadline_ms: options.deadlineMs, ...(options.onProgress ? { progress: true } : {}), ...body });
      } catch {
        // The wire's own words could quote what was posted.
        this.#settle(id)?.reject(new HostError("unreachable", "the connection is gone"));
      }
    });
    const reply = within(answered, options.deadlineMs).catch((error: unknown) => {
      if (!(error instanceof DeadlineError)) throw error;
      this.#abandon(id);
      throw new HostError("deadline", error.message);
    });
    const cancel = () => {
      const waiting = this.#pending.get(id);
      this.#abandon(id);
      waiting?.reject(new HostError("cancelled", "no longer wanted"));
    };
    return { reply: reply as Promise<Reply<K>>, cancel };
  }

  /** Rejects everything pending, now and later. */
  close(why: string): void {
    this.#closed ??= why;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new HostError("unreachable", why));
  }

  /** Forgets a call and tells the host, which may already have answered. */
  #abandon(id: string): void {
    if (!this.#settle(id) || this.#closed !== null) return;
    try {
      this.#wire.post({ v: version, id: `${this.#prefix}cancel-${this.#next++}`, type: "cancel", deadline_ms: 1000, target: id });
    } catch {
      this.close("the connection is gone");
    }
  }

  #settle(id: string): Pending | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  #receive(value: unknown): void {
    let head: ReturnType<typeof envelope.check>;
    try {
      head = check(envelope, value);
    } catch {
      return; // Not of this protocol: whoever waits runs into the deadline.
    }
    if (head.type === "progress") return this.#pending.get(head.id)?.onProgress?.(value);
    const waiting = this.#settle(head.id);
    if (!waiting) return;
    if (head.ok !== true) {
      const error = head.error;
      return waiting.reject(new HostError(error?.code ?? "bad_reply", error?.message ?? "no reason given", error?.where ?? ""));
    }
    try {
      waiting.resolve(check<unknown>(calls[waiting.type], value));
    } catch (error) {
      waiting.reject(new HostError("bad_reply", error instanceof Error ? error.message : "not a reply"));
    }
  }
}
