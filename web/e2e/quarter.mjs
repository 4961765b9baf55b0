// A new quarter, end to end, as people live it: goal, plan, budget, the Friday meeting, a missed milestone, money that runs
// out, a risk, an inspection with its rectification, a report. By clicks and keys; axe looks at each page on the way.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";
import { edit, faults, fill, item, look, make, pick, press, refused, row, state, take } from "./quarter-tools.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
/** Set apart where the story is told twice on the same data. */
const MARK = process.env.MARK ?? "";
/** Goes on with some steps where an earlier telling stopped. */
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined;
const GOAL = `四季度新客复购率${MARK}`;
const YEAR_PLAN = `全网营销年度计划${MARK}`;
const QUARTER_PLAN = `四季度全网营销计划${MARK}`;
const BUDGET = `四季度小程序专项${MARK}`;
const PROJECT = `门店小程序改版${MARK}`;
const SERIES = `小程序周五例会${MARK}`;
const ACTION = `补齐新品页面素材${MARK}`;
const MILESTONE = `触点评估完成${MARK}`;
const RISK = `平台规则变动导致流量下滑${MARK}`;
const MEASURE = `准备自有渠道承接方案${MARK}`;
const GROUP = `四季度监督小组${MARK}`;
const INSPECTION = `四季度抽查${MARK}`;
const PROBLEM = `标题缺少活动条件${MARK}`;
const REPORT = `四季度评估报告${MARK}`;
const PEOPLE = { market: "陆嘉禾", head: "唐婉清", brand: "叶明竹", rules: "罗敬宜", manager: "沈致远", finance: "宋怀瑾", it: "程浩然" };

const inZone = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });
/** A day so many days from today, as the company's calendar writes it. */
const day = (days) => inZone.format(new Date(Date.now() + days * 86_400_000));
const YEAR = Number(day(0).slice(0, 4));
const MONTH = Number(day(0).slice(5, 7));

let browser, broken;
const who = {};
/** Addresses of what the story made, by name. */
const at = {};

// Every step rests on the one before it: after a failure the others would only wait for what cannot come.
function test(name, work) {
  run(name, { skip: only !== undefined && !only.test(name) }, async () => {
    assert.ok(!broken, `rests on: ${broken}`);
    broken = name;
    await work();
    broken = undefined;
  });
}

before(async () => {
  browser = await launch();
  for (const [role, name] of Object.entries(PEOPLE)) {
    who[role] = await signIn(browser, base, name);
    who[role].page.setDefaultTimeout(PATIENCE_MS);
  }
});

after(async () => {
  if (broken && process.env.SHOTS) for (const [name, one] of Object.entries(who)) await one.page.screenshot({ path: `${process.env.SHOTS}/quarter-${name}.png`, fullPage: true });
  await browser?.close();
});

// A window behind another draws no frames, and menus are placed frame by frame: who acts has theirs in front.
async function inFront(role) {
  await who[role].page.bringToFront();
  return who[role].page;
}

// An icon may stand before the words of a button.
const button = (page, name) => page.getByRole("button", { name: new RegExp(`(^|\\s)${name}$`) });

async function open(page, address, name) {
  await page.goto(base + address);
  await page.locator("h1").first().waitFor();
  await look(page, name ?? address);
}

/** The approval that stands on the page is decided there. */
async function agree(role, address, words) {
  const page = await inFront(role);
  await page.goto(base + address);
  const panel = page.locator("section", { has: page.locator(".approval-steps") }).first();
  await panel.waitFor();
  await look(page, `approval of ${address}`);
  await panel.getByLabel("意见", { exact: true }).fill(words);
  await panel.getByRole("button", { name: "同意", exact: true }).click();
  await page.getByText("已记录您的决定").first().waitFor();
  return page;
}

