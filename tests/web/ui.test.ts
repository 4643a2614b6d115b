// <phiscan-review> and <phiscan-banner> in a real Chromium, fed with real reports of the engine.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { applyOffer, type Draft, type Report } from "@phiscan/core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { axe, launch, out, sample, samples, scan, scanSample, serve, shoot } from "./support.ts";

interface Case {
  readonly draft: Draft;
  readonly report: Report;
  readonly rememberDays?: number;
}

const pageScript = `
import "/ui.js";
const review = document.querySelector("phiscan-review");
const banner = document.querySelector("phiscan-banner");
window.choices = [];
window.events = [];
review.addEventListener("phiscan-choice", (event) => window.choices.push(event.detail));
for (const name of ["phiscan-open", "phiscan-undo", "phiscan-retry"]) banner.addEventListener(name, () => window.events.push(name));
window.openReview = (input) => { review.open({ ...input, now: new Date("2026-11-22T15:00:00Z") }); document.querySelector("main").ariaLabel = review.headline; };
window.openUnchecked = (input) => review.openUnchecked(input);
window.showBanner = (state) => banner.show(state);
document.documentElement.dataset.ready = "yes";
`;
const pageHtml = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script></head><body><main><phiscan-banner></phiscan-banner><phiscan-review></phiscan-review></main></body></html>`;
const pageCss = `html, body { margin: 0; height: 100%; color-scheme: light dark; background: Canvas; }
main { display: flex; flex-direction: column; height: 100vh; } phiscan-review { flex: 1 1 auto; height: auto; }`;

let browser: Browser;
let server: Server;
let url = "";

before(async () => {
  browser = await launch();
  ({ url, server } = await serve({
    "index.html": pageHtml,
    "page.js": pageScript,
    "page.css": pageCss,
    "ui.js": readFileSync(join(out, "ui/ui.js"), "utf8"),
  }));
});
after(async () => {
  await browser.close();
  server.close();
});

async function open(one: Case | null, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 680, height: 820 }, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // Chromium reports what it would not run or style in the inert copy, too: nothing of it is shown.
  page.on("console", (message) => message.type() === "error" && !/404|Content Security Policy/.test(message.text()) && errors.push(message.text()));
  await page.goto(url);
  await page.waitForFunction("document.documentElement.dataset.ready === 'yes'");
  if (one) await page.evaluate((input) => (window as unknown as { openReview(input: unknown): void }).openReview(input), one);
  assert.deepEqual(errors, []);
  return page;
}

const choices = (page: Page) => page.evaluate("window.choices") as Promise<readonly Record<string, unknown>[]>;
const caseOf = (id: string, locale?: string, policy?: (text: string) => string): Case => scanSample(sample(id), locale, policy);

test("the bundle stays small", () => {
  const size = statSync(join(out, "ui/ui.js")).size;
  console.log(`ui.js: ${size} bytes`);
  assert.ok(size <= 60_000, `ui.js has ${size} bytes`);
});

test("every sample is shown, axe finds nothing, and what the sender wrote is marked", async () => {
  const page = await open(null);
  for (const one of samples()) {
    const input = { ...scanSample(one), ...(one.id === "forward" ? { rememberDays: 30 } : {}) };
    await page.evaluate((value) => (window as unknown as { openReview(input: unknown): void }).openReview(value), input);
    await axe(page, one.id);
    await shoot(page, `review-${one.id}`);
    const marked = await page.locator("phiscan-review mark").evaluateAll((marks) => marks.map((mark) => mark.lastChild?.textContent ?? ""));
    const wanted = input.report.findings.filter((finding) => finding.counted && finding.spans.some((span) => !span.part.includes("text_parts")));
    assert.equal(marked.length > 0, wanted.length > 0, one.id);
    for (const text of marked) assert.ok((input.draft.subject + input.draft.html + input.draft.attachments.map((file) => file.name).join()).includes(text), text);
  }
  await page.context().close();
});

for (const [name, options] of [
  ["dark", { colorScheme: "dark" }],
  ["forced-colors", { forcedColors: "active" }],
  ["zoom-200", { viewport: { width: 340, height: 410 }, deviceScaleFactor: 2 }],
  ["narrow", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`${name}: axe finds nothing, nothing runs out sideways, all buttons can be reached`, async () => {
    for (const id of ["forward", "screenshot", "student"]) {
      const page = await open({ ...caseOf(id), ...(id === "forward" ? { rememberDays: 30 } : {}) }, options);
      await axe(page, `${name} ${id}`);
      await shoot(page, `${name}-${id}`);
      const wide = await page.evaluate("Math.max(document.documentElement.scrollWidth, document.querySelector('phiscan-review').shadowRoot.querySelector('.main').scrollWidth) - innerWidth");
      assert.ok((wide as number) <= 0, `${id} is ${String(wide)} px too wide`);
      const send = page.getByRole("button", { name: "Send anyway" });
      await send.scrollIntoViewIfNeeded();
      assert.ok(await send.isVisible());
      await page.context().close();
    }
  });
}

test("Spanish is Spanish all over", async () => {
  const page = await open(caseOf("spanish"));
  await axe(page, "spanish");
  const text = (await page.locator("phiscan-review article").innerText()) + (await page.locator("phiscan-review article").getAttribute("lang"));
  for (const word of ["Volver y corregir", "Enviar de todos modos", "Lo que puede hacer", "es"]) assert.ok(text.includes(word), word);
  for (const word of ["Go back", "Send", "What you", "Checked"]) assert.ok(!text.includes(word), word);
  await page.context().close();
});

test("the focus starts on going back; Escape goes back; Enter does not send", async () => {
  const page = await open(caseOf("typo"));
  assert.equal(await page.evaluate("document.querySelector('phiscan-review').shadowRoot.activeElement?.textContent"), "Go back and edit");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.deepEqual(await choices(page), [{ kind: "go_back" }, { kind: "go_back" }]);
  await page.context().close();
});

test("by keyboard alone: Send says what is left, a tick is needed, then it sends", async () => {
  const page = await open(caseOf("typo"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.deepEqual(await choices(page), []);
  assert.match(await page.getByRole("alert").innerText(), /tick the one recipient/);
  assert.equal(await page.evaluate("document.querySelector('phiscan-review').shadowRoot.activeElement?.type"), "checkbox");
  await page.keyboard.press("Space");
  const send = page.getByRole("button", { name: "Send anyway" });
  await send.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await choices(page), [{ kind: "send", reason: null, rememberDays: null }]);
  await page.context().close();
});

test("justify: no reason, no send; of words written only the length goes out", async () => {
  const page = await open(caseOf("student"));
  await page.getByRole("checkbox").check();
  const send = page.getByRole("button", { name: "Send anyway" });
  await send.click();
  assert.match(await page.getByRole("alert").innerText(), /choose a reason/);
  await page.getByRole("radio", { name: "Another reason" }).check();
  await send.click();
  assert.match(await page.getByRole("alert").innerText(), /few words/);
  await page.keyboard.type("On-call asked by phone");
  await send.click();
  assert.deepEqual(await choices(page), [{ kind: "send", reason: { code: "other", textLength: 22 }, rememberDays: null }]);
  await page.context().close();
});

test("block: there is no send", async () => {
  const page = await open(caseOf("never"));
  assert.equal(await page.getByRole("button", { name: /send/i }).filter({ hasText: "anyway" }).count(), 0);
  assert.equal(await page.getByRole("checkbox").count(), 0);
  await page.context().close();
});

test("an edit is seen before it is made, and Escape leaves the preview", async () => {
  const page = await open(caseOf("typo"));
  await page.getByRole("button", { name: /Take out names/ }).click();
  await axe(page, "preview");
  await shoot(page, "review-preview");
  const article = page.locator("phiscan-review article");
  assert.match(await article.locator("del").first().innerText(), /Gunnar Ek/);
  assert.match(await article.locator("ins").first().innerText(), /\[name\]/);
  await page.keyboard.press("Escape");
  assert.match(await page.evaluate("document.querySelector('phiscan-review').shadowRoot.activeElement?.textContent") as string, /Take out names/);
  assert.deepEqual(await choices(page), []);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.equal((await choices(page))[0]?.["kind"], "offer");
  await page.context().close();
});

test("forwarding: who is new, the agreement and its end, what the quote holds, trimming first, remembering with an end", async () => {
  const page = await open({ ...caseOf("forward"), rememberDays: 30 });
  const text = await page.locator("phiscan-review .forward").innerText();
  for (const word of ["Jason Meyer", "County Cardiology", "Agreement (BAA) until Mar 31, 2028", "Direct messaging", "date of birth", "Dec 22, 2026"]) assert.ok(text.includes(word), `${word} in ${text}`);
  assert.match(await page.locator("phiscan-review .offer").first().innerText(), /Remove the earlier messages/);
  await page.getByRole("checkbox", { name: /Do not ask again/ }).check();
  for (const box of await page.locator("phiscan-review .recipients").getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "Send anyway" }).click();
  assert.deepEqual(await choices(page), [{ kind: "send", reason: null, rememberDays: 30 }]);
  await page.context().close();
});

test("hostile HTML in the mail shows as text and runs nothing", async () => {
  const draft: Draft = {
    ...scanSample(sample("typo")).draft,
    subject: '<img src=x onerror="window.pwned=1"> Gunnar Ek',
    to: [{ address: '"><script>pwned=1</script>@mail.test', name: "<b onclick=1>Dana</b>" }],
    html: '<img src=x onerror="window.pwned=1"><svg onload="window.pwned=1"><script>window.pwned=1</script></svg><style>*{display:none}</style><form action="https://x.test"><p style="position:fixed" onclick="x()">Gunnar Ek (MRN 00418820): potassium 6.1</p></form><a href="javascript:window.pwned=1">results</a><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  };
  const page = await open({ draft, report: scan(draft, "en") });
  const inside = (await page.evaluate(`[...document.querySelector('phiscan-review').shadowRoot.querySelectorAll('.copy *')].map((e) => e.tagName + [...e.attributes].map((a) => a.name))`)) as readonly string[];
  for (const tag of inside) assert.match(tag, /^(DIV|SPAN|MARK|BR)(class|title|class,title)?$/);
  assert.equal(await page.evaluate("window.pwned"), undefined);
  assert.ok((await page.locator("phiscan-review mark").count()) > 0);
  await page.context().close();
});

test("every offer of every sample, applied and scanned again, leaves less to worry about", () => {
  const rank = ["allow", "note", "confirm", "justify", "block"];
  for (const one of samples()) {
    const { draft, report } = scanSample(one);
    for (const offer of report.offers) {
      const next = applyOffer(draft, offer);
      const texts = one.files.filter((_, i) => !offer.attachments.includes(i) && !offer.notice).map((file) => file.text);
      const again = scan(next, one.locale, texts);
      const name = `${one.id}: ${offer.kind}`;
      assert.ok(rank.indexOf(again.action_if_enforced) <= rank.indexOf(report.action_if_enforced), name);
      assert.ok(!again.offers.some((other) => JSON.stringify(other) === JSON.stringify(offer)), `${name} is offered again`);
      if (offer.kind === "redact" || offer.kind === "trim_quote" || offer.kind === "use_portal") assert.notEqual(again.content, "phi", name);
    }
  }
});

test("the banner names kinds and never values, says each thing once, and can be pressed", async () => {
  const page = await open(null);
  const show = (state: unknown) => page.evaluate((value) => (window as unknown as { showBanner(state: unknown): void }).showBanner(value), state);
  const text = () => page.locator("phiscan-banner .strip").innerText();
  await show({ kind: "checking", locale: "en" });
  await shoot(page, "banner-checking");
  const { draft, report } = scanSample(sample("screenshot"));
  await show({ kind: "report", draft, report });
  await page.evaluate("document.querySelector('main').prepend(Object.assign(document.createElement('h1'), { textContent: 'New message' }))");
  await axe(page, "banner");
  const said = await text();
  for (const word of ["patient information", "name", "medical record number", "1 attachment not checked"]) assert.ok(said.includes(word), `${word} in ${said}`);
  for (const value of ["Gunnar", "00418820"]) assert.ok(!said.includes(value), value);
  await page.evaluate("new MutationObserver(() => events.push('changed')).observe(document.querySelector('phiscan-banner').shadowRoot, { subtree: true, childList: true, characterData: true })");
  await show({ kind: "report", draft, report });
  await show({ kind: "checking", locale: "en" });
  assert.deepEqual(await page.evaluate("events"), []);
  await page.getByRole("button", { name: "Details" }).click();
  await show({ kind: "done", offer: "redact", locale: "en" });
  await page.getByRole("button", { name: "Undo" }).click();
  await show({ kind: "unchecked", locale: "es" });
  await page.getByRole("button", { name: "Probar otra vez" }).click();
  const events = (await page.evaluate("events.filter((e) => e !== 'changed')")) as readonly string[];
  assert.deepEqual(events, ["phiscan-open", "phiscan-undo", "phiscan-retry"]);
  const quiet = scanSample(sample("newsletter"));
  await show({ kind: "report", ...quiet });
  assert.equal((await text()).trim(), "Nothing to check");
  await page.context().close();
});

test("when nothing could be checked it says so; policy may forbid sending", async () => {
  const page = await open(null);
  const show = (blocked: boolean) => page.evaluate((value) => (window as unknown as { openUnchecked(input: unknown): void }).openUnchecked(value), { locale: "en", blocked });
  await show(false);
  await axe(page, "unchecked");
  await shoot(page, "review-unchecked");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Send anyway" }).click();
  assert.deepEqual((await choices(page)).map((one) => one["kind"]), ["retry", "send"]);
  await show(true);
  assert.equal(await page.getByRole("button", { name: "Send anyway" }).count(), 0);
  await page.context().close();
});
