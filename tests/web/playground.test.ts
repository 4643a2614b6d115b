// The playground as people use it: a real Chromium, the real phiscan-host, the real engine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { axe, launch, out, root, samples, shoot } from "./support.ts";

interface Host {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const running = new Set<() => Promise<void>>();

async function startHost(): Promise<Host> {
  const program = process.env["PHISCAN_HOST"] ?? join(root, "build/bin/phiscan-host");
  assert.ok(existsSync(program), `${program} is not built`);
  // What earlier runs acknowledged must not be asked about less.
  const state = mkdtempSync(join(tmpdir(), "phiscan-state-"));
  const child = spawn(program, ["serve", "--playground", "--port", "0", "--pages", join(out, "playground")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (data: Buffer) => {
      const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(data.toString());
      if (match) resolve(match[0]);
    });
    child.on("exit", (code) => reject(new Error(`phiscan-host ended with ${String(code)}`)));
  });
  const stop = async () => {
    running.delete(stop);
    child.kill();
    await ended;
    rmSync(state, { recursive: true, force: true });
  };
  running.add(stop);
  return { url, stop };
}

let browser: Browser;
let host: Host;

before(async () => {
  browser = await launch();
  host = await startHost();
});
after(async () => {
  await browser.close();
  for (const stop of running) await stop();
});

async function open(options: BrowserContextOptions = {}, at: Host = host): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-US", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => /^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()) || wrong.push(`asked for ${request.url()}`));
  page.on("close", () => assert.deepEqual(wrong, []));
  await page.goto(at.url);
  await page.waitForSelector('body[data-ready="yes"]');
  return page;
}

const scans = async (page: Page) => Number(await page.evaluate("document.body.dataset.scans ?? 0"));

/** Does something, and waits for a check that began after it. */
async function checked(page: Page, act: () => Promise<unknown>): Promise<string> {
  const before = await scans(page);
  await act();
  await page.waitForFunction((count) => Number(document.body.dataset["scans"] ?? 0) > count, before);
  // Attachments are checked once more when they have been read.
  await page.waitForFunction(() => document.body.dataset["state"] === "idle");
  return (await page.evaluate("document.body.dataset.action")) as string;
}

const load = (page: Page, id: string) => checked(page, () => page.click(`#sample-${id}`));
const strip = (page: Page) => page.locator(".strips phiscan-banner .strip").last().innerText();
const dialog = (page: Page) => page.locator("dialog[open]");
const review = (page: Page) => page.locator("dialog[open] phiscan-review article");
const rank = ["allow", "note", "confirm", "justify", "block"];

async function close(page: Page): Promise<void> {
  await page.context().close();
}

test("each sample says what it should, and its dialog is the real one", async () => {
  const page = await open();
  const wanted: Readonly<Record<string, string>> = {
    appointment: "confirm", typo: "confirm", forward: "confirm", billing: "confirm", screenshot: "confirm", group: "confirm",
    newsletter: "allow", spanish: "confirm", colleague: "allow", student: "justify", never: "block",
  };
  for (const { id } of samples()) {
    assert.equal(await load(page, id), wanted[id], id);
    await page.click(".send");
    await dialog(page).waitFor();
    const asks = wanted[id] !== "allow";
    assert.equal(await page.locator(".review-dialog[open]").count(), asks ? 1 : 0, id);
    if (asks) {
      await shoot(page, `playground-${id}`);
      assert.equal(await page.evaluate("document.querySelector('phiscan-review').shadowRoot.activeElement?.textContent"), "Go back and edit");
      await page.keyboard.press("Escape");
    } else {
      await page.getByRole("button", { name: "Back to the message" }).click();
    }
    await dialog(page).waitFor({ state: "detached" });
  }
  await close(page);
});

