// The one thing the add-ins know without the engine: whether an address is inside, by the last policy seen. It is used only
// when nothing could be checked, to keep mail between colleagues flowing where the policy wants that.
import { type Draft, fields } from "./draft.ts";
import type { Policy } from "./protocol.ts";

export function isOwnDomain(address: string, domains: readonly string[]): boolean {
  const at = address.lastIndexOf("@");
  if (at < 0) return false;
  const domain = address.slice(at + 1).trim().toLowerCase().replace(/\.$/, "");
  return domains.some((own) => {
    const wanted = own.trim().toLowerCase();
    return wanted !== "" && (domain === wanted || domain.endsWith(`.${wanted}`));
  });
}

function isInside(draft: Draft, policy: Policy): boolean {
  const everybody = fields.flatMap((field) => draft[field].flatMap((person) => person.members ?? [person]));
  const own = (policy.own_addresses ?? []).map((address) => address.toLowerCase());
  return everybody.length > 0 && everybody.every(({ address }) => isOwnDomain(address, policy.own_domains) || own.includes(address.trim().toLowerCase()));
}

export interface Unchecked {
  readonly onSend: "proceed" | "note" | "prompt" | "block";
  /** The policy's sentence for the person, or null when there never was a policy. */
  readonly text: Readonly<Record<"en" | "es", string>> | null;
}

/** What to do with a mail that nobody could check. Without a policy: ask. */
export function whenUnchecked(draft: Draft, policy: Policy | null, condition: "host_absent" | "host_slow"): Unchecked {
  if (policy === null) return { onSend: "prompt", text: null };
  const row = policy.when[condition];
  // "Proceed" is for reports; without one, the least is a note.
  const onSend = row.on_send === "proceed" || (row.outside_only && isInside(draft, policy)) ? "note" : row.on_send;
  return { onSend, text: row.text };
}