test("the manager goes away and somebody stands in", async () => {
  const page = await inFront("manager");
  await open(page, "/account", "account");
  const card = page.locator("section", { has: page.locator("#stand-ins") });
  if (await card.getByText(PEOPLE.rules).count()) return;
  await card.getByRole("button", { name: "设置代理" }).click();
  const drawer = page.getByRole("dialog");
  await fill(drawer, "代理人", PEOPLE.rules);
  const [from, to] = [drawer.locator(".ant-picker input").nth(0), drawer.locator(".ant-picker input").nth(1)];
  await from.click();
  await from.fill(`${day(-1)} 00:00`);
  await from.press("Enter");
  await to.fill(`${day(3)} 00:00`);
  await to.press("Enter");
  await fill(drawer, "原因", "出差三天。");
  await look(page, "stand-in form");
  await drawer.getByRole("button", { name: "设置代理" }).click();
  await card.getByText(PEOPLE.rules).first().waitFor();
});

test("a goal is set and put in force", async () => {
  const page = await inFront("head");
  at.goal = await make(page, base, "goal", {
    目标: GOAL, 层级: "全网营销", 指标: "新客 90 天复购率", 单位: "%", 开始日期: day(-20), 完成日期: day(60), 基准值: "18", 目标值: "24",
  });
  await look(page, "goal");
  await take(page, "启用");
  await state(page, "执行中");
});

test("the year's plan is agreed to by the head and by the manager's stand-in", async () => {
  const page = await inFront("market");
  at.year = await make(page, base, "plan", {
    名称: YEAR_PLAN, 类型: "全网营销计划", 周期: "年度", 服务的目标: GOAL, 开始日期: `${YEAR}-01-01`, 结束日期: `${YEAR}-12-31`, 计划内容: "以复购为主线，分季推进。", 预算: "600000",
  });
  await take(page, "提交批准", {});
  await page.locator(".approval-steps").waitFor();
  await look(page, "plan that waits");
  // Whoever asked for it does not decide it.
  assert.equal(await page.getByRole("button", { name: "同意", exact: true }).count(), 0);
  await agree("head", at.year, "同意。");
  const deputy = await agree("rules", at.year, "代沈总同意。");
  await state(deputy, "执行中");
  await deputy.getByRole("tab", { name: /^审批/ }).click();
  await deputy.getByText(`${PEOPLE.rules}（代 ${PEOPLE.manager}）`).first().waitFor();
  await look(deputy, "past approvals");
});

test("the quarter's plan hangs below it, and a change voids the approval that was asked for", async () => {
  const page = await inFront("market");
  at.plan = await make(page, base, "plan", {
    名称: QUARTER_PLAN, 类型: "全网营销计划", 周期: "季度", 上级计划: YEAR_PLAN, 开始日期: day(-20), 结束日期: day(60), 计划内容: "小程序改版与会员日。", 预算: "200000",
  });
  await refused(page, "提交批准", /请选择本计划服务的目标/);
  await edit(page, (form) => fill(form, "服务的目标", GOAL));
  await take(page, "提交批准", {});
  await page.locator(".approval-steps").waitFor();
  await edit(page, (form) => fill(form, "预算", "180000"));
  await page.getByText("已作废").first().waitFor();
  await take(page, "提交批准", {});
  await agree("head", at.plan, "按此执行。");
  await state(who.head.page, "执行中");
  await open(page, "/records/plan?view=tree", "plan tree");
  await page.getByRole("link", { name: QUARTER_PLAN }).waitFor();
  await open(page, "/records/plan?view=gantt", "plan Gantt");
});

test("a budget is written, checked and approved by three people", async () => {
  const page = await inFront("market");
  await open(page, "/finance/budgets", "budgets");
  await button(page, "新建预算").click();
  const drawer = page.getByRole("dialog");
  await fill(drawer, "名称", BUDGET);
  await drawer.getByRole("button", { name: "保存" }).click();
  await page.getByRole("heading", { level: 1, name: BUDGET }).waitFor();
  at.budget = new URL(page.url()).pathname;
  await button(page, "添加科目").click();
  await fill(drawer, "编码", "mini-app");
  await drawer.getByLabel("简体中文", { exact: true }).fill("小程序改版");
  await fill(drawer, "成本类别", "软件");
  await fill(drawer, "金额（CNY）", "10000");
  await look(page, "budget line form");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.waitFor({ state: "detached" });
  await button(page, "小程序改版").click();
  await button(page, "分摊").click();
  await fill(drawer, "方式", "按活动月份");
  await fill(drawer, "起始或转出月份", `${MONTH} 月`);
  await fill(drawer, "结束或转入月份", `${MONTH} 月`);
  await drawer.getByRole("button", { name: "分摊", exact: true }).click();
  await drawer.waitFor({ state: "detached" });
  await look(page, "budget with its line");
  await button(page, "提交审批").click();
  await state(page, "待财务审核");
  const finance = await inFront("finance");
  await open(finance, at.budget, "budget to check");
  await button(finance, "审核通过").click();
  await state(finance, "待管理层批准");
  const manager = await inFront("manager");
  await open(manager, at.budget, "budget to approve");
  await button(manager, "批准").click();
  await state(manager, "已批准");
});