test("every offer of every sample: taken, checked again, undone", async () => {
  const page = await open();
  for (const { id } of samples()) {
    const action = await load(page, id);
    if (!["confirm", "justify", "block"].includes(action)) continue;
    await page.click(".send");
    await dialog(page).waitFor();
    const count = await page.locator("phiscan-review .offer").count();
    await page.keyboard.press("Escape");
    for (let i = 0; i < count; i++) {
      await load(page, id);
      const was = await page.locator(".body").innerHTML();
      const people = await page.locator(".fields .chip").allInnerTexts();
      await page.click(".send");
      await dialog(page).waitFor();
      const offer = page.locator("phiscan-review .offer").nth(i);
      const name = `${id}: ${(await offer.locator(".offer-name").innerText()).slice(0, 40)}`;
      const now = await checked(page, async () => {
        await offer.click();
        if (await dialog(page).isVisible()) await page.getByRole("button", { name: "Use this" }).click();
      });
      assert.ok(rank.indexOf(now) <= rank.indexOf(action), `${name}: ${action} became ${now}`);
      assert.equal(await page.evaluate("document.activeElement?.className"), "send", name);
      await page.getByRole("button", { name: "Undo" }).click();
      assert.equal(await page.locator(".body").innerHTML(), was, name);
      assert.deepEqual(await page.locator(".fields .chip").allInnerTexts(), people, name);
    }
  }
  await close(page);
});

test("sent after a look: the same facts are not asked about again", async () => {
  const own = await startHost();
  const page = await open({}, own);
  // An address that was written to before: a first time would be news of its own.
  await load(page, "typo");
  await page.fill("#subject", "Lunch");
  await checked(page, () => page.locator(".body").fill("Soup at noon?"));
  await page.click(".send");
  await page.getByRole("button", { name: "Send anyway" }).or(page.getByRole("button", { name: "Back to the message" })).waitFor();
  if (await page.getByRole("button", { name: "Send anyway" }).isVisible()) {
    await page.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Send anyway" }).click();
  }
  await page.getByRole("button", { name: "Back to the message" }).click();
  await load(page, "typo");
  await page.click(".send");
  await dialog(page).waitFor();
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Send anyway" }).click();
  await page.getByRole("button", { name: "Back to the message" }).waitFor();
  assert.ok(!(await page.locator(".sent-dialog pre").textContent())?.includes("Gunnar"));
  await page.getByRole("button", { name: "Back to the message" }).click();
  await page.waitForTimeout(300);
  await page.click(".send");
  await dialog(page).waitFor();
  assert.equal(await page.locator(".sent-dialog[open]").count(), 1);
  await close(page);
  await own.stop();
});

test("portal hand-off: the notice is ready, Send is next, the own text is kept", async () => {
  const page = await open();
  await load(page, "appointment");
  await page.click(".send");
  await page.locator("phiscan-review .offer").first().click();
  await page.waitForTimeout(200);
  await shoot(page, "playground-portal");
  await axe(page, "portal preview");
  assert.equal(await checked(page, () => page.getByRole("button", { name: "Use this" }).click()), "allow");
  assert.match(await page.inputValue("#subject"), /new message/i);
  assert.match((await page.getByRole("link", { name: "Open the portal" }).getAttribute("href")) ?? "", /^https:\/\/portal\./);
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  assert.ok(!(await dialog(page).innerText()).includes("A1c"));
  await shoot(page, "playground-sent");
  await axe(page, "sent");
  await close(page);
});

test("while writing: the strip follows within 300 ms of the last key", async () => {
  const page = await open();
  await load(page, "new");
  await page.locator("#to").pressSequentially("dana.roe@mail.test,");
  await page.fill("#subject", "Your results");
  await page.locator(".body").click();
  const times: number[] = [];
  for (const words of ["Hi Dana Roe, ", "your A1c is 8.4. ", "DOB 04/12/1981, ", "MRN 00417733. ", "Please take ", "metformin 1000 mg ", "twice a day."]) {
    const before = await scans(page);
    await page.keyboard.type(words);
    await page.waitForFunction((count) => Number(document.body.dataset["scans"] ?? 0) > count, before);
    times.push(Number(await page.evaluate("document.body.dataset.latency")));
  }
  times.sort((a, b) => a - b);
  console.log(`banner after the last key, ms: ${times.join(" ")}`);
  assert.ok((times[Math.floor(times.length / 2)] ?? Infinity) <= 300, times.join(" "));
  assert.match(await strip(page), /patient information/);
  assert.ok(!(await strip(page)).includes("Dana"));
  await close(page);
});

