// phiscan-host over HTTPS: one POST for each call, with the token of this Outlook. Nothing is asked without a token.
import { Client, type Wire } from "../../core/src/client.ts";
import { calls, HostError, type Policy, version } from "../../core/src/protocol.ts";
import { check, flag, maybe, record, text, words } from "../../core/src/shape.ts";
import { keep, recall } from "./storage.ts";

type Message = Readonly<Record<string, unknown>>;

/** All that is needed of a platform: every Outlook has it, also the one without a browser. */
export interface Network {
  fetch(url: string, options: { method: string; headers: Record<string, string>; body: string; keepalive?: boolean }): Promise<{
    readonly status: number;
    text(): Promise<string>;
  }>;
}

class HttpWire implements Wire {
  #message: (value: unknown) => void = () => undefined;
  readonly #send: (message: Message) => Promise<unknown>;

  constructor(send: (message: Message) => Promise<unknown>) {
    this.#send = send;
  }

  listen(events: { message: (value: unknown) => void }): void {
    this.#message = events.message;
  }

  post(message: Message): void {
    // Each connection is its own: there is nothing to be cancelled from another one.
    if (message["type"] === "cancel") return;
    const { id, type } = message;
    this.#send(message).then(
      (value) => this.#message({ ...(typeof value === "object" ? value : {}), id, type }),
      (error: unknown) => {
        const code = error instanceof HostError ? error.code : "unreachable";
        this.#message({ v: version, id, type, ok: false, error: { code, where: "", message: "no answer" } });
      },
    );
  }
}

/** The host's own condition, as `status` says it. */
const state = record({ on_send: words("proceed", "note", "prompt", "block"), text: record({ en: text, es: text }) });
const statusReply = record({ state });
const seen = record({ policy: calls.policy, state: maybe(state) });
const paired = record({ ok: flag, token: text });

export interface Seen {
  readonly policy: Policy;
  readonly state: { readonly on_send: "proceed" | "note" | "prompt" | "block"; readonly text: { readonly en: string; readonly es: string } } | null;
}

export class Host {
  readonly client: Client;
  readonly #origin: string;
  readonly #network: Network;
  #token: Promise<string | null>;

  constructor(origin: string, network: Network) {
    this.#origin = origin;
    this.#network = network;
    this.#token = recall("token");
    // Pane and event handlers have one token, which the host takes for one connection.
    const page = Math.random().toString(36).slice(2, 10);
    this.client = new Client(new HttpWire((message) => this.#post(message)), `${page}-`);
  }

  async isPaired(): Promise<boolean> {
    return (await this.#token) !== null;
  }

  async #post(message: Message): Promise<unknown> {
    const token = await this.#token;
    if (token === null) throw new HostError("not_paired", "no token");
    const response = await this.#network.fetch(`${this.#origin}/api`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(message),
      // What the person chose is told while the window closes.
      ...(message["type"] === "record" ? { keepalive: true } : {}),
    });
    return parsed(await response.text());
  }

  /** With the code that the administrator gave. Throws HostError: wrong_token for a wrong code, busy after too many. */
  async pair(code: string): Promise<void> {
    let reply: { readonly status: number; text(): Promise<string> };
    try {
      reply = await this.#network.fetch(`${this.#origin}/pair`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ v: version, code }) });
    } catch {
      throw new HostError("unreachable", "no answer");
    }
    if (reply.status === 429) throw new HostError("busy", "too many tries");
    if (reply.status !== 200) throw new HostError(reply.status < 500 ? "wrong_code" : "unreachable", "not paired");
    const { token } = check(paired, parsed(await reply.text()));
    if (!(await keep("token", token))) throw new HostError("not_kept", "no storage");
    this.#token = Promise.resolve(token);
  }

  async unpair(): Promise<void> {
    this.#token = Promise.resolve(null);
    await keep("token", null);
  }

  /** Asks for policy and condition, and keeps them for the day when nobody answers. */
  async refresh(deadlineMs: number): Promise<Seen> {
    const [policy, status] = await Promise.all([this.client.call("policy", {}, { deadlineMs }), this.client.call("status", {}, { deadlineMs })]);
    const now = check(seen, { policy, state: check(statusReply, status).state });
    await keep("policy", JSON.stringify(now));
    return { policy: now.policy.policy, state: now.state };
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new HostError("bad_reply", "not JSON");
  }
}

/** The policy and condition of last time, or null. */
export async function lastSeen(): Promise<Seen | null> {
  const kept = await recall("policy");
  if (kept === null) return null;
  try {
    const { policy, state: condition } = check(seen, JSON.parse(kept));
    return { policy: policy.policy, state: condition };
  } catch {
    return null;
  }
}

export type Trouble = "absent" | "slow" | "not_paired" | "failed";

/** Why nothing could be checked. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HostError)) return "failed";
  if (error.code === "unreachable") return "absent";
  if (error.code === "deadline" || error.code === "busy") return "slow";
  if (error.code === "not_paired" || error.code === "wrong_token") return "not_paired";
  return "failed";
}
