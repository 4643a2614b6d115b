// For a newcomer: the simulated compose window with the real office.js, the real phiscan-host serve, in a Chromium one can click in.
import { sample } from "../web/support.ts";
import { launchTrusting, openDesk, serveOutlook } from "./rig.ts";
import { certificate, Service } from "./service.ts";
import { mailOf } from "./support.ts";

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const id = words.find((word) => word !== "dark") ?? "appointment";
  const one = sample(id);
  const of = mailOf(one);
  const tls = certificate();
  const simulated = await serveOutlook(tls);
  const addin = await Service.start({ tls, outlook: [simulated.origin] });
  const browser = await launchTrusting(tls);
  const { page } = await openDesk(browser, simulated, addin, { mail: of, language: one.locale === "es" ? "es-US" : "en-US", dark: words.includes("dark") });
  // What Outlook does when a message is opened.
  await page.evaluate(() => (window as unknown as { outlook: { fire(name: string): Promise<unknown> } }).outlook.fire("onMessageCompose"));
  console.log(`    sample: ${id}. Press Send, or phiscan for the pane. Close the window to end.`);
  await new Promise<void>((resolve) => page.on("close", () => resolve()));
  await browser.close();
  await Promise.all([addin.stop(), simulated.stop()]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);  // what still runs would keep this program from ending
});
