// The clinic's service as it is: phiscan-host serve with a configuration, a certificate, users and their codes.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../web/support.ts";
import type { Line } from "./line.ts";
import { outFolder } from "./support.ts";

const policyFile = join(root, "libphiscan/schema/examples/policy.clinic.json");
export const hostProgram = process.env["PHISCAN_HOST"] ?? join(root, "build/bin/phiscan-host");

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** For --ignore-certificate-errors-spki-list. */
  readonly spki: string;
}

/** For https://localhost, for so many days. */
export function certificate(days = 90): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "phiscan-tls-"));
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", String(days), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", join(folder, "k.pem"), "-out", join(folder, "c.pem")], { stdio: "ignore" });
    const cert = readFileSync(join(folder, "c.pem"));
    const spki = createHash("sha256").update(new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" })).digest("base64");
    return { key: readFileSync(join(folder, "k.pem")), cert, spki };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

export interface ServiceOptions {
  readonly tls?: Certificate;
  /** Origins that may show the pages. */
  readonly outlook?: readonly string[];
  /** Makes another policy of the example clinic's. */
  readonly change?: (policy: string) => string;
  /** The service is reached through it; then it is one of a clinic, since loopback mode has nothing between. */
  readonly line?: Line;
}

export class Service {
  static readonly running = new Set<Service>();
  readonly origin: string;
  /** Of the user "desk", who has been paired. */
  token = "";
  readonly #folder: string;
  readonly #tls: Certificate;
  #agent = new Agent();
  #process: ChildProcess | null = null;
  #log = "";

  // However this program ends, nothing of it stays.
  readonly #last = (): void => {
    this.#process?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(folder: string, port: number, { tls = certificate(), outlook = ["https://outlook.office.com"], change = (policy) => policy, line }: ServiceOptions) {
    this.#folder = folder;
    this.#tls = tls;
    process.once("exit", this.#last);
    this.origin = `https://localhost:${line?.port ?? port}`;
    line?.leadTo(port);
    const write = (name: string, data: string | Buffer) => writeFileSync(join(folder, name), data, { mode: 0o600 });
    write("site.pem", tls.cert);
    write("site.key", tls.key);
    write("policy.json", change(readFileSync(policyFile, "utf8")));
    cpSync(outFolder, join(folder, "pages"), { recursive: true });
    chmodSync(folder, 0o700);
    const config = { schema: "phiscan.serve/1", mode: line ? "server" : "loopback", origin: this.origin, listen: `127.0.0.1:${port}`, certificate: "site.pem", key: "site.key", pages: "pages", users: "users.db", policy: "policy.json", outlook_origins: outlook };
    write("serve.json", JSON.stringify(config));
  }

  /** Running, with one user paired, and its rules compiled: no Send shall wait for that. */
  static async start(options: ServiceOptions = {}): Promise<Service> {
    const one = new Service(mkdtempSync(join(tmpdir(), "phiscan-outlook-")), await freePort(), options);
    Service.running.add(one);
    await one.start();
    const { status, text } = await one.post("/pair", JSON.stringify({ v: 1, code: one.code("desk") }));
    assert.equal(status, 200, text);
    one.token = (JSON.parse(text) as { token: string }).token;
    await one.ask('{"v":1,"id":"first","type":"scan","deadline_ms":60000,"request":{"schema":"phiscan.request/1","from":{"address":"a@b.example"},"subject":"Hello"}}');
    return one;
  }

  async start(): Promise<void> {
    const child = spawn(hostProgram, ["serve", "--config", join(this.#folder, "serve.json")], { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    this.#agent = new Agent({ keepAlive: true, ca: this.#tls.cert });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.on("error", reject);
      child.on("exit", () => reject(new Error(`phiscan-host serve has ended: ${said}`)));
      child.stderr.on("data", (part: Buffer) => {
        said += part.toString();
        this.#log += part.toString();
        if (said.includes("listening")) resolve();
      });
    });
  }

  /** What the service said so far. */
  get log(): string {
    return this.#log;
  }

  /** What the administrator gives to somebody: `users add`. */
  code(name: string): string {
    return execFileSync(hostProgram, ["users", "add", name, "--config", join(this.#folder, "serve.json")], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  }

  post(path: string, body: string, token?: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { Origin: this.origin, "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
      const asked = request(`${this.origin}${path}`, { method: "POST", agent: this.#agent, family: 4, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** One message to /api as the user "desk", and its reply. */
  async ask(body: string): Promise<string> {
    const { status, text } = await this.post("/api", body, this.token);
    assert.equal(status, 200, text);
    return text;
  }

  /** It holds its connections and answers nothing, until `resume`. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends it at once; `start` brings it back with what it knew. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    Service.running.delete(this);
    await this.#end("SIGTERM");
    process.removeListener("exit", this.#last);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(how: NodeJS.Signals): Promise<void> {
    this.#agent.destroy();
    const child = this.#process;
    this.#process = null;
    if (!child) return;
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGCONT");
      child.kill(how);
      await ended;
    }
  }
}
