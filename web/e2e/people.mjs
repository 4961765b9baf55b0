// Two customers who may be one: found, compared, joined, parted again, and others found to be two people; by clicks.
import assert from "node:assert/strict";
import { after, before, test as run } from "node:test";
import { launch, signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);
const REVIEW = "/customers/matches?view=open&state=open";
let browser, market, pair, broken;

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
  if (broken && process.env.SHOTS) await market?.page.screenshot({ path: `${process.env.SHOTS}/people.png` });
  await browser?.close();
});

const button = (name) => market.page.getByRole("button", { name });
const open = async () => (await market.person.ok("GET", "/api/v1/customers/matches?state=open")).items;
const ids = (of) => [of.left.profile_id, of.right.profile_id];
const now = async (id) => (await market.person.ok("GET", `/api/v1/customers/profiles/${id}`)).id;

async function first() {
  await market.page.goto(base + REVIEW);
  await market.page.locator(".list-table td.title a").first().click();
  await market.page.locator(".peek").waitFor();
}

test("duplicates are looked for on a click, and the likeliest stand first", async () => {
  await market.page.goto(base + REVIEW);
  await button("查找重复").click();
  await market.page.getByText("查找完成").waitFor();
  [pair] = await open();
  assert.ok(pair, "the sample has people who may be one");
  await first();
  await market.page.locator(".peek").getByText("是同一人的可能").first().waitFor();
});

test("two are joined, the older one stays", async () => {
  await market.page.locator(".peek").getByRole("button", { name: "是同一人，合并" }).click();
  await until("both are one", async () => (await now(pair.right.profile_id)) === pair.left.profile_id);
});

test("the merge is undone, and both are who they were", async () => {
  await market.page.goto(`${base}/customers/profiles/${pair.left.profile_id}?tab=merges`);
  await button("撤销合并").first().click();
  await market.page.getByLabel("理由").fill("两位是同名的邻居");
  await market.page.locator(".ant-drawer").getByRole("button", { name: "撤销合并" }).click();
  await until("both are two", async () => (await now(pair.right.profile_id)) === pair.right.profile_id);
  const restored = await market.person.ok("GET", `/api/v1/customers/profiles/${pair.right.profile_id}`);
  assert.equal(restored.name, pair.right.name);
  assert.equal(restored.mobile, pair.right.mobile);
});

test("others are two people: nobody asks again", async () => {
  const [other] = await open();
  assert.ok(other && !ids(other).includes(pair.left.profile_id), "what was undone does not come back");
  await first();
  await market.page.locator(".peek").getByRole("button", { name: "不是同一人" }).click();
  await market.page.getByLabel("理由").fill("电话核实是两个人");
  await button("确认不是同一人").click();
  await until("it is decided", async () => !(await open()).some((one) => one.id === other.id));
});
