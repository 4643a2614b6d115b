// L5: browsers gate what a public page, which Outlook on the web is, may ask of this computer. The page around is put into the public
// address space; managed policies live in a mount namespace of their own, so that the system's stay as they are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browserProgram, launchWith, openDesk, type Outlook, serveOutlook } from "./rig.ts";
import { type Certificate, certificate, Service } from "./service.ts";
import { mail } from "./support.ts";

function canUnshare(): boolean {
  try {
    execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const skip = canUnshare() ? false : "needs a mount namespace (root)";
let tls: Certificate;
let addin: Service;
let simulated: Outlook;
let folder: string;

before(async () => {
  if (skip) return;
  tls = certificate();
  simulated = await serveOutlook(tls);
  addin = await Service.start({ tls, outlook: [simulated.origin] });
  folder = mkdtempSync(join(tmpdir(), "phiscan-policy-"));
});
after(async () => {
  if (skip) return;
  await Promise.all([addin.stop(), simulated.stop()]);
  rmSync(folder, { recursive: true });
});

/** Chromium below a policy that nobody else sees. */
function programWith(name: string, policy: Record<string, unknown>): string {
  const file = join(folder, `${name}.json`);
  const script = join(folder, `${name}.sh`);
  writeFileSync(file, JSON.stringify(policy));
  // Debian's Chromium reads /etc/chromium, others /etc/opt/chrome.
  writeFileSync(
    script,
    `#!/bin/sh
exec unshare -m sh -c '
for place in /etc/chromium /etc/opt/chrome; do
  [ -d "$place" ] || continue
  mount -t tmpfs tmpfs "$place"
  mkdir -p "$place/policies/managed"
  cp "${file}" "$place/policies/managed/phiscan.json"
done
exec "${browserProgram()}" "$@"' sh "$@"
`,
  );
  chmodSync(script, 0o700);
  return script;
}

async function works(name: string, policy: Record<string, unknown>, space: "public" | "loopback" = "public"): Promise<boolean> {
  const port = new URL(simulated.origin).port;
  const browser = await launchWith([tls], space === "public" ? [`--ip-address-space-overrides=127.0.0.1:${port}=public`] : [], programWith(name, policy));
  try {
    const { page } = await openDesk(browser, simulated, addin, { mail: mail("newsletter") });
    const fired = page.evaluate(() => (window as unknown as { outlook: { fire(name: string): Promise<{ answer: { allowEvent: boolean } | null }> } }).outlook.fire("onMessageSend").then(({ answer }) => answer?.allowEvent === true));
    return await Promise.race([fired.catch(() => false), page.waitForTimeout(5000).then(() => false)]);
  } finally {
    await browser.close();
  }
}

test("without a public page around it the add-in works: the rig itself is sound", { skip }, async () => {
  assert.equal(await works("none-loopback", {}, "loopback"), true);
});

test("nothing granted: the add-in's page is blocked", { skip }, async () => {
  assert.equal(await works("none", {}), false);
});

test("a policy that names the add-in's origin does not help", { skip }, async () => {
  assert.equal(await works("addin", { LoopbackNetworkAllowedForUrls: [addin.origin], LocalNetworkAccessAllowedForUrls: [addin.origin] }), false);
});

test("a policy that names the origin of the page around, which is Outlook's, lets it work", { skip }, async () => {
  assert.equal(await works("outlook", { LoopbackNetworkAllowedForUrls: [simulated.origin] }), true);
});
