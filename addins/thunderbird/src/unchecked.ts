// What to do when the engine did not answer: the administrator's failMode or the last policy seen decides; core knows the rest. Pure.
import { type Draft, fields, type Policy, whenUnchecked } from "@phiscan/core";
import type { Trouble } from "./host.ts";
import type { Settings } from "./settings.ts";
import { pageWords } from "./words.ts";

export interface Answer {
  readonly onSend: "note" | "prompt" | "block";
  /** Why, and what was not checked. */
  readonly text: string;
}

export function answerWithout(draft: Draft, trouble: Trouble, policy: Policy | null, failMode: Settings["failMode"], lang: "en" | "es"): Answer {
  const words = pageWords(lang);
  const { onSend, text } = whenUnchecked(draft, policy, trouble === "slow" ? "host_slow" : "host_absent");
  const fixed = failMode === null ? null : ({ prompt: "prompt", block: "block", allow_with_note: "note" } as const)[failMode];
  const why = trouble === "version" ? words.tooOld : trouble === "failed" ? words.failed : (text?.[lang] ?? words.unreachable);
  return { onSend: fixed ?? (onSend === "proceed" ? "note" : onSend), text: `${why} ${notChecked(draft, lang)}` };
}

/** Everything by number, since nothing was looked at. */
export function notChecked(draft: Draft, lang: "en" | "es"): string {
  const words = pageWords(lang);
  const people = fields.reduce((sum, field) => sum + draft[field].length, 0);
  return words.notChecked(words.subjectAndText, draft.attachments.length, people);
}
