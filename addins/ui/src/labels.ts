// Words for kinds of findings, from the pack (see build.mjs), and lists of them.
import labels from "phiscan:labels";

/** What a list needs of the words of a language. */
export interface ListWords {
  readonly lang: string;
  readonly and: string;
  readonly more: string;
}

export function labelWord(label: string, words: ListWords): string {
  return labels[words.lang === "es" ? "es" : "en"][label] ?? label.replaceAll("_", " ");
}

/** "name, date of birth and lab result"; after `most`, "and more". */
export function listed(names: readonly string[], words: ListWords, most = 4): string {
  const all = [...new Set(names)];
  if (all.length > most) return all.slice(0, most).join(", ") + words.more;
  const last = all.at(-1) ?? "";
  if (all.length < 2) return last;
  // Spanish y becomes e before an i.
  const and = words.lang === "es" && /^h?i(?!e)/i.test(last) ? " e " : words.and;
  return all.slice(0, -1).join(", ") + and + last;
}

export function labelList(names: readonly string[], words: ListWords, most = 4): string {
  return listed(names.map((name) => labelWord(name, words)), words, most);
}
