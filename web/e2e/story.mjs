// The main job, end to end, as people do it: by clicks and keys in the page. The API is asked only where a person could
// not see a fact, or to try a way around a door.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const TITLE = "蔬果周末到家";
const SEGMENT = "常买蔬果、没用过券的 A、B 级客户";
const CAMPAIGN = "蔬果周末活动";
let browser, market, head, brand, auditor, rules;
let broken;

// Every step rests on the one before it: after a failure the others would only wait for what cannot come.
function test(name, work) {
  run(name, async () => {
    assert.ok(!broken, `rests on: ${broken}`);
    broken = name;
    await work();
    broken = undefined;
  });
}

const mail = (words) => `<mjml>
  <mj-body>
    {% include "chenqi-header" %}
    <mj-section><mj-column>
      <mj-text>{{ customer.name | default("您") }}，${words}</mj-text>
      <mj-button href="https://www.chenqi.example/weekend">${words.slice(0, 4)}</mj-button>
    </mj-column></mj-section>
    {% include "mail-footer" %}
  </mj-body>
</mjml>`;

before(async () => {
  browser = await launch();
  // One click per role on the login page.
  market = await signIn(browser, base, "陆嘉禾");
  head = await signIn(browser, base, "唐婉清");
  brand = await signIn(browser, base, "方砚");
  auditor = await signIn(browser, base, "邱守正");
  rules = await signIn(browser, base, "罗敬宜");
  for (const one of [market, head, brand, auditor, rules]) one.page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  // What the four saw when a step failed is worth more than its message.
  if (broken && process.env.SHOTS) for (const [name, one] of Object.entries({ market, head, brand, auditor, rules })) await one?.page.screenshot({ path: `${process.env.SHOTS}/story-${name}.png` });
  await browser?.close();
});

// A window behind another draws no frames, and menus are placed frame by frame: who acts has theirs in front.
async function inFront(one) {
  await one.page.bringToFront();
  return one.page;
}

const button = (page, name) => page.getByRole("button", { name, exact: true });

// Chooses in a list that opens; the options stand in the popups of the page.
async function choose(page, label, option) {
  const field = page.getByRole("combobox", { name: label });
  await field.click();
  const items = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option", { hasText: option });
  await items.first().click();
}

async function write(page, language, subject, words) {
  await page.locator(".editor-versions").getByText(language, { exact: true }).click();
  await page.getByLabel("邮件主题", { exact: true }).fill(subject);
  await page.locator("textarea.mjml").fill(mail(words));
}

const frame = (page) => page.frameLocator("iframe.mail");

test("a policy parameter is changed with a reason: quiet hours that do not fall on this story", async () => {
  const page = await inFront(rules);
  const clock = (hours) => `${String(new Date(Date.now() + hours * 3_600_000 + 8 * 3_600_000).getUTCHours()).padStart(2, "0")}:00`;
  await page.goto(`${base}/rulebook/parameters/contact.quiet_hours`);
  await button(page, "修改参数").click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("数值", { exact: true }).fill(`${clock(11)}-${clock(13)}`);
  await drawer.getByLabel("理由", { exact: true }).fill("演练期间错开免打扰时段。");
  await drawer.getByRole("button", { name: "修改参数" }).click();
  await page.getByRole("tabpanel").getByText("演练期间错开免打扰时段。").first().waitFor();
});

test("marketing writes an e-mail in two languages and sees it as a receiver would", async () => {
  const page = await inFront(market);
  await page.getByRole("button", { name: "新建" }).first().click();
  await page.getByRole("menuitem", { name: "新建内容" }).click();
  await page.getByLabel("标题", { exact: true }).fill(TITLE);
  await choose(page, "品牌", "晨畦");
  await page.getByRole("checkbox", { name: "繁體中文" }).uncheck();
  await button(page, "创建").click();
  await page.getByRole("heading", { name: TITLE }).waitFor();
  await write(page, "简体中文", "周末蔬果，全国最佳", "全国最佳的蔬果周末到家。");
  await frame(page).getByText("全国最佳的蔬果周末到家。").waitFor();
  await write(page, "English", "Fresh greens this weekend", "fresh greens come home this weekend.");
  await frame(page).getByText("fresh greens come home this weekend.").waitFor();
  await button(page, "保存新版本").click();
  await page.getByText("第 2 版").first().waitFor();
});

test("the pre-flight names what is wrong and blocks the submission", async () => {
  const page = await inFront(market);
  await page.getByRole("tab", { name: "发布前检查" }).click();
  await button(page, "重新检查").click();
  await page.getByText("有严重问题").first().waitFor();
  await page.getByText("全国最佳").first().waitFor();
  // The button refuses and says why; pressing it changes nothing.
  const submit = page.getByRole("button", { name: "提交审核" });
  await submit.waitFor();
  assert.equal(await submit.getAttribute("aria-disabled"), "true");
  await page.getByText("发布前检查有严重问题，改正后才能继续").first().waitFor({ state: "attached" });
});

