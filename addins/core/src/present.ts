// A report becomes what the two elements of ui/ show. Nothing is judged here: classes, risks and actions are the engine's.
import { attachmentOf, type Draft, fields, type Person } from "./draft.ts";
import { fill, type FillOptions, type Piece } from "./fill.ts";
import { needsPreview } from "./edits.ts";
import { type Action, asks, type Field, type Finding, type OfferKind, type Partner, type RecipientClass, type Report, type Unread } from "./report.ts";

export interface RecipientView {
  /** "to/0", or "to/0/2" for a member of a list. */
  readonly key: string;
  readonly field: Field;
  readonly name: string;
  readonly address: string;
  readonly class: RecipientClass;
  readonly risks: readonly string[];
  /** Has to be ticked before the mail may go as it is. */
  readonly tick: boolean;
  readonly members: readonly RecipientView[];
  readonly membersUnknown: boolean;
  readonly partner: Partner | null;
}

export interface AttachmentView {
  readonly index: number;
  readonly name: string;
  readonly size: number;
  /** Why it was not checked, or null. */
  readonly unread: Unread | null;
  /** Labels found in the file or its name. */
  readonly labels: readonly string[];
}

export interface OfferView {
  readonly index: number;
  readonly kind: OfferKind;
  readonly words: readonly Piece[];
  readonly preview: boolean;
}

/** What a provider who forwards wants in one look. */
export interface ForwardView {
  readonly newcomers: readonly RecipientView[];
  /** Labels found in the earlier messages. */
  readonly quoted: readonly string[];
}

export interface ReviewView {
  readonly lang: string;
  readonly action: Action;
  readonly tone: "calm" | "look" | "stop";
  readonly title: string;
  readonly lines: readonly { readonly severity: number; readonly words: readonly Piece[] }[];
  readonly offers: readonly OfferView[];
  readonly risky: readonly RecipientView[];
  readonly safe: readonly RecipientView[];
  /** Everybody sees everybody: one tick for all of them, not one each. */
  readonly visibleTogether: number;
  readonly attachments: readonly AttachmentView[];
  /** Parts of the message itself that were not checked. */
  readonly bodyGaps: readonly Unread[];
  readonly forward: ForwardView | null;
  /** Labels for the strip while writing: kinds, never values. */
  readonly labels: readonly string[];
  readonly outside: number;
  readonly needsReason: boolean;
  readonly canSend: boolean;
}

const inside: readonly RecipientClass[] = ["own", "partner"];

export function present(report: Report, draft: Draft, options: FillOptions): ReviewView {
  const recipients = recipientViews(report, draft);
  const everybody = recipients.flatMap((one) => [one, ...one.members]);
  const together = everybody.filter((one) => one.risks.includes("many_visible")).length;
  const risky = recipients.filter((one) => one.tick || one.members.some((member) => member.tick));
  const counted = report.findings.filter((finding) => finding.counted);
  return {
    lang: report.text.lang,
    action: report.action,
    tone: report.action === "block" || report.action === "justify" ? "stop" : asks(report.action) ? "look" : "calm",
    title: report.text.title,
    lines: report.text.lines.map((line) => ({ severity: line.severity, words: fill(line.text, draft, report, options) })),
    offers: offerViews(report, draft, options),
    risky,
    safe: recipients.filter((one) => !risky.includes(one)),
    visibleTogether: together,
    attachments: attachmentViews(report, draft, counted),
    bodyGaps: report.gaps.filter((gap) => attachmentOf(gap.part) === null).map((gap) => gap.why),
    forward: forwardView(report, draft, everybody, counted),
    labels: labelsOf(counted),
    outside: everybody.filter((one) => one.members.length === 0 && !inside.includes(one.class)).length,
    needsReason: report.action === "justify",
    canSend: report.action !== "block",
  };
}

/** Kinds once each: who, then what else names them, then their health. */
function labelsOf(findings: readonly Finding[]): readonly string[] {
  const rank = (finding: Finding) => (finding.label === "name" ? 0 : finding.label === "date_of_birth" ? 1 : finding.kind === "identity" ? 2 : 3);
  const shown = findings.filter((finding) => finding.kind === "identity" || finding.kind === "health");
  return [...new Set([...shown].sort((a, b) => rank(a) - rank(b) || b.confidence - a.confidence).map((finding) => finding.label))];
}

