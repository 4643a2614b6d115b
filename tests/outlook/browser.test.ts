// L3 and L4: the event page and the pane with the real office.js, in a simulated host page, with the real engine behind them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Frame, Page } from "playwright-core";
import { axe, shoot } from "../web/support.ts";
import { closeAll, type Desk, launchTrusting, openDesk, type Outlook, serveOutlook } from "./rig.ts";
import { type Fault, Line } from "./line.ts";
import { type Certificate, certificate, Service } from "./service.ts";
import { enforced, holdsNothingOf, mail, type Mail } from "./support.ts";

let tls: Certificate;
let browser: Browser;
let addin: Service;
let strict: Service;
let simulated: Outlook;

const serve = (change?: (policy: string) => string) => Service.start({ tls, outlook: [simulated.origin], ...(change ? { change } : {}) });

before(async () => {
  tls = certificate();
  browser = await launchTrusting(tls);
  simulated = await serveOutlook(tls);
  [addin, strict] = await Promise.all([serve(), serve(enforced)]);
});
after(closeAll);

interface Fired {
  readonly answer: Record<string, unknown> | null;
  readonly milliseconds: number;
}

const fire = (page: Page, name: string) => page.evaluate((event) => (window as unknown as { outlook: { fire(name: string): Promise<Fired> } }).outlook.fire(event), name);
const now = (page: Page) => page.evaluate(() => (window as unknown as { outlook: { mail: Mail } }).outlook.mail);
const set = (page: Page, values: Record<string, unknown>) => page.evaluate((given) => void Object.assign((window as unknown as { outlook: object }).outlook, given), values);

async function pane({ page }: Desk): Promise<Frame> {
  await page.evaluate(() => (window as unknown as { outlook: { openPane(): void } }).outlook.openPane());
  const element = await page.waitForSelector("#pane iframe");
  const frame = await element.contentFrame();
  assert.ok(frame);
  await frame.waitForSelector('body[data-ready="yes"]');
  return frame;
}

const looks = (frame: Frame) => frame.evaluate(() => Number(document.body.dataset["looks"] ?? 0));

async function looked(frame: Frame, act: () => Promise<unknown>): Promise<void> {
  const before = await looks(frame);
  await act();
  await frame.waitForFunction((count) => Number(document.body.dataset["looks"] ?? 0) > count && document.body.dataset["state"] === "idle", before);
}

test("Send, through the real office.js: allowed, asked, stopped, as the report says", async () => {
  for (const [id, allowed] of [["newsletter", true], ["appointment", false], ["spanish", false]] as const) {
    const of = mail(id);
    const desk = await openDesk(browser, simulated, addin, { mail: of });
    const { answer, milliseconds } = await fire(desk.page, "onMessageSend");
    assert.equal(answer?.["allowEvent"], allowed, id);
    assert.ok(milliseconds < 3000, `${milliseconds} ms`);
    if (!allowed) assert.equal(answer?.["sendModeOverride"], "promptUser");
    holdsNothingOf([answer, (await now(desk.page)).session], of, id);
    assert.deepEqual([desk.strangers, desk.refused], [[], []], "the event page asks nobody else, and wants nothing it may not have");
    await desk.page.context().close();
  }
});

test("the info bar and the dialog, in both languages, as office.js takes them", async () => {
  for (const [id, language, button, link] of [["appointment", "en-US", "Review", "Use the patient portal instead"], ["spanish", "es-US", "Revisar", "Usar el portal del paciente"]] as const) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail(id), language });
    await fire(desk.page, "onMessageCompose");
    await fire(desk.page, "onMessageRecipientsChanged");
    const { bar } = await now(desk.page);
    assert.ok(bar && bar.message.length <= 150);
    assert.equal((bar.actions as { actionText: string }[])[0]?.actionText, button);
    await shoot(desk.page, `outlook-writing-${id}`);
    await desk.page.click("#send");
    await desk.page.waitForSelector("dialog[open]");
    assert.match((await desk.page.locator("#said a").getAttribute("href")) ?? "", /^https:\/\/portal\.clinic\.example\//);
    assert.equal(await desk.page.locator("#said a").innerText(), link);
    await shoot(desk.page, `outlook-send-${id}`);
    await desk.page.context().close();
  }
});

