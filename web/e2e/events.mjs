// The tag on somebody's site, from its installation to the first events, a faulty one that is repaired, and programs that
// do not count: by clicks in our pages, and by a visitor of a site that allows nothing it does not need.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const NAME = `演示官网 ${Date.now() % 100_000}`;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
let browser, it, site, address, key, endpoint, broken;

// Every step rests on the one before it.
function test(name, work) {
  run(name, async () => {
    assert.ok(!broken, `rests on: ${broken}`);
    broken = name;
    await work();
    broken = undefined;
  });
}

before(async () => {
  browser = await launch();
  it = await signIn(browser, base, "程浩然");
  it.page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  if (broken && process.env.SHOTS) await it?.page.screenshot({ path: `${process.env.SHOTS}/events.png` });
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
});

// Buttons begin with the name of their picture.
const button = (name) => it.page.getByRole("button", { name });
const count = () => it.page.getByRole("button", { name: "计入", exact: true });
const tab = (name) => it.page.getByRole("tab", { name, exact: true });

// A shop of somebody else: its policy lets in our tag and nothing more.
async function open(snippet) {
  const policy = `default-src 'none'; script-src ${endpoint}; connect-src ${endpoint}; base-uri 'none'`;
  const page = `<!doctype html><html lang="zh"><head><title>茶器</title>${snippet}</head>
    <body><h1>茶器</h1><a id="next" href="/next?utm_source=ignored">下一页</a></body></html>`;
  site = http.createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
    answer.end(page);
  });
  await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${site.address().port}`;
}

async function visit(options, act) {
  const context = await browser.newContext({ locale: "zh-CN", ...options });
  const page = await context.newPage();
  const violations = [];
  page.on("console", (message) => message.text().includes("Content Security Policy") && violations.push(message.text()));
  await page.goto(`${address}/?utm_source=edm&utm_medium=email`);
  await act(page, context);
  await context.close();
  assert.deepEqual(violations, []);
}

const events = () => it.person.ok("GET", `/api/v1/customers/sources/${source()}/events`);
const source = () => it.page.url().match(/sources\/([0-9a-f-]+)/)[1];

test("a source is made, and says how to install it", async () => {
  await it.page.goto(`${base}/customers/sources`);
  await button("新建数据来源").click();
  const drawer = it.page.getByRole("dialog");
  await drawer.getByLabel("名称", { exact: true }).fill(NAME);
  await drawer.getByLabel("采集目的", { exact: true }).fill("了解访客如何选购");
  await drawer.getByRole("button", { name: "新建数据来源" }).click();
  await it.page.getByRole("heading", { name: NAME }).waitFor();
  await tab("安装").click();
  await button("显示密钥").click();
  const snippet = await until("the snippet has its key", async () => {
    const text = await it.page.locator("pre code").first().textContent();
    return /data-write-key="[^"]{20,}"/.test(text ?? "") && text;
  });
  key = snippet.match(/data-write-key="([^"]+)"/)[1];
  endpoint = snippet.match(/src="(.+)\/tag\.js"/)[1];
  address = await open(snippet);
});

test("a visitor's page arrives at once, without a cookie before consent, and says by which channel", async () => {
  await it.page.goto(`${base}/customers/sources/${source()}?tab=events`);
  await visit({ userAgent: BROWSER }, async (page, context) => {
    const found = await until("the page arrives", async () => (await events()).items.find((event) => event.kind === "page"));
    assert.match(found.properties, /utm_source=edm/);
    assert.deepEqual(await context.cookies(), []);
    await page.evaluate(() => window.brandwright.consent(true));
    await page.evaluate(() => window.brandwright.track("Product Viewed", { product_id: "pot-1" }));
    await until("the product arrives", async () => (await events()).items.find((event) => event.name === "Product Viewed"));
    const names = (await context.cookies()).map((cookie) => cookie.name);
    assert.deepEqual(names, ["bw_id"]);
  });
  // People see it without asking again.
  await it.page.getByText("Product Viewed").first().waitFor();
});

test("a program that visits is counted apart", async () => {
  const before = (await events()).items.length;
  await visit({}, async (page) => {
    await page.evaluate(() => window.brandwright.track("By A Program", {}));
    await until("the program is counted", async () => (await it.person.ok("GET", `/api/v1/customers/sources/${source()}`)).bots_7d > 0);
  });
  assert.equal((await events()).items.length, before);
});

test("an event without a name waits in quarantine, is repaired on its page and counts", async () => {
  const message = `faulty-${Date.now()}`;
  const body = { writeKey: key, userId: "u-1", messageId: message, properties: { product_id: "pot-1" } };
  const sent = await fetch(`${endpoint}/v1/track`, { method: "POST", headers: { "user-agent": BROWSER }, body: JSON.stringify(body) });
  assert.equal(sent.status, 200);
  await it.page.goto(`${base}/customers/sources/${source()}?tab=quarantine`);
  await it.page.getByText(message).first().click();
  const text = it.page.locator("#event-body");
  await text.waitFor();
  await count().click();
  await it.page.getByText("仍有问题，没有计入：").waitFor();
  await text.fill(JSON.stringify({ ...body, type: "track", event: "Repaired", writeKey: undefined }));
  await count().click();
  await it.page.getByText("已计入").first().waitFor();
  const counted = await until("it counts", async () => (await events()).items.find((event) => event.name === "Repaired"));
  assert.equal(counted.message_id, message);
});
