// The window that asks at Send, and stays after a portal hand-off with the person's own text.
import { button, el, icon, type ReviewChoice, visibleText } from "@phiscan/ui";
import { whole } from "./flowed.ts";
import { ask, heights, type Question } from "./messages.ts";
import { pageWords } from "./words.ts";

const tabId = Number(new URLSearchParams(location.search).get("tab"));
let lang: "en" | "es" = "en";
let answered = false;

async function show(question: Question): Promise<void> {
  lang = question.lang;
  const words = pageWords(lang);
  document.documentElement.lang = lang;
  if (question.kind === "gone") {
    window.close();
    return;
  }
  answered = false;
  void fit(heights[question.kind]);
  const also = question.also.length > 0 ? el("p", { class: "also", role: "note" }, words.alsoGoes(question.also.map((one) => words[one]).join(", "))) : null;
  if (question.kind === "said") return page(el("section", { class: "said" }, el("p", {}, question.text)), buttonRow([button(words.close, "primary", () => window.close())]));
  if (question.kind === "handoff") return handoff(question);
  const review = document.createElement("phiscan-review");
  review.addEventListener("phiscan-choice", (event) => void choose((event as CustomEvent<ReviewChoice>).detail));
  const interrupted = el("p", { class: "also", role: "status", hidden: true }, words.interrupted);
  const aside = question.kind === "review" && question.aside !== null ? el("p", { class: "also", role: "note" }, question.aside) : null;
  page(aside, also, interrupted, review);
  if (question.kind === "unchecked") review.openUnchecked({ locale: lang, blocked: question.blocked, text: question.text });
  else {
    const { rememberDays, ...shown } = question.shown;
    review.open({ ...shown, ...(rememberDays === null ? {} : { rememberDays }) });
    interrupted.hidden = !question.released;
    watch(interrupted);
  }
  document.title = review.headline || "phiscan";
  document.body.dataset["ready"] = question.kind;
}

function page(...children: readonly (HTMLElement | null)[]): void {
  document.body.replaceChildren(...children.filter((one) => one !== null));
  document.body.dataset["ready"] = "yes";
  document.querySelector<HTMLElement>("button.primary")?.focus();
}

/** As high as that, but never with its buttons below the end of the screen. */
async function fit(height: number): Promise<void> {
  const { availHeight, availTop = 0 } = screen as Screen & { readonly availTop?: number };
  const wanted = Math.min(height, availHeight);
  const top = Math.max(availTop, Math.min(window.screenY, availTop + availHeight - wanted));
  if (Math.abs(window.outerHeight - wanted) < 40 && top === window.screenY) return;
  const { id } = await browser.windows.getCurrent();
  if (id !== undefined) await browser.windows.update(id, { height: wanted, top }).catch(() => undefined);
}

function buttonRow(buttons: readonly HTMLElement[]): HTMLElement {
  return el("div", { class: "buttons" }, buttons);
}

/** Asks now and then: it also keeps the background awake. When the Send was given back, that is said. */
function watch(interrupted: HTMLElement): void {
  const timer = setInterval(() => {
    if (!interrupted.isConnected || answered) return clearInterval(timer);
    void ask({ to: "background", type: "held", tabId }).then((held) => {
      if (!answered) interrupted.hidden = held === true;
    });
  }, 1000);
}

/** Once: a second press while the first is on its way counts for nothing. */
async function choose(choice: ReviewChoice): Promise<void> {
  if (answered) return;
  answered = true;
  // This one may take seconds; the others are answered at once.
  if (choice.kind === "retry") document.querySelector("phiscan-review")?.before(el("p", { class: "also", role: "status" }, pageWords(lang).checkingAgain));
  try {
    await show((await ask({ to: "background", type: "choice", tabId, choice })) as Question);
  } catch {
    window.close();
  }
}

function handoff({ text, html, url }: Extract<Question, { kind: "handoff" }>): void {
  const words = pageWords(lang);
  const own = html === null ? text : whole(text) || visibleText(html);
  const copy = button(words.portalCopy, "primary", () => void navigator.clipboard.writeText(own).then(() => (copy.textContent = words.portalCopied)));
  const gone = el("p", { class: "also", role: "status", hidden: true }, words.portalSent);
  const put = button(words.putBack, "plain", () => void putBack());
  const putBack = async () => {
    if ((await ask({ to: "background", type: "undo", tabId }).catch(() => false)) === true) return window.close();
    // The text is nowhere else any more.
    gone.hidden = false;
    put.disabled = true;
  };
  page(
    gone,
    el("section", { class: "handoff" }, el("h1", {}, icon("portal"), words.portalTitle), el("ol", {}, words.portalSteps.map((step) => el("li", {}, step)))),
    el("pre", { class: "kept", tabindex: "0", role: "region", "aria-label": words.portalText }, own),
    buttonRow([
      copy,
      ...(url === null ? [] : [button(words.portalOpen, "plain", () => void browser.windows.openDefaultBrowser(url))]),
      put,
      button(words.close, "plain", () => window.close()),
    ]),
  );
  document.title = words.portalTitle;
  document.body.dataset["ready"] = "handoff";
}

void ask({ to: "background", type: "question", tabId }).then((question) => show(question as Question)).catch(() => window.close());
