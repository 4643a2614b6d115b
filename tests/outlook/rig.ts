// The simulated host page in a real Chromium, with the real office.js and the add-in's pages from the real service. The leaf certificate is
// trusted by its key alone; anything else is refused, as in a managed browser.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { root } from "../web/support.ts";
import { type Certificate, Service } from "./service.ts";
import { type Mail, outFolder } from "./support.ts";

const types: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

/** The origin of the page around, which is Outlook's otherwise: two files. */
export interface Outlook {
  readonly origin: string;
  stop(): Promise<void>;
}

const opened: (() => Promise<void>)[] = [];

/** Whatever is still open, also after a test that failed half way: node would wait for it for ever. */
export async function closeAll(): Promise<void> {
  await Promise.allSettled([...opened.map((close) => close()), ...[...Service.running].map((service) => service.stop())]);
}

export async function serveOutlook(tls: Certificate): Promise<Outlook> {
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    const file = join(`${outFolder}-simulated`, request.url === "/" ? "index.html" : (request.url ?? ""));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  opened.push(stop);
  return { origin: `https://localhost:${address.port}`, stop };
}

export async function launchTrusting(...certificates: readonly Certificate[]): Promise<Browser> {
  return launchWith(certificates, [], browserProgram());
}

export function browserProgram(): string {
  const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  assert.ok(program, "Chromium is not installed (./dev setup installs it)");
  return program;
}

export async function launchWith(certificates: readonly Certificate[], options: readonly string[], program: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: program, headless: process.env["PHISCAN_HEADED"] !== "1", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", ...options, `--ignore-certificate-errors-spki-list=${certificates.map((one) => one.spki).join(",")}`] });
  opened.push(() => browser.close());
  return browser;
}

/** What Office.js of this package takes from a server of Microsoft's otherwise. */
const ajax = `window.Type = window.Type || function () {}; Type.registerNamespace = Type.registerNamespace || function () {}; Type.registerClass = Type.registerClass || function () {};
Function._validateParams = Function._validateParams || function () { return null; };
window.Sys = window.Sys || {}; Sys.StringBuilder = Sys.StringBuilder || function () {};
Sys.Serialization = { JavaScriptSerializer: { serialize: JSON.stringify, deserialize: JSON.parse } };`;

export interface Desk {
  readonly page: Page;
  /** Addresses asked for that are neither ours nor office.js. */
  readonly strangers: string[];
  /** Messages to the service's API. */
  readonly asked: string[];
  /** What a content security policy did not let through, as the browser says it. */
  readonly refused: string[];
}

export interface DeskOptions {
  readonly mail: Mail;
  readonly mailbox?: string;
  readonly language?: string;
  readonly paired?: boolean;
  readonly dark?: boolean;
  readonly shared?: { readonly targetMailbox: string };
}

/** A compose window with this message. */
export async function openDesk(browser: Browser, simulated: Outlook, addin: Service, { mail, mailbox = "1.15", language = "en-US", paired = true, dark = false, shared }: DeskOptions): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, locale: language, colorScheme: dark ? "dark" : "light" });
  const strangers: string[] = [];
  const asked: string[] = [];
  const refused: string[] = [];
  const package_ = join(createRequire(join(root, "addins/package.json")).resolve("@microsoft/office-js/package.json"), "../dist");
  await context.route("https://appsforoffice.microsoft.com/lib/1/hosted/**", async (route) => {
    const file = join(package_, new URL(route.request().url()).pathname.replace("/lib/1/hosted/", ""));
    if (existsSync(file)) await route.fulfill({ body: readFileSync(file), contentType: "text/javascript" });
    else await route.abort();
  });
  await context.route("https://ajax.aspnetcdn.com/**", (route) => route.fulfill({ body: ajax, contentType: "text/javascript" }));
  await context.route(/^https?:\/\/(?!localhost|appsforoffice\.microsoft\.com\/lib|ajax\.aspnetcdn\.com)/, async (route) => {
    strangers.push(route.request().url());
    await route.abort();
  });
  if (paired) await context.addInitScript(`if (location.origin === ${JSON.stringify(addin.origin)}) localStorage.setItem("phiscan.token", ${JSON.stringify(addin.token)})`);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("request", (request) => void (request.url() === `${addin.origin}/api` && asked.push(request.postData() ?? "")));
  page.on("console", (message) => void (message.text().includes("Content Security Policy") && refused.push(message.text())));
  await page.goto(simulated.origin);
  await page.evaluate(
    ([of, set, lang, share, origin]) => {
      const outlook = (window as unknown as { outlook: Record<string, unknown> & { start(mail: unknown, origin: string): void } }).outlook;
      Object.assign(outlook, { mailbox: set, language: lang, shared: share });
      outlook.start(of, origin as string);
    },
    [mail, mailbox, language, shared ?? null, addin.origin] as const,
  );
  return { page, strangers, asked, refused };
}