test("by keyboard alone: write, send, go back, look at a change, take it, send", async () => {
  const page = await open();
  await load(page, "new");
  await page.focus("#to");
  await page.keyboard.type("Lab <lab@partner-labs.test>");
  await page.keyboard.press("Enter");
  await page.focus("#subject");
  await page.keyboard.type("Question");
  await page.focus(".body");
  await checked(page, () => page.keyboard.type("About Gunnar Ek (MRN 00418820, DOB 02/17/1949): potassium 6.1, lisinopril 40 mg daily."));
  await page.keyboard.press("Control+Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.equal(await page.evaluate("document.activeElement?.className"), "body");
  await page.keyboard.press("Control+Enter");
  await dialog(page).waitFor();
  // Backwards from "Go back": the ways out are above it.
  let found = false;
  for (let i = 0; i < 25 && !found; i++) {
    await page.keyboard.press("Shift+Tab");
    found = /Take out names/.test(String(await page.evaluate("document.querySelector('phiscan-review').shadowRoot.activeElement?.textContent")));
  }
  assert.ok(found, "the offer cannot be reached");
  await page.keyboard.press("Enter");
  await checked(page, () => page.keyboard.press("Enter"));
  assert.match(await page.locator(".body").innerText(), /\[name\]/);
  await page.keyboard.press("Enter");
  await dialog(page).waitFor();
  assert.match(await dialog(page).innerText(), /would have been sent/);
  await close(page);
});

test("attachments: a table is read, a picture is named as not checked", async () => {
  const page = await open();
  await load(page, "colleague");
  await page.locator(".chip-x").first().click();
  await page.locator("#to").pressSequentially("x@somewhere.test,");
  await checked(page, () => page.setInputFiles('input[type="file"]', [
    { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("Patient,DOB,MRN,A1c\nDana Roe,04/12/1981,00417733,8.4\nGunnar Ek,02/17/1949,00418820,7.1\n") },
    { name: "photo.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgo=", "base64") },
  ]));
  assert.match(await strip(page), /patient information/);
  assert.match(await strip(page), /1 attachment not checked/);
  await page.click(".send");
  await dialog(page).waitFor();
  const files = await page.locator("phiscan-review .attachments").innerText();
  assert.match(files, /list\.csv[\s\S]*Checked\. Found: name/);
  assert.match(files, /photo\.png[\s\S]*Not checked: this kind of file/);
  await close(page);
});

test("pasted HTML brings its words along and nothing else", async () => {
  const page = await open();
  await load(page, "new");
  await page.locator(".body").click();
  await checked(page, () =>
    page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text/html", '<p onclick="x()" style="color:red">Hello <b>Dana</b></p><img src="https://tracker.test/x.png"><script>window.pwned=1</script><iframe src="https://x.test"></iframe>');
      document.querySelector(".body")?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }),
  );
  assert.equal(await page.locator(".body").innerHTML(), "<p>Hello <b>Dana</b></p>");
  assert.equal(await page.evaluate("window.pwned"), undefined);
  await close(page);
});

test("explain: every finding with rule and weight, also what was held back", async () => {
  const page = await open();
  await load(page, "forward");
  await page.click("#open-explain");
  await page.getByLabel("Also what does not count").check();
  const text = await page.locator(".side").innerText();
  for (const word of ["us.mrn", "weight 0.", "held back", "audience risky", "new_to_thread", "us-core", "lakeside-family-clinic"]) assert.ok(text.includes(word), word);
  await axe(page, "explain");
  await shoot(page, "playground-explain");
  await close(page);
});