async function reserve(page, amount, why) {
  await button(page, "预留款项").click();
  const drawer = page.getByRole("dialog");
  await fill(drawer, "科目", "小程序改版");
  await fill(drawer, "月份", `${MONTH} 月`);
  await fill(drawer, "金额（CNY）", String(amount));
  await fill(drawer, "事由", why);
  await drawer.getByRole("button", { name: "预留款项" }).click();
  return drawer;
}

test("money is reserved up to the plan: alerts at 80, 90 and 100; beyond it nothing is let through", async () => {
  const page = await inFront("market");
  await open(page, at.budget, "approved budget");
  for (const [amount, why] of [[8000, "开发首付款"], [1000, "设计"], [1000, "测试"]]) await (await reserve(page, amount, why)).waitFor({ state: "detached" });
  const drawer = await reserve(page, 1, "再加一元");
  await drawer.getByRole("alert").waitFor();
  assert.match(await drawer.getByRole("alert").innerText(), /小程序改版|余额|剩/);
  await look(page, "overspend refused");
  await drawer.getByRole("button", { name: "取消" }).click();
  await page.getByRole("tab", { name: "预警" }).click();
  const alerts = page.locator(".list-table tbody tr");
  for (const line of ["80%", "90%", "100%"]) await alerts.filter({ hasText: `达到 ${line} 预警线` }).first().waitFor();
  await look(page, "budget alerts");
  // The one at the full plan is answered with what is done about it.
  await alerts.filter({ hasText: "达到 100% 预警线" }).locator("td.title a").click();
  await button(page, "答复").click();
  const answer = page.getByRole("dialog");
  await fill(answer, "原因", "首付款一次付清。");
  await fill(answer, "措施", "本月不再新增用款。");
  await answer.getByRole("button", { name: "保存" }).click();
  await page.getByText("已答复").first().waitFor();
  const finance = await inFront("finance");
  await open(finance, "/finance/decisions", "money decisions");
  await finance.locator(".list-table tbody tr", { hasText: "再加一元" }).getByText("已拒绝").first().waitFor();
});

test("a project begins, and meets on Friday: minutes, actions, the next meeting", async () => {
  const page = await inFront("market");
  at.project = await make(page, base, "project", { 名称: PROJECT, 类型: "触点优化项目", 所属计划: QUARTER_PLAN, 目的与范围: "改版会员页和下单页。", 开始日期: day(-15), 结束日期: day(45) });
  await refused(page, "启动", /请先选择项目目标/);
  await edit(page, (form) => fill(form, "共同目标", GOAL));
  await take(page, "启动");
  await state(page, "进行中");
  at.series = await make(page, base, "meeting_series", { 名称: SERIES, 类型: "项目周例会", 所属项目: PROJECT, 频率: "每周", 固定时间: "周五 09:00" }, [["成员", { 成员: PEOPLE.market }], ["固定议程", { 议题: "本周进展" }]]);
  at.meeting = await make(page, base, "meeting", { 会议名称: SERIES, 类型: "项目周例会", 所属例会: SERIES, 所属项目: PROJECT, 计划时间: `${day(0)} 09:00` }, [["议程", { 议题: "首页改版进展" }], ["出席人", { 姓名: PEOPLE.brand }]]);
  await look(page, "meeting");
  await take(page, "已召开", { 实际时间: `${day(0)} 09:05` });
  await edit(page, async (form) => {
    await row(form, "决定的事项", { 事项: ACTION, 责任人: PEOPLE.brand, 期限: day(5) });
  });
  // A meeting of a series says when the next one is, before its minutes are done.
  await refused(page, "完成纪要", /请填写下次会议时间/);
  await edit(page, (form) => row(form, "下次会议", { 时间: `${day(7)} 09:00` }));
  await take(page, "完成纪要", { 会议纪要: "首页按期，新品素材欠缺，已定人补齐。" });
  await state(page, "已完成");
  await page.getByRole("tab", { name: "相关记录" }).click();
  await page.getByText(ACTION).first().waitFor();
  await look(page, "minuted meeting");
});

