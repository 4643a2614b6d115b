// Elements by hand. Every string that is shown goes through a text node; there is no path from a string to markup here.

type Attributes = Readonly<Record<string, string | boolean | undefined>>;
export type Child = Node | string | null | undefined | false | readonly Child[];

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === "string") parent.appendChild(document.createTextNode(child));
    else if (child instanceof Node) parent.appendChild(child);
    else append(parent, child);
  }
}

export function button(text: Child, kind: string, press: (event: MouseEvent) => void): HTMLButtonElement {
  const element = el("button", { type: "button", class: kind }, text);
  element.addEventListener("click", press);
  return element;
}

/** A name or address from the mail: isolated, so that its direction stays its own. */
export function guest(text: string, kind = "guest"): HTMLElement {
  return el("bdi", { class: kind }, text);
}

const svg = "http://www.w3.org/2000/svg";

const shapes = {
  look: "M12 3 2.5 20h19L12 3Zm0 6v5m0 3v.01",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8l5-5Zm1 6 6 6m0-6-6 6",
  calm: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v6m0-9v.01",
  fine: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-4 9 3 3 5-6",
  file: "M6 3h8l4 4v14H6V3Zm8 0v4h4",
  portal: "M4 5h16v12H4V5Zm4 16h8m-4-4v4",
  lock: "M6 11h12v9H6v-9Zm3 0V8a3 3 0 0 1 6 0v3",
  pen: "M4 20l1-4L16 5l3 3L8 19l-4 1Z",
  minus: "M15 19a6 6 0 0 0-12 0M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8m7 6h6",
  hide: "M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6Zm1 8L20 4",
  cut: "M4 6h16M4 11h10M4 16h6m5 0 5 5m0-5-5 5",
  people: "M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8m7 15a7 7 0 0 0-14 0m15-14a4 4 0 0 1 0 7m5 7a7 7 0 0 0-3-5",
  forward: "M13 5l7 7-7 7m7-7H4",
  next: "M9 5l7 7-7 7",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14 7.5",
  list: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  quote: "M5 4v16M10 8h10M10 12h10M10 16h6",
  close: "M6 6l12 12M18 6L6 18",
} as const;
export type IconName = keyof typeof shapes;

/** Decoration only: the words beside it say the same. */
export function icon(name: IconName): SVGElement {
  const element = document.createElementNS(svg, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: `icon icon-${name}` })) {
    element.setAttribute(key, value);
  }
  const path = document.createElementNS(svg, "path");
  path.setAttribute("d", shapes[name]);
  element.appendChild(path);
  return element;
}

export function styleSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
