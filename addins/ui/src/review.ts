// <phiscan-review>: what was seen, who gets it, the ways out. A report and the sender's draft go in; one `phiscan-choice`
// event comes out. It fills whatever holds it: a dialog, a popup window, a task pane.
import {
  type AttachmentView,
  type Choice,
  type Draft,
  type ForwardView,
  offerAt,
  type OfferKind,
  type OfferView,
  type Partner,
  type Piece,
  plain,
  present,
  type ReasonCode,
  reasonCodes,
  type RecipientView,
  type Replacement,
  type Report,
  type ReviewView,
  runsOf,
} from "@phiscan/core";
import { changedCopy, changedText, markedCopy, visibleText } from "./copy.ts";
import { button, type Child, el, guest, icon, type IconName, styleSheet } from "./dom.ts";
import css from "./review.css";
import { labelList, labelWord, listed, type Words, wordsFor } from "./words.ts";

export interface ReviewInput {
  readonly report: Report;
  readonly draft: Draft;
  /** The report was longer than one reply may be. */
  readonly leftOut?: boolean;
  /** Days that an answer may be kept for this conversation; without it nothing is offered. */
  readonly rememberDays?: number | undefined;
  /** "Now", for the day on which that ends. */
  readonly now?: Date;
  /** Nobody has pressed Send yet: shows the same, without the way to send. */
  readonly writing?: boolean;
  /** The answer is "I have checked", and Send is pressed elsewhere. */
  readonly instead?: "checked";
}

/** When the engine did not answer. */
export interface UncheckedInput {
  readonly locale: string;
  /** Policy does not let it go. */
  readonly blocked: boolean;
  /** The policy's own sentence for this. */
  readonly text?: string | undefined;
  /** Nobody has pressed Send yet. */
  readonly writing?: boolean;
}

export type ReviewChoice = Choice | { readonly kind: "retry" };

const sheet = styleSheet(css);

const offerIcons: Readonly<Record<OfferKind, IconName>> = {
  use_portal: "portal",
  encrypt: "lock",
  redact: "pen",
  remove_recipient: "minus",
  move_to_bcc: "hide",
  trim_quote: "cut",
  remove_attachment: "file",
};

