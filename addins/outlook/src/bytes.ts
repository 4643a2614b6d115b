// Bytes without the functions that classic Outlook does not have (atob, TextEncoder, crypto.subtle).
import { hash } from "@stablelib/sha256";
import { hex } from "../../core/src/upload.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Uint8Array(128).fill(255);
for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;

/** Throws RangeError over anything that is not base64. Line ends are skipped. */
export function fromBase64(text: string): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let size = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 61 || code === 10 || code === 13) continue;
    const value = code < 128 ? (values[code] ?? 255) : 255;
    if (value === 255) throw new RangeError("not base64");
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[size++] = (held >> bits) & 255;
    }
  }
  return out.subarray(0, size);
}

export function utf8(text: string): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0xfffd;
    if (code > 0xffff) i++;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) out.push(point);
    else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else out.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return Uint8Array.from(out);
}

export function sha256(bytes: Uint8Array): string {
  return hex(hash(bytes));
}