test("policy: an error names its place and the old one stays; a change counts at once", async () => {
  const page = await open();
  await load(page, "typo");
  await page.click("#open-policy");
  const good = await page.inputValue("#policy-text");
  await page.fill("#policy-text", good.replace('"mode": "advise"', '"mode": "shout"'));
  await page.getByRole("button", { name: "Apply" }).click();
  await page.locator(".said.bad").waitFor();
  assert.match(await page.locator(".said").innerText(), /mode/);
  await axe(page, "policy");
  await shoot(page, "playground-policy");
  await page.fill("#policy-text", good);
  assert.equal(await checked(page, () => page.selectOption("#mode", "enforce")), "justify");
  assert.equal(await checked(page, () => page.getByRole("button", { name: "Reset" }).click()), "confirm");
  await close(page);
});

test("packs: an error is shown; a rule switched off is off at once, and comes back", async () => {
  const page = await open();
  page.setDefaultTimeout(60_000); // All patterns are compiled anew.
  await load(page, "typo");
  await page.click("#open-explain");
  assert.ok((await page.locator(".findings").first().innerText()).includes("us.mrn"));
  await page.click("#open-packs");
  await axe(page, "packs");
  const empty = await page.inputValue("#pack-text");
  await page.fill("#pack-text", empty.replace('"disable": []', '"disable": ["us.no.such.rule"]'));
  await page.getByRole("button", { name: "Apply" }).click();
  await page.locator(".said.bad").waitFor();
  await page.fill("#pack-text", empty.replace('"disable": []', '"disable": ["us.mrn"]'));
  await checked(page, () => page.getByRole("button", { name: "Apply" }).click());
  await page.click("#open-explain");
  assert.ok(!(await page.locator(".findings").first().innerText()).includes("us.mrn"));
  await page.click("#open-packs");
  await checked(page, () => page.getByRole("button", { name: "Reset" }).click());
  await close(page);
});

test("Spanish all over, and it stays after a reload", async () => {
  const page = await open();
  await checked(page, () => page.selectOption("#language", "es"));
  await load(page, "spanish");
  await axe(page, "Spanish page");
  await page.click(".send");
  await dialog(page).waitFor();
  await shoot(page, "playground-es");
  await axe(page, "Spanish dialog");
  assert.match(await review(page).innerText(), /Volver y corregir/);
  await page.reload();
  await page.waitForSelector('body[data-ready="yes"]');
  assert.match(await page.locator(".top").innerText(), /No se envía nada/);
  await close(page);
});

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["forced-colors", { forcedColors: "active" }],
  ["zoom-200", { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 }],
  ["phone", { viewport: { width: 360, height: 700 } }],
] as const) {
  test(`${name}: axe finds nothing on the page or in the dialog, nothing runs out sideways`, async () => {
    const page = await open({ reducedMotion: "reduce", ...options });
    await load(page, "screenshot");
    await axe(page, `${name} page`);
    await shoot(page, `playground-page-${name}`);
    assert.ok(((await page.evaluate("document.documentElement.scrollWidth - innerWidth")) as number) <= 0, "too wide");
    await page.click(".send");
    await dialog(page).waitFor();
    await axe(page, `${name} dialog`);
    await shoot(page, `playground-dialog-${name}`);
    const send = page.getByRole("button", { name: "Send anyway" });
    await send.scrollIntoViewIfNeeded();
    assert.ok(await send.isVisible());
    await close(page);
  });
}

test("when the host is gone it says so, asks before mail to outsiders, and keeps the text", async () => {
  const own = await startHost();
  const page = await open({}, own);
  await load(page, "typo");
  await own.stop();
  await page.click(".send");
  await dialog(page).waitFor();
  assert.match(await review(page).innerText(), /This message was not checked/);
  await axe(page, "unchecked");
  await page.keyboard.press("Escape");
  assert.match(await strip(page), /was not checked/);
  assert.ok((await page.locator(".body").innerText()).includes("potassium"));
  await close(page);
});