export class PhiscanReview extends HTMLElement {
  readonly #root: ShadowRoot;
  #input: ReviewInput | null = null;
  #view: ReviewView | null = null;
  #words: Words = wordsFor("en");
  readonly #ticked = new Set<string>();
  #reason: ReasonCode | null = null;
  #reasonText = "";
  #remember = false;
  /** The offer whose preview is shown. */
  #preview: number | null = null;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open", delegatesFocus: false });
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.addEventListener("keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  /** Shows a report. Focus goes to "Go back and edit": nobody sends by leaning on a key. */
  open(input: ReviewInput): void {
    this.#input = input;
    this.#words = wordsFor(input.report.text.lang);
    const words = this.#words;
    const view = present(input.report, input.draft, {
      decode: visibleText,
      unseen: (label) => labelWord(label, words),
    });
    this.#view = input.writing ? { ...view, canSend: false, needsReason: false } : view;
    this.#ticked.clear();
    this.#reason = null;
    this.#reasonText = "";
    this.#remember = false;
    this.#preview = null;
    this.#showMain("back");
  }

  /** Nothing could be checked: says so, plainly. */
  openUnchecked({ locale, blocked, text, writing }: UncheckedInput): void {
    this.#input = null;
    this.#view = null;
    this.#preview = null;
    const words = (this.#words = wordsFor(locale));
    const back = button(words.goBack, "primary", () => this.#choose({ kind: "go_back" }));
    this.#fill(
      "look",
      words.uncheckedTitle,
      [el("p", { class: "line first" }, text ?? words.uncheckedText), el("p", { class: "line" }, words.uncheckedAdvice)],
      [
        blocked ? el("p", { class: "blocked" }, words.blockedPlain) : null,
        el(
          "div",
          { class: "buttons" },
          back,
          button(words.retry, "plain", () => this.#choose({ kind: "retry" })),
          blocked || writing ? null : button(words.sendAnyway, "send", () => this.#choose({ kind: "send", reason: null, rememberDays: null })),
        ),
      ],
    );
    back.focus();
  }

  /** For whoever names the dialog around it. */
  get headline(): string {
    return this.#root.querySelector("h1")?.textContent ?? "";
  }

  #choose(choice: ReviewChoice): void {
    this.dispatchEvent(new CustomEvent<ReviewChoice>("phiscan-choice", { detail: choice, bubbles: true, composed: true }));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#preview !== null) this.#leavePreview();
    else this.#choose({ kind: "go_back" });
  }

  #fill(tone: ReviewView["tone"], title: string, main: readonly Child[], foot: readonly Child[]): void {
    const words = this.#words;
    const body = el("div", { class: "main" }, main);
    this.#root.replaceChildren(
      el(
        "article",
        { class: `review ${tone}`, lang: words.lang, "aria-labelledby": "title" },
        el("header", {}, el("span", { class: "badge" }, icon(tone)), el("h1", { id: "title" }, title)),
        body,
        el("footer", {}, foot),
      ),
    );
    // Only what scrolls needs a place in the tab order.
    requestAnimationFrame(() => {
      for (const box of this.#root.querySelectorAll<HTMLElement>(".main, .scroll")) {
        if (box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
      }
    });
  }

  #showMain(focus: "back" | number): void {
    const view = this.#view;
    const input = this.#input;
    if (!view || !input) return;
    const words = this.#words;
    const back = button(words.goBack, "primary", () => this.#choose({ kind: "go_back" }));
    const complaint = el("p", { class: "complaint", role: "alert" });
    this.#fill(
      view.tone,
      view.title,
      [
        el(
          "div",
          { class: "lines" },
          view.lines.map((line, i) => el("p", { class: i === 0 ? "line first" : "line" }, pieces(line.words))),
          input.leftOut ? el("p", { class: "line" }, words.leftOut) : null,
          view.bodyGaps.map((why) => el("p", { class: "line" }, words.bodyGap(words.unread[why] ?? why))),
        ),
        view.forward ? this.#forward(view, view.forward) : null,
        this.#offers(view),
        this.#recipients(view),
        this.#ownText(input),
        this.#attachments(view),
        view.needsReason ? this.#reasonFields() : null,
      ],
      [
        view.canSend || input.writing ? null : el("p", { class: "blocked" }, view.offers.length > 0 ? words.blocked : words.blockedPlain),
        complaint,
        el(
          "div",
          { class: "buttons" },
          back,
          view.canSend ? button(input.instead === "checked" ? words.haveChecked : words.sendAnyway, "send", () => this.#send(view, complaint)) : null,
        ),
      ],
    );
    if (focus === "back") back.focus({ preventScroll: true });
    else this.#root.querySelector<HTMLElement>(`[data-offer="${focus}"]`)?.focus();
    const copy = this.#root.querySelector<HTMLElement>(".yours .scroll");
    const mark = copy?.querySelector("mark");
    if (copy && mark) copy.scrollTop = Math.max(0, mark.offsetTop - copy.offsetTop - 24);
  }

  // --- sections ---

  #section(kind: string, title: string, ...children: readonly Child[]): HTMLElement {
    const id = `h-${kind}`;
    return el("section", { class: kind, "aria-labelledby": id }, el("h2", { id }, title), children);
  }

  #offers(view: ReviewView): Child {
    if (view.offers.length === 0) return null;
    const words = this.#words;
    const here = this.#input?.draft.encryption === "available";
    const help = (kind: OfferKind) => (kind === "encrypt" && here ? words.encryptHere : (words.offerHelp[kind] ?? ""));
    const one = (offer: OfferView, i: number) => {
      const press = button(
        [
          icon(offerIcons[offer.kind]),
          el(
            "span",
            { class: "offer-text" },
            el("span", { class: "offer-name" }, pieces(offer.words)),
            el("span", { class: "offer-help" }, help(offer.kind)),
          ),
          i === 0 && view.offers.length > 1 ? el("span", { class: "best" }, words.recommended) : null,
          icon("next"),
        ],
        i === 0 ? "offer first" : "offer",
        () => this.#take(offer),
      );
      press.dataset["offer"] = String(offer.index);
      return el("li", {}, press);
    };
    return this.#section("offers", words.instead, el("ol", {}, view.offers.map(one)));
  }

