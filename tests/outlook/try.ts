// For a newcomer: the simulated compose window with the real office.js, the add-in's pages and the real engine, in a Chromium one can click in.
import { sample } from "../web/support.ts";
import { certificate, launchTrusting, openDesk, servePages } from "./rig.ts";
import { mailOf, outFolder, PipedHost } from "./support.ts";

async function main(): Promise<void> {
  const id = process.argv[2] ?? "appointment";
  const of = mailOf(sample(id));
  const tls = certificate();
  const host = new PipedHost();
  const addin = await servePages(tls, host);
  const simulated = await servePages(tls, null, `${outFolder}-simulated`);
  const browser = await launchTrusting(tls);
  const { page } = await openDesk(browser, simulated, addin, { mail: of });
  console.log(`    sample: ${id}. Press Send, or phiscan for the pane. Close the window to end.`);
  await new Promise<void>((resolve) => page.on("close", () => resolve()));
  await browser.close();
  await Promise.all([addin.stop(), simulated.stop(), host.stop()]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
