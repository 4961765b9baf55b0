// What customers search for and buy together becomes an insight: marketing writes it and sends it, the brand department
// accepts it and says what it did, another is declined with its reason; then the monthly report, answered; by clicks.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const MARK = Date.now() % 1_000_000;
const TITLE = `周末常一起买的两样东西 ${MARK}`;
const OTHER = `雨天外送的人多 ${MARK}`;
const ADOPTED = "两样商品放进同一个货架端头，周末挂组合价签";
const NEEDS = "/api/v1/customers/needs";
const INSIGHTS = "/api/v1/customers/insights";
const REPORTS = "/api/v1/customers/insight-reports";
let browser, market, brand, insight, broken;

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
  market = await signIn(browser, base, "唐婉清");
  brand = await signIn(browser, base, "叶明竹");
  for (const { page } of [market, brand]) page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  if (broken && process.env.SHOTS) for (const [name, { page }] of Object.entries({ market, brand })) await page.screenshot({ path: `${process.env.SHOTS}/needs-${name}.png` });
  await browser?.close();
});

const drawer = (page) => page.locator(".ant-drawer-open");
const now = (who = market) => who.person.ok("GET", `${INSIGHTS}/${insight}`);
const idOf = (page) => new URL(page.url()).pathname.split("/").at(-1);

async function choose(page, label, option) {
  await drawer(page).getByLabel(label, { exact: true }).click();
  await page.locator(".ant-select-item-option", { hasText: option }).first().click();
}

// Where a step is taken: its button on the page, what it asks for, and the button that takes it.
async function step(page, name, fill, act) {
  await page.locator("main").getByRole("button", { name, exact: true }).click();
  await fill(drawer(page));
  await drawer(page).getByRole("button", { name: act, exact: true }).click();
  await drawer(page).waitFor({ state: "hidden" });
}

const brandDepartment = async () => {
  const { items } = await market.person.ok("GET", "/api/v1/identity/departments?page_size=200");
  return items.find((one) => one.code === "brand");
};

test("needs are computed on a click, and say what was read", async () => {
  const { page, person } = market;
  await page.goto(`${base}/customers/needs`);
  const before = (await person.ok("GET", `${NEEDS}/standing`)).run;
  await page.getByRole("button", { name: "重新计算" }).click();
  const run = await until("they are computed", async () => {
    const { run: last } = await person.ok("GET", `${NEEDS}/standing`);
    return last && last.id !== before?.id && last;
  });
  await page.getByText("计算完成").first().waitFor();
  assert.equal(run.cause, "staff");
  const [first] = (await person.ok("GET", `${NEEDS}?kind=search`)).items;
  // The sample may have too few searches to show any; what there is stands on a card.
  if (first) await page.getByRole("link", { name: first.words.slice(0, 3).join(" · ") }).first().waitFor();
});

test("two products that are bought together become a draft, filled in", async () => {
  const { page, person } = market;
  const [pattern] = (await person.ok("GET", `${NEEDS}/baskets`)).items;
  assert.ok(pattern, "the sample has products that are bought together");
  await page.goto(`${base}/customers/needs?tab=baskets`);
  await page.locator(".list-table td.title a").first().click();
  const peek = page.locator(".peek");
  await peek.getByText("提升度", { exact: true }).first().waitFor();
  await peek.getByText(/是随机情况的 [\d.,]+ 倍/).waitFor();
  await peek.getByRole("button", { name: "写成洞察" }).click();
  await page.waitForURL(/\/customers\/insights\/[0-9a-f-]{36}$/);
  insight = idOf(page);
  const draft = await now();
  assert.equal(draft.state, "draft");
  assert.equal(draft.evidence.type, "basket");
  await page.getByRole("link", { name: "查看一起买的商品" }).waitFor();
});

