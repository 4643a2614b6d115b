// The one window that asks. It belongs to one compose window; closing it in any way is an answer.

const open = new Map<number, number>();
const closed = new Map<number, () => void>();

browser.windows.onRemoved.addListener((windowId) => {
  for (const [tabId, id] of open) {
    if (id !== windowId) continue;
    open.delete(tabId);
    const tell = closed.get(tabId);
    closed.delete(tabId);
    tell?.();
  }
});

/** `onClosed` is told when the person closes it; not when closeQuestion does. */
export async function openQuestion(tabId: number, height: number, onClosed: () => void): Promise<void> {
  await closeQuestion(tabId);
  const { id } = await browser.windows.create({ type: "popup", url: `review.html?tab=${tabId}`, width: 700, height, allowScriptsToClose: true });
  if (id === undefined) throw new Error("no window");
  open.set(tabId, id);
  closed.set(tabId, onClosed);
}


/** A second Send, or a click on our button, brings it to the front. */
export async function raiseQuestion(tabId: number): Promise<void> {
  const id = open.get(tabId);
  if (id !== undefined) await browser.windows.update(id, { focused: true }).catch(() => undefined);
}

export async function closeQuestion(tabId: number): Promise<void> {
  const id = open.get(tabId);
  open.delete(tabId);
  closed.delete(tabId);
  if (id !== undefined) await browser.windows.remove(id).catch(() => undefined);
}

export async function focusCompose(tabId: number): Promise<void> {
  const { windowId } = await browser.tabs.get(tabId);
  if (windowId !== undefined) await browser.windows.update(windowId, { focused: true });
}
