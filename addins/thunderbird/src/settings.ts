// What this installation was told: by the administrator (storage.managed, from policies.json), then by the person, then our own
// defaults. Rules and the clinic's policy live with the host, not here.

export type Setting = "locale" | "strip" | "failMode" | "promptSeconds" | "role";

export interface Settings {
  /** "auto" is Thunderbird's own language. */
  readonly locale: "auto" | "en" | "es";
  /** The line at the top of the message while writing. */
  readonly strip: boolean;
  /** Only from the administrator; null leaves it to the host's policy. */
  readonly failMode: "prompt" | "block" | "allow_with_note" | null;
  /** How long an open question holds a message before it is given back unsent. */
  readonly promptSeconds: number;
  /** A role of the host's policy, such as front_desk. */
  readonly role: string | null;
  /** What the administrator has set: shown, and not to be changed. */
  readonly locked: readonly Setting[];
}

type Values = Readonly<Record<string, unknown>>;

/** Values that do not fit are as good as not there. */
export function settingsFrom(managed: Values, local: Values): Settings {
  const pick = <T>(name: Setting, fits: (value: unknown) => value is T, otherwise: T): T => {
    if (fits(managed[name])) return managed[name];
    return (name === "locale" || name === "strip" || name === "promptSeconds") && fits(local[name]) ? local[name] : otherwise;
  };
  const word = <const W extends readonly string[]>(...words: W) => (value: unknown): value is W[number] => typeof value === "string" && words.includes(value);
  return {
    locale: pick("locale", word("auto", "en", "es"), "auto"),
    strip: pick("strip", (value): value is boolean => typeof value === "boolean", true),
    failMode: pick<Settings["failMode"]>("failMode", word("prompt", "block", "allow_with_note"), null),
    promptSeconds: pick("promptSeconds", (value): value is number => typeof value === "number" && value >= 1 && value <= 3600, 300),
    role: pick<string | null>("role", (value): value is string => typeof value === "string" && value !== "", null),
    locked: (["locale", "strip", "failMode", "promptSeconds", "role"] as const).filter((name) => managed[name] !== undefined),
  };
}

export async function readSettings(): Promise<Settings> {
  // Without a policy for this add-on storage.managed rejects.
  const managed = await browser.storage.managed.get().catch(() => ({}));
  return settingsFrom(managed, await browser.storage.local.get(null));
}

export function languageOf(settings: Settings): "en" | "es" {
  const wanted = settings.locale === "auto" ? browser.i18n.getUILanguage() : settings.locale;
  return wanted.toLowerCase().startsWith("es") ? "es" : "en";
}