test("old and new requirement sets", async () => {
  for (const [mailbox, wanted] of [["1.12", ["allowEvent", "errorMessage"]], ["1.14", ["allowEvent", "cancelLabel", "commandId", "contextData", "errorMessage", "sendModeOverride"]]] as const) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment"), mailbox });
    assert.deepEqual(Object.keys((await fire(desk.page, "onMessageSend")).answer ?? {}).sort(), wanted);
    await desk.page.context().close();
  }
});

test("the host hangs, is killed while somebody writes and comes back, or was never there", async () => {
  const mortal = await serve();
  const desk = await openDesk(browser, simulated, mortal, { mail: mail("newsletter") });
  const isAsked = ({ answer }: Fired) => assert.deepEqual([answer?.["allowEvent"], answer?.["sendModeOverride"]], [false, "promptUser"]);
  await fire(desk.page, "onMessageCompose");
  mortal.pause();
  const hung = await fire(desk.page, "onMessageSend");
  isAsked(hung);
  assert.ok(hung.milliseconds <= 3100, `${hung.milliseconds} ms`);
  mortal.resume();
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], true);
  await mortal.kill();
  isAsked(await fire(desk.page, "onMessageSend"));
  await mortal.start();
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], true, "the same token");
  await desk.page.context().close();

  await mortal.stop();
  const never = await openDesk(browser, simulated, mortal, { mail: mail("newsletter") });
  await never.page.waitForTimeout(800);
  assert.equal(await Promise.race([fire(never.page, "onMessageSend").then(() => "answered"), never.page.waitForTimeout(1000).then(() => "no page")]), "no page");
  await never.page.context().close();
});

test("the plug is pulled in the middle of Send: one answer, in time, and the next Send is checked again", async () => {
  const line = await Line.open(tls);
  const behind = await Service.start({ tls, outlook: [simulated.origin], line });
  const desk = await openDesk(browser, simulated, behind, { mail: mail("newsletter") });
  const completions = () => desk.page.evaluate(() => (window as unknown as { outlook: { completions: number } }).outlook.completions);
  await fire(desk.page, "onMessageCompose");
  const faulty = (fault: Fault) => ({ begin: async () => void (line.fault = fault), end: async () => line.release() });
  const cases: readonly (readonly [string, { begin(): Promise<void>; during?(): Promise<void>; end(): Promise<void> }])[] = [
    ["the connection is reset while the request goes up", faulty("cut request")],
    ["the connection is reset in the middle of the reply", faulty("cut reply")],
    ["the reply comes after the deadline", faulty("hold reply")],
    ["the host is killed between request and reply", { begin: async () => behind.pause(), during: async () => void (await desk.page.waitForTimeout(400), await behind.kill()), end: () => behind.start() }],
    ["the network is gone", { begin: () => desk.page.context().setOffline(true), end: () => desk.page.context().setOffline(false) }],
  ];
  for (const [name, { begin, during, end }] of cases) {
    const before = await completions();
    await begin();
    const [{ answer, milliseconds }] = await Promise.all([fire(desk.page, "onMessageSend"), during?.()]);
    assert.deepEqual([answer?.["allowEvent"], answer?.["sendModeOverride"]], [false, "promptUser"], name);
    assert.match(String(answer?.["errorMessage"]), /was not checked/, name);
    assert.ok(milliseconds <= 3000, `${name}: ${milliseconds} ms`);
    if (name.includes("after the deadline")) assert.ok(line.held > 0, "a reply was on its way");
    await end();
    // Whatever comes now comes too late.
    await desk.page.waitForTimeout(500);
    assert.equal((await completions()) - before, 1, name);
    assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], true, `${name}, and afterwards`);
    assert.equal((await completions()) - before, 2, `${name}, and afterwards`);
  }
  await desk.page.context().close();
  await behind.stop();
  await line.close();
});

