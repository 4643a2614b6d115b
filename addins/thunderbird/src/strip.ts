// The line at the top of a message while it is written: generated content of a style sheet, which is no part of the document and so is
// never sent. Its text names kinds, never values, and is escaped letter by letter.

export type Tone = "note" | "look" | "stop";

/** Background, ink and edge, by day and by night. */
const colours: Readonly<Record<Tone, Readonly<Record<"light" | "dark", readonly [string, string, string]>>>> = {
  note: { light: ["#eef4fb", "#1d3a5c", "#7aa5d6"], dark: ["#1c2c3d", "#d5e5f7", "#7aa5d6"] },
  look: { light: ["#fff4d6", "#4a3200", "#d99a00"], dark: ["#3a2f10", "#ffe7ad", "#d99a00"] },
  stop: { light: ["#fde7e7", "#5c0f0f", "#cf3030"], dark: ["#421b1b", "#ffd4d0", "#e2574c"] },
};

/** A CSS string of any text: whatever is no ASCII letter or digit becomes an escape. */
export function cssString(text: string): string {
  const escaped = Array.from(text, (char) => (/[A-Za-z0-9]/.test(char) ? char : `\\${(char.codePointAt(0) ?? 0xfffd).toString(16)} `));
  return `"${escaped.join("")}"`;
}

export function stripCss(text: string, tone: Tone): string {
  const { light, dark } = colours[tone];
  const rules = {
    content: cssString(text),
    display: "block",
    "box-sizing": "border-box",
    width: "auto",
    margin: "0 0 10px 0",
    padding: "7px 12px",
    ...paint(light),
    "border-radius": "3px",
    font: "13px/1.4 system-ui, sans-serif",
    "white-space": "normal",
    "text-align": "start",
    "user-select": "none",
    "pointer-events": "none",
  };
  // A quoted mail brings style sheets of its own; none of them may hide the line.
  const night = `@media (prefers-color-scheme: dark) { body::before { ${declarations(paint(dark))} } }`;
  return `body::before { ${declarations(rules)} }\n${night}\n@media print { body::before { display: none !important; } }`;
}

function paint([background, color, edge]: readonly [string, string, string]): Readonly<Record<string, string>> {
  return { background, color, "border-left": `4px solid ${edge}` };
}

function declarations(rules: Readonly<Record<string, string>>): string {
  return Object.entries(rules).map(([name, value]) => `${name}: ${value} !important;`).join(" ");
}