function recipientViews(report: Report, draft: Draft): readonly RecipientView[] {
  const holdsDetails = report.content === "phi" || report.content === "identity";
  const view = (person: Person, field: Field, index: number, member: number | null): RecipientView => {
    const said = report.recipients.find((one) => one.field === field && one.index === index && (one.member ?? null) === member);
    const risks = said?.risks ?? [];
    const type = said?.class ?? "unknown";
    const expanded = (person.members ?? []).length > 0;
    // A first time is worth saying, not worth a tick; being seen by all is one tick for all.
    const against = risks.filter((risk) => risk !== "many_visible" && risk !== "first_time");
    return {
      key: member === null ? `${field}/${index}` : `${field}/${index}/${member}`,
      field,
      name: person.name ?? "",
      address: person.address,
      class: type,
      risks,
      tick: against.length > 0 || (holdsDetails && !inside.includes(type) && !expanded && !risks.includes("many_visible")),
      members: (person.members ?? []).map((one, i) => view(one, field, index, i)),
      membersUnknown: person.membersUnknown ?? risks.includes("unknown_members"),
      partner: said?.partner ?? null,
    };
  };
  return fields.flatMap((field) => draft[field].map((person, index) => view(person, field, index, null)));
}

function attachmentViews(report: Report, draft: Draft, counted: readonly Finding[]): readonly AttachmentView[] {
  return draft.attachments.map(({ name, size }, index) => ({
    index,
    name,
    size,
    unread: report.gaps.find((gap) => attachmentOf(gap.part) === index)?.why ?? null,
    labels: labelsOf(counted.filter((finding) => finding.spans.some((span) => attachmentOf(span.part) === index))),
  }));
}

/** In the engine's order; when forwarding, trimming the quote comes first. */
function offerViews(report: Report, draft: Draft, options: FillOptions): readonly OfferView[] {
  const views = report.offers.map((offer, index) => ({
    index,
    kind: offer.kind,
    words: fill(report.text.offers[offer.kind] ?? offer.kind, draft, report, options),
    preview: needsPreview(offer),
  }));
  if (draft.compose !== "forward") return views;
  return [...views.filter((offer) => offer.kind === "trim_quote"), ...views.filter((offer) => offer.kind !== "trim_quote")];
}

function forwardView(report: Report, draft: Draft, everybody: readonly RecipientView[], counted: readonly Finding[]): ForwardView | null {
  const newcomers = everybody.filter((one) => one.risks.includes("new_to_thread"));
  const quoted = counted.filter((finding) => finding.zone === "quote" || finding.zone === "header");
  if (!asks(report.action) || quoted.length === 0 || (newcomers.length === 0 && draft.compose !== "forward")) return null;
  // Without known participants nobody can be told from a newcomer: then everybody outside is one.
  const outsiders = everybody.filter((one) => one.members.length === 0 && one.class !== "own");
  return { newcomers: newcomers.length > 0 ? newcomers : outsiders, quoted: labelsOf(quoted) };
}

/** What was the matter, for the record: closed words, no text of the mail. */
export type ChoiceWord =
  | "sent"
  | "went_back"
  | "portal"
  | "redacted"
  | "trimmed"
  | "moved_to_bcc"
  | "removed_recipient"
  | "removed_attachment"
  | "encrypted"
  | "cancelled";

export const choiceOfOffer: Readonly<Record<OfferKind, ChoiceWord>> = {
  use_portal: "portal",
  encrypt: "encrypted",
  redact: "redacted",
  remove_recipient: "removed_recipient",
  move_to_bcc: "moved_to_bcc",
  trim_quote: "trimmed",
  remove_attachment: "removed_attachment",
};

export const reasonCodes = ["treatment", "patient_asked", "already_checked", "other"] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** What the person decided in the review. */
export type Choice =
  | { readonly kind: "go_back" }
  | { readonly kind: "offer"; readonly index: number }
  | {
      readonly kind: "send";
      readonly reason: { readonly code: ReasonCode; readonly textLength: number } | null;
      /** Do not ask again about these people in this conversation, for so many days. */
      readonly rememberDays: number | null;
    };

/** The body of a `record` call. Of a written reason only its length is kept. */
export function recordBody(choice: Choice, report: Report, draft: Draft, threadId: string | null): Readonly<Record<string, unknown>> {
  const base = { fingerprint: report.fingerprint, inputs_sha256: report.inputs_sha256, action: report.action, ...(threadId === null ? {} : { thread: threadId }) };
  if (choice.kind === "go_back") return { ...base, choice: "went_back", acknowledge: false };
  if (choice.kind === "offer") {
    const offer = report.offers[choice.index];
    return { ...base, choice: offer ? choiceOfOffer[offer.kind] : "cancelled", acknowledge: false };
  }
  const people = fields.flatMap((field) => draft[field].flatMap((one) => one.members ?? [one]));
  return {
    ...base,
    choice: "sent",
    acknowledge: asks(report.action),
    recipients: people.filter((one) => one.address !== "").map(({ address, name }) => ({ address, ...(name ? { name } : {}) })),
    ...(choice.reason ? { reason: { code: choice.reason.code, text_length: choice.reason.textLength } } : {}),
    ...(choice.rememberDays !== null && threadId !== null ? { remember_thread: { id: threadId, days: choice.rememberDays } } : {}),
  };
}
