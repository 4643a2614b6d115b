// Mailing lists of the address book: one entry in the To line, several people. Thunderbird expands them only after we were asked, and
// looks a list up by its name, whatever stands in its description; so do we.
import type { Person } from "@phiscan/core";

interface List {
  readonly name: string;
  readonly description: string;
}

let known: { readonly at: number; readonly lists: Promise<readonly List[]> } | null = null;

/** The address book may change: it is read anew after ten seconds. */
function lists(): Promise<readonly List[]> {
  const now = Date.now();
  if (!known || now - known.at >= 10_000) known = { at: now, lists: readLists() };
  return known.lists;
}

async function readLists(): Promise<readonly List[]> {
  const books = await browser.addressBooks.list().catch(() => []);
  const each = await Promise.all(books.map((book) => browser.addressBooks.mailingLists.list(book.id).catch(() => [])));
  return each.flat().map((list) => ({ name: list.name, description: list.description ?? "" }));
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** One entry as people: a list with its members, or with "members unknown" when nobody here can see them. */
export async function personOf({ name = "", email = "" }: Mailbox): Promise<Person> {
  const person: Person = name && name !== email ? { address: email, name } : { address: email };
  const list = (await lists()).find((one) => same(one.name, name || email) && (!email.includes("@") || same(one.description, email)));
  if (!list && email.includes("@")) return person;
  const called = list?.name ?? (name || email);
  // Only a list whose address is its name is expanded by this call.
  const quoted = `"${called.replace(/["\\]/g, "\\$&")}"`;
  const members = await browser.messengerUtilities.parseMailboxString(`${quoted} <${quoted}>`, { expandMailingLists: true }).catch(() => []);
  const people = members.filter((one) => (one.email ?? "").includes("@"));
  const shown = { address: "", name: called };
  if (people.length === 0) return { ...shown, membersUnknown: true };
  const expanded = people.map((one): Person => (one.name ? { address: one.email ?? "", name: one.name } : { address: one.email ?? "" }));
  // Some were no addresses: they are said, not dropped.
  return { ...shown, members: expanded, ...(people.length < members.length ? { membersUnknown: true } : {}) };
}
