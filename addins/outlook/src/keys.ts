// Tab in the pane. Office.js takes Tab for itself, to leave the frame where the pane ends; but it does not see into a shadow root, so inside
// of the review every Tab would leave. Wherever there is something to go to Tab is the browser's; Office.js gets it at both ends.
// Source: outlook-web-16.01.debug.js, addOrRemoveEventListenersForWindow and _tabbableElements.
import { button } from "@phiscan/ui";

const wanted = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";

function isShown(one: HTMLElement): boolean {
  return typeof one.checkVisibility === "function" ? one.checkVisibility() : one.getClientRects().length > 0;
}

/** All that can be acted on, in the order of reading. */
function controls(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(`${wanted}, phiscan-review`)].flatMap((one) => (one.shadowRoot ? controls(one.shadowRoot) : isShown(one) && !one.matches(".door") ? [one] : []));
}

function onKey(event: KeyboardEvent): void {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = controls(document);
  const at = all.indexOf(event.composedPath()[0] as HTMLElement);
  const isEnd = at >= 0 && at === (event.shiftKey ? 0 : all.length - 1);
  if (!isEnd) event.stopPropagation();
}

/**
 * The first thing of the page, by which Office.js comes in: it looks for one to focus, and finds none in a shadow root. Coming from outside
 * focus goes on to the first control; from the first control backwards it stays here, so that the next Shift+Tab leaves.
 */
export function door(label: string): HTMLElement {
  const enter = () => controls(document)[0]?.focus();
  const made = button(label, "door", enter);
  made.addEventListener("focus", (event) => {
    if (event.relatedTarget === null) enter();
  });
  document.addEventListener("keydown", onKey);
  return made;
}
