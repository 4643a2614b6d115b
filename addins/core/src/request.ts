// phiscan.request/1 from a draft. What the engine can find out by itself is not said here; no address is judged here.
import type { Draft, Person } from "./draft.ts";
import { flag, list, maybe, number, type Of, optional, record, text, words } from "./shape.ts";
import { field, unread } from "./report.ts";

const person = record({ address: optional(maybe(text)), name: optional(maybe(text)) });
const recipient = record({
  address: optional(maybe(text)),
  name: optional(maybe(text)),
  members: optional(maybe(list(person))),
  members_unknown: optional(maybe(flag)),
});

export const request = record({
  schema: words("phiscan.request/1"),
  from: person,
  to: optional(maybe(list(recipient))),
  cc: optional(maybe(list(recipient))),
  bcc: optional(maybe(list(recipient))),
  subject: optional(maybe(text)),
  body: optional(maybe(record({ html: optional(maybe(text)), text: optional(maybe(text)) }))),
  compose: optional(maybe(words("new", "reply", "reply_all", "forward", "redirect", "draft", "unknown"))),
  encryption: optional(maybe(words("none", "available", "on"))),
  thread: optional(maybe(record({ participants: optional(maybe(list(text))) }))),
  attachments: optional(
    maybe(
      list(
        record({
          name: optional(maybe(text)),
          media_type: optional(maybe(text)),
          size: optional(maybe(number)),
          sha256: optional(maybe(text)),
          inline: optional(maybe(flag)),
          text_parts: optional(maybe(list(record({ where: optional(maybe(text)), text: optional(maybe(text)) })))),
          unread: optional(maybe(unread)),
        }),
      ),
    ),
  ),
  sender: optional(maybe(record({ role: optional(maybe(text)), mailbox: optional(maybe(text)) }))),
  history: optional(
    maybe(
      record({
        recipients: optional(
          maybe(
            list(
              record({
                field: optional(field),
                index: optional(number),
                first_time: optional(maybe(flag)),
                similar_to_usual: optional(maybe(flag)),
              }),
            ),
          ),
        ),
      }),
    ),
  ),
  acknowledged: optional(maybe(list(text))),
  now: optional(maybe(text)),
  locale: optional(maybe(text)),
  explain: optional(maybe(flag)),
  gaps: optional(maybe(list(record({ part: text, why: optional(maybe(unread)) })))),
  warnings: optional(maybe(list(text))),
});
export type ScanRequest = Of<typeof request>;

export interface RequestOptions {
  /** RFC 3339, with the offset of the sender's clock. */
  readonly now: string;
  readonly locale: string;
  readonly explain?: boolean;
}

export function buildRequest(draft: Draft, options: RequestOptions): ScanRequest {
  return {
    schema: "phiscan.request/1",
    from: onePerson(draft.from),
    to: draft.to.map(oneRecipient),
    cc: draft.cc.map(oneRecipient),
    bcc: draft.bcc.map(oneRecipient),
    subject: draft.subject,
    body: { html: draft.html, text: draft.text },
    compose: draft.compose,
    ...(draft.encryption ? { encryption: draft.encryption } : {}),
    thread: { participants: draft.participants },
    attachments: draft.attachments.map(({ name, mediaType, size, sha256, inline, unread }) => ({
      name,
      media_type: mediaType,
      size,
      sha256,
      inline: inline ?? false,
      // Bytes that are still being read in are named, never taken for clean.
      unread: unread ?? (sha256 === null ? "pending" : null),
    })),
    sender: { role: draft.role, mailbox: draft.mailbox },
    now: options.now,
    locale: options.locale,
    explain: options.explain ?? false,
  };
}

function onePerson({ address, name }: Person) {
  return { address, ...(name ? { name } : {}) };
}

function oneRecipient(person: Person) {
  return {
    ...onePerson(person),
    ...(person.members ? { members: person.members.map(onePerson) } : {}),
    ...(person.membersUnknown ? { members_unknown: true } : {}),
  };
}

/** Local time with its offset: the engine has no clock, and a birthday depends on the day here. */
export function localTime(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const pad = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, "0");
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  return `${local}${minutes < 0 ? "-" : "+"}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
