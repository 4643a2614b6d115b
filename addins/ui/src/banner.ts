// <phiscan-banner>: the quiet strip while somebody writes. It names kinds, never values, and speaks only when what it says
// has changed.
import { asks, type Draft, type OfferKind, type Report, present } from "@phiscan/core";
import css from "./banner.css";
import { button, type Child, el, icon, type IconName, styleSheet } from "./dom.ts";
import { visibleText } from "./copy.ts";
import { labelList, labelWord, wordsFor } from "./words.ts";

export type BannerState =
  | { readonly kind: "checking"; readonly locale: string }
  | { readonly kind: "report"; readonly report: Report; readonly draft: Draft }
  | { readonly kind: "done"; readonly offer: OfferKind; readonly locale: string }
  | { readonly kind: "unchecked"; readonly locale: string };

const sheet = styleSheet(css);

export class PhiscanBanner extends HTMLElement {
  readonly #root: ShadowRoot;
  readonly #status = el("div", { class: "status", role: "status" });
  readonly #actions = el("div", { class: "actions" });
  readonly #strip = el("div", { class: "strip" }, this.#status, this.#actions);
  #said = "";

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#strip);
  }

  /** While a new check runs the last result stays: a strip that flickers is a strip that nobody reads. */
  show(state: BannerState): void {
    if (state.kind === "checking" && this.#said !== "") {
      this.#strip.setAttribute("aria-busy", "true");
      return;
    }
    this.#strip.removeAttribute("aria-busy");
    if (state.kind === "report") return this.#report(state.report, state.draft);
    const words = wordsFor(state.locale);
    if (state.kind === "checking") return this.#say("quiet", "calm", words.lang, words.checking, "", []);
    if (state.kind === "unchecked") {
      return this.#say("look", "look", words.lang, words.uncheckedTitle, "", [button(words.retry, "link", () => this.#tell("phiscan-retry"))]);
    }
    this.#say("done", "fine", words.lang, words.done[state.offer] ?? "", "", [button(words.undo, "link", () => this.#tell("phiscan-undo"))]);
  }

  #report(report: Report, draft: Draft): void {
    const words = wordsFor(report.text.lang);
    const view = present(report, draft, { decode: visibleText, unseen: (label) => labelWord(label, words) });
    const unread = view.attachments.filter((one) => one.unread !== null).length;
    const facts = [
      report.content === "phi" || report.content === "identity" || asks(report.action) ? labelList(view.labels, words) : "",
      view.outside > 0 && report.content !== "none" && report.content !== "health" ? words.outside(view.outside) : "",
      unread > 0 ? words.filesUnread(unread) : "",
    ].filter((fact) => fact !== "");
    // Nothing to say is said quietly, and never in green.
    const quiet = report.action === "allow" && report.complete && report.content !== "phi" && report.content !== "identity";
    if (quiet) return this.#say("quiet", "calm", words.lang, words.nothing, "", []);
    const tone = view.tone === "calm" ? "note" : view.tone;
    const headline = report.text.title;
    this.#say(tone, view.tone, words.lang, headline, facts.join(" · "), [button(words.details, "link", () => this.#tell("phiscan-open"))]);
  }

  #say(kind: string, sign: IconName, lang: string, headline: string, facts: string, actions: readonly Child[]): void {
    const said = `${kind}|${headline}|${facts}`;
    if (said === this.#said) return;
    this.#said = said;
    this.#strip.className = `strip ${kind}`;
    this.#strip.lang = lang;
    this.#status.replaceChildren(icon(sign), el("span", { class: "text" }, el("strong", {}, headline), facts ? el("span", { class: "facts" }, facts) : ""));
    this.#actions.replaceChildren(el("span", {}, actions));
  }

  #tell(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }
}
