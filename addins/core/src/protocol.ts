// The messages of phiscan-host as bindings/host/PROTOCOL.md says them: what each call answers. Replies are checked here.
import { report, unread } from "./report.ts";
import { anything, flag, list, maybe, number, type Of, optional, record, table, text, words } from "./shape.ts";

export const version = 1;

const digest = record({ id: text, version: text, sha256: text });

/** What to do in one condition of the host; `outside_only` spares mail between colleagues. */
const when = record({
  on_send: words("proceed", "note", "prompt", "block"),
  outside_only: flag,
  text: record({ en: text, es: text }),
});

const policy = record({
  fail_mode: words("prompt", "block", "allow_with_note"),
  own_domains: list(text),
  own_addresses: optional(list(text)),
  mode: optional(text),
  locks: optional(list(text)),
  when: record({ host_absent: when, host_slow: when, partial: when }),
});
export type Policy = Of<typeof policy>;

export const calls = {
  hello: record({
    protocol: number,
    host: text,
    engine: text,
    pack: maybe(digest),
    policy: maybe(digest),
    limits: record({ chunk: number, attachment: number, reply: number }),
  }),
  scan: record({
    report,
    need: list(text),
    pending: list(text),
    cached: flag,
    acknowledged: maybe(words("message", "thread")),
    /** What did not fit into one reply. */
    left_out: maybe(table(anything)),
  }),
  attachment: record({ received: number, complete: flag, unread: optional(maybe(unread)) }),
  cancel: anything,
  record: anything,
  policy: record({ policy }),
  status: table(anything),
  "playground.samples": record({ samples: anything }),
  "playground.policy": record({ text }),
  "playground.packs": record({ pack: maybe(digest) }),
} as const;
export type Calls = typeof calls;
export type CallName = keyof Calls;
export type Reply<K extends CallName> = Of<Calls[K]>;

export const envelope = record({
  v: optional(number),
  id: text,
  type: text,
  ok: optional(flag),
  error: optional(record({ code: text, where: optional(maybe(text)), message: text })),
});

/** Every way a call can end without an answer. `code` is the host's, or one of ours below. */
export class HostError extends Error {
  constructor(
    readonly code: "unreachable" | "deadline" | "cancelled" | "bad_reply" | (string & {}),
    message: string,
    readonly where: string = "",
  ) {
    super(message);
  }
}
