// One look at a message: the request goes up, a report comes back, and what the host has not read yet is named.
import { buildRequest, localTime } from "../../core/src/request.ts";
import { asks, type Report } from "../../core/src/report.ts";
import { type Host, lastSeen, type Seen } from "./host.ts";
import { language } from "./office.ts";
import type { Gap, Reading } from "./reading.ts";

export interface Checked {
  readonly reading: Reading;
  readonly report: Report;
  readonly leftOut: boolean;
  /** Attachments that the host asks for, and those it is still reading. */
  readonly need: readonly string[];
  readonly pending: readonly string[];
  /** Condition of the host that forbids to take the report for the whole truth. */
  readonly host: { readonly onSend: "prompt" | "block"; readonly text: string } | null;
}

export async function look(host: Host, reading: Reading, deadlineMs: number): Promise<Checked> {
  const lang = language();
  const plain = buildRequest(reading.draft, { now: localTime(new Date()), locale: lang });
  // `from` must be an address for the engine; an Outlook that does not say is one we cannot judge.
  const request = reading.gaps.length === 0 ? plain : { ...plain, gaps: (reading.gaps as readonly Gap[]).map(({ part, why }) => ({ part, why })) };
  const scan = host.client.call("scan", { request, ...(reading.thread === null ? {} : { thread: reading.thread }) }, { deadlineMs });
  const [{ report, left_out: leftOut, need, pending }, seen] = await Promise.all([scan, lastSeen()]);
  return { reading, report, leftOut: leftOut !== null, need, pending, host: conditionOf(seen, lang) };
}

function conditionOf(seen: Seen | null, lang: "en" | "es"): Checked["host"] {
  const state = seen?.state;
  return state && (state.on_send === "prompt" || state.on_send === "block") ? { onSend: state.on_send, text: state.text[lang] } : null;
}

/** Whether somebody has to look before the mail goes. */
export function needsQuestion({ report, host }: Checked): boolean {
  return asks(report.action) || host !== null;
}
