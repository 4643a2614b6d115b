// What happens at Send. The answer is worked out within its time whatever Outlook and the host do, and says whether the very same message
// may go when Send is pressed again.
import { HostError } from "../../core/src/protocol.ts";
import { recordBody } from "../../core/src/present.ts";
import { type Checked, look, needsQuestion } from "./checks.ts";
import { learn, supply } from "./files.ts";
import { type Host, lastSeen, type Trouble, troubleOf } from "./host.ts";
import { heldBack, type Supports } from "./limits.ts";
import { has } from "./office.ts";
import { readMessage, type Reading } from "./reading.ts";
import { heldByReport, heldUnchecked, type Held, uncheckedBy } from "./say.ts";
import { read, write } from "./session.ts";
import type { Lang } from "./words.ts";

/** Milliseconds. Outlook says "taking longer than expected" after five seconds, the load of the script included. */
export const deadlines = { gather: 1000, scan: 1500, total: 3000 } as const;

export type Answer = Readonly<Record<string, unknown>>;

export function supported(): Supports {
  return { command: has("1.14"), markdown: has("1.15") };
}

export async function answerSend(item: OutlookItem, host: Host, lang: Lang, started: number): Promise<Answer> {
  let reading: Reading;
  const left = () => deadlines.total - 150 - (Date.now() - started);
  try {
    reading = await readMessage(item, deadlines.gather);
  } catch {
    return refuseUnchecked(item, null, "failed", lang);
  }
  let checked: Checked;
  try {
    checked = await thorough(item, host, reading, left);
  } catch (error) {
    return refuseUnchecked(item, reading, troubleOf(error), lang);
  }
  const ack = await read(item, "ack", 300);
  const { report } = checked;
  const approved = ack !== null && ack.inputs === report.inputs_sha256 && report.action !== "block";
  if (!needsQuestion(checked) || (approved && checked.host?.onSend !== "block")) {
    // Nobody waits for it; Outlook may end us as soon as it has its answer.
    const choice = (approved ? ack.choice : null) ?? { kind: "send", reason: null, rememberDays: null };
    void host.client.call("record", recordBody(choice, report, reading.draft, reading.thread), { deadlineMs: 1000 }).catch(() => undefined);
    return { allowEvent: true };
  }
  const supports = supported();
  const held = checked.host !== null && report.action !== "block" && report.action !== "justify" ? heldUnchecked(checked.host, lang, supports.command) : heldByReport(checked, lang, supports.command);
  return hold(item, held, report.inputs_sha256, supports);
}

/** One scan; and a second one when files that are still missing can be had in time. */
async function thorough(item: OutlookItem, host: Host, reading: Reading, left: () => number): Promise<Checked> {
  const first = await look(host, reading, Math.max(300, Math.min(deadlines.scan, left())));
  const unknown = reading.draft.attachments.some((one) => one.sha256 === null && one.unread === undefined);
  if ((first.need.length === 0 && !unknown) || left() < 1500) return first;
  const until = Date.now() + left() - 900;
  if (unknown) await learn(host.client, item, reading.attachments, until);
  await supply(host.client, item, reading.attachments, first.need, until);
  if (left() < 600) return first;
  try {
    const again = unknown ? await readMessage(item, Math.max(200, left() - 500)) : reading;
    return await look(host, again, Math.max(300, left() - 50));
  } catch (error) {
    if (error instanceof HostError) return first;
    throw error;
  }
}

async function refuseUnchecked(item: OutlookItem, reading: Reading | null, trouble: Trouble, lang: Lang): Promise<Answer> {
  const unchecked = uncheckedBy(reading?.draft ?? null, trouble, await lastSeen(), lang);
  if (unchecked.onSend === "note") return { allowEvent: true };
  const supports = supported();
  return hold(item, heldUnchecked(unchecked, lang, supports.command), reading === null ? "unread" : `unchecked-${reading.key}`, supports);
}

/** Where Outlook has no "Send Anyway" of its own, the same message passes the second time. */
async function hold(item: OutlookItem, held: Held, key: string, supports: Supports): Promise<Answer> {
  if (held.mayRepeat && !supports.command) {
    if ((await read(item, "ack", 300))?.inputs === key) {
      await write(item, "ack", { inputs: "", choice: null }, 300);
      return { allowEvent: true };
    }
    await write(item, "ack", { inputs: key, choice: null }, 300);
  }
  return heldBack(held.dialog, supports);
}

/** When not even our own clock leaves time for an answer: as if nobody could be asked. */
export async function answerLate(item: OutlookItem | null, lang: Lang): Promise<Answer> {
  const unchecked = uncheckedBy(null, "slow", await lastSeen(), lang);
  const supports = supported();
  const held = heldUnchecked(unchecked, lang, supports.command);
  return item === null ? heldBack(held.dialog, supports) : hold(item, held, "late", supports);
}