  #take(offer: OfferView): void {
    if (!offer.preview) return this.#choose({ kind: "offer", index: offer.index });
    this.#preview = offer.index;
    this.#showPreview(offer);
  }

  #recipients(view: ReviewView): Child {
    const words = this.#words;
    if (view.risky.length === 0 && view.safe.length === 0) return null;
    const asks = view.canSend && view.risky.length > 0;
    const together =
      view.visibleTogether > 0
        ? el("li", { class: "recipient risky" }, this.#tick("together", words.tickTogether(view.visibleTogether), view.canSend))
        : null;
    return this.#section(
      "recipients",
      words.who,
      asks ? el("p", { class: "hint", id: "tick-hint" }, words.tickEach) : null,
      view.risky.length > 0 || together
        ? el("ul", { class: "people" }, together, view.risky.map((one) => this.#recipient(one, view.canSend)))
        : null,
      this.#folded(view),
    );
  }

  /** Those with nothing against them: one line, open to whoever wants to look. */
  #folded(view: ReviewView): Child {
    const words = this.#words;
    const besides = view.risky.length > 0;
    const people = el("ul", { class: "people" }, view.safe.map((one) => this.#recipient(one, false)));
    if (view.safe.length === 0) return null;
    if (!besides && view.safe.length <= 3) return people;
    return el("details", {}, el("summary", {}, besides ? words.othersFine(view.safe.length) : words.recipients(view.safe.length)), people);
  }

  #tick(key: string, name: string, live: boolean, ...rest: readonly Child[]): HTMLElement {
    if (!live) return el("div", { class: "person" }, rest.length > 0 ? rest : name);
    const box = el("input", { type: "checkbox", "aria-label": name });
    box.checked = this.#ticked.has(key);
    box.addEventListener("change", () => {
      if (box.checked) this.#ticked.add(key);
      else this.#ticked.delete(key);
    });
    return el("label", { class: "person" }, box, rest.length > 0 ? rest : el("span", { class: "who" }, name));
  }

  #recipient(one: RecipientView, live: boolean): HTMLElement {
    const words = this.#words;
    const name = one.name || one.address;
    const facts = [
      el("span", { class: `tag class-${one.class}` }, words.classes[one.class] ?? one.class),
      one.risks
        .filter((risk) => !(one.partner && (risk === "baa_missing" || risk === "baa_expired")))
        .map((risk) => el("span", { class: risk === "first_time" ? "tag" : "tag risk" }, words.risks[risk] ?? risk.replaceAll("_", " "))),
    ];
    const who = el(
      "span",
      { class: "who" },
      el("span", { class: "name" }, guest(name)),
      one.name && one.address ? guest(one.address, "address") : null,
      el("span", { class: "tags" }, facts),
      one.partner ? el("span", { class: "partner" }, this.#partner(one.partner)) : null,
      one.membersUnknown ? el("span", { class: "partner" }, words.membersUnknown) : null,
    );
    return el(
      "li",
      { class: one.tick ? "recipient risky" : "recipient" },
      this.#tick(one.key, words.tick(name), live && one.tick, who),
      one.members.length > 0
        ? el(
            "details",
            { open: one.members.some((member) => member.tick) },
            el("summary", {}, words.members(one.members.length)),
            el("ul", { class: "people" }, one.members.map((member) => this.#recipient(member, live))),
          )
        : null,
    );
  }

  #partner(partner: Partner): string {
    const words = this.#words;
    const expiry = partner.baa_expires ?? null;
    const today = (this.#input?.now ?? new Date()).toISOString().slice(0, 10);
    const baa = !partner.baa ? words.baaNone : expiry === null ? words.baa : expiry < today ? words.baaExpired : words.baaUntil(this.#date(expiry));
    const channel = partner.channel ? words.channelIs(words.channel[partner.channel] ?? partner.channel) : "";
    return [partner.name, baa, channel].filter((part) => part !== "").join(" · ");
  }

  #date(day: string): string {
    return new Intl.DateTimeFormat(this.#words.lang === "es" ? "es-US" : "en-US", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));
  }

  #ownText({ report, draft }: ReviewInput): Child {
    const words = this.#words;
    const parts = new Set(report.findings.filter((finding) => finding.counted).flatMap((finding) => finding.spans.map((span) => span.part)));
    const mark = (index: number) => {
      const label = labelWord(report.findings[index]?.label ?? "", words);
      return el("mark", { title: label }, el("span", { class: "unseen" }, `${label}: `));
    };
    const runs = (part: string) =>
      el(
        "div",
        { class: "copy plain" },
        runsOf(draft, report, part).map((run) => {
          if (run.finding === null) return run.text;
          const marked = mark(run.finding);
          marked.append(run.text);
          return marked;
        }),
      );
    const rows: Child[] = [];
    const row = (name: string, copy: HTMLElement) =>
      rows.push(el("div", { class: "part" }, el("div", { class: "part-name" }, name), el("div", { class: "scroll", role: "group", "aria-label": name }, copy)));
    if (parts.has("subject")) row(words.subject, runs("subject"));
    // Both forms of a body say the same; the formatted one is what the person wrote.
    if (parts.has("body.html")) row(words.message, markedCopy(draft, report, mark));
    else if (parts.has("body.text")) row(words.message, runs("body.text"));
    draft.attachments.forEach((_, i) => {
      if (parts.has(`attachments/${i}/name`)) row(words.fileName, runs(`attachments/${i}/name`));
    });
    return rows.length > 0 ? this.#section("yours", words.yourText, rows) : null;
  }

  #attachments(view: ReviewView): Child {
    if (view.attachments.length === 0) return null;
    const words = this.#words;
    const row = (one: AttachmentView) =>
      el(
        "li",
        { class: one.unread ? "file unread" : one.labels.length > 0 ? "file found" : "file" },
        icon("file"),
        el(
          "span",
          { class: "who" },
          el("span", { class: "name" }, guest(one.name), el("span", { class: "size" }, this.#size(one.size))),
          el(
            "span",
            { class: "state" },
            one.unread
              ? words.notChecked(words.unread[one.unread] ?? one.unread)
              : one.labels.length > 0
                ? words.checkedFound(labelList(one.labels, words))
                : words.checked,
          ),
        ),
      );
    return this.#section("attachments", words.attachments, el("ul", { class: "files" }, view.attachments.map(row)));
  }

  #size(bytes: number): string {
    const [value, unit] = bytes < 1_000_000 ? ([Math.max(1, Math.round(bytes / 1000)), "kilobyte"] as const) : ([Math.round(bytes / 100_000) / 10, "megabyte"] as const);
    return new Intl.NumberFormat(this.#words.lang, { style: "unit", unit, unitDisplay: "short" }).format(value);
  }

  #forward(view: ReviewView, forward: ForwardView): HTMLElement {
    const words = this.#words;
    const days = this.#input?.rememberDays;
    let remember: Child = null;
    if (days !== undefined && view.action === "confirm") {
      const until = new Date((this.#input?.now ?? new Date()).getTime() + days * 86_400_000);
      const box = el("input", { type: "checkbox" });
      box.addEventListener("change", () => (this.#remember = box.checked));
      remember = el(
        "label",
        { class: "person remember" },
        box,
        el("span", { class: "who" }, words.remember(days), el("span", { class: "partner" }, words.rememberUntil(this.#date(until.toISOString().slice(0, 10))))),
      );
    }
    return this.#section(
      "forward",
      words.forward,
      el(
        "ul",
        { class: "newcomers" },
        forward.newcomers.map((one) =>
          el(
            "li",
            {},
            icon("people"),
            el(
              "span",
              { class: "who" },
              el("span", { class: "name" }, guest(one.name || one.address)),
              el("span", { class: "partner" }, one.partner ? this.#partner(one.partner) : (words.classes[one.class] ?? one.class)),
            ),
            one.risks.includes("new_to_thread") ? el("span", { class: "tag risk" }, words.newcomer) : null,
          ),
        ),
      ),
      el("p", { class: "quoted" }, icon("forward"), el("span", {}, words.quoteHolds(labelList(forward.quoted, words, 5)))),
      remember,
    );
  }

  #reasonFields(): HTMLElement {
    const words = this.#words;
    const other = el("input", { type: "text", id: "other", maxlength: "200", autocomplete: "off", "aria-describedby": "reason-help" });
    other.addEventListener("input", () => (this.#reasonText = other.value));
    const otherRow = el("label", { class: "other", hidden: true }, el("span", {}, words.reasonOther), other);
    const radio = (code: ReasonCode) => {
      const box = el("input", { type: "radio", name: "reason", value: code });
      box.addEventListener("change", () => {
        this.#reason = code;
        otherRow.hidden = code !== "other";
        if (code === "other") other.focus();
      });
      return el("label", { class: "person" }, box, el("span", { class: "who" }, words.reasons[code] ?? code));
    };
    return el(
      "fieldset",
      { class: "reason", "aria-describedby": "reason-help" },
      el("legend", {}, words.reason),
      reasonCodes.map(radio),
      otherRow,
      el("p", { class: "hint", id: "reason-help" }, words.reasonHelp),
    );
  }

  // --- sending ---

  /** Send is never greyed out: pressed too early, it says what is left to do, and goes there. */
  #send(view: ReviewView, complaint: HTMLElement): void {
    const words = this.#words;
    const wanted = view.risky.flatMap((one) => [one, ...one.members]).filter((one) => one.tick).map((one) => one.key);
    if (view.visibleTogether > 0) wanted.push("together");
    const left = wanted.filter((key) => !this.#ticked.has(key));
    if (left.length > 0) return this.#complain(complaint, words.missingTicks(left.length), 'input[type="checkbox"]:not(:checked)');
    if (view.needsReason && this.#reason === null) return this.#complain(complaint, words.missingReason, 'input[type="radio"]');
    const text = this.#reasonText.trim();
    if (view.needsReason && this.#reason === "other" && text === "") return this.#complain(complaint, words.missingOther, "#other");
    const days = this.#remember ? (this.#input?.rememberDays ?? null) : null;
    this.#choose({
      kind: "send",
      reason: this.#reason ? { code: this.#reason, textLength: this.#reason === "other" ? text.length : 0 } : null,
      rememberDays: days,
    });
  }

  #complain(complaint: HTMLElement, message: string, go: string): void {
    complaint.textContent = message;
    const where = this.#root.querySelector<HTMLElement>(`.recipients ${go}, .reason ${go}`);
    where?.closest("details")?.setAttribute("open", "");
    where?.focus();
  }

  // --- preview of an offer ---

  #showPreview(view: OfferView): void {
    const input = this.#input;
    if (!input) return;
    const words = this.#words;
    const { draft, report } = input;
    const offer = offerAt(report, view.index);
    const rows: Child[] = [];
    const pair = (name: string, before: HTMLElement, after: HTMLElement) =>
      rows.push(
        this.#section(
          `change-${rows.length}`,
          name,
          el(
            "div",
            { class: "pair" },
            [[words.before, before] as const, [words.after, after] as const].map(([side, copy]) =>
              el("div", { class: "side" }, el("div", { class: "part-name" }, side), el("div", { class: "scroll", role: "group", "aria-label": `${name}: ${side}` }, copy)),
            ),
          ),
        ),
      );
    const changes = (part: string): readonly Replacement[] =>
      offer.edits.filter((edit) => edit.part === part).map((edit) => ({ at: edit.utf16, text: edit.replacement }));
    const text = (name: string, part: string, source: string) => {
      const made = changes(part);
      if (made.length > 0) pair(name, changedText(source, made, "before"), changedText(source, made, "after"));
    };
    if (offer.notice) {
      const notice = offer.notice;
      rows.push(
        this.#section(
          "notice",
          words.insteadNotice,
          el(
            "div",
            { class: "letter", lang: notice.lang },
            el("div", { class: "letter-subject" }, notice.subject),
            el("div", { class: "copy plain" }, notice.text),
          ),
          el("p", { class: "hint" }, words.noticeKeeps),
        ),
      );
    } else {
      text(words.subject, "subject", draft.subject);
      const html = changes("body.html");
      if (draft.html !== null && html.length > 0) pair(words.message, changedCopy(draft.html, html, "before"), changedCopy(draft.html, html, "after"));
      else if (draft.text !== null) text(words.message, "body.text", draft.text);
      draft.attachments.forEach((one, i) => text(words.fileName, `attachments/${i}/name`, one.name));
    }
    const off = offer.notice ? draft.attachments.map((one) => one.name) : offer.attachments.map((i) => draft.attachments[i]?.name ?? "");
    if (off.length > 0) rows.push(el("p", { class: "line off" }, words.filesOff(listed(off, words, 6))));
    const use = button(words.useThis, "primary", () => this.#choose({ kind: "offer", index: view.index }));
    this.#fill("calm", plain(view.words), rows, [
      el("div", { class: "buttons" }, use, button(words.back, "plain", () => this.#leavePreview())),
    ]);
    use.focus({ preventScroll: true });
  }

  #leavePreview(): void {
    const from = this.#preview;
    this.#preview = null;
    this.#showMain(from ?? "back");
  }
}

function pieces(words: readonly Piece[]): Child {
  return words.map((piece) => (piece.kind === "plain" ? piece.text : guest(piece.text, piece.kind)));
}
