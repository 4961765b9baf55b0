// A question in SQL: written with names from the tables, refused with its place, answered, drawn, saved, run again, taken along; by clicks and keys.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const WRONG = "SELECT kind,\n       citty\nFROM orders";
const RIGHT = "SELECT kind, COUNT(*) AS n\nFROM orders\nGROUP BY kind\nORDER BY n DESC";
const NAME = `订单类别 ${Date.now()}`;
const REASON = "11 月经营例会核对订单数";
let browser, market, saved, broken;

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
  market = await signIn(browser, base, "陆嘉禾", { acceptDownloads: true });
  market.page.setDefaultTimeout(PATIENCE_MS);
});

after(async () => {
  if (broken && process.env.SHOTS) await market?.page.screenshot({ path: `${process.env.SHOTS}/sql.png`, fullPage: true });
  await browser?.close();
});

// An icon has a name of its own, which stands before that of its button.
const button = (name) => market.page.getByRole("button", { name: new RegExp(`(^|\\s)${name}$`) });
const editor = () => market.page.getByLabel("SQL 查询语句");
const rows = () => market.page.locator(".sql-rows tbody tr");
const tables = async () => (await market.person.ok("GET", "/api/v1/insight/sql/tables")).items;
const mine = async () => (await market.person.ok("GET", `/api/v1/insight/queries?q=${encodeURIComponent(NAME)}`)).items;

async function write(sql) {
  await editor().fill(sql);
  await market.page.keyboard.press("Control+Enter");
}

test("the tables stand beside the editor, and a click writes a name", async () => {
  await market.page.goto(`${base}/insight/sql`);
  await market.page.locator(".sql-tables code").filter({ hasText: /^orders$/ }).click();
  await editor().fill("SELECT");
  await market.page.locator(".sql-column").filter({ has: market.page.getByText("total_minor", { exact: true }) }).click();
  assert.equal(await editor().inputValue(), "SELECT total_minor");
  await market.page.keyboard.press("Tab");
  assert.equal(await editor().inputValue(), "SELECT total_minor  ");
});

test("orders are copied, or copied anew on a click", async () => {
  if (!(await tables()).find((table) => table.name === "orders").watermark) await button("刷新数据").first().click();
  await until("orders are copied", async () => (await tables()).find((table) => table.name === "orders").watermark, 300);
});

test("a wrong question is refused with its place", async () => {
  await write(WRONG);
  await market.page.locator(".problem-note").getByText("第 2 行").waitFor();
  assert.equal(await market.page.locator(".sql-under mark").textContent(), "citty");
  await button("跳到出错位置").click();
  const chosen = await editor().evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  assert.equal(chosen, "citty");
});

test("a question about a table that is not there names the near one, and nothing but reading is done", async () => {
  await write("SELECT * FROM ordres");
  await market.page.locator(".problem-note").getByText("orders").first().waitFor();
  await write("DELETE FROM orders");
  await market.page.locator(".problem-note").getByText("这里只能查询").waitFor();
});

test("the right one is answered, with how much, until when and how long", async () => {
  await write(RIGHT);
  await rows().first().waitFor();
  assert.equal(await market.page.locator(".problem-note").count(), 0, "the refusal is gone");
  const { rows: expected } = await market.person.ok("POST", "/api/v1/insight/sql/run", { sql: RIGHT });
  assert.ok(expected.length > 0, "the sample has orders");
  assert.equal(await rows().count(), expected.length);
  const shown = (await rows().first().locator("td").nth(2).innerText()).replaceAll(",", "");
  assert.equal(Number(shown), expected[0][1]);
  for (const word of [`共 ${expected.length} 行`, "用时", "数据截至"]) await market.page.locator(".sql-facts").getByText(word).waitFor();
});

