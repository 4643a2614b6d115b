// What the pages and the compose script say to the background, and what it answers.
import type { Draft, OfferKind, Report } from "@phiscan/core";
import type { ReviewChoice } from "@phiscan/ui";

export type Ask =
  | { readonly to: "background"; readonly type: "changed" | "tick" | "status" | "selftest"; readonly tabId?: undefined }
  | { readonly to: "background"; readonly type: "question" | "held" | "now" | "undo"; readonly tabId: number }
  | { readonly to: "background"; readonly type: "choice"; readonly tabId: number; readonly choice: ReviewChoice }
  | { readonly to: "background"; readonly type: "offer"; readonly tabId: number; readonly index: number };

export interface Shown {
  readonly report: Report;
  readonly draft: Draft;
  readonly leftOut: boolean;
  readonly rememberDays: number | null;
}

/** A page that a question window shows. `lang` is the language of our own words. */
export type Question = { readonly lang: "en" | "es"; readonly also: readonly ("vcard" | "pgp")[] } & (
  | { readonly kind: "review"; readonly shown: Shown; readonly released: boolean; readonly aside: string | null }
  | { readonly kind: "unchecked"; readonly blocked: boolean; readonly text: string }
  | { readonly kind: "handoff"; readonly text: string; readonly html: string | null; readonly url: string | null }
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "gone" }
);

/** Of its window: a question has much to show, a sentence has not. */
export const heights: Readonly<Record<Question["kind"], number>> = { review: 760, handoff: 760, unchecked: 340, said: 220, gone: 220 };

export interface Now {
  readonly lang: "en" | "es";
  readonly also: readonly ("vcard" | "pgp")[];
  readonly shown: Shown | null;
  readonly unchecked: string | null;
  /** The offer that was carried out last, and can be taken back. */
  readonly done: OfferKind | null;
  readonly isBack: boolean;
  readonly said: string | null;
}

export function ask(message: Ask): Promise<unknown> {
  return browser.runtime.sendMessage(message);
}
