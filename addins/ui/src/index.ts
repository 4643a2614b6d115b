// Two elements, without a framework: <phiscan-banner> while somebody writes, <phiscan-review> when they press Send.
import { PhiscanBanner } from "./banner.ts";
import { PhiscanReview } from "./review.ts";

export { type BannerState, PhiscanBanner } from "./banner.ts";
export { markedCopy, parse, visibleText } from "./copy.ts";
export { button, type Child, el, guest, icon, styleSheet } from "./dom.ts";
export { PhiscanReview, type ReviewChoice, type ReviewInput, type UncheckedInput } from "./review.ts";
export { labelWord, type Words, wordsFor } from "./words.ts";

if (!customElements.get("phiscan-banner")) customElements.define("phiscan-banner", PhiscanBanner);
if (!customElements.get("phiscan-review")) customElements.define("phiscan-review", PhiscanReview);

declare global {
  interface HTMLElementTagNameMap {
    "phiscan-banner": PhiscanBanner;
    "phiscan-review": PhiscanReview;
  }
}
