// What somebody asks about their own data: they are erased with a proof, get their file, and a leak shows its clock; by clicks.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const PRIVACY = "/api/v1/customers/privacy";
const HOUR_MS = 3_600_000;
let browser, desk, admin, person, broken;

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
  admin = await signIn(browser, base, "程浩然");
  desk = await signIn(browser, base, "罗敬宜", { acceptDownloads: true });
  for (const { page } of [admin, desk]) page.setDefaultTimeout(PATIENCE_MS);
  person = await somebody();
});

after(async () => {
  if (broken && process.env.SHOTS) await desk?.page.screenshot({ path: `${process.env.SHOTS}/privacy.png` });
  await browser?.close();
});

// Whoever is erased must bear a name of their own, so that looking for it tells that they are gone.
async function somebody() {
  const { items } = await desk.person.ok("GET", "/api/v1/customers/profiles?page_size=100");
  const names = items.map((row) => row.name);
  const found = items.filter((row) => row.name && names.filter((name) => name === row.name).length === 1);
  assert.ok(found.length > 1, "the sample has people with a name of their own");
  return { erased: found.at(-1), asks: found[0] };
}

const button = (name) => desk.page.getByRole("button", { name, exact: true });
const drawer = () => desk.page.locator(".ant-drawer-open");
const idOf = () => new URL(desk.page.url()).pathname.split("/").at(-1);
const request = () => desk.person.ok("GET", `${PRIVACY}/subject-requests/${idOf()}`);

async function choose(label, option) {
  await drawer().getByLabel(label).click();
  await desk.page.locator(".ant-select-item-option", { hasText: option }).first().click();
}

// From the customer's own page, as a colleague does it who has them on the phone.
async function start(id, kind) {
  await desk.page.goto(`${base}/customers/profiles/${id}`);
  await desk.page.getByRole("button", { name: "更多" }).last().click();
  await desk.page.getByRole("menuitem", { name: "登记个人信息请求…" }).click();
  await choose("请求类型", kind);
  await drawer().getByRole("button", { name: "登记", exact: true }).click();
  await desk.page.waitForURL(/\/customers\/privacy\/requests\//);
  await desk.page.getByText("还剩").first().waitFor();
}

async function verify() {
  await button("核验身份").click();
  await drawer().getByLabel("核验说明").fill("回拨登记的手机号，核对了最近一笔订单");
  await drawer().getByRole("button", { name: "身份已核验" }).click();
  await until("it is proven who asks", async () => (await request()).state === "verified");
}

test("an erasure is asked for and proven to come from the person", async () => {
  await start(person.erased.id, "删除");
  await verify();
});

test("what goes and what stays is said, and nothing happens without a reason", async () => {
  await button("删除客户").click();
  await drawer().getByText("会消失", { exact: true }).waitFor();
  await drawer().getByText("会留下", { exact: true }).waitFor();
  await drawer().getByRole("button", { name: "彻底删除" }).click();
  await drawer().getByText("请写明理由，至少 5 个字").waitFor();
  assert.equal((await request()).result ?? null, null);
});

test("the person is erased, and the proof finds nothing", async () => {
  await drawer().getByLabel("理由").fill("本人来信要求删除全部资料");
  await drawer().getByRole("checkbox").check();
  await drawer().getByRole("button", { name: "彻底删除" }).click();
  const done = await until("everything was searched", async () => {
    const row = await request();
    return row.result?.verification?.at && row;
  });
  assert.equal(done.result.verification.hits, 0, JSON.stringify(done.result.verification.places));
  assert.ok(done.result.verification.tables > 0 && done.result.verification.rows > 0, "something was searched");
  assert.equal(done.state, "done");
  await desk.page.getByText("检出 0 处，没有残留").waitFor();
});

test("the person is gone from the list", async () => {
  await desk.page.goto(`${base}/customers/profiles?q=${encodeURIComponent(person.erased.name)}`);
  await desk.page.getByText("没有符合条件的结果").waitFor();
  const { items } = await desk.person.ok("GET", `/api/v1/customers/profiles?q=${encodeURIComponent(person.erased.name)}`);
  assert.deepEqual(items, []);
});

test("an access request gives a file, with a reason", async () => {
  await start(person.asks.id, "查阅、复制");
  await verify();
  await button("汇总资料").click();
  await drawer().getByLabel("理由").fill("本人要求查阅全部资料");
  await drawer().getByRole("button", { name: "汇总资料" }).click();
  const row = await until("the file is there", async () => {
    const now = await request();
    return now.state === "done" && now;
  });
  assert.equal(row.result.rows.profile, 1);
  await button("下载文件").click();
  await drawer().getByLabel("理由").fill("交给本人，当面核验");
  const [file] = await Promise.all([desk.page.waitForEvent("download"), drawer().getByRole("button", { name: "下载文件" }).click()]);
  assert.equal(file.suggestedFilename(), `${row.number}.zip`);
  const { items } = await admin.person.ok("GET", `/api/v1/system/audit?noun_id=${row.id}`);
  assert.ok(items.some((entry) => entry.action === "download" && entry.reason === "交给本人，当面核验"), "the download is logged with its reason");
});

test("a leak is recorded and shows its clock", async () => {
  const { page } = desk;
  await page.goto(`${base}/customers/privacy/leaks/new`);
  await page.getByLabel("标题").fill("会员名单误发给外部合作方");
  await page.getByLabel("发生了什么").fill("例行发送时选错收件人，合作方当天告知，名单已收回");
  await button("下一步").click();
  await page.getByRole("checkbox", { name: "手机号" }).check();
  await button("下一步").click();
  await button("之后再圈定").click();
  await button("登记事件").click();
  await page.getByText("已登记 LEAK-").waitFor();
  await page.getByText("还剩").first().waitFor();
  await button("打开事件").click();
  await page.waitForURL(/\/customers\/privacy\/leaks\/[0-9a-f-]{36}$/);
  const leak = await desk.person.ok("GET", `${PRIVACY}/leaks/${idOf()}`);
  assert.equal(Date.parse(leak.authority_due_at) - Date.parse(leak.discovered_at), 72 * HOUR_MS);
  await page.getByText(/72 小时，从/).waitFor();
});

test("once the authority is told the clock stops, and only then the leak can be closed", async () => {
  const { page } = desk;
  await button("登记报告").click();
  await drawer().getByLabel("受理编号").fill("网信办受理 2026-118");
  await drawer().getByRole("button", { name: "登记报告" }).click();
  await page.getByText("已报告", { exact: true }).first().waitFor();
  await button("关闭事件").click();
  await drawer().getByLabel("理由").fill("名单已收回并确认删除");
  await drawer().getByRole("button", { name: "关闭事件" }).click();
  await until("it is closed", async () => (await desk.person.ok("GET", `${PRIVACY}/leaks/${idOf()}`)).state === "closed");
});
