// While somebody writes: badge, label and title of our button, and the strip in the message. Each changes only when what it says changes.
import { asks, type Attachment, present, type Report } from "@phiscan/core";
import { labelList, labelWord, wordsFor } from "../../ui/src/words.ts";
import type { Checked } from "./checks.ts";
import { logoBytes } from "./embedded.ts";
import { stripCss, type Tone } from "./strip.ts";
import { pageWords } from "./words.ts";

export interface Look {
  readonly badge: string;
  readonly colour: string;
  readonly label: string;
  readonly title: string;
  readonly strip: { readonly text: string; readonly tone: Tone } | null;
}

const grey = "#6b7785";
const blue = "#2f6fb5";
const amber = "#b26a00";
const red = "#b3261e";

export function quiet(lang: "en" | "es"): Look {
  const words = wordsFor(lang);
  return { badge: "", colour: grey, label: "phiscan", title: `phiscan: ${words.nothing}`, strip: null };
}

export function notCheckedLook(lang: "en" | "es", text: string): Look {
  const words = pageWords(lang);
  return { badge: "?", colour: grey, label: words.unchecked, title: text, strip: null };
}

export function notSentLook(lang: "en" | "es", text: string): Look {
  const words = pageWords(lang);
  return { badge: "!", colour: red, label: words.notSent, title: text, strip: { text, tone: "look" } };
}

/** Kinds, never values: titles come from the engine, which puts no text of the mail into them. */
export function lookOf({ report, reading }: Checked, lang: "en" | "es"): Look {
  const words = wordsFor(lang);
  const own = pageWords(lang);
  const view = present(report, reading.draft, { decode: () => "", unseen: (label) => labelWord(label, words) });
  const unread = view.attachments.filter((one) => one.unread !== null && !isDecoration(reading.draft.attachments[one.index])).length;
  const speaks = report.content === "phi" || report.content === "identity" || asks(report.action);
  const facts = [
    speaks ? labelList(view.labels, words) : "",
    speaks && view.outside > 0 ? words.outside(view.outside) : "",
    unread > 0 ? words.filesUnread(unread) : "",
  ].filter((fact) => fact !== "");
  // Small pictures alone are no reason for a line: most are logos in somebody's signature. The panel names them.
  const onlyDecoration = report.gaps.length > 0 && unread === 0 && report.recipients.every((one) => one.risks.every((risk) => risk === "first_time"));
  if (!speaks && unread === 0 && (report.action === "allow" || onlyDecoration)) return quiet(lang);
  const text = [report.text.title, facts.join(" · ")].filter((part) => part !== "").join(" — ");
  const tone: Tone = view.tone === "calm" ? "note" : view.tone;
  const kinds = view.labels.length;
  return {
    badge: asks(report.action) ? String(Math.max(1, kinds)) : kinds > 0 ? "i" : "·",
    colour: { note: blue, look: amber, stop: red }[tone],
    label: { note: own.noteLabel, look: own.look, stop: own.stop }[tone],
    title: text,
    strip: { text, tone },
  };
}

function isDecoration(attachment: Attachment | undefined): boolean {
  return attachment?.inline === true && attachment.size > 0 && attachment.size <= logoBytes;
}

export function doneLook(lang: "en" | "es", report: Report | null, said: string): Look {
  const base = quiet(lang);
  return report && asks(report.action) ? base : { ...base, badge: "✓", colour: "#2e7d32", title: said };
}

export class Live {
  readonly #shown = new Map<number, { readonly look: string; readonly css: string | null }>();

  async show(tabId: number, look: Look, withStrip: boolean): Promise<void> {
    const before = this.#shown.get(tabId);
    const css = look.strip && withStrip ? stripCss(look.strip.text, look.strip.tone) : null;
    const said = JSON.stringify([look.badge, look.colour, look.label, look.title]);
    this.#shown.set(tabId, { look: said, css });
    if (before?.look !== said) {
      await Promise.all([
        browser.composeAction.setBadgeText({ tabId, text: look.badge }),
        browser.composeAction.setBadgeBackgroundColor({ tabId, color: look.colour }),
        browser.composeAction.setBadgeTextColor({ tabId, color: "#ffffff" }),
        browser.composeAction.setLabel({ tabId, label: look.label }),
        browser.composeAction.setTitle({ tabId, title: look.title }),
      ]);
    }
    if ((before?.css ?? null) !== css) {
      const target = { tabId };
      // The new one first: the message must not jump.
      if (css !== null) await browser.scripting.insertCSS({ target, css, origin: "USER" });
      if (before?.css) await browser.scripting.removeCSS({ target, css: before.css, origin: "USER" });
    }
  }

  forget(tabId: number): void {
    this.#shown.delete(tabId);
  }
}
