// Our one info bar. It changes only when what it says changes, stays away once it was closed for what it said, and goes when all is well.
// Every call may fail in some Outlook (a bar is no reason to hold a message up), so nothing here throws.
import { ask } from "./office.ts";
import { barKey, insight, plainBar } from "./limits.ts";
import { read, write } from "./session.ts";

const milliseconds = 700;

export async function showBar(item: OutlookItem, text: string, fingerprint: string, action: string): Promise<void> {
  const [before, dismissed] = [await read(item, "bar"), await read(item, "dismissed")];
  if (dismissed === fingerprint || before === text) return;
  const place = (bar: InfoBar) => ask<void>(milliseconds, (done) => item.notificationMessages.replaceAsync(barKey, bar, done));
  const shown = await place(insight(text, action)).catch(() => place(plainBar(text))).then(
    () => true,
    () => false,
  );
  if (!shown) return;
  await write(item, "bar", text);
  await write(item, "shown", fingerprint);
}

export async function hideBar(item: OutlookItem): Promise<void> {
  if (!(await read(item, "bar"))) return;
  await ask<void>(milliseconds, (done) => item.notificationMessages.removeAsync(barKey, done)).catch(() => undefined);
  await write(item, "bar", "");
}

/** The person closed it: not again for the same findings. */
export async function dismissBar(item: OutlookItem): Promise<void> {
  const fingerprint = await read(item, "shown");
  if (fingerprint) await write(item, "dismissed", fingerprint);
  await write(item, "bar", "");
}
