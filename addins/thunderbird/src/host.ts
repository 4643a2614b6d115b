// The native port to phiscan-host: opened when needed, agreed on a version, closed when it hangs. What the host last said about the
// clinic's policy is kept, since it holds when the host is gone.
import { calls, check, Client, HostError, type Policy, type Reply, type Wire } from "@phiscan/core";

export const hostName = "phiscan";
// Generous: the very first start compiles the rules. Whoever cannot wait that long has a deadline of their own.
const helloDeadline = 15_000;

type Message = Readonly<Record<string, unknown>>;

class NativeWire implements Wire {
  readonly #port: NativePort;
  readonly #gone: () => void;

  constructor(port: NativePort, gone: () => void) {
    this.#port = port;
    this.#gone = gone;
  }

  post(message: Message): void {
    this.#port.postMessage(message);
  }

  listen(events: { message: (value: unknown) => void; closed: (why: string) => void }): void {
    this.#port.onMessage.addListener(events.message);
    this.#port.onDisconnect.addListener(() => {
      events.closed("the host is gone");
      this.#gone();
    });
  }
}

export interface Link {
  readonly client: Client;
  readonly hello: Reply<"hello">;
}

/** Why nothing could be checked. */
export type Trouble = "absent" | "slow" | "version" | "failed";

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HostError)) return "failed";
  if (error.code === "unreachable") return "absent";
  if (error.code === "deadline") return "slow";
  if (error.code === "version") return "version";
  return "failed";
}

export class Host {
  #port: NativePort | null = null;
  #link: Promise<Link> | null = null;
  readonly #lost: () => void;
  policy: Policy | null = null;
  /** The host's own condition, as `status` says it. */
  state: Message | null = null;

  /** `lost` is told when an open port closes, whoever closed it. */
  constructor(lost: () => void) {
    this.#lost = lost;
  }

  get isOpen(): boolean {
    return this.#port !== null;
  }

  /** The link there is, or a new one. */
  link(locale: string): Promise<Link> {
    this.#link ??= this.#open(locale);
    return this.#link;
  }

  async #open(locale: string): Promise<Link> {
    const port = browser.runtime.connectNative(hostName);
    this.#port = port;
    const gone = () => {
      if (this.#port !== port) return;
      this.#port = null;
      this.#link = null;
      this.#lost();
    };
    const client = new Client(new NativeWire(port, gone));
    try {
      const who = { name: "thunderbird", version: browser.runtime.getManifest().version };
      const hello = await client.call("hello", { client: who, protocol: [1], locale }, { deadlineMs: helloDeadline });
      const [policy, status] = await Promise.all([
        client.call("policy", {}, { deadlineMs: helloDeadline }),
        client.call("status", {}, { deadlineMs: helloDeadline }),
      ]);
      this.policy = policy.policy;
      this.state = isMessage(status["state"]) ? status["state"] : null;
      await browser.storage.local.set({ lastPolicy: policy.policy }).catch(() => undefined);
      return { client, hello };
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Thunderbird ends a host that hangs some seconds after its port closes. */
  drop(): void {
    const port = this.#port;
    this.#port = null;
    this.#link = null;
    if (!port) return;
    port.disconnect();
    // Disconnecting from our side raises no event here.
    this.#lost();
  }

  /** Nobody answers: the policy of last time, if there was one. */
  async lastPolicy(): Promise<Policy | null> {
    if (this.policy) return this.policy;
    try {
      const kept = (await browser.storage.local.get("lastPolicy"))["lastPolicy"];
      return kept === undefined ? null : check(calls.policy, { policy: kept }).policy;
    } catch {
      return null;
    }
  }
}

export function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