test("the answer is drawn, with a table for those who do not see it", async () => {
  await market.page.getByRole("tab", { name: "图表" }).click();
  await market.page.locator(".sql-builder .ant-segmented-item").getByText("柱状图", { exact: true }).click();
  await market.page.locator(".chart-box canvas").first().waitFor();
  await market.page.getByRole("button", { name: "以表格查看" }).click();
  await market.page.locator(".chart-twin").getByText("sale", { exact: true }).waitFor();
});

test("it is saved with its chart, for everybody", async () => {
  await button("保存查询").first().click();
  const drawer = market.page.locator(".ant-drawer");
  await drawer.getByLabel("名称").fill(NAME);
  await drawer.getByLabel("说明").fill("销售单与退单各有多少");
  await drawer.getByText("全公司", { exact: true }).click();
  await drawer.getByRole("button", { name: "保存查询" }).click();
  await market.page.waitForURL(/query=/);
  [saved] = await until("it is among the saved ones", async () => ((await mine()).length === 1 ? mine() : undefined));
  assert.deepEqual({ sql: saved.sql, kind: saved.chart.kind, x: saved.chart.x, y: saved.chart.y, sharing: saved.sharing }, { sql: RIGHT, kind: "bar", x: "kind", y: ["n"], sharing: "company" });
});

test("the saved one is found in the list and run", async () => {
  await market.page.goto(`${base}/insight/queries`);
  await market.page.locator(".list-table td.title a").filter({ hasText: NAME }).click();
  const peek = market.page.locator(".peek");
  await peek.getByText("销售单与退单各有多少").waitFor();
  await peek.getByRole("button", { name: "运行" }).click();
  await rows().first().waitFor();
  await market.page.getByRole("heading", { level: 1, name: NAME }).waitFor();
});

test("its owner changes it on the version that was read", async () => {
  await editor().fill(`${RIGHT}\nLIMIT 1`);
  await button("保存修改").click();
  await until("it is changed", async () => (await mine())[0].sql.endsWith("LIMIT 1"));
  // Another window was faster: both versions stand side by side.
  await editor().fill(`${RIGHT}\nLIMIT 3`);
  const [now] = await mine();
  const { name, description, chart, parameters, sharing, people } = now;
  await market.person.ok("PUT", `/api/v1/insight/queries/${now.id}`, { name, description, chart, parameters, sharing, people, sql: `${RIGHT}\nLIMIT 2` }, now.version);
  await button("保存修改").click();
  await market.page.getByText("别人刚刚改过这条记录").waitFor();
  await button("用我的覆盖").click();
  await until("mine is kept", async () => (await mine())[0].sql.endsWith("LIMIT 3"));
});

test("its answer is taken along as a file, with a reason that is logged", async () => {
  await button("运行").click();
  await rows().first().waitFor();
  await button("导出结果").click();
  const drawer = market.page.locator(".ant-drawer");
  await drawer.getByText("CSV", { exact: true }).click();
  await drawer.getByLabel("用途").fill("短");
  await drawer.getByRole("button", { name: /^导\s?出$/ }).click();
  await drawer.getByText("请写明导出的用途").first().waitFor();
  await drawer.getByLabel("用途").fill(REASON);
  const [file] = await Promise.all([market.page.waitForEvent("download"), drawer.getByRole("button", { name: /^导\s?出$/ }).click()]);
  assert.equal(file.suggestedFilename(), `${NAME}.csv`);
  const text = await readFile(await file.path(), "utf8");
  assert.match(text, /kind,n/);
  assert.match(text, /sale/);
});

test("it is archived, and stands in no list any more", async () => {
  await market.page.goto(`${base}/insight/queries`);
  await market.page.locator(".list-table td.title a").filter({ hasText: NAME }).click();
  await market.page.locator(".peek").getByRole("button", { name: /^归\s?档$/ }).click();
  await market.page.locator(".ant-popconfirm").getByRole("button", { name: /^归\s?档$/ }).click();
  await until("it is gone", async () => (await mine()).length === 0);
});
