// A segment of what people did, built by clicks and read as text; why somebody is in; scores, a persona made and used, and
// an item of the worklist that may stay: in our pages, with events as a program sends them.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const MARK = Date.now() % 1_000_000;
const SEGMENT = `近期看过商品的 A、B 级客户 ${MARK}`;
const SET = `按购买习惯 ${MARK}`;
const PERSONA = `常客 ${MARK}`;
const SEGMENTS = "/api/v1/customers/segments";
const PERSONAS = "/api/v1/customers/personas";
const WORKLIST = "/api/v1/customers/worklist";
let browser, market, broken;

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
  market = await signIn(browser, base, "陆嘉禾");
  market.page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  if (broken && process.env.SHOTS) await market?.page.screenshot({ path: `${process.env.SHOTS}/segments.png` });
  await browser?.close();
});

const button = (name) => market.page.getByRole("button", { name });
const open = (address) => market.page.goto(base + address);
const shape = (name) => market.page.locator(".ant-segmented-item", { hasText: name });
const text = () => market.page.getByLabel("文字形式的条件");
const saved = async () => {
  const row = (await market.person.ok("GET", `${SEGMENTS}?q=${encodeURIComponent(SEGMENT)}`)).items.find((one) => one.name === SEGMENT);
  return row && market.person.ok("GET", `${SEGMENTS}/${row.id}`);
};

async function counted() {
  const count = market.page.locator(".segment-count");
  return until("people are counted", async () => ((await count.count()) ? Number((await count.innerText()).replaceAll(",", "")) || false : false));
}

test("a segment of an event and a tier is built by clicks, and counts as it grows", async () => {
  const { page } = market;
  await open("/customers/segments/new");
  await page.getByLabel("名称", { exact: true }).fill(SEGMENT);
  await button("加条件").first().click();
  await page.getByRole("menuitem", { name: "做过某事" }).click();
  const did = page.locator(".condition-leaf", { hasText: "做过" }).first();
  await did.getByRole("combobox", { name: "事件", exact: true }).click();
  await page.keyboard.type("Product Viewed");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await did.getByText("Product Viewed").first().waitFor();
  assert.equal(await did.getByRole("spinbutton", { name: "至少" }).inputValue(), "1");
  assert.equal(await did.getByRole("spinbutton", { name: "天内" }).inputValue(), "30");
  assert.ok((await counted()) > 0, "the sample has people who looked at products");
  await until("each part has its count", async () => (await page.locator(".condition-count").allInnerTexts()).filter(Boolean).length >= 3);
});

test("as text it is the same condition, a slip is told with its line, and nothing is lost on the way back", async () => {
  const { page } = market;
  const before = await counted();
  await shape("文字").click();
  const written = await text().inputValue();
  assert.match(written, /^同时满足\n  等级：A、B\n  做过：事件 "Product Viewed"；次数 至少 1；最近 30 天$/);
  await text().fill(written.replace("最近 30 天", "最近 三十 天"));
  await page.getByText(/第 3 行：.*三十/).waitFor();
  assert.equal(await button("保存人群").getAttribute("aria-disabled"), "true");
  await text().fill(written);
  await page.getByText("这段文字与条件完全一致").waitFor();
  await shape("点选").click();
  await page.locator(".condition-leaf", { hasText: "做过" }).getByText("Product Viewed").first().waitFor();
  assert.equal(await counted(), before);
});

test("it is saved, and holds what was clicked", async () => {
  await button("保存人群").click();
  await market.page.getByRole("heading", { name: SEGMENT }).waitFor();
  const { definition } = await until("it is kept", saved);
  assert.equal(definition.type, "all");
  const [tier, did] = definition.of;
  assert.deepEqual(tier, { type: "tier", one_of: ["A", "B"] });
  assert.deepEqual({ ...did, what: did.what.names }, { type: "did", what: ["Product Viewed"], measure: "count", at_least: 1, within_days: 30 });
});

test("why a member is in is told with the events, which stand on the timeline", async () => {
  const { page } = market;
  await button(/^为什么选中/).first().click();
  await page.getByText("在人群中", { exact: true }).waitFor();
  await page.locator(".why li", { hasText: "行为" }).first().waitFor();
  await page.getByRole("link", { name: "查看这位客户的行为" }).first().click();
  await page.locator(".list-table td", { hasText: "Product Viewed" }).first().waitFor();
  await page.getByRole("tab", { name: "评分", exact: true }).click();
  await page.getByRole("heading", { name: "所属画像" }).waitFor();
});

test("a field of the heat map opens a new segment of its people", async () => {
  const { page } = market;
  await open("/customers/scores");
  await page.getByRole("heading", { name: "价值层级" }).waitFor();
  await page.locator("figure.chart").getByRole("button", { name: "以表格查看" }).click();
  const field = page.locator(".chart-twin tr", { hasText: /最近度 5、频次 5/ });
  const people = Number((await field.locator("button").innerText()).replaceAll(",", ""));
  await field.locator("button").click();
  await page.waitForURL((url) => url.pathname === "/customers/segments/new");
  if (people > 0) assert.equal(await counted(), people);
  await open("/customers/scores?tab=models");
  await page.locator(".list-table td.title a").first().click();
  await page.locator(".peek").getByText("最晚的订单").waitFor();
});

test("personas are made of chosen features, one gets a name and becomes a segment", async () => {
  const { page } = market;
  await open("/customers/personas?new=1");
  const drawer = page.locator(".ant-drawer");
  await drawer.getByLabel("名称", { exact: true }).fill(SET);
  await drawer.getByRole("button", { name: "开始分组" }).click();
  await page.getByRole("heading", { name: SET }).waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const set = await until("groups are found", async () => {
    const found = await market.person.ok("GET", `${PERSONAS}/${id}`);
    return found.state !== "waiting" && found;
  });
  assert.equal(set.state, "usable");
  assert.ok(set.personas.length >= 2 && set.personas[0].traits.length > 0);
  const first = page.locator(".persona-groups > li").first();
  await first.locator(".persona-trait").first().waitFor();
  await first.getByRole("button", { name: /^取名/ }).click();
  await drawer.getByLabel("名称", { exact: true }).fill(PERSONA);
  await drawer.getByRole("button", { name: "保存" }).click();
  await first.getByRole("heading", { name: PERSONA }).waitFor();
  await first.getByRole("link", { name: /用这些人建人群/ }).click();
  await page.waitForURL((url) => url.pathname === "/customers/segments/new");
  assert.equal(await counted(), set.personas[0].size);
});

test("an item of the worklist may stay, for a reason that is kept", async () => {
  const { page } = market;
  await open("/customers/worklist");
  await button("立即检查").click();
  await until("something is found", async () => (await market.person.ok("GET", WORKLIST)).items.length > 0);
  const letBe = page.locator(".list-table").getByRole("button", { name: /^可以保留/ }).first();
  await letBe.waitFor();
  const [item] = (await market.person.ok("GET", WORKLIST)).items;
  await letBe.click();
  const drawer = page.locator(".ant-drawer");
  await drawer.getByLabel("理由").fill("本人只愿留下会员号");
  await drawer.getByRole("button", { name: "确认保留" }).click();
  const ignored = await until("it is let be", async () => (await market.person.ok("GET", `${WORKLIST}?state=ignored`)).items.find((one) => one.id === item.id));
  assert.equal(ignored.reason, "本人只愿留下会员号");
  assert.ok(!(await market.person.ok("GET", WORKLIST)).items.some((one) => one.id === item.id), "nobody asks again");
});
