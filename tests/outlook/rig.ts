// The simulated host page in a real Chromium, with the real office.js and the add-in's pages over HTTPS. The leaf certificate is trusted by its
// key alone; anything else is refused, as in a managed browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { root } from "../web/support.ts";
import { type Mail, outFolder, PipedHost } from "./support.ts";

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** For --ignore-certificate-errors-spki-list. */
  readonly spki: string;
}

export function certificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "phiscan-tls-"));
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", join(folder, "k.pem"), "-out", join(folder, "c.pem")], { stdio: "ignore" });
    const cert = readFileSync(join(folder, "c.pem"));
    const spki = createHash("sha256").update(new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" })).digest("base64");
    return { key: readFileSync(join(folder, "k.pem")), cert, spki };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const types: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".png": "image/png" };

export interface Served {
  readonly origin: string;
  readonly bodies: string[];
  mode: "answers" | "hangs" | "refuses" | "ends";
  stop(): Promise<void>;
}

/** The pages, and phiscan-host behind POST /api. */
export async function servePages(tls: Certificate, host: PipedHost | null, folder = outFolder): Promise<Served> {
  const bodies: string[] = [];
  const served: { mode: Served["mode"] } = { mode: "answers" };
  let origin = "";
  const server: Server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    const path = (request.url ?? "/").replace(/[?#].*$/, "");
    if (request.method === "POST") {
      if (served.mode === "hangs") return;
      if (served.mode === "ends") return void request.socket.destroy();
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body = Buffer.concat(parts).toString();
        bodies.push(body);
        const reply = (status: number, text: string) => response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(text);
        if (path === "/pair") {
          if ((JSON.parse(body) as { code: string }).code !== "123456") return reply(401, '{"ok":false,"error":{"code":"wrong_code","where":"/code","message":"no"}}');
          return reply(200, '{"ok":true,"token":"token-of-tests","user":"desk","expires":"2027-01-01"}');
        }
        if (request.headers.authorization !== "Bearer token-of-tests" || request.headers.origin !== origin) return reply(401, '{"ok":false,"error":{"code":"wrong_token","where":"","message":"no"}}');
        void host?.ask(body).then((text) => reply(200, text));
      });
      return;
    }
    const file = join(folder, path === "/" ? "index.html" : path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const bytes = readFileSync(file);
    const isScript = path === "/launchevent.js";
    response.writeHead(200, {
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      ...(folder === outFolder ? { "Content-Security-Policy": "default-src 'none'; script-src 'self' https://appsforoffice.microsoft.com https://ajax.aspnetcdn.com; style-src 'self'; img-src 'self'; connect-src 'self'; frame-ancestors https://localhost:*" } : {}),
    });
    response.end(isScript ? bytes.toString().replace("@PHISCAN_ORIGIN@", origin) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  origin = `https://localhost:${address.port}`;
  return {
    origin, bodies,
    get mode() {
      return served.mode;
    },
    set mode(mode) {
      served.mode = mode;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
  return chromium.launch({ executablePath: program, headless: process.env["PHISCAN_HEADED"] !== "1", args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", ...options, `--ignore-certificate-errors-spki-list=${certificates.map((one) => one.spki).join(",")}`] });
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
export async function openDesk(browser: Browser, simulated: Served, addin: Served, { mail, mailbox = "1.15", language = "en-US", paired = true, dark = false, shared }: DeskOptions): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, locale: language, colorScheme: dark ? "dark" : "light" });
  const strangers: string[] = [];
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
  if (paired) await context.addInitScript(`if (location.origin === ${JSON.stringify(addin.origin)}) localStorage.setItem("phiscan.token", "token-of-tests")`);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(simulated.origin);
  await page.evaluate(
    ([of, set, lang, share, origin]) => {
      const outlook = (window as unknown as { outlook: Record<string, unknown> & { start(mail: unknown, origin: string): void } }).outlook;
      Object.assign(outlook, { mailbox: set, language: lang, shared: share });
      outlook.start(of, origin as string);
    },
    [mail, mailbox, language, shared ?? null, addin.origin] as const,
  );
  return { page, strangers };
}