test("the action waits in somebody's work, is taken up and finished with its proof", async () => {
  const page = await inFront("brand");
  await open(page, "/", "my work with the action");
  const card = page.locator(".task", { hasText: ACTION }).first();
  await card.getByRole("button", { name: /^开始处理/ }).click();
  await page.locator(".task", { hasText: ACTION }).getByRole("button", { name: /^完成/ }).waitFor();
  await page.locator(".task", { hasText: ACTION }).getByRole("link").first().click();
  await page.locator(".record-facts").first().waitFor();
  await refused(page, "完成", /请写明完成情况或上传凭据/);
  await edit(page, (form) => fill(form, "完成说明", "素材已入库，编号 12 至 18。"));
  await take(page, "完成");
  await state(page, "已完成");
});

test("a milestone is missed: it cannot be reached without its report, and stands late in everybody's sight", async () => {
  const page = await inFront("market");
  at.milestone = await make(page, base, "milestone", { 名称: MILESTONE, 所属项目: PROJECT, 类型: "评估报告完成", 计划日期: day(-2) });
  await refused(page, "已到达", /评估报告尚未发布/);
  await edit(page, (form) => fill(form, "预计日期", day(6)));
  await page.getByText("预计日期").first().waitFor();
  await look(page, "late milestone");
  await open(page, "/", "my work with the late milestone");
  await page.locator(".task", { hasText: MILESTONE }).locator(".bad").first().waitFor();
  await open(page, "/records/milestone?view=calendar", "milestones in the calendar");
});

test("a risk is raised, assessed by two, and its treatment agreed to by the stand-in", async () => {
  const page = await inFront("market");
  at.risk = await make(page, base, "risk", { 风险: RISK, 类别: "市场" });
  await refused(page, "确定评分", /须有两人的有效评估/);
  for (const [role, likelihood, impact] of [["market", 4, 5], ["head", 4, 4]]) {
    const one = await inFront(role);
    await make(one, base, "risk_assessment", { 评估标题: `${RISK}（${PEOPLE[role]}）`, 风险: RISK, 评估人: PEOPLE[role], 可能性: String(likelihood), 影响: String(impact), 定性意见: "近一年已调整两次。", 评估日期: day(0), 评估期: `${YEAR} 年四季度` });
    if (role === "market") await look(one, "risk assessment");
  }
  await inFront("market");
  await page.goto(base + at.risk);
  await take(page, "确定评分", { 可能性: "4", 影响: "5", 评估有效至: day(80) });
  await state(page, "高风险待应对");
  await edit(page, (form) => fill(form, "应对策略", "降低"));
  await refused(page, "应对", /高风险须有带负责人和期限的措施/);
  await edit(page, (form) => row(form, "应对措施", { 措施: MEASURE, 负责人: PEOPLE.head, 期限: day(20) }));
  await take(page, "应对", { 下次检查: day(30) });
  await page.locator(".approval-steps").waitFor();
  const deputy = await agree("rules", at.risk, "同意，按期复评。");
  await state(deputy, "应对中");
  await inFront("market");
  await open(page, "/records/risk?view=matrix", "risk matrix");
  await page.locator('.matrix td a[href*="live_likelihood+%3D%3D+4"][href*="impact+%3D%3D+5"]').click();
  await page.getByRole("link", { name: RISK }).first().waitFor();
});

const TOPICS = [["规划执行", "年度计划抽样"], ["内容质量", "会员日邮件抽样"], ["数据运营", "客户资料抽样"], ["系统使用", "备份记录抽样"]];

