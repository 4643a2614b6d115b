// What the pane says about the check itself: which rules, which policy, how old; and how long the connection lasts.
import { check, type Reply } from "@phiscan/core";
import { number, record } from "../../core/src/shape.ts";
import type { Host } from "./host.ts";

export interface StateView {
  readonly pack: { readonly version: string } | null;
  readonly policy: { readonly version: string } | null;
  /** Until the host's certificate ends; null when it does not say. After that no page of ours opens, so it must be said before. */
  readonly certificateDays: number | null;
}

/** Whoever renews the certificate has had time enough by then (`phiscan-host cert renew --due` does it 30 days before). */
export const certificateWarnDays = 14;

const health = record({ certificate_days: number });

export async function stateView(host: Host, deadlineMs: number): Promise<StateView> {
  const hello: Reply<"hello"> = await host.client.call("hello", { client: { name: "outlook", version: "0.1.0" }, protocol: [1] }, { deadlineMs });
  return { pack: hello.pack, policy: hello.policy, certificateDays: await certificateDays() };
}

async function certificateDays(): Promise<number | null> {
  try {
    const response = await fetch("/healthz", { credentials: "omit", cache: "no-store" });
    return check(health, await response.json()).certificate_days;
  } catch {
    return null;
  }
}

/** Whole days since a version that begins with a date; null for one that does not. */
export function ageOf(version: string, now: Date): number | null {
  const date = /^(\d{4})[.-](\d{2})[.-](\d{2})/.exec(version);
  if (!date) return null;
  const then = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  return Math.max(0, Math.floor((now.getTime() - then) / 86_400_000));
}