test("an untrusted certificate, or a page that is not Outlook's: ours does not load, and nothing of it runs", async () => {
  const untrusted = await Service.start({ outlook: [simulated.origin] });
  const elsewhere = await Service.start({ tls });
  for (const stranger of [untrusted, elsewhere]) {
    const desk = await openDesk(browser, simulated, stranger, { mail: mail("newsletter") });
    assert.equal(await Promise.race([fire(desk.page, "onMessageSend").then(() => "answered"), desk.page.waitForTimeout(1500).then(() => "no page")]), "no page");
    assert.deepEqual(desk.asked, []);
    assert.equal(desk.refused.some((one) => one.includes("frame-ancestors")), stranger === elsewhere);
    await stranger.stop();
    await desk.page.context().close();
  }
});

test("connecting by a code: a wrong one says so, the right one is kept", async () => {
  const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment"), paired: false });
  const frame = await pane(desk);
  await axe(frame as unknown as Page, "pairing");
  await shoot(desk.page, "outlook-pairing");
  assert.match(String((await fire(desk.page, "onMessageSend")).answer?.["errorMessage"]), /not connected/);
  const code = addin.code("provider");
  await frame.fill("#code", String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
  await frame.press("#code", "Enter");
  await frame.waitForFunction(() => (document.querySelector(".complaint")?.textContent ?? "") !== "");
  await frame.fill("#code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await frame.press("#code", "Enter");
  await frame.waitForSelector("phiscan-review");
  assert.match((await frame.evaluate(() => localStorage.getItem("phiscan.token"))) ?? "", /^[\w-]{43,}$/);
  assert.doesNotMatch(String((await fire(desk.page, "onMessageSend")).answer?.["errorMessage"]), /not connected/, "the event page knows the token, too");
  await desk.page.context().close();
});

test("the page by itself, as the support link opens it, says where it belongs and asks for nothing", async () => {
  // In a tab of its own, in one where the add-in ran before (office.js then never calls back), and without office.js.
  for (const where of ["new tab", "same tab", "no office.js"] as const) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail("newsletter") });
    if (where === "same tab") await fire(desk.page, "onMessageSend");
    const page = where === "same tab" ? desk.page : await desk.page.context().newPage();
    if (where === "no office.js") await page.route("https://appsforoffice.microsoft.com/**", (route) => route.abort());
    const asked: string[] = [];
    page.on("request", (request) => void (request.method() === "POST" && asked.push(request.url())));
    await page.goto(`${addin.origin}/taskpane.html`);
    await page.waitForSelector('body[data-action="outside"]', { timeout: 20_000 });
    assert.match(await page.locator("main").innerText(), /works inside of Outlook/, where);
    await axe(page, "outside");
    if (where === "new tab") await shoot(page, "outlook-outside");
    assert.deepEqual(asked, [], where);
    await page.context().close();
  }
});

test("the pane: the review, in both languages, light and dark, axe clean", async () => {
  for (const [id, language, dark] of [["appointment", "en-US", false], ["spanish", "es-US", true]] as const) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail(id), language, dark });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    await axe(frame as unknown as Page, id);
    assert.equal(await frame.evaluate(() => document.documentElement.lang), language.slice(0, 2));
    assert.deepEqual([desk.strangers, desk.refused], [[], []], id);
    await shoot(desk.page, `outlook-pane-${id}`);
    // As narrow as Outlook makes it, and that with letters of twice the size (WCAG 1.4.4, 1.4.10).
    for (const width of [300, 160]) {
      await desk.page.evaluate((pixels) => void ((document.querySelector("#pane") as HTMLElement).style.width = `${pixels * (pixels < 200 ? 2 : 1)}px`), width);
      await frame.evaluate((zoom) => void (document.documentElement.style.zoom = zoom), width < 200 ? "2" : "1");
      const wide = await frame.evaluate(() => {
        const inside = (root: ParentNode): Element[] => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
        const edge = document.documentElement.getBoundingClientRect().right + 1;
        return inside(document).filter((one) => one.getBoundingClientRect().right > edge && one.checkVisibility() && !one.closest("svg")).map((one) => `${one.localName}.${one.className}`);
      });
      assert.deepEqual(wide, [], `${id} at ${width}`);
      await shoot(desk.page, `outlook-pane-${id}-${width}`);
    }
    await desk.page.context().close();
  }
});

