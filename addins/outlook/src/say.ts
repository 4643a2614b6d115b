// What is said about a report: kinds and counts, never values. The engine's title holds no text of the mail; everything else is counted here.
import { type Draft, fields } from "../../core/src/draft.ts";
import { whenUnchecked } from "../../core/src/own_domain.ts";
import { present } from "../../core/src/present.ts";
import { asks } from "../../core/src/report.ts";
import { labelList, labelWord } from "../../ui/src/labels.ts";
import type { Checked } from "./checks.ts";
import type { Seen, Trouble } from "./host.ts";
import type { Dialog } from "./limits.ts";
import { type Lang, sendWords } from "./words.ts";

function factsOf({ report, reading }: Checked, lang: Lang): { readonly kinds: string; readonly outside: number; readonly unread: number } {
  const words = sendWords(lang);
  const view = present(report, reading.draft, { decode: () => "", unseen: (label) => labelWord(label, words) });
  const speaks = report.content === "phi" || report.content === "identity" || asks(report.action);
  return {
    kinds: speaks ? labelList(view.labels, words) : "",
    outside: speaks ? view.outside : 0,
    unread: view.attachments.filter((one) => one.unread !== null).length,
  };
}

/** The line while somebody writes; null when there is nothing to say. */
export function barOf(checked: Checked, lang: Lang): string | null {
  const { kinds, outside, unread } = factsOf(checked, lang);
  if (checked.report.action === "allow" && kinds === "" && unread === 0) return null;
  const words = sendWords(lang);
  // What is cut off a long line are kinds.
  const facts = [outside > 0 ? words.outside(outside) : "", unread > 0 ? words.filesUnread(unread) : "", kinds].filter((fact) => fact !== "");
  return [checked.report.text.title, facts.join(" · ")].filter((part) => part !== "").join(" — ");
}

export interface Held {
  readonly dialog: Dialog;
  /** The same message may go when Send is pressed again. */
  readonly mayRepeat: boolean;
}

/** How a report that asks holds a message back. `canOverride`: Outlook itself offers "Send Anyway". */
export function heldByReport(checked: Checked, lang: Lang, canOverride: boolean): Held {
  const own = sendWords(lang);
  const { report } = checked;
  const { kinds, outside, unread } = factsOf(checked, lang);
  const facts = [report.text.title, kinds === "" ? "" : own.found(kinds), outside > 0 ? own.outsideIs(outside) : "", unread > 0 ? own.unreadIs(unread) : ""];
  const portal = report.offers.filter((offer) => offer.kind === "use_portal")[0]?.url ?? null;
  const link = portal === null ? null : { text: own.portal, url: portal };
  if (report.action === "block") return { mayRepeat: false, dialog: { lines: [...facts, own.blocked], label: own.labelBlocked, portal: link, mayOverride: false } };
  // A reason can only be given in our pane: Outlook's own "Send Anyway" does not ask for one.
  if (report.action === "justify") return { mayRepeat: false, dialog: { lines: [...facts, own.reason], label: own.labelReason, portal: link, mayOverride: false } };
  return { mayRepeat: true, dialog: { lines: [...facts, canOverride ? own.orSend : own.again], label: own.labelReview, portal: link, mayOverride: true } };
}

export interface Unchecked {
  readonly onSend: "note" | "prompt" | "block";
  readonly text: string;
}

/** What the policy of last time wants for a message that nobody could check; without one: ask. */
export function uncheckedBy(draft: Draft | null, trouble: Trouble, seen: Seen | null, lang: Lang): Unchecked {
  const own = sendWords(lang);
  const { onSend, text } = draft === null ? { onSend: seen?.policy.fail_mode === "block" ? ("block" as const) : ("prompt" as const), text: null } : whenUnchecked(draft, seen?.policy ?? null, trouble === "slow" ? "host_slow" : "host_absent");
  const why = trouble === "absent" || trouble === "slow" ? (text?.[lang] ?? own.trouble[trouble]) : own.trouble[trouble];
  const people = draft === null ? 0 : fields.reduce((sum, field) => sum + draft[field].length, 0);
  return { onSend: onSend === "proceed" ? "note" : onSend, text: draft === null ? why : `${why}\n${own.notChecked(own.subjectAndText, draft.attachments.length, people)}` };
}

export function heldUnchecked({ onSend, text }: Unchecked, lang: Lang, canOverride: boolean): Held {
  const own = sendWords(lang);
  const blocked = onSend === "block";
  return {
    mayRepeat: !blocked,
    dialog: { lines: [...text.split("\n"), blocked ? own.uncheckedBlocked : canOverride ? own.orSend : own.again], label: own.labelUnchecked, portal: null, mayOverride: !blocked },
  };
}
