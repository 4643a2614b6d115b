// The engine computes edits; here they are carried out. Spans are UTF-16 units of the exact string that was scanned, so a
// caller compares `inputs_sha256` (scans again) before it applies anything.
import type { Draft } from "./draft.ts";
import type { Edit, Field, Offer, Report } from "./report.ts";

export interface Replacement {
  readonly at: readonly [number, number];
  readonly text: string;
}

/** Replaces ranges that do not overlap, in any order. `undo` are the replacements that lead back. */
export function replaceRanges(source: string, replacements: readonly Replacement[]): { text: string; undo: readonly Replacement[] } {
  const ordered = [...replacements].sort((a, b) => a.at[0] - b.at[0]);
  let end = 0;
  let shift = 0;
  const undo: Replacement[] = [];
  for (const { at, text } of ordered) {
    const [from, to] = at;
    if (from < end || to < from || to > source.length) throw new RangeError("edits overlap or lie outside of the text");
    undo.push({ at: [from + shift, from + shift + text.length], text: source.slice(from, to) });
    shift += text.length - (to - from);
    end = to;
  }
  // From right to left: earlier positions stay good.
  let text = source;
  for (const { at, text: replacement } of ordered.reverse()) text = text.slice(0, at[0]) + replacement + text.slice(at[1]);
  return { text, undo };
}

function edited(source: string, edits: readonly Edit[], part: string): string {
  const mine = edits.filter((edit) => edit.part === part).map((edit) => ({ at: edit.utf16, text: edit.replacement }));
  return mine.length === 0 ? source : replaceRanges(source, mine).text;
}

/**
 * The draft after an offer: edits, recipients and attachments together. A portal notice replaces subject and text, and
 * takes the attachments along: they go into the portal. The draft that goes in is what undo needs.
 */
export function applyOffer(draft: Draft, offer: Offer): Draft {
  const listed = (name: Field) => new Set(offer.recipients.filter((place) => place.field === name).map((place) => place.index));
  const keep = (name: Field) => draft[name].filter((_, index) => !listed(name).has(index));
  const moved = offer.kind === "move_to_bcc" ? (["to", "cc"] as const).flatMap((name) => draft[name].filter((_, i) => listed(name).has(i))) : [];
  const names = draft.attachments.map((attachment, index) => ({
    ...attachment,
    name: edited(attachment.name, offer.edits, `attachments/${index}/name`),
  }));
  let next: Draft = {
    ...draft,
    to: keep("to"),
    cc: keep("cc"),
    bcc: offer.kind === "move_to_bcc" ? [...draft.bcc, ...moved] : keep("bcc"),
    subject: edited(draft.subject, offer.edits, "subject"),
    html: draft.html === null ? null : edited(draft.html, offer.edits, "body.html"),
    text: draft.text === null ? null : edited(draft.text, offer.edits, "body.text"),
    attachments: names.filter((_, index) => !offer.attachments.includes(index)),
  };
  if (offer.notice) {
    const { subject, html, text } = offer.notice;
    next = { ...next, subject, html: draft.html === null ? null : html, text: draft.text === null ? null : text, attachments: [] };
  }
  if (offer.subject_tag && !next.subject.includes(offer.subject_tag)) next = { ...next, subject: `${offer.subject_tag} ${next.subject}` };
  if (offer.header) next = { ...next, headers: { ...next.headers, [offer.header.name]: offer.header.value } };
  if (offer.kind === "encrypt" && draft.encryption === "available") next = { ...next, encryption: "on" };
  return next;
}

/** Offers whose effect a person should see before it happens. */
export function needsPreview(offer: Offer): boolean {
  return offer.edits.length > 0 || offer.notice !== null;
}

export function offerAt(report: Report, index: number): Offer {
  const offer = report.offers[index];
  if (!offer) throw new RangeError("no such offer");
  return offer;
}