test("every offer of every sample, through the real office.js: applied, looked at again, undone", async () => {
  let taken = 0;
  for (const id of ["appointment", "typo", "forward", "billing", "screenshot", "group", "never"]) {
    const at = id === "never" ? strict : addin;
    const desk = await openDesk(browser, simulated, at, { mail: mail(id) });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    const count = await frame.locator("[data-offer]").count();
    for (let i = 0; i < count; i++) {
      const before = await now(desk.page);
      await frame.locator("[data-offer]").nth(i).click();
      const use = frame.getByRole("button", { name: "Use this" });
      if (await use.count()) await use.click();
      await frame.waitForFunction(() => document.body.dataset["done"] !== undefined || (document.querySelector(".said")?.textContent ?? "") !== "");
      assert.equal(await frame.evaluate(() => document.querySelector(".said")?.textContent), "", `${id}, offer ${i}`);
      await frame.waitForFunction(() => document.body.dataset["state"] === "idle");
      const changed = await now(desk.page);
      assert.notDeepEqual({ ...changed, session: {}, bar: null }, { ...before, session: {}, bar: null }, `${id}, offer ${i} changed nothing`);
      if (i === 0) await axe(frame as unknown as Page, `${id}, done`);
      if (i === 0) await shoot(desk.page, `outlook-done-${id}`);
      await looked(frame, () => frame.locator(".undo button").click());
      const back = await now(desk.page);
      const essence = ({ to, cc, bcc, subject, body, headers, files }: Mail) => ({ to, cc, bcc, subject, body, headers, files: files.map(({ name, base64 }) => [name, base64]).sort() });
      assert.deepEqual(essence(back), essence(before), `${id}, offer ${i}: Undo`);
      taken++;
      await frame.waitForSelector("phiscan-review");
    }
    await desk.page.context().close();
  }
  assert.ok(taken >= 7, `${taken} offers`);
});

test("send it encrypted: by header and subject, by header alone, by subject alone, and not at all where neither can be", async () => {
  const header = { "X-Lakeside-Encrypt": "yes" };
  const noTag = (policy: string) => policy.replace(/,\s*"subject_tag": "[^"]*"/, "");
  const noHeader = (policy: string) => policy.replace(/"header": \{[^}]*\},/, "");
  const [byHeader, bySubject] = await Promise.all([serve(noTag), serve(noHeader)]);
  const subject = mail("appointment").subject;
  for (const [name, at, mailbox, wanted] of [
    ["both", addin, "1.15", { subject: `[encrypt] ${subject}`, headers: header }],
    ["header", byHeader, "1.15", { subject, headers: header }],
    ["subject", bySubject, "1.15", { subject: `[encrypt] ${subject}`, headers: {} }],
    ["both, without headers", addin, "1.5", { subject: `[encrypt] ${subject}`, headers: {} }],
    ["header, without headers", byHeader, "1.5", null],
  ] as const) {
    const desk = await openDesk(browser, simulated, at, { mail: mail("appointment"), mailbox });
    const frame = await pane(desk);
    const offer = frame.locator("[data-offer]").filter({ hasText: "Send it encrypted" });
    const essence = async () => (({ subject: line, headers }: Mail) => ({ subject: line, headers }))(await now(desk.page));
    const before = await essence();
    await offer.click();
    if (wanted === null) {
      await frame.waitForFunction(() => /did not work/.test(document.querySelector(".said")?.textContent ?? ""));
      assert.deepEqual(await essence(), before, name);
      await desk.page.context().close();
      continue;
    }
    await frame.waitForSelector('body[data-done="encrypt"]');
    await frame.waitForSelector('body[data-state="idle"]');
    assert.deepEqual(await essence(), wanted, name);
    assert.match(await frame.locator(".undo").innerText(), /It will be sent encrypted/);
    // The engine does not see headers: there the offer stays, and taking it twice is taking it once.
    if (name === "header") {
      await offer.click();
      await frame.waitForFunction(() => /It will be sent encrypted/.test(document.querySelector(".said")?.textContent ?? ""));
    } else assert.equal(await offer.count(), 0, name);
    await looked(frame, () => frame.locator(".undo button").click());
    assert.deepEqual(await essence(), before, `${name}: Undo`);
    await desk.page.context().close();
  }
  await Promise.all([byHeader.stop(), bySubject.stop()]);
});

