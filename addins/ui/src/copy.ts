// A harmless copy of the sender's HTML, to be shown with its findings marked. The source is parsed by DOMParser, which runs
// nothing and loads nothing, and is then built again from a short list of elements, without any attribute.
import { type Draft, marker, markedHtml, type Replacement, replaceRanges, type Report } from "@phiscan/core";
import { el } from "./dom.ts";

const dropped = new Set(["SCRIPT", "STYLE", "TITLE", "TEMPLATE", "NOSCRIPT", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "HEAD", "META", "LINK", "BASE"]);
const kept = new Set(["B", "STRONG", "I", "EM", "U", "S", "CODE", "SUB", "SUP"]);
const blocks = new Set([
  "P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "PRE", "UL", "OL", "DL", "DT", "DD", "TABLE", "TBODY", "THEAD", "TFOOT", "TR", "CAPTION",
  "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "NAV", "ASIDE", "ADDRESS", "CENTER", "FORM", "FIELDSET", "FIGURE", "FIGCAPTION", "HR",
]);

/** Called at a marker; what comes after goes into the node it returns, until the end marker. */
type Open = (key: string) => HTMLElement;

function copyChildren(from: Node, into: Node, key: string, open: Open): void {
  let target: Node = into;
  for (const child of from.childNodes) {
    if (child.nodeType === Node.COMMENT_NODE) {
      const said = child.nodeValue ?? "";
      if (!said.startsWith(`${key}:`)) continue;
      const name = said.slice(key.length + 1);
      target = name === "/" ? into : into.appendChild(open(name));
    } else if (child.nodeType === Node.TEXT_NODE) {
      target.appendChild(document.createTextNode(child.nodeValue ?? ""));
    } else if (child instanceof Element) {
      const tag = child.tagName.toUpperCase();
      if (dropped.has(tag)) continue;
      if (tag === "BR") target.appendChild(el("br"));
      else copyChildren(child, target.appendChild(harmless(tag)), key, open);
    }
  }
}

function harmless(tag: string): HTMLElement {
  if (tag === "BLOCKQUOTE") return el("div", { class: "quote" });
  if (tag === "LI") return el("div", { class: "item" });
  if (tag === "TD" || tag === "TH") return el("span", { class: "cell" });
  if (blocks.has(tag)) return el("div", { class: /^H\d$/.test(tag) ? "block strong" : "block" });
  return kept.has(tag) ? document.createElement(tag.toLowerCase()) : el("span");
}

// Pages may forbid strings as markup altogether (require-trusted-types-for); this one policy is for the parser below.
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): { createHTML: (html: string) => string };
}
const inert = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("phiscan-inert", { createHTML: (html) => html });

/** The one place where a string becomes a document: one that runs nothing, loads nothing and is never shown. */
export function parse(html: string): Document {
  return new DOMParser().parseFromString(inert ? inert.createHTML(html) : html, "text/html");
}

function freshKey(): string {
  return `m${crypto.randomUUID().replaceAll("-", "")}`;
}

/** What a reader of this HTML sees, as one line. */
export function visibleText(html: string): string {
  return parse(html).body.textContent ?? "";
}

/** The HTML body with a <mark> around each finding. */
export function markedCopy(draft: Draft, report: Report, mark: (finding: number) => HTMLElement, options: { readonly all?: boolean } = {}): HTMLElement {
  const key = freshKey();
  const into = el("div", { class: "copy" });
  copyChildren(parse(markedHtml(draft, report, key, options)).body, into, key, (name) => mark(Number(name)));
  return into;
}

/** HTML before or after replacements, each change inside <del> or <ins>. */
export function changedCopy(html: string, replacements: readonly Replacement[], side: "before" | "after"): HTMLElement {
  const key = freshKey();
  const wrapped = replacements.map(({ at, text }) => {
    const shown = side === "before" ? html.slice(at[0], at[1]) : text;
    return { at, text: shown === "" ? "" : marker.begin(key, 0) + shown + marker.end(key) };
  });
  const into = el("div", { class: "copy" });
  copyChildren(parse(replaceRanges(html, wrapped).text).body, into, key, () => el(side === "before" ? "del" : "ins"));
  return into;
}

/** The same for plain text. */
export function changedText(source: string, replacements: readonly Replacement[], side: "before" | "after"): HTMLElement {
  const into = el("div", { class: "copy plain" });
  let end = 0;
  for (const { at, text } of [...replacements].sort((a, b) => a.at[0] - b.at[0])) {
    const shown = side === "before" ? source.slice(at[0], at[1]) : text;
    into.append(source.slice(end, at[0]));
    if (shown !== "") into.append(el(side === "before" ? "del" : "ins", {}, shown));
    end = at[1];
  }
  into.append(source.slice(end));
  return into;
}
