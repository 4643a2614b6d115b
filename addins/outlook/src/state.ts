// What the pane says about the check itself: which rules, which policy, how old.
import type { Reply } from "@phiscan/core";
import type { Host } from "./host.ts";

export interface StateView {
  readonly pack: { readonly version: string } | null;
  readonly policy: { readonly version: string } | null;
}

export async function stateView(host: Host, deadlineMs: number): Promise<StateView> {
  const hello: Reply<"hello"> = await host.client.call("hello", { client: { name: "outlook", version: "0.1.0" }, protocol: [1] }, { deadlineMs });
  return { pack: hello.pack, policy: hello.policy };
}

/** Whole days since a version that begins with a date; null for one that does not. */
export function ageOf(version: string, now: Date): number | null {
  const date = /^(\d{4})[.-](\d{2})[.-](\d{2})/.exec(version);
  if (!date) return null;
  const then = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  return Math.max(0, Math.floor((now.getTime() - then) / 86_400_000));
}