test("I have checked: ticks first, then Send passes, and an edit asks again", async () => {
  const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment"), mailbox: "1.14" });
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], false);
  const frame = await pane(desk);
  const yes = frame.getByRole("button", { name: "I have checked" });
  await yes.click();
  assert.equal(await frame.evaluate(() => document.body.dataset["acknowledged"]), undefined, "not without the ticks");
  for (const box of await frame.locator('phiscan-review input[type="checkbox"]').all()) await box.check();
  await yes.press("Enter");
  await frame.waitForSelector('body[data-acknowledged="yes"]');
  await axe(frame as unknown as Page, "acknowledged");
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], true);
  await desk.page.evaluate(() => {
    const { mail: of } = (window as unknown as { outlook: { mail: { to: unknown[] } } }).outlook;
    of.to = [...of.to, { address: "another@mail.test", name: "Another" }];
  });
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], false);
  await desk.page.context().close();
});

/** What has the focus in the pane; empty when it is elsewhere. */
const focused = async (frame: Frame) => {
  const isInside = await frame.parentFrame()?.evaluate(() => document.activeElement === document.querySelector("#pane iframe"));
  if (!isInside) return "";
  return frame.evaluate(() => {
    let at: Element | null = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at === null || at === document.body ? "" : `${at.localName} ${(at.closest("label") ?? at).textContent?.trim() ?? ""}`;
  });
};

/** As Outlook's own Tab, or Shift+Tab, comes into the pane. */
async function enter(page: Page, frame: Frame, backwards = false): Promise<void> {
  await page.evaluate((back) => (window as unknown as { outlook: { enterPane(backwards: boolean): void } }).outlook.enterPane(back), backwards);
  for (let i = 0; i < 100 && (await focused(frame)) === ""; i++) await page.waitForTimeout(20);
}

/** All that can be acted on, in the order in which it is read. */
const controls = (frame: Frame) =>
  frame.evaluate(() => {
    const wanted = "a[href], button:not(.door), input, select, textarea, summary, [tabindex='0']";
    const inside = (root: ParentNode): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(`${wanted}, phiscan-review`)].flatMap((one) => (one.shadowRoot ? inside(one.shadowRoot) : [one]));
    const seen = inside(document).filter((one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled);
    // Of radio buttons with one name, one has its place.
    return seen.filter((one, i) => !(one instanceof HTMLInputElement && one.type === "radio" && seen.slice(0, i).some((before) => before instanceof HTMLInputElement && before.name === one.name))).map((one) => `${one.localName} ${(one.closest("label") ?? one).textContent?.trim() ?? ""}`);
  });

