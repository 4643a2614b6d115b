// phiscan.report/1, as libphiscan/schema/report.schema.json says it (report.test.ts holds the two together).
import { flag, list, maybe, number, type Of, openWords, optional, pair, record, text, words } from "./shape.ts";

export const actions = ["allow", "note", "confirm", "justify", "block"] as const;
export type Action = (typeof actions)[number];

const category = openWords(
  "lab", "diagnosis", "medication", "vitals", "procedure", "imaging", "appointment", "referral", "billing", "insurance", "intake",
  "id_document", "immunization", "narrative", "bulk", "substance_use", "psychotherapy", "mental_health", "hiv", "sti", "reproductive",
  "genetic", "gender_care", "abuse", "minor", "communicable", "workers_comp", "hospice",
);

const label = openWords(
  "name", "date_of_birth", "date", "age_over_89", "address", "city", "zip", "phone", "fax", "email", "ssn", "ssn_last4", "itin", "mrn",
  "encounter", "member_id", "mbi", "medicaid_id", "claim", "account", "prescription", "accession", "license", "passport", "vin", "device",
  "url", "ip", "card", "bank", "other_id", "provider_name", "npi", "dea", "ein", "clia", "taxonomy", "diagnosis", "icd", "procedure_code",
  "medication", "lab", "vital", "procedure", "appointment", "referral", "billing", "insurance", "narrative", "service", "document", "hl7v2",
  "x12", "fhir", "ccda", "dicom", "table",
);

export const unread = words("unsupported", "encrypted", "too_large", "timeout", "crashed", "no_sandbox", "unreadable", "pending");
export type Unread = Of<typeof unread>;

const recipientClass = words(
  "own", "partner", "direct", "consumer", "unknown", "list", "gateway", "role_mailbox", "ticket", "disposable", "invalid",
);
export type RecipientClass = Of<typeof recipientClass>;

const risk = openWords(
  "lookalike_domain", "typo_domain", "tld_slip", "punycode", "own_private", "first_time", "similar_to_usual", "new_to_thread",
  "display_mismatch", "greeting_mismatch", "patient_mismatch", "many_visible", "unknown_members", "baa_missing", "baa_expired",
  "channel_mismatch", "noreply",
);

export const field = words("to", "cc", "bcc");
export type Field = Of<typeof field>;

/** What the site's policy says of a partner. */
const partner = record({ name: text, baa: flag, baa_expires: maybe(text), channel: words("email", "portal", "encrypt", "direct", "fax", "never") });
export type Partner = Of<typeof partner>;

const range = pair(number);
const span = record({ part: text, utf8: range, utf16: range });
export type Span = Of<typeof span>;

const edit = record({ part: text, utf8: range, utf16: range, replacement: text });
export type Edit = Of<typeof edit>;

const finding = record({
  rule: text,
  label,
  kind: words("identity", "provider", "health", "structure"),
  counted: flag,
  suppressed_by: maybe(text),
  category: maybe(category),
  person: maybe(number),
  zone: words("new", "quote", "header", "signature", "footer"),
  confidence: number,
  reasons: list(text),
  spans: list(span),
});
export type Finding = Of<typeof finding>;

const place = record({ field, index: number });
export type Place = Of<typeof place>;

const notice = record({ lang: text, subject: text, text, html: text });
export type Notice = Of<typeof notice>;

export const offerKinds = ["use_portal", "encrypt", "redact", "remove_recipient", "move_to_bcc", "trim_quote", "remove_attachment"] as const;
export type OfferKind = (typeof offerKinds)[number];

const offer = record({
  kind: words(...offerKinds),
  edits: list(edit),
  recipients: list(place),
  attachments: list(number),
  header: maybe(record({ name: text, value: text })),
  subject_tag: maybe(text),
  notice: maybe(notice),
  url: maybe(text),
});
export type Offer = Of<typeof offer>;

const source = record({ id: text, version: text, sha256: text });

export const report = record({
  schema: words("phiscan.report/1"),
  engine: text,
  content: words("phi", "identity", "health", "none"),
  severity: number,
  confidence: number,
  categories: list(category),
  action: words(...actions),
  action_if_enforced: words(...actions),
  complete: flag,
  gaps: list(record({ part: text, why: unread })),
  findings: list(finding),
  persons: record({ patients: number, staff: number }),
  recipients: list(record({ field, index: number, member: optional(number), class: recipientClass, risks: list(risk), partner: optional(partner) })),
  offers: list(offer),
  text: record({
    lang: text,
    title: text,
    lines: list(record({ severity: number, text })),
    offers: record({
      use_portal: optional(text),
      encrypt: optional(text),
      redact: optional(text),
      remove_recipient: optional(text),
      move_to_bcc: optional(text),
      trim_quote: optional(text),
      remove_attachment: optional(text),
    }),
  }),
  fingerprint: text,
  inputs_sha256: text,
  pack: source,
  policy: source,
  warnings: list(text),
  explain: optional(record({ steps: list(text) })),
});
export type Report = Of<typeof report>;

/** The more severe of two actions. */
export function worse(a: Action, b: Action): Action {
  return actions.indexOf(a) >= actions.indexOf(b) ? a : b;
}

/** Whether the sender is asked before the mail goes. */
export function asks(action: Action): boolean {
  return actions.indexOf(action) >= actions.indexOf("confirm");
}
