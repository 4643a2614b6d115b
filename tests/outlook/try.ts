// For a newcomer: the simulated compose window with the real office.js, the real phiscan-host serve, in a Chromium one can click in.
import { sample } from "../web/support.ts";
import { launchTrusting, openDesk, serveOutlook } from "./rig.ts";
import { certificate, Service } from "./service.ts";
import { mailOf } from "./support.ts";

async function main(): Promise<void> {
  const id = process.argv[2] ?? "appointment";
  const of = mailOf(sample(id));
  const tls = certificate();
  const simulated = await serveOutlook(tls);
  const addin = await Service.start({ tls, outlook: [simulated.origin] });
  const browser = await launchTrusting(tls);
  const { page } = await openDesk(browser, simulated, addin, { mail: of });
  console.log(`    sample: ${id}. Press Send, or phiscan for the pane. Close the window to end.`);
  await new Promise<void>((resolve) => page.on("close", () => resolve()));
  await browser.close();
  await Promise.all([addin.stop(), simulated.stop()]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
