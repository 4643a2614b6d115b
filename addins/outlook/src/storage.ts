// What is kept between messages: the token of this Outlook and the policy seen last. No text of a mail, no address. In classic Outlook this
// is Office's own storage; in a browser pages/storage.js puts the same functions over the page's.
import { within } from "../../core/src/deadline.ts";

const deadline = 300;

export async function recall(key: "token" | "policy"): Promise<string | null> {
  try {
    const storage = typeof OfficeRuntime === "undefined" ? undefined : OfficeRuntime?.storage;
    return storage ? ((await within(storage.getItem(`phiscan.${key}`), deadline)) ?? null) : null;
  } catch {
    return null;
  }
}

/** Whether it was kept. */
export async function keep(key: "token" | "policy", value: string | null): Promise<boolean> {
  try {
    const storage = typeof OfficeRuntime === "undefined" ? undefined : OfficeRuntime?.storage;
    if (!storage) return false;
    await within(value === null ? storage.removeItem(`phiscan.${key}`) : storage.setItem(`phiscan.${key}`, value), deadline);
    return true;
  } catch {
    return false;
  }
}