test("it is written over and sent to the brand department", async () => {
  const { page } = market;
  const department = await brandDepartment();
  await step(page, "修改", (form) => form.getByLabel("标题", { exact: true }).fill(TITLE), /^保\s?存$/);
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await step(page, "送给部门", () => choose(page, "使用部门", department.names["zh-Hans"]), /^送\s?出$/);
  const sent = await until("it is sent", async () => {
    const one = await now();
    return one.state === "sent" && one;
  });
  assert.equal(sent.department_id, department.id);
  await page.getByText("待答复").first().waitFor();
});

test("the department accepts it and says what it did", async () => {
  const { page } = brand;
  await page.goto(`${base}/customers/insights?q=${encodeURIComponent(TITLE)}`);
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await step(page, /^接\s?受$/, (form) => form.getByLabel("答复说明").fill("陈列组下周试两家店"), /^接\s?受$/);
  await until("it is accepted", async () => (await now(brand)).state === "accepted");
  await step(page, "登记采用情况", (form) => form.getByLabel("做了什么").fill(ADOPTED), /^登\s?记$/);
  const done = await until("it is used", async () => {
    const one = await now(brand);
    return one.state === "adopted" && one;
  });
  assert.equal(done.adoption, ADOPTED);
  await page.getByText(ADOPTED).waitFor();
});

test("another is declined, and whoever raised it reads why", async () => {
  const department = await brandDepartment();
  await market.page.goto(`${base}/customers/insights?new=1`);
  const form = drawer(market.page);
  await form.getByLabel("标题", { exact: true }).fill(OTHER);
  await form.getByLabel("发现与建议").fill("下雨的周末外送订单比平时多，建议雨天推送外送专场。");
  await choose(market.page, "使用部门", department.names["zh-Hans"]);
  await form.getByRole("button", { name: "存为草稿" }).click();
  await market.page.waitForURL(/\/customers\/insights\/[0-9a-f-]{36}$/);
  insight = idOf(market.page);
  await step(market.page, "送给部门", async () => {}, /^送\s?出$/);
  await until("it is sent", async () => (await now()).state === "sent");
  await brand.page.goto(`${base}/customers/insights/${insight}`);
  await step(brand.page, "不接受", (asked) => asked.getByLabel("不接受的原因").fill("外送运力不足，雨天不宜加推"), "确认不接受");
  await until("it is declined", async () => (await now(brand)).state === "declined");
  await market.page.reload();
  await market.page.getByText("外送运力不足，雨天不宜加推").waitFor();
});

test("the monthly report says what each figure means, and a department answers", async () => {
  const { page, person } = market;
  const [report] = (await person.ok("GET", REPORTS)).items;
  assert.ok(report, "the sample has a report");
  await page.goto(`${base}/customers/insight-reports`);
  await page.locator(".list-table td.title a").first().click();
  await page.getByRole("heading", { level: 1, name: /客户洞察月报$/ }).waitFor();
  const whole = await person.ok("GET", `${REPORTS}/${report.id}`);
  await page.getByRole("button", { name: "显示指标定义" }).click();
  await page.locator(".report-definitions dd").first().waitFor();
  const said = await page.locator(".report-definitions dt").allInnerTexts();
  assert.equal(new Set(said).size, new Set(whole.figures.map((one) => one.code)).size, "each figure is defined");
  const department = await brandDepartment();
  const waiting = whole.departments.find((one) => one.department_id === department.id && !one.answer);
  assert.ok(waiting, "the brand department has not answered yet");
  await brand.page.goto(`${base}/customers/insight-reports/${report.id}`);
  await brand.page.locator("#recipients").getByRole("button", { name: new RegExp(`答\\s?复.*${department.names["zh-Hans"]}`) }).click();
  await drawer(brand.page).getByLabel("用在哪里").fill("下月新品选题");
  await drawer(brand.page).getByRole("button", { name: /答\s?复/ }).click();
  await until("it is answered", async () => (await brand.person.ok("GET", `${REPORTS}/${report.id}`)).departments.some((one) => one.department_id === department.id && one.answer === "used"));
});