test("corrected, it passes and is submitted; the author cannot approve it", async () => {
  const page = await inFront(market);
  await write(page, "简体中文", "周末蔬果到家", "精选的蔬果周末到家。");
  await button(page, "保存新版本").click();
  await page.getByText("第 3 版").first().waitFor();
  await page.getByRole("tab", { name: "发布前检查" }).click();
  await button(page, "重新检查").click();
  await page.getByText(/检查通过|有提醒/).first().waitFor();
  await page.getByRole("button", { name: "提交审核" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("给审核人的话", { exact: true }).fill("周末活动用，请看。");
  await drawer.getByRole("button", { name: "提交审核" }).click();
  await page.locator(".page-head .pill").getByText("审核中").waitFor();
  assert.equal(await page.getByRole("button", { name: "通过", exact: true }).and(page.locator(":not([aria-disabled=true])")).count(), 0);
  // Nor by asking the API itself.
  const id = page.url().match(/items\/([0-9a-f-]+)/)[1];
  const { version } = await market.person.ok("GET", `/api/v1/brand/contents/${id}`);
  await market.person.refused("access.missing_permission", "POST", `/api/v1/brand/contents/${id}/approve`, {}, version);
});

test("brand decides it on the card of its own work", async () => {
  const page = await inFront(brand);
  await page.goto(base);
  const card = page.locator(".task", { hasText: TITLE });
  await card.getByText("周末蔬果到家").waitFor();
  await card.getByRole("button", { name: "看一眼" }).click();
  await page.frameLocator(".task iframe.mail").getByText("精选的蔬果周末到家。").waitFor();
  await card.getByRole("button", { name: /^通过/ }).click();
  await card.waitFor({ state: "detached" });
  await inFront(market);
  await market.page.reload();
  await market.page.locator(".page-head .pill").getByText("已通过").waitFor();
});

test("a segment is built by clicks, with its count, a sample, and why somebody is in or out", async () => {
  const page = await inFront(market);
  await page.getByRole("button", { name: "新建" }).first().click();
  await page.getByRole("menuitem", { name: "新人群" }).click();
  await page.getByLabel("名称", { exact: true }).fill(SEGMENT);
  await page.getByRole("button", { name: /从示例开始/ }).click();
  const goods = page.locator(".condition-leaf", { hasText: "购买" }).first();
  await goods.getByRole("combobox").nth(1).click();
  await page.keyboard.type("蔬果");
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option", { hasText: /^蔬果$/ }).click();
  const count = page.locator(".segment-count");
  await until("a count of some but not all", async () => {
    const n = Number((await count.count()) ? (await count.innerText()).replaceAll(",", "") : 0);
    return n > 100 && n < 1294 && (await page.locator(".condition-count").allInnerTexts()).filter(Boolean).length >= 3;
  });
  await page.getByRole("button", { name: /^为什么选中/ }).first().click();
  await page.getByText("在人群中", { exact: true }).waitFor();
  assert.ok((await page.locator(".why").count()) >= 4, "every part of the condition says whether it holds");
  await button(page, "保存人群").click();
  await page.getByRole("heading", { name: SEGMENT }).waitFor();
});

test("a campaign is made in the wizard, tested, and launched by whoever may", async () => {
  const page = await inFront(market);
  await page.getByRole("button", { name: "新建" }).first().click();
  await page.getByRole("menuitem", { name: "新建活动" }).click();
  // The page before has a name to fill in as well.
  await page.getByRole("heading", { name: "新建活动" }).waitFor();
  await page.getByLabel("名称", { exact: true }).fill(CAMPAIGN);
  await choose(page, "品牌", "晨畦");
  await choose(page, /^目标$/, "销售额");
  await page.getByLabel(/目标金额/).fill("5000");
  await page.locator(".ant-picker-range").first().click();
  await page.getByText("今天起两周").click();
  await choose(page, "营销策略", "年度促销策略");
  await choose(page, "服务的业务目标", "近三十天销售额");
  await button(page, "下一步").click();
  await choose(page, "人群", SEGMENT);
  await choose(page, "内容", TITLE);
  await button(page, "下一步").click();
  await page.getByText(SEGMENT).first().waitFor();
  await button(page, "创建草稿").click();
  await page.getByRole("heading", { name: CAMPAIGN }).waitFor();
  await button(page, "准备就绪").click();
  await page.locator(".page-head .pill").getByText("待发").waitFor();
  const launcher = await inFront(head);
  await launcher.goto(page.url());
  // Untested, it does not start, and says so.
  assert.equal(await launcher.getByRole("button", { name: "立即启动" }).getAttribute("aria-disabled"), "true");
  await inFront(market);
  await button(page, "发测试给自己").click();
  await page.getByText("测试邮件已发到你的邮箱").waitFor();
  await inFront(head);
  await launcher.reload();
  await launcher.getByRole("button", { name: "立即启动" }).click();
  await launcher.getByRole("dialog").getByRole("button", { name: "立即启动" }).click();
  await launcher.locator(".page-head .pill").getByText(/进行中|已结束/).waitFor();
});

test("results arrive by themselves, and a figure opens its rows", async () => {
  const page = await inFront(head);
  const tile = (name) => page.locator(".board-tile").filter({ has: page.locator(".board-label").getByText(name, { exact: true }) }).locator(".board-value");
  const figure = async (name) => Number((await tile(name).innerText()).replace(/[^\d.]/g, ""));
  await tile("已发送").waitFor();
  await until("opens, clicks, orders and an unsubscription", async () => (await figure("已打开")) > 20 && (await figure("已点击")) > 5 && (await figure("订单")) > 0 && (await figure("退订")) > 0, 240);
  for (const name of ["已发送", "已送达", "已打开", "已点击", "销售额"]) assert.ok((await figure(name)) > 0, name);
  await page.locator("canvas").first().waitFor();
  await tile("已点击").click();
  await page.waitForURL(/tab=sends/);
  await page.locator(".list-table tbody tr").first().waitFor();
  await page.goBack();
  // The chart's table twin opens rows as well.
  await page.getByRole("figure", { name: "从计划到下单" }).getByRole("button", { name: "以表格查看" }).click();
  await page.getByRole("figure", { name: "从计划到下单" }).locator(".chart-open").first().click();
  await page.waitForURL(/tab=/);
  await page.locator(".list-table tbody tr").first().waitFor();
  // The ledger adds up: what was planned is sent, withheld, failed or not known.
  const id = page.url().match(/campaigns\/([0-9a-f-]+)/)[1];
  const settled = await until("every message settled", async () => {
    const { figures } = await head.person.ok("GET", `/api/v1/campaigns/campaigns/${id}/results`);
    const by = Object.fromEntries(figures.map((one) => [one.key, one.value]));
    return by.waiting === 0 ? by : null;
  });
  assert.equal(settled.planned, settled.sent + settled.suppressed + settled.failed + settled.unknown);
});

test("an edit voids the approval", async () => {
  const page = await inFront(market);
  await page.goto(`${base}/content/items`);
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByLabel("邮件主题", { exact: true }).fill("周末蔬果到家！");
  await page.getByText("保存后，已有的通过会失效").waitFor();
  await button(page, "保存新版本").click();
  await page.locator(".page-head .pill").getByText(/草稿|已退回/).waitFor();
  const id = page.url().match(/items\/([0-9a-f-]+)/)[1];
  const gone = await market.person.call("GET", `/api/v1/brand/contents/${id}/approval`);
  assert.ok(gone.status === 404 || gone.body.approval?.state !== "valid", JSON.stringify(gone.body));
});

test("the rulebook shows 406 clauses, and a covered one with value, window, verdict and rows", async () => {
  const page = await inFront(head);
  await page.goto(`${base}/rulebook/coverage`);
  await page.getByText("/ 406").first().waitFor();
  const coverage = await head.person.ok("GET", "/api/v1/rulebook/coverage");
  assert.equal(coverage.departments.reduce((sum, one) => sum + one.counts.clauses, 0), 406);
  assert.ok(coverage.total.covered >= 30, `${coverage.total.covered} covered`);
  await page.goto(`${base}/rulebook/clauses/BA-4.2.1`);
  const row = page.locator(".controls-table tbody tr", { hasText: "审核人不是作者" });
  await row.getByText("近 30 天").waitFor();
  await row.getByText("已落实").waitFor();
  await row.locator("td.figure a").click();
  await page.waitForURL(/rulebook\/runs\//);
  await page.locator(".rows-table tbody tr").first().waitFor();
  await page.locator(".rows-table tbody tr a").first().click();
  await page.waitForURL(/content\/items\//);
  await page.getByRole("heading", { level: 1 }).waitFor();
});

test("the audit page shows who did what", async () => {
  const page = await inFront(auditor);
  await page.goto(`${base}/system/audit`);
  const row = page.locator(".list-table tbody tr", { hasText: "唐婉清" }).filter({ hasText: "启动活动" });
  await row.first().locator("td.title a").click();
  await page.locator(".peek").getByText("启动活动").first().waitFor();
});