test("by keys alone: Tab comes to everything in the order of reading, both ways, and out of the frame", async () => {
  for (const [id, at, language] of [["typo", addin, "en-US"], ["appointment", addin, "es-US"], ["student", strict, "en-US"]] as const) {
    const desk = await openDesk(browser, simulated, at, { mail: mail(id), language });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    const all = await controls(frame);
    assert.ok(all.length >= 5, all.join(", "));
    await enter(desk.page, frame);
    assert.equal(await focused(frame), all[0], "Outlook's Tab comes in at the first control");
    const walk = async (key: string) => {
      const seen: string[] = [];
      for (let i = 0; i < 60; i++) {
        const before = await focused(frame);
        await desk.page.keyboard.press(key);
        // Leaving takes a message to the page around.
        for (let wait = 0; wait < 50 && (await focused(frame)) === before; wait++) await desk.page.waitForTimeout(20);
        const one = await focused(frame);
        if (one === "") return seen;
        seen.push(one);
      }
      assert.fail(`${key} never leaves the pane: ${seen.join(", ")}`);
    };
    assert.deepEqual(await walk("Tab"), all.slice(1), id);
    await enter(desk.page, frame, true);
    assert.equal(await focused(frame), all.at(-1), "and Shift+Tab at the last");
    assert.deepEqual(await walk("Shift+Tab"), all.slice(0, -1).reverse(), id);
    await desk.page.context().close();
  }
});

test("by keys alone: an offer, Undo, the ticks, the answer, and Escape", async () => {
  const desk = await openDesk(browser, simulated, addin, { mail: mail("typo"), mailbox: "1.14" });
  const frame = await pane(desk);
  await frame.waitForSelector("phiscan-review");
  await enter(desk.page, frame);
  const before = await now(desk.page);
  const go = async (to: RegExp, key = "Tab") => {
    for (let i = 0; i < 60; i++) {
      if (to.test(await focused(frame))) return;
      await desk.page.keyboard.press(key);
    }
    assert.fail(`${key} does not come to ${to}`);
  };
  const offer = await frame.locator("[data-offer]").first().innerText();
  await go(new RegExp(`^button ${offer.slice(0, 12)}`), "Shift+Tab");
  await looked(frame, async () => {
    await desk.page.keyboard.press("Enter");
    if (await frame.getByRole("button", { name: "Use this" }).count()) {
      await go(/^button Use this/);
      await desk.page.keyboard.press("Enter");
    }
  });
  assert.notDeepEqual((await now(desk.page)).to, before.to);
  await frame.locator(".undo button").waitFor();
  await go(/^button (Undo|Put)/, "Shift+Tab");
  await looked(frame, () => desk.page.keyboard.press("Space"));
  assert.deepEqual((await now(desk.page)).to, before.to);
  await frame.waitForSelector("phiscan-review");
  await frame.waitForFunction(() => document.activeElement !== document.body);
  const boxes = await frame.locator('phiscan-review input[type="checkbox"]').all();
  assert.ok(boxes.length > 0);
  for (const box of boxes) {
    await go(new RegExp(`^input ${((await box.locator("xpath=ancestor::label").innerText()) || "").trim().slice(0, 8)}`), "Tab").catch(() => go(/^input /, "Shift+Tab"));
    if (!(await box.isChecked())) await desk.page.keyboard.press("Space");
    assert.ok(await box.isChecked());
  }
  await go(/^button I have checked/);
  await desk.page.keyboard.press("Enter");
  await frame.waitForSelector('body[data-acknowledged="yes"]');
  await desk.page.context().close();

  const other = await openDesk(browser, simulated, addin, { mail: mail("typo") });
  const second = await pane(other);
  await second.waitForSelector("phiscan-review");
  await enter(other.page, second);
  await other.page.keyboard.press("Escape");
  await second.waitForFunction(() => /Nothing was sent/.test(document.querySelector(".said")?.textContent ?? ""));
  await other.page.context().close();
});

test("a reason is asked for in the pane, and nowhere else", async () => {
  const desk = await openDesk(browser, simulated, strict, { mail: mail("student") });
  const first = await fire(desk.page, "onMessageSend");
  assert.equal(first.answer?.["sendModeOverride"], undefined);
  assert.equal(first.answer?.["cancelLabel"], "Choose a reason");
  const frame = await pane(desk);
  for (const box of await frame.locator('phiscan-review input[type="checkbox"]').all()) await box.check();
  await frame.locator('phiscan-review input[value="treatment"]').check();
  await frame.getByRole("button", { name: "I have checked" }).click();
  await frame.waitForSelector('body[data-acknowledged="yes"]');
  assert.equal((await fire(desk.page, "onMessageSend")).answer?.["allowEvent"], true);
  await desk.page.context().close();
});

