// Runs in the editor of a compose window: says when something has changed, and ticks, since no event tells of changed recipients and the
// background would sleep. It reads nothing and writes nothing.
import { afterPause } from "@phiscan/core";

declare global {
  interface Window {
    phiscanWatches?: boolean;
  }
}

const tickEvery = 2000;
const typingPause = 450;

if (!window.phiscanWatches) {
  window.phiscanWatches = true;
  const say = (type: "changed" | "tick") => {
    browser.runtime.sendMessage({ to: "background", type }).catch(() => undefined);
  };
  const typing = afterPause(typingPause, () => say("changed"));
  document.addEventListener("input", typing.poke, true);
  new MutationObserver(typing.poke).observe(document, { childList: true, subtree: true, characterData: true });
  setInterval(() => say("tick"), tickEvery);
  say("changed");
}
