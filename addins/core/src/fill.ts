// Fills the placeholders of the engine's sentences from the sender's own draft. The result is pieces, not a string: the ui
// shows each as text of its own, so nothing in a name can become markup or change its direction.
import { type Draft, displayName, partOf, type Person } from "./draft.ts";
import type { Field, Report } from "./report.ts";

export interface Piece {
  readonly kind: "plain" | "recipient" | "attachment" | "finding";
  readonly text: string;
}

export interface FillOptions {
  /** Visible text of a piece of HTML. */
  readonly decode: (html: string) => string;
  /** Words for a finding that the client cannot read, such as one inside an attachment. */
  readonly unseen: (label: string) => string;
}

const placeholder = /\{(recipient:(?:to|cc|bcc)\/\d+(?:\/\d+)?|attachment:\d+|finding:\d+)\}/g;

export function fill(sentence: string, draft: Draft, report: Report, options: FillOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  // A loop of exec: matchAll is newer than classic Outlook.
  placeholder.lastIndex = 0;
  for (let match = placeholder.exec(sentence); match !== null; match = placeholder.exec(sentence)) {
    if (match.index > end) pieces.push({ kind: "plain", text: sentence.slice(end, match.index) });
    pieces.push(piece(match[1] ?? "", draft, report, options));
    end = match.index + match[0].length;
  }
  if (end < sentence.length) pieces.push({ kind: "plain", text: sentence.slice(end) });
  return pieces;
}

export function plain(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

function piece(name: string, draft: Draft, report: Report, options: FillOptions): Piece {
  const [kind = "", rest = ""] = name.split(":");
  if (kind === "recipient") {
    const [field, index, member] = rest.split("/");
    const person = draft[field as Field][Number(index)];
    const one = member === undefined ? person : person?.members?.[Number(member)];
    return { kind: "recipient", text: one ? called(one) : "?" };
  }
  if (kind === "attachment") return { kind: "attachment", text: draft.attachments[Number(rest)]?.name ?? "?" };
  return { kind: "finding", text: wordsOf(Number(rest), draft, report, options) };
}

/** "Dana Roe <dana@mail.test>": the address is what goes wrong, so it is always there. */
export function called(person: Person): string {
  return person.name && person.address ? `${person.name} <${person.address}>` : displayName(person);
}

function wordsOf(index: number, draft: Draft, report: Report, options: FillOptions): string {
  const finding = report.findings[index];
  const words = (finding?.spans ?? []).map((span) => {
    const source = partOf(draft, span.part)?.slice(span.utf16[0], span.utf16[1]) ?? "";
    return span.part === "body.html" ? options.decode(source) : source;
  });
  const said = words.join(" ").replace(/\s+/g, " ").trim();
  return said || options.unseen(finding?.label ?? "");
}