test("below Mailbox 1.12 the pane works and says that Send is not guarded", async () => {
  for (const mailbox of ["1.5", "1.8", "1.11"]) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment"), mailbox });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    assert.match((await frame.locator(".notices").innerText()) || "", /too old to ask at Send/);
    if (mailbox === "1.11") await axe(frame as unknown as Page, "with a notice");
    await desk.page.context().close();
  }
});

test("an Office call that never comes back, or fails, leaves the message as it was", async () => {
  for (const fault of ["fail", "hang"] as const) {
    const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment") });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    const before = await now(desk.page);
    await set(desk.page, { faults: { 38: fault, 17: fault } });
    await frame.locator("[data-offer]").first().click();
    const use = frame.getByRole("button", { name: "Use this" });
    if (await use.count()) await use.click();
    await frame.waitForFunction(() => /did not work/.test(document.querySelector(".said")?.textContent ?? ""));
    const { subject, body } = await now(desk.page);
    assert.deepEqual([subject, body], [before.subject, before.body]);
    await desk.page.context().close();
  }
});

test("while nobody changes anything the pane asks nothing; when the host is gone it says so", async () => {
  const mortal = await serve();
  const desk = await openDesk(browser, simulated, mortal, { mail: mail("appointment") });
  const frame = await pane(desk);
  await frame.waitForSelector("phiscan-review");
  const asked = desk.asked.length;
  assert.ok(asked > 0);
  await looked(frame, () => desk.page.waitForTimeout(5500));
  assert.equal(desk.asked.length, asked);
  await mortal.kill();
  await desk.page.evaluate(() => void ((window as unknown as { outlook: { mail: { subject: string } } }).outlook.mail.subject = "Changed"));
  await frame.waitForFunction(() => document.body.dataset["action"] === "unchecked", undefined, { timeout: 15_000 });
  await axe(frame as unknown as Page, "unchecked");
  await shoot(desk.page, "outlook-unchecked");
  await desk.page.context().close();
  await mortal.stop();
});

test("the pane says that the certificate ends before it does", async () => {
  for (const [days, language, wanted] of [[9, "en-US", /ends in [89] days/], [9, "es-US", /vence en [89] días/], [90, "en-US", /^$/]] as const) {
    const own = certificate(days);
    const [trusting, outlook] = [await launchTrusting(own), await serveOutlook(own)];
    const ending = await Service.start({ tls: own, outlook: [outlook.origin] });
    const desk = await openDesk(trusting, outlook, ending, { mail: mail("appointment"), language });
    const frame = await pane(desk);
    await frame.waitForSelector("phiscan-review");
    assert.match(await frame.locator(".notices").innerText(), wanted);
    await shoot(desk.page, `outlook-certificate-${days}-${language}`);
    await trusting.close();
    await Promise.all([ending.stop(), outlook.stop()]);
  }
});

test("every request has an id of its own, whichever page asks", async () => {
  const desk = await openDesk(browser, simulated, addin, { mail: mail("appointment") });
  const frame = await pane(desk);
  await frame.waitForSelector("phiscan-review");
  await fire(desk.page, "onMessageSend");
  const ids = desk.asked.map((body) => (JSON.parse(body) as { id: string }).id);
  assert.equal(new Set(ids.map((id) => id.split("-")[0])).size, 2, "two pages, two prefixes");
  assert.equal(new Set(ids).size, ids.length);
  await desk.page.context().close();
});

test("the service's log holds nothing of all these messages", () => {
  for (const id of ["newsletter", "appointment", "spanish", "typo", "student"]) for (const one of [addin, strict]) holdsNothingOf(one.log, mail(id), id);
});
