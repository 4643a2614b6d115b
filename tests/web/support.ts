// What the browser tests share: a real Chromium, real reports by the engine, axe-core.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRequest, check, type Draft, type Person, type Report, report as reportShape } from "@phiscan/core";
import { type Browser, chromium, type Page } from "playwright-core";

export const root = process.env["PHISCAN_ROOT"] ?? "";
export const out = process.env["PHISCAN_OUT"] ?? "";
const screenshots = process.env["PHISCAN_SCREENSHOTS"];

export interface Sample {
  readonly id: string;
  readonly title: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly draft: {
    readonly from: Person;
    readonly to: readonly Person[];
    readonly cc: readonly Person[];
    readonly bcc: readonly Person[];
    readonly subject: string;
    readonly html: string;
    readonly compose: Draft["compose"];
    readonly participants: readonly string[];
    readonly role: string | null;
    readonly mailbox: string | null;
  };
  readonly files: readonly { readonly name: string; readonly media_type: string; readonly text?: string; readonly base64?: string }[];
}

export function samples(): readonly Sample[] {
  const folder = join(root, "addins/playground/samples");
  return readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Sample);
}

export function sample(id: string): Sample {
  const found = samples().find((one) => one.id === id);
  assert.ok(found, `there is no sample ${id}; there are ${samples().map((one) => one.id).join(", ")}`);
  return found;
}

export function draftOf({ draft, files }: Sample): Draft {
  return {
    ...draft,
    text: null,
    headers: {},
    attachments: files.map((file) => ({ name: file.name, mediaType: file.media_type, size: (file.text ?? file.base64 ?? "").length, sha256: "00" })),
  };
}

/** The engine's own report, by the command line. Attachments that hold text are read, others are not. */
export function scan(draft: Draft, locale: string, texts: readonly (string | undefined)[] = [], policy?: (text: string) => string): Report {
  const folder = mkdtempSync(join(tmpdir(), "phiscan-web-"));
  try {
    const request = buildRequest(draft, { now: "2026-11-22T10:00:00-05:00", locale });
    const attachments = (request.attachments ?? []).map((one, i) =>
      texts[i] === undefined ? { ...one, unread: "unsupported" as const } : { ...one, text_parts: [{ where: "rows", text: texts[i] }] },
    );
    writeFileSync(join(folder, "request.json"), JSON.stringify({ ...request, attachments }));
    const clinic = readFileSync(join(root, "libphiscan/schema/examples/policy.clinic.json"), "utf8");
    writeFileSync(join(folder, "policy.json"), policy ? policy(clinic) : clinic);
    const program = process.env["PHISCAN"] ?? join(root, "build/bin/phiscan");
    let said: string;
    try {
      said = execFileSync(program, ["scan", "--format", "jsonl", "--policy", join(folder, "policy.json"), join(folder, "request.json")], { encoding: "utf8" });
    } catch (error) {
      // 10 to 12 are actions, not failures.
      const failed = error as { status?: number; stdout?: string };
      if (![10, 11, 12].includes(failed.status ?? -1)) throw error;
      said = failed.stdout ?? "";
    }
    return check(reportShape, (JSON.parse(said) as { report: unknown }).report);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function scanSample(one: Sample, locale = one.locale, policy?: (text: string) => string): { draft: Draft; report: Report } {
  const draft = draftOf(one);
  return { draft, report: scan(draft, locale, one.files.map((file) => file.text), policy) };
}

export async function launch(): Promise<Browser> {
  const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  assert.ok(program, "Chromium is not installed (./dev setup installs it)");
  return chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** Static files under the same strict policy that the real pages have. */
export async function serve(files: Readonly<Record<string, string>>): Promise<{ url: string; server: Server }> {
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", json: "application/json", css: "text/css" };
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1) || "index.html";
    const file = files[name];
    response.writeHead(file === undefined ? 404 : 200, {
      "Content-Type": `${types[name.split(".").at(-1) ?? ""] ?? "text/plain"}; charset=utf-8`,
      "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types phiscan-inert",
    });
    response.end(file ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  return { url: `http://127.0.0.1:${address.port}/`, server };
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] }[];
}

/** Everything axe-core knows of WCAG 2.2 AA and of good practice. */
export async function axe(page: Page, where: string): Promise<void> {
  const path = createRequire(join(root, "addins/package.json")).resolve("axe-core/axe.min.js");
  await page.evaluate(readFileSync(path, "utf8"));
  const results = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  const said = results.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html.slice(0, 200)}\n  ${node.failureSummary ?? ""}`).join("\n")}`);
  assert.deepEqual(said, [], where);
}

/** Only when asked for: the picture lands in build/screenshots. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
