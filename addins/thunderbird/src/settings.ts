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
  /** What the administrator has set to a value that does not fit. It is not used, and neither is it locked. */
  readonly misfits: readonly Setting[];
}

type Values = Readonly<Record<string, unknown>>;

/** Values that do not fit are as good as not there; those of the administrator are said. */
export function settingsFrom(managed: Values, local: Values): Settings {
  const locked: Setting[] = [];
  const misfits: Setting[] = [];
  const pick = <T>(name: Setting, fits: (value: unknown) => value is T, otherwise: T): T => {
    const fixed = managed[name];
    if (fits(fixed)) {
      locked.push(name);
      return fixed;
    }
    if (fixed !== undefined) misfits.push(name);
    return (name === "locale" || name === "strip" || name === "promptSeconds") && fits(local[name]) ? local[name] : otherwise;
  };
  const word = <const W extends readonly string[]>(...words: W) => (value: unknown): value is W[number] => typeof value === "string" && words.includes(value);
  return {
    locale: pick("locale", word("auto", "en", "es"), "auto"),
    strip: pick("strip", (value): value is boolean => typeof value === "boolean", true),
    failMode: pick<Settings["failMode"]>("failMode", word("prompt", "block", "allow_with_note"), null),
    promptSeconds: pick("promptSeconds", (value): value is number => typeof value === "number" && value >= 1 && value <= 3600, 300),
    role: pick<string | null>("role", (value): value is string => typeof value === "string" && value !== "", null),
    locked,
    misfits,
  };
}

export async function readSettings(): Promise<Settings> {
  // Without a policy for this add-on storage.managed rejects. A full or broken disk must not stop mail: then our own values hold.
  const [managed, local] = await Promise.all([browser.storage.managed.get().catch(() => ({})), browser.storage.local.get(null).catch(() => ({}))]);
  return settingsFrom(managed, local);
}

export function languageOf(settings: Settings): "en" | "es" {
  const wanted = settings.locale === "auto" ? browser.i18n.getUILanguage() : settings.locale;
  return wanted.toLowerCase().startsWith("es") ? "es" : "en";
}
