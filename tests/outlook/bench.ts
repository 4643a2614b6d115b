// Figures of the Outlook add-in: the size of the event script, and how long Send waits for a decision. `./dev bench outlook` prints them.
import { statSync } from "node:fs";
import { join } from "node:path";
import { ClassicWorld, type WorldOptions } from "./classic_world.ts";
import { launchTrusting, openDesk, serveOutlook } from "./rig.ts";
import { certificate, Service } from "./service.ts";
import { mail, outFolder } from "./support.ts";

const rounds = 20;

function line(name: string, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  console.log(`${name.padEnd(62)} median ${String(at(0.5)).padStart(5)}   worst ${String(at(1)).padStart(5)} ms   (${values.length})`);
}

async function repeat(times: number, once: () => Promise<number>): Promise<readonly number[]> {
  const out: number[] = [];
  for (let i = 0; i < times; i++) out.push(await once());
  return out;
}

async function main(): Promise<void> {
  console.log(`launchevent.js ${statSync(join(outFolder, "launchevent.js")).size} bytes (limit 60000), taskpane.js ${statSync(join(outFolder, "taskpane.js")).size} bytes`);
  const tls = certificate();
  const simulated = await serveOutlook(tls);
  const addin = await Service.start({ tls, outlook: [simulated.origin] });
  const bare = (fetch: WorldOptions["fetch"], options: Partial<WorldOptions> = {}) => async () => {
    const { milliseconds, completions } = await new ClassicWorld({ mail: mail("appointment"), fetch, ...options }).fire("onMessageSend");
    if (completions !== 1) throw new Error("completed more or less than once");
    return milliseconds;
  };
  const answered: WorldOptions["fetch"] = async (body) => ({ status: 200, body: await addin.ask(body) });
  const refused: WorldOptions["fetch"] = async () => {
    throw new TypeError("Failed to fetch");
  };
  const hanging: WorldOptions["fetch"] = () => new Promise(() => undefined);
  line("bare script: decision, host answers", await repeat(rounds, bare(answered)));
  line("bare script: decision, connection refused (limit 100)", await repeat(rounds, bare(refused)));
  line("bare script: decision, host hangs (limit 3000)", await repeat(3, bare(hanging)));
  line("bare script: body never comes, host hangs (limit 3000)", await repeat(3, bare(hanging, { faults: { "body.getAsync": "hang" } })));

  const browser = await launchTrusting(tls);
  const { page } = await openDesk(browser, simulated, addin, { mail: mail("appointment") });
  const fire = () => page.evaluate(() => (window as unknown as { outlook: { fire(name: string): Promise<{ milliseconds: number }> } }).outlook.fire("onMessageSend").then((fired) => fired.milliseconds));
  await fire();
  line("office.js in Chromium: decision, host answers", await repeat(rounds, fire));
  addin.pause();
  line("office.js in Chromium: decision, host hangs (limit 3000)", await repeat(3, fire));
  await addin.kill();
  line("office.js in Chromium: decision, connection refused (limit 100)", await repeat(rounds, fire));
  await browser.close();
  await Promise.all([simulated.stop(), addin.stop()]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);  // what still runs would keep this program from ending
});