test("the supervision group inspects a sample; what fails becomes a finding", async () => {
  const page = await inFront("rules");
  at.group = await make(page, base, "inspection_group", { 名称: GROUP, 组长: PEOPLE.rules, 品牌部成员: PEOPLE.brand, 信息部成员: PEOPLE.it, 任期开始: day(-10), 任期结束: day(170) }, [["检查计划", { 期间: `${YEAR} 年四季度`, 计划日期: day(0), 检查人: PEOPLE.rules }]]);
  at.inspection = await make(page, base, "inspection", { 检查名称: INSPECTION, 监督小组: GROUP, 期间: `${YEAR} 年四季度`, 计划日期: day(0), 检查人: PEOPLE.rules });
  await take(page, "开始", { 抽样种子: "2026-4", 抽样范围: "本季全部计划、内容、数据与系统记录" });
  await state(page, "检查中");
  await refused(page, "完成", /规划、内容、数据、系统四个方面都要有样本/);
  for (const [topic, name] of TOPICS) {
    await make(page, base, "inspection_item", { 抽到的记录: `${name}${MARK}`, 所属检查: INSPECTION, 方面: topic });
    if (topic === "内容质量") await take(page, "不合格", { 问题: PROBLEM, 原因: "流程", 整改责任人: PEOPLE.head, 整改期限: day(10), 所需证明: "改后的邮件截图" });
    else await take(page, "合格");
    await state(page, topic === "内容质量" ? "不合格" : "合格");
  }
  await look(page, "inspection item");
  await page.goto(base + at.inspection);
  await take(page, "完成", { 汇报记录: "四项抽样，一项不合格，已开具整改。" });
  await state(page, "已完成");
  await look(page, "inspection");
});

test("whoever mended it does not close it; the supervision group does, with the proof", async () => {
  const page = await inFront("head");
  await open(page, "/", "my work with the finding");
  await page.locator(".task", { hasText: PROBLEM }).getByRole("link").first().click();
  await page.locator(".record-facts").first().waitFor();
  at.finding = new URL(page.url()).pathname;
  await edit(page, async (form) => {
    await item(form, "证明材料").locator("input[type=file]").setInputFiles({ name: "改后.png", mimeType: "image/png", buffer: PIXEL });
    await form.getByText("改后.png").waitFor();
  });
  await take(page, "提交整改", { 整改措施: "模板加入活动条件一栏，漏填不能提交。" });
  await state(page, "待核验");
  await refused(page, "关闭", /.+/);
  await look(page, "finding that waits");
  const rules = await inFront("rules");
  await open(rules, at.finding, "finding to close");
  await take(rules, "关闭");
  await state(rules, "已关闭");
});

test("the quarter's report is checked by a second person and issued", async () => {
  const page = await inFront("market");
  at.report = await make(page, base, "report", { 标题: REPORT, 类型: "评估报告", 应发布日期: day(3), 概述: "复购率由 18% 升到 21%。", 趋势: "连续三月上升。", 诊断: "首页改版见效，搜索页仍弱。", 建议: "下季先改搜索页。" }, [["数据", { 指标: "复购率", 数值: "21", 数据日期: day(-1) }]]);
  await refused(page, "提交发布", /请选择至少一位读者/);
  await edit(page, (form) => row(form, "读者", { 读者: PEOPLE.manager }));
  await take(page, "提交发布", {});
  await page.locator(".approval-steps").waitFor();
  const brand = await agree("brand", at.report, "数据核对无误。");
  await state(brand, "已发布");
  await look(brand, "issued report");
});

test("the manager is back and ends the stand-in", async () => {
  const page = await inFront("manager");
  await page.goto(`${base}/account`);
  const card = page.locator("section", { has: page.locator("#stand-ins") });
  await card.getByRole("button", { name: "结束" }).first().click();
  await until("nobody stands in", async () => (await card.getByText(PEOPLE.rules).count()) === 0);
});

test("no page of the story has a fault that axe sees", () => assert.deepEqual([...faults], []));

/** One white pixel, as a picture. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==", "base64");
