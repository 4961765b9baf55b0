// An event that nobody planned, from its first arrival to a rule that keeps wrong ones apart; then a total that is held
// against what arrived, and the look at which data comes at all: by clicks in our pages, with events as a program sends them.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const MARK = Date.now() % 1_000_000;
const SOURCE = `演示商城 ${MARK}`;
const EVENT = `Basket Opened ${MARK}`;
const SOURCES = "/api/v1/customers/sources";
const PLANNED = "/api/v1/customers/plan/events";
let browser, it, source, key, endpoint, broken;

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
  if (broken && process.env.SHOTS) await it?.page.screenshot({ path: `${process.env.SHOTS}/plan.png` });
  await browser?.close();
});

// Buttons begin with the name of their picture.
const button = (name) => it.page.getByRole("button", { name });
const drawer = () => it.page.locator(".ant-drawer");
const open = (address) => it.page.goto(base + address);
const planned = async () => (await it.person.ok("GET", `${PLANNED}?text=${encodeURIComponent(EVENT)}`)).items.find((one) => one.name === EVENT);
const now = () => it.person.ok("GET", `${SOURCES}/${source.id}`);
const waiting = async () => (await it.person.ok("GET", `/api/v1/customers/quarantine?state=open&source_id=${source.id}`)).items;

// As a program does: the key is the name of the user, the password stays empty.
async function send(message, properties) {
  const sent = await fetch(`${endpoint}/v1/track`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    body: JSON.stringify({ event: EVENT, userId: `u-${MARK}`, messageId: `${message}-${MARK}`, properties }),
  });
  assert.equal(sent.status, 200);
}

async function arrived(message) {
  return until(`${message} counts`, async () => (await it.person.ok("GET", `${SOURCES}/${source.id}/events`)).items.find((event) => event.message_id === `${message}-${MARK}`));
}

test("a source notes what nobody planned", async () => {
  const made = { name: SOURCE, kind: "server", purpose: "了解顾客打开购物车的情况", plan: "observe", expected: ["behaviour", "sales"] };
  source = await it.person.ok("POST", SOURCES, made);
  ({ write_key: key, endpoint } = await it.person.ok("POST", `${SOURCES}/${source.id}/write-key/show`));
  await send("first", { value: 12.5, currency: "CNY" });
  await arrived("first");
  await until("it is noted", async () => (await it.person.ok("GET", `/api/v1/customers/plan/unplanned?source_id=${source.id}`)).items.some((one) => one.name === EVENT));
});

test("it is planned from the list, filled in from what it says, and put in force", async () => {
  await open(`/customers/plan?tab=unplanned&source_id=${source.id}`);
  await it.page.getByRole("link", { name: new RegExp(`规划这个事件\\s*${EVENT}`) }).click();
  await it.page.locator("#plan-name").waitFor();
  assert.equal(await it.page.locator("#plan-name").inputValue(), EVENT);
  assert.equal(await it.page.locator("#property-0-name").inputValue(), "value");
  await it.page.getByLabel("说明", { exact: true }).fill("顾客打开购物车时发送");
  await it.page.getByRole("checkbox", { name: /第 1 个属性.*必填/ }).check();
  await it.page.locator(".ant-segmented-item", { hasText: "已生效" }).click();
  await button("保存规划").click();
  await it.page.getByRole("heading", { name: EVENT }).waitFor();
  const event = await planned();
  assert.equal(event.state, "live");
  assert.deepEqual(event.sources, [source.id]);
  assert.equal(event.properties.find((one) => one.name === "value").required, true);
});

test("a wrong event is tried beforehand, and its field is named", async () => {
  await it.page.getByLabel("事件原文（JSON）").fill(JSON.stringify({ type: "track", event: EVENT, userId: "u-1", properties: { value: "many" } }));
  await it.page.getByRole("button", { name: "检查" }).click();
  await it.page.getByText("1 处不符").waitFor();
  await it.page.getByRole("button", { name: /类型不符.*properties\.value/ }).waitFor();
});

test("a change asks for its reason, and the versions say what is different", async () => {
  await it.page.getByRole("checkbox", { name: /第 2 个属性.*必填/ }).check();
  await it.page.locator("form").getByRole("button", { name: "保 存" }).or(it.page.locator("form").getByRole("button", { name: "保存" })).click();
  await drawer().getByLabel("原因").fill("对账需要币种");
  await drawer().getByRole("button", { name: /保\s?存/ }).click();
  await until("it is kept", async () => (await planned()).properties[1].required);
  await it.page.getByRole("tab", { name: "版本" }).click();
  await it.page.getByText("对账需要币种").first().waitFor();
  await it.page.getByRole("heading", { name: "修改属性 currency" }).waitFor();
});

test("the source is set to keep wrong events apart", async () => {
  await open(`/customers/sources/${source.id}?tab=settings`);
  await it.page.getByLabel("埋点方案", { exact: true }).click();
  await it.page.locator(".ant-select-item-option", { hasText: "不符即隔离" }).click();
  await it.page.locator(".source-settings").getByRole("button", { name: /保\s?存/ }).click();
  await until("it is set", async () => (await now()).plan === "enforce");
});

test("a wrong event waits in quarantine with its reason, is repaired there and counts", async () => {
  await send("wrong", { value: "many", currency: "CNY" });
  const row = await until("it waits", async () => (await waiting()).find((one) => one.message_id === `wrong-${MARK}`));
  assert.equal(row.fault, "plan");
  assert.equal(row.detail, "wrong_kind");
  await open(`/customers/quarantine?view=open&state=open&source_id=${source.id}&peek=${row.id}`);
  const peek = it.page.locator(".peek");
  await peek.getByText("不符合埋点方案").first().waitFor();
  await peek.getByText("应为数字，实际为文本").first().waitFor();
  const text = peek.locator("#event-body");
  await peek.getByRole("button", { name: "计入", exact: true }).click();
  await peek.getByText("仍有问题，没有计入：").waitFor();
  await text.fill((await text.inputValue()).replace('"many"', "20"));
  await peek.getByRole("button", { name: "计入", exact: true }).click();
  await it.page.getByText("已计入").first().waitFor();
  await arrived("wrong");
});

test("a total is held against what arrived", async () => {
  const today = new Date().toISOString().slice(0, 10);
  await open(`/customers/sources/${source.id}?tab=totals`);
  await it.page.getByLabel("日期", { exact: true }).fill(today);
  await it.page.keyboard.press("Enter");
  await it.page.getByLabel("发送数", { exact: true }).fill("5");
  await button("填报").click();
  const said = await until("it is kept", async () => (await it.person.ok("GET", `${SOURCES}/${source.id}/totals`)).items.find((one) => one.day === today));
  assert.equal(said.events, 5);
  assert.ok(said.difference < 0, "three events did not arrive");
  await it.page.getByText(/少 \d+ 条/).first().waitFor();
});

test("coverage says what comes and what is missing", async () => {
  await open("/customers/coverage");
  const row = it.page.getByRole("row", { name: new RegExp(SOURCE) });
  await row.getByRole("link", { name: new RegExp(`${SOURCE}，行为：\\s*正常`) }).waitFor();
  await row.getByRole("link", { name: new RegExp(`${SOURCE}，销售：\\s*缺失`) }).waitFor();
});
