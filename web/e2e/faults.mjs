// What people see when something is not there, not theirs, or broken: every such page in three languages, wide and
// narrow. BRANDWRIGHT_URL names the running product with its sample; SHOTS keeps a picture of each.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, signIn } from "./api.mjs";
import { Between, broken, gone } from "./between.mjs";
import { dress, examine, settle } from "./examine.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const languages = (process.env.LANGS ?? "zh-Hans,zh-Hant,en").split(",");
const widths = (process.env.WIDTHS ?? "1440,390").split(",").map(Number);
const NOBODY = "0190f0c0-0000-7000-8000-000000000000";
/** Records of every kind that has a page of its own. */
const RECORDS = ["/brand/assets", "/brand/brands", "/campaigns", "/content/items", "/customers/profiles", "/customers/segments", "/approvals", "/finance/adjustments", "/finance/budgets", "/finance/reports", "/imports", "/orders", "/products", "/rulebook/clauses", "/rulebook/parameters", "/rulebook/runs", "/system/users", "/system/access-reviews", "/people/handovers", "/records/risk", "/records/action"];
/** Pages that somebody in the market department may not open. */
const CLOSED = ["/system/audit", "/system/users", "/system/backups", "/system/roles"];


let browser, way;
const people = {};
const faults = [];

before(async () => {
  browser = await launch();
  way = new Between(base);
  await way.start();
  if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true });
  for (const [who, name] of Object.entries({ market: "陆嘉禾", admin: "程浩然" })) {
    const { context } = await signIn(browser, base, name);
    people[who] = await context.storageState();
    await context.close();
  }
});
after(async () => {
  // What a page still asks for must not keep this open: nobody waits for those answers any more.
  way?.server.closeAllConnections();
  way?.server.close();
  await browser?.close();
});

async function open(language, who = "admin") {
  const context = await browser.newContext({ reducedMotion: "reduce", storageState: people[who], locale: language === "en" ? "en-GB" : language, timezoneId: "Asia/Shanghai", viewport: { width: widths[0], height: 900 } });
  await dress(context, language, "light");
  const page = await context.newPage();
  page.said = [];
  page.on("pageerror", (error) => page.said.push(`thrown: ${error.message.slice(0, 300)}`));
  return page;
}

// Looks at the page as it stands: it says what is the matter, and what can be done.
async function look(page, name, language) {
  await page.locator(".state").first().waitFor();
  const state = page.locator(".state").first();
  const text = await state.innerText();
  if (/undefined|null|\[object|⟦|\{\w+\}/.test(text)) page.said.push(`odd words: ${text}`);
  if ((await state.locator("h1, h2").innerText()).length < 4) page.said.push(`no heading: ${text}`);
  for (const width of widths) await examine(page, `fault-${name}`, width, language, page.said);
  await page.setViewportSize({ width: widths[0], height: 900 });
  for (const line of new Set(page.said.splice(0))) {
    console.log(`${language} ${name}: ${line}`);
    faults.push(`${language} ${name}: ${line}`);
  }
  return text;
}

const shown = (page) => page.locator(".state").first().innerText();

for (const language of languages) {
  test(`an address that leads nowhere (${language})`, async () => {
    const page = await open(language);
    await page.goto(`${way.base}/no/such/page`);
    await look(page, "nowhere", language);
    assert.ok(await page.locator("#content a[href='/']").isVisible(), "it leads home");
    await page.locator("#content a[href='/']").click();
    await page.waitForURL(`${way.base}/`);
    await page.context().close();
  });

  test(`a record that is not there (${language})`, async () => {
    const page = await open(language);
    for (const folder of RECORDS) {
      await page.goto(`${way.base}${folder}/${NOBODY}`);
      await page.locator(".state").first().waitFor({ timeout: 15_000 }).catch(() => assert.fail(`${folder} says nothing`));
      assert.equal(await page.locator(".state button").filter({ hasText: /重试|重試|Try again/ }).count(), 0, `${folder}: trying again brings nothing back`);
      if (folder === "/customers/profiles") await look(page, "no-record", language);
      page.said.length = 0;
    }
    await page.context().close();
  });

  test(`a page that is somebody else's (${language})`, async () => {
    const page = await open(language, "market");
    for (const address of CLOSED) {
      await page.goto(way.base + address);
      await page.locator(".state").first().waitFor();
      const text = await shown(page);
      assert.match(text, /(identity|system)\.[\w.]+/, `${address} names the right that is missing: ${text}`);
    }
    await look(page, "closed", language);
    await page.context().close();
  });

  test(`a server that fails, and is well again (${language})`, async () => {
    const page = await open(language);
    way.instead = (request, response) => request.url.startsWith("/api/v1/sales/orders") && broken(response);
    await page.goto(`${way.base}/orders`);
    const text = await look(page, "broken", language);
    assert.ok(text.includes(NOBODY), `it names the request: ${text}`);
    way.instead = () => false;
    await page.locator(".state button.ant-btn-primary").click();
    await page.locator(".list-table").waitFor();
    await page.context().close();
  });

  test(`a server that is gone, and there again (${language})`, async () => {
    const page = await open(language);
    await page.goto(`${way.base}/orders`);
    await page.locator(".list-table").waitFor();
    await way.stop();
    try {
      // The page itself is here; what it asks for is not.
      await page.locator(".view-tabs button").nth(2).click();
      await look(page, "gone", language);
      assert.ok(await page.locator(".frame .side, .frame .bottom-bar").first().isVisible(), "the frame stays");
    } finally {
      await way.again();
    }
    await page.locator(".state button.ant-btn-primary").first().click();
    await page.locator(".state-icon.warn, .state-icon.bad").waitFor({ state: "detached" });
    await page.context().close();
  });

  test(`the whole product behind a server that fails (${language})`, async () => {
    const page = await open(language);
    way.instead = (request, response) => request.url.startsWith("/api/") && broken(response);
    await page.goto(`${way.base}/`);
    await look(page, "broken-whole", language);
    way.instead = () => false;
    await page.locator(".state button.ant-btn-primary").click();
    await page.locator("nav").first().waitFor();
    await page.context().close();
  });

  test(`a page whose file went with an upgrade (${language})`, async () => {
    const page = await open(language);
    await page.goto(`${way.base}/`);
    await settle(page);
    way.instead = (request, response) => /\/assets\/.*\.js$/.test(request.url) && gone(response);
    await page.locator("a[href^='/orders'], a[href^='/customers']").first().click();
    await look(page, "upgraded", language);
    way.instead = () => false;
    await page.locator(".state button.ant-btn-primary").click();
    await page.locator("h1").first().waitFor();
    assert.equal(await page.locator(".state[role=alert]").count(), 0);
    await page.context().close();
  });
}

test("nothing about these pages is amiss", () => assert.deepEqual(faults, []));
