// The line between Outlook's pages and the service, which can be cut at a chosen byte: TLS ends here, TCP is really reset.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { connect as secure, TLSSocket } from "node:tls";
import type { Certificate } from "./service.ts";

/** What happens to the next request: no byte of it arrives, half the body of its reply comes back, or the reply waits for `release`. */
export type Fault = "cut request" | "cut reply" | "hold reply";

export class Line {
  fault: Fault | null = null;
  /** Replies that are held. */
  held = 0;
  #target = 0;
  #waiting: (() => void)[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(tls: Certificate) {
    this.#server = createServer((raw) => this.#join(raw, tls));
  }

  static async open(tls: Certificate): Promise<Line> {
    const line = new Line(tls);
    await new Promise<void>((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    line.#server.unref();
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  leadTo(port: number): void {
    this.#target = port;
  }

  /** What was held goes on its way. */
  release(): void {
    this.fault = null;
    for (const go of this.#waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    for (const one of this.#sockets) one.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(raw: Socket, { key, cert }: Certificate): void {
    const client = new TLSSocket(raw, { isServer: true, key, cert });
    const tcp = connect(this.#target, "127.0.0.1");
    const service = secure({ socket: tcp, ca: cert, servername: "localhost" });
    this.#sockets.add(raw).add(tcp);
    const part = () => {
      client.destroy();
      service.destroy();
      raw.destroy();
      tcp.destroy();
      this.#sockets.delete(raw);
      this.#sockets.delete(tcp);
    };
    for (const one of [client, service, raw, tcp]) one.on("error", part).on("close", part);
    client.on("data", (bytes: Buffer) => {
      if (this.fault === "cut request") raw.resetAndDestroy();
      else service.write(bytes);
    });
    service.on("data", (bytes: Buffer) => {
      if (this.fault === null) return void client.write(bytes);
      if (this.fault === "hold reply") {
        this.held++;
        return void this.#waiting.push(() => client.writable && client.write(bytes));
      }
      const body = bytes.indexOf("\r\n\r\n") + 4;
      client.write(bytes.subarray(0, Math.floor((body + bytes.length) / 2)), () => raw.resetAndDestroy());
    });
  }
}
