// The main job, end to end, in the browser and over the API: content, review, segment, campaign, results, rulebook.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { chromium } from "playwright-core";
import { signIn, until } from "./api.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
let browser, market, head, brand, content, token, segment, campaign;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  market = await signIn(browser, base, "陆嘉禾");
  head = await signIn(browser, base, "唐婉清");
  brand = await signIn(browser, base, "方砚");
});

after(async () => browser?.close());

test("an author can never approve their own, and a reviewer can", async () => {
  const { items } = await market.person.ok("GET", "/api/v1/brand/contents?state=in_review");
  content = items[0];
  const approve = `/api/v1/brand/contents/${content.id}/approve`;
  await market.person.refused("access.missing_permission", "POST", approve, {}, content.version);
  await brand.person.ok("POST", approve, {}, content.version);
  ({ token } = await market.person.ok("GET", `/api/v1/brand/contents/${content.id}/approval`));
  assert.ok(token);
});

test("a serious pre-flight finding blocks the submission", async () => {
  const { items } = await market.person.ok("GET", "/api/v1/brand/contents?state=draft");
  const [draft] = items;
  const submit = `/api/v1/brand/contents/${draft.id}/submit`;
  await market.person.refused("brand.review.preflight_blocked", "POST", submit, {}, draft.version);
});

test("a segment says its count and why a person is in or out", async () => {
  const definition = {
    type: "all",
    of: [
      { type: "ordered", what: { by: "department", value: "PRODUCE" }, at_least: 2, within_days: 90 },
      { type: "not", of: { type: "redeemed" } },
      { type: "tier", one_of: ["A", "B"] },
    ],
  };
  const preview = await market.person.ok("POST", "/api/v1/customers/segments/preview", { definition });
  assert.ok(preview.count > 100 && preview.count < preview.total);
  const sample = await market.person.ok("POST", "/api/v1/customers/segments/sample", { definition });
  assert.ok(sample.items.length > 0);
  const made = { name: "常买蔬果、没用过券的 A、B 级客户", active: true, definition };
  segment = await market.person.ok("POST", "/api/v1/customers/segments", made);
  const why = await market.person.ok("GET", `/api/v1/customers/segments/${segment.id}/members/${sample.items[0].id}`);
  assert.equal(why.is_member, true);
  assert.equal(why.why.of.length, 3);
});

test("a campaign without a measurable goal cannot be prepared", async () => {
  const now = Date.now();
  campaign = await market.person.ok("POST", "/api/v1/campaigns/campaigns", {
    campaign: {
      brand_id: content.brand_id,
      name: "会员欢迎",
      segment_id: segment.id,
      content_id: content.id,
      approval: token,
      period_from: new Date(now).toISOString(),
      period_to: new Date(now + 14 * 86_400_000).toISOString(),
    },
  });
  const path = `/api/v1/campaigns/campaigns/${campaign.id}`;
  const refusal = await market.person.refused("campaigns.campaign.not_ready", "POST", `${path}/prepare`, undefined, campaign.version);
  assert.deepEqual(refusal.fields.map((f) => f.field), ["goal_metric", "goal_target"]);
  campaign = await market.person.ok("PATCH", path, { goal_metric: "revenue", goal_target: 500_000 }, campaign.version);
  campaign = await market.person.ok("POST", `${path}/prepare`, undefined, campaign.version);
});

test("it is launched after a test, and its results arrive within seconds", async () => {
  const path = `/api/v1/campaigns/campaigns/${campaign.id}`;
  const untested = await market.person.call("POST", `${path}/launch`, undefined, campaign.version);
  assert.ok(untested.status >= 400, "a launch without a test is refused");
  await market.person.ok("POST", `${path}/test`);
  campaign = await market.person.ok("GET", path);
  campaign = await head.person.ok("POST", `${path}/launch`, undefined, campaign.version);
  const seen = async () => {
    const { figures } = await market.person.ok("GET", `${path}/results`);
    return Object.fromEntries(figures.map((f) => [f.key, f.value]));
  };
  const results = await until("opens, clicks and orders", async () => {
    const f = await seen();
    return f.waiting === 0 && f.opened > 20 && f.clicked > 5 && f.orders > 0 && f.unsubscribed > 0 ? f : null;
  }, 180);
  assert.equal(results.planned, campaign.audience_count);
  assert.equal(results.planned, results.sent + results.suppressed + results.failed + results.unknown);
  assert.ok(results.revenue > 0 && results.opened >= results.clicked);
  const rows = await market.person.ok("GET", `${path}/sends?state=failed&page_size=200`);
  assert.equal(rows.items.length, results.failed);
  const reasons = await market.person.ok("GET", `${path}/contact-reasons`);
  const refused = reasons.items.filter((r) => r.outcome === "refused").reduce((sum, r) => sum + r.count, 0);
  assert.equal(refused, results.suppressed);
});

test("an edit voids the approval: the changed content cannot be launched", async () => {
  const item = await market.person.ok("GET", `/api/v1/brand/contents/${content.id}`);
  const versions = await market.person.ok("GET", `/api/v1/brand/contents/${content.id}/versions`);
  assert.ok(versions.items.length >= 1);
  const variants = (item.current ?? item.content_version ?? item).variants;
  assert.ok(variants?.length, "the item shows its variants");
  const changed = variants.map((v) => ({ ...v, subject: `${v.subject}！` }));
  await market.person.ok("POST", `/api/v1/brand/contents/${content.id}/versions`, { variants: changed }, item.version ?? item.content.version);
  const gone = await market.person.call("GET", `/api/v1/brand/contents/${content.id}/approval`);
  assert.ok(gone.status === 404 || gone.body.approval?.state !== "valid", JSON.stringify(gone.body));
});

test("the rulebook lists 406 clauses and at least 30 are covered by live controls", async () => {
  const coverage = await head.person.ok("GET", "/api/v1/rulebook/coverage");
  const sum = (key) => coverage.departments.reduce((total, d) => total + d.counts[key], 0);
  assert.equal(sum("clauses"), 406);
  assert.ok(sum("covered") >= 30, `${sum("covered")} covered`);
});

test("the audit page shows who did what", async () => {
  const auditor = await signIn(browser, base, "邱守正");
  const { items } = await auditor.person.ok("GET", "/api/v1/system/audit?page_size=200");
  assert.ok(items.some((e) => e.action === "launch" && e.noun === "campaigns.campaign" && e.actor_name === "唐婉清"));
  await auditor.page.goto(`${base}/system/audit`);
  await auditor.page.getByText("唐婉清").first().waitFor();
});
