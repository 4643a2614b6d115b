// A wire over HTTPS or loopback HTTP: one POST per message to the origin that served the page.
import type { Wire } from "@phiscan/core";

type Message = Readonly<Record<string, unknown>>;

export class HttpWire implements Wire {
  readonly #path: string;
  readonly #token: string;
  #message: (value: unknown) => void = () => {};

  constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
  }

  listen(events: { message: (value: unknown) => void }): void {
    this.#message = events.message;
  }

  post(message: Message): void {
    void this.#exchange(message).then(this.#message);
  }

  /** Whatever goes wrong is a reply, too; the next message may get through. */
  async #exchange(message: Message): Promise<unknown> {
    const failed = (code: string, text: string) => ({ v: 1, id: message["id"], type: message["type"], ok: false, error: { code, message: text } });
    try {
      const response = await fetch(this.#path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Phiscan-Token": this.#token },
        body: JSON.stringify(message),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
      });
      const reply: unknown = await response.json();
      // A refusal before any message was read (token, origin) names no id.
      const named = typeof reply === "object" && reply !== null && "id" in reply && reply.id === message["id"];
      return named ? reply : failed("unreachable", `the host answered ${response.status}`);
    } catch {
      return failed("unreachable", "the host does not answer");
    }
  }
}
