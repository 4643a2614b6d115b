// The panel of our button while somebody writes: what was seen, the ways out, and Undo.
import { button, el, type ReviewChoice, wordsFor } from "@phiscan/ui";
import { ask, type Now, type Question } from "./messages.ts";
import { pageWords } from "./words.ts";

let tabId = -1;

async function draw(): Promise<void> {
  const now = (await ask({ to: "background", type: "now", tabId })) as Now;
  const own = pageWords(now.lang);
  document.documentElement.lang = now.lang;
  const parts: (HTMLElement | null)[] = [];
  if (now.done !== null) {
    const done = now.isBack ? (now.said ?? own.putBackDone) : (wordsFor(now.lang).done[now.done] ?? "");
    const locked = now.done === "encrypt" && now.shown?.draft.encryption === "on";
    parts.push(
      el("div", { class: "done", role: "status" }, el("p", {}, locked ? `${done} ${own.keys}` : done), button(now.isBack ? own.again : wordsFor(now.lang).undo, "link", () => void ask({ to: "background", type: "undo", tabId }).then(draw))),
    );
  }
  if (now.unchecked !== null) parts.push(el("p", { class: "said" }, now.unchecked));
  if (now.also.length > 0) parts.push(el("p", { class: "also" }, own.alsoGoes(now.also.map((one) => own[one]).join(", "))));
  const { shown } = now;
  const speaks = shown !== null && (shown.report.action !== "allow" || shown.report.content === "phi" || shown.report.content === "identity");
  if (speaks) {
    const { rememberDays: _days, ...rest } = shown;
    const review = document.createElement("phiscan-review");
    review.addEventListener("phiscan-choice", (event) => void choose((event as CustomEvent<ReviewChoice>).detail));
    document.body.replaceChildren(...parts.filter((one) => one !== null), review);
    review.open({ ...rest, writing: true });
  } else {
    if (now.unchecked === null && now.done === null) parts.push(el("p", { class: "said" }, own.nothing));
    document.body.replaceChildren(...parts.filter((one) => one !== null));
  }
  document.body.append(el("footer", { class: "foot" }, el("span", {}, own.privacy), button(own.settings, "link", () => void browser.runtime.openOptionsPage().then(() => window.close()))));
  document.body.dataset["ready"] = "yes";
}

async function choose(choice: ReviewChoice): Promise<void> {
  if (choice.kind !== "offer") return window.close();
  const after = (await ask({ to: "background", type: "offer", tabId, index: choice.index })) as Question;
  if (after.kind === "said") return document.body.replaceChildren(el("p", { class: "said" }, after.text));
  window.close();
}

void browser.tabs.query({ active: true, currentWindow: true }).then(async ([tab]) => {
  tabId = tab?.id ?? -1;
  await draw();
});
