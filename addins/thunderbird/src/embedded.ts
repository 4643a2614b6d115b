// What a formatted message carries besides its text: pictures, and links to files that lie elsewhere (FileLink). Neither is read, so both
// are named: nothing may count as checked that nobody looked at.
import type { Attachment } from "@phiscan/core";

/** A mark of the letterhead, in the signature of each mail alike, is not worth a word. The engine tells logos from documents at the same size. */
export const logoBytes = 32 * 1024;

/** `src` finds a picture again; null for a link. */
export interface Embedded {
  readonly attachment: Attachment;
  readonly src: string | null;
}

/** `unnamed` calls a picture that has no name of its own, by number from 1. */
export function embeddedIn(html: string, unnamed: (number: number) => string): readonly Embedded[] {
  if (!/<img|cloudAttachmentItem/i.test(html)) return [];
  const page = parse(html);
  const found = new Map<string, Embedded>();
  for (const image of page.querySelectorAll("img[src]")) {
    const src = image.getAttribute("src") ?? "";
    // A picture on a web server is not part of the message.
    if (found.has(src) || /^\s*(https?:|$)/i.test(src)) continue;
    const { size, mediaType } = dataOf(src);
    if (size > 0 && size <= logoBytes && image.closest(".moz-signature")) continue;
    const name = fileNameOf(src) || image.getAttribute("alt") || unnamed(found.size + 1);
    found.set(src, { src, attachment: { name, mediaType, size, sha256: null, inline: true, unread: "unsupported" } });
  }
  const links = [...page.querySelectorAll(".cloudAttachmentItem .cloudfile-name")].map((link): Embedded => {
    const name = link.textContent?.trim() || link.getAttribute("href") || "";
    return { src: null, attachment: { name, mediaType: "application/octet-stream", size: 0, sha256: null, unread: "unsupported" } };
  });
  return [...found.values(), ...links];
}

/** The message without the pictures in `removed`, the others under the names in `names`. */
export function changePictures(html: string, removed: ReadonlySet<string>, names: ReadonlyMap<string, string>): string {
  const page = parse(html);
  for (const image of page.querySelectorAll("img[src]")) {
    const src = image.getAttribute("src") ?? "";
    const name = names.get(src);
    if (removed.has(src)) image.remove();
    else if (name !== undefined && fileNameOf(src)) image.setAttribute("src", src.replace(/^([^,]*;filename=)[^;,]*/i, (_, before: string) => before + encodeURIComponent(name)));
    else if (name !== undefined) image.setAttribute("alt", name);
  }
  const type = page.doctype ? `<!DOCTYPE ${page.doctype.name}>` : "";
  return type + page.documentElement.outerHTML;
}

function parse(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

/** Bytes and type of a data URL; of other sources neither is known here. */
function dataOf(src: string): { readonly size: number; readonly mediaType: string } {
  const head = /^data:([^;,]*)([^,]*),/i.exec(src);
  if (!head) return { size: 0, mediaType: "application/octet-stream" };
  const length = src.length - head[0].length;
  return { size: /;base64$/i.test(head[2] ?? "") ? Math.floor((length * 3) / 4) : length, mediaType: head[1] || "text/plain" };
}

/** Thunderbird keeps the name of an inserted file in its data URL, and sends it along. */
function fileNameOf(src: string): string {
  const name = /^data:[^,]*;filename=([^;,]+)/i.exec(src)?.[1] ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
