// The messages of phiscan-host as bindings/host/PROTOCOL.md says them: what each call answers. Replies are checked here.
import { report, unread } from "./report.ts";
import { anything, flag, list, maybe, number, type Of, optional, record, table, text, words } from "./shape.ts";

export const version = 1;

const digest = record({ id: text, version: text, sha256: text });

/** What the site's policy knows of a recipient: shown beside it. Older hosts do not say. */
const partner = record({
  field: words("to", "cc", "bcc"),
  index: number,
  member: optional(number),
  name: text,
  baa: flag,
  baa_expires: optional(maybe(text)),
  channel: optional(maybe(text)),
});
export type Partner = Of<typeof partner>;

const policy = record({
  organisation: optional(anything),
  mode: optional(text),
  fail_mode: words("prompt", "block", "allow_with_note"),
  own_domains: list(text),
  portal: optional(anything),
  locks: optional(list(text)),
  locale: optional(maybe(text)),
});
export type Policy = Of<typeof policy>;

export const calls = {
  hello: record({
    protocol: number,
    host: text,
    engine: text,
    packs: list(digest),
    policy: maybe(digest),
    limits: record({ chunk: number, attachment: number, reply: number }),
  }),
  scan: record({ report, need: list(text), cached: flag, partners: optional(list(partner)) }),
  attachment: record({ received: number, complete: flag, unread: optional(maybe(unread)) }),
  cancel: anything,
  record: anything,
  policy: record({ policy }),
  status: table(anything),
  "playground.samples": record({ samples: anything }),
  "playground.policy": record({ text }),
  "playground.packs": record({ packs: list(digest) }),
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
