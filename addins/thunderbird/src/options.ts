// The settings page: what the host says, what the clinic has set, and the few things that are the person's own.
import { button, type Child, el } from "@phiscan/ui";
import { ask } from "./messages.ts";
import type { Status } from "./self_test.ts";
import { languageOf, type Setting } from "./settings.ts";
import { type PageWords, pageWords } from "./words.ts";

const day = 86_400_000;

/** Versions such as 2026-11-22 or 2026.11.0 say how old they are. */
function ageOf(version: string, words: PageWords): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(version);
  if (!match) return version;
  const days = Math.floor((Date.now() - Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))) / day);
  return days < 0 ? version : `${version} (${words.age(days)})`;
}

async function draw(): Promise<void> {
  const status = (await ask({ to: "background", type: "status" })) as Status;
  const { settings } = status;
  const words = pageWords(languageOf(settings));
  document.documentElement.lang = words.lang;
  document.title = words.settings;
  const row = (name: string, value: string, locked = false) => [el("dt", {}, name), el("dd", {}, value, locked ? el("span", { class: "locked" }, words.byPolicy) : null)];
  const named = (one: { id: string; version: string } | null) => (one ? `${one.id} ${ageOf(one.version, words)}` : words.none);
  const locked = (name: Setting) => settings.locked.includes(name);
  const set = (name: Setting, value: unknown) => void browser.storage.local.set({ [name]: value }).then(draw);

  const language = el("select", { id: "locale", disabled: locked("locale") }, Object.entries(words.languages).map(([id, name]) => el("option", { value: id, selected: id === settings.locale }, name)));
  language.addEventListener("change", () => set("locale", language.value));
  const strip = el("input", { type: "checkbox", id: "strip", disabled: locked("strip"), checked: settings.strip });
  strip.addEventListener("change", () => set("strip", strip.checked));
  const result = el("p", { class: "result", role: "status" });
  const test = button(words.selfTest, "primary", () => {
    test.disabled = true;
    void ask({ to: "background", type: "selftest" }).then((reply) => {
      const { milliseconds } = reply as { milliseconds: number | null };
      result.className = milliseconds === null ? "result bad" : "result good";
      result.textContent = milliseconds === null ? words.selfTestBad : words.selfTestGood(milliseconds);
      test.disabled = false;
    });
  });
  const lockNote = (name: Setting): Child => (locked(name) ? el("span", { class: "locked" }, words.byPolicy) : null);
  document.body.replaceChildren(
    el("h1", {}, words.settings),
    el(
      "section",
      { class: status.trouble === null ? "state good" : "state bad" },
      el("h2", {}, words.state),
      el("p", { id: "state", role: "status" }, status.trouble === null ? (status.state ?? "") : status.trouble === "version" ? words.tooOld : words.unreachable),
      el(
        "dl",
        {},
        // Of a program that does not answer nothing is known, which is not the same as none.
        ...(status.trouble === null
          ? [
              row(words.host, status.host ?? words.none),
              row(words.engine, status.engine ?? words.none),
              row(words.pack, named(status.pack)),
              row(words.policy, named(status.policy)),
              row(words.mode, words.modes[status.mode ?? ""] ?? words.none, status.locks.includes("mode")),
            ]
          : []),
        row(words.failMode, words.failModes[status.failMode] ?? status.failMode, locked("failMode") || status.locks.includes("fail_mode")),
      ),
      settings.misfits.length > 0 ? el("p", { id: "misfits", class: "result bad" }, words.notFit(settings.misfits.join(", "))) : null,
      el("p", { class: "help" }, words.selfTestHelp),
      test,
      result,
    ),
    el(
      "section",
      {},
      el("h2", {}, words.yours),
      el("p", {}, el("label", { for: "locale" }, words.language, " "), language, lockNote("locale")),
      el("p", {}, strip, el("label", { for: "strip" }, " ", words.strip), lockNote("strip")),
    ),
    el("p", { class: "help" }, words.privacy),
  );
  document.body.dataset["ready"] = "yes";
}

void draw();
