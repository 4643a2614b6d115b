// One address line: chips, and a field to type the next into.
import type { Person, RecipientClass, Report } from "@phiscan/core";
import { el, guest, icon } from "@phiscan/ui";
import type { PageWords } from "./words.ts";

/** "Dana Roe <dana@mail.test>; b@mail.test" */
export function people(line: string): readonly Person[] {
  return line
    .split(/[;,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => {
      const match = /^"?([^"<]*?)"?\s*<([^<>]+)>$/.exec(one);
      return match ? { address: (match[2] ?? "").trim(), ...(match[1] ? { name: match[1].trim() } : {}) } : { address: one };
    });
}

export class Chips {
  readonly element: HTMLElement;
  readonly #list = el("ul", { class: "chips" });
  readonly #input: HTMLInputElement;
  readonly #changed: () => void;
  readonly #words: () => PageWords;
  #people: readonly Person[] = [];
  #notes: readonly { readonly class: RecipientClass; readonly risks: readonly string[] }[] = [];

  constructor(id: string, words: () => PageWords, changed: () => void) {
    this.#words = words;
    this.#changed = changed;
    this.#input = el("input", { type: "text", id, autocomplete: "off", spellcheck: "false", inputmode: "email" });
    this.element = el("div", { class: "chip-line" }, this.#list, this.#input);
    this.element.addEventListener("click", (event) => event.target === this.element && this.#input.focus());
    this.#input.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" || event.key === ",") && !event.isComposing) {
        event.preventDefault();
        this.#take();
      } else if (event.key === "Backspace" && this.#input.value === "" && this.#people.length > 0) {
        this.#set(this.#people.slice(0, -1));
      }
    });
    this.#input.addEventListener("blur", () => this.#take());
    this.#input.addEventListener("paste", () => setTimeout(() => /[;,\n]/.test(this.#input.value) && this.#take()));
  }

  /** What is still being typed counts when the field is left. */
  get value(): readonly Person[] {
    return this.#people;
  }

  show(value: readonly Person[]): void {
    this.#people = value;
    this.#notes = [];
    this.#input.value = "";
    this.#draw();
  }

  /** Colours the chips by what the engine said of them. */
  note(report: Report | null, field: "to" | "cc" | "bcc"): void {
    const said = (report?.recipients ?? []).filter((one) => one.field === field && one.member === undefined);
    this.#notes = this.#people.map((_, i) => said.find((one) => one.index === i) ?? { class: "own", risks: [] });
    for (const [i, chip] of [...this.#list.children].entries()) chip.className = this.#kind(i);
  }

  #kind(index: number): string {
    const note = this.#notes[index];
    if (!note) return "chip";
    if (note.risks.some((risk) => risk !== "first_time")) return "chip risky";
    return note.class === "own" || note.class === "partner" ? "chip inside" : "chip outside";
  }

  #take(): void {
    const more = people(this.#input.value);
    if (more.length === 0) return;
    this.#input.value = "";
    this.#set([...this.#people, ...more]);
  }

  #set(value: readonly Person[]): void {
    this.#people = value;
    this.#notes = [];
    this.#draw();
    this.#changed();
  }

  #draw(): void {
    const words = this.#words();
    this.#list.replaceChildren(
      ...this.#people.map((person, i) => {
        const name = person.name ?? person.address;
        const drop = el("button", { type: "button", class: "chip-x", "aria-label": words.remove(name) }, "×");
        drop.addEventListener("click", () => {
          this.#set(this.#people.filter((_, other) => other !== i));
          this.#input.focus();
        });
        return el(
          "li",
          { class: this.#kind(i), title: person.address },
          person.members || person.membersUnknown ? icon("people") : null,
          guest(name),
          person.name && !person.members ? guest(person.address, "chip-address") : null,
          drop,
        );
      }),
    );
  }
}
