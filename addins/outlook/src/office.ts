// Office.js calls as promises: each ends within its time whatever Outlook does, also when Outlook throws or never calls back, and never
// more than two are on their way (Outlook on the web takes three in all, and the task pane may be asking, too).
import { within } from "../../core/src/deadline.ts";

export class OfficeError extends Error {}

/** `Office.MailboxEnums.BodyMode.FullBody`: all of the message, the earlier ones below it, too. */
export const fullBody = 0;

type Start<T> = (callback: Callback<T>) => void;

const waiting: (() => void)[] = [];
let free = 2;

async function slot(): Promise<void> {
  if (free > 0) {
    free--;
    return;
  }
  await new Promise<void>((resolve) => waiting.push(resolve));
}

function release(): void {
  const next = waiting.shift();
  if (next) next();
  else free++;
}

/** What Outlook answers. Rejects with OfficeError when it cannot, and with DeadlineError when it does not. */
export async function ask<T>(milliseconds: number, start: Start<T>): Promise<T> {
  const asked = (async () => {
    await slot();
    try {
      return await within(
        new Promise<T>((resolve, reject) => {
          start((result) => {
            // Outlook's own words may quote what it was given.
            if (result.status === "failed") reject(new OfficeError(`Office error ${String(result.error?.code ?? "")}`));
            else resolve(result.value);
          });
        }),
        milliseconds,
      );
    } finally {
      release();
    }
  })();
  return within(asked, milliseconds);
}

/** Whether this Outlook has a requirement set, such as "1.14". */
export function has(version: string): boolean {
  try {
    return Office.context.requirements.isSetSupported("Mailbox", version);
  } catch {
    return false;
  }
}

export function currentItem(): OutlookItem {
  const { item } = Office.context.mailbox;
  if (!item) throw new OfficeError("no message is open");
  return item;
}

export function language(): "en" | "es" {
  try {
    return (Office.context.displayLanguage ?? "").toLowerCase().slice(0, 2) === "es" ? "es" : "en";
  } catch {
    return "en";
  }
}
