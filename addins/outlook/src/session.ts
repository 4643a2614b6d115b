// What event handlers and task pane tell each other about one message (item.sessionData, Mailbox 1.11). Digests, ids and our own words only:
// other add-ins of the mailbox cannot read it, yet nothing of the mail belongs there. One key each, since both may write at once.
import { ask, has } from "./office.ts";
import type { Choice } from "../../core/src/present.ts";
import type { Unread } from "../../core/src/report.ts";

export interface KnownFile {
  readonly sha256: string | null;
  readonly unread?: Unread;
}

export interface Session {
  /** What was approved: this very message, by `inputs_sha256` of its report, and the answer that goes into the record when it is sent. */
  ack: { readonly inputs: string; readonly choice: Choice | null };
  /** The info bar's text; empty when there is none. */
  bar: string;
  /** Fingerprint whose info bar the person closed. */
  dismissed: string;
  /** Fingerprint of the report that the info bar speaks of. */
  shown: string;
  files: Readonly<Record<string, KnownFile>>;
}

const limit = 40_000;

export async function read<K extends keyof Session>(item: OutlookItem, key: K, milliseconds = 500): Promise<Session[K] | null> {
  const data = has("1.11") ? item.sessionData : undefined;
  if (!data) return null;
  try {
    const text = await ask<string>(milliseconds, (done) => data.getAsync(`phiscan.${key}`, done));
    return text ? (JSON.parse(text) as Session[K]) : null;
  } catch {
    // A key that was never set is an error, too.
    return null;
  }
}

export async function write<K extends keyof Session>(item: OutlookItem, key: K, value: Session[K], milliseconds = 500): Promise<boolean> {
  const data = has("1.11") ? item.sessionData : undefined;
  const text = JSON.stringify(value);
  if (!data || text.length > limit) return false;
  try {
    await ask<void>(milliseconds, (done) => data.setAsync(`phiscan.${key}`, text, done));
    return true;
  } catch {
    return false;
  }
}
