// The rich body. What comes in, from samples, offers or the clipboard, is parsed inert and built again from a short list of
// elements; so nothing foreign ever reaches the page.
import { el, parse } from "@phiscan/ui";

const kept = new Set(["P", "DIV", "BR", "B", "STRONG", "I", "EM", "U", "S", "UL", "OL", "LI", "BLOCKQUOTE", "H1", "H2", "H3", "TABLE", "TBODY", "THEAD", "TR", "TD", "TH", "PRE", "CODE", "SPAN", "HR"]);
const dropped = new Set(["SCRIPT", "STYLE", "TITLE", "TEMPLATE", "NOSCRIPT", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "HEAD"]);

function editable(from: Node, into: Node): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) into.appendChild(document.createTextNode(child.nodeValue ?? ""));
    else if (child instanceof Element) {
      const tag = child.tagName.toUpperCase();
      if (dropped.has(tag)) continue;
      if (!kept.has(tag)) {
        editable(child, into);
        continue;
      }
      const copy = document.createElement(tag.toLowerCase());
      if (tag === "BLOCKQUOTE") copy.setAttribute("type", "cite");
      into.appendChild(copy);
      editable(child, copy);
    }
  }
}

function fragmentOf(html: string): DocumentFragment {
  const into = document.createDocumentFragment();
  editable(parse(html).body, into);
  return into;
}

export class Editor {
  readonly element = el("div", { class: "body", contenteditable: "true", role: "textbox", "aria-multiline": "true", tabindex: "0", spellcheck: "false" });

  constructor(changed: () => void, files: (files: readonly File[]) => void) {
    this.element.addEventListener("input", changed);
    this.element.addEventListener("paste", (event) => {
      const data = event.clipboardData;
      if (!data) return;
      if (data.files.length > 0) {
        event.preventDefault();
        return files([...data.files]);
      }
      const html = data.getData("text/html");
      if (html === "") return; // Plain text: the browser does that well, with undo.
      event.preventDefault();
      this.#insert(fragmentOf(html));
      changed();
    });
  }

  get html(): string {
    return this.element.innerHTML;
  }

  show(html: string): void {
    this.element.replaceChildren(fragmentOf(html));
  }

  focus(): void {
    this.element.focus();
  }

  /** Bold, italic, lists: what the browser's own editing does. */
  command(name: "bold" | "italic" | "insertUnorderedList" | "formatBlock", value?: string): void {
    this.element.focus();
    document.execCommand(name, false, value);
  }

  #insert(nodes: DocumentFragment): void {
    const selection = document.getSelection();
    const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
    if (!range || !this.element.contains(range.commonAncestorContainer)) return this.element.append(nodes);
    range.deleteContents();
    range.insertNode(nodes);
    range.collapse(false);
  }
}
