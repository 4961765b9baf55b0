// Every address of the UI, taken from the files in which the routes are written, so that a new page cannot be forgotten.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const src = path.resolve(import.meta.dirname, "../src");

// Addresses that lead on to another page, or that need a link from a mail.
const LEADS_ON = new Set(["/rulebook", "/tasks/:id", "/customers/nodes/:id", "/approve"]);

function routeFiles() {
  const areas = path.join(src, "areas");
  const inAreas = readdirSync(areas).flatMap((area) => ["routes.tsx", "routes.ts"].map((file) => path.join(areas, area, file)));
  return [path.join(src, "routes.tsx"), ...inAreas.filter((file) => { try { readFileSync(file); return true; } catch { return false; } })];
}

export function routes() {
  const found = new Set();
  for (const file of routeFiles()) {
    // A route has a component beside its path; a page of the navigation has only an id.
    for (const [, address] of readFileSync(file, "utf8").matchAll(/\{ path: '(\/[^']*)', lazy/g)) found.add(address);
  }
  return [...found].filter((address) => !LEADS_ON.has(address)).sort();
}

// What a page needs, as the navigation says it; a record needs what its list needs.
export function needs() {
  const found = new Map();
  for (const file of routeFiles()) {
    for (const [, address, permission] of readFileSync(file, "utf8").matchAll(/path: '(\/[^']*)', needs: '([^']+)'/g)) found.set(address, permission);
  }
  return (route) => {
    for (let address = route; address; address = address.slice(0, address.lastIndexOf("/"))) if (found.has(address)) return found.get(address);
    return undefined;
  };
}

export const OUTSIDE = new Set(["/login", "/reset", "/reset-password", "/activate", "/not-me", "/first-admin"]);

// Where the id of a record comes from; an address with `:id` and no entry here fails the visit.
const RECORDS = {
  "/approvals/:id": "/api/v1/rulebook/approvals?box=all",
  "/finance/adjustments/:id": "/api/v1/governance/adjustments",
  "/finance/budgets/:id": "/api/v1/governance/budgets",
  "/finance/reports/:id": "/api/v1/governance/reports",
  "/rulebook/packs/:id/files": "/api/v1/rulebook/packs",
  "/system/calendars/:code": "/api/v1/rulebook/calendars",
  "/system/losses/:id": "/api/v1/system/losses",
  "/brand/assets/:id": "/api/v1/brand/assets",
  "/brand/brands/:id": "/api/v1/brand/brands",
  "/brand/partials/:id": "/api/v1/brand/partials",
  "/campaigns/:id": "/api/v1/campaigns/campaigns",
  "/content/items/:id": "/api/v1/brand/contents",
  "/customers/insights/:id": "/api/v1/customers/insights",
  "/customers/insight-reports/:id": "/api/v1/customers/insight-reports",
  "/customers/personas/:id": "/api/v1/customers/personas",
  "/customers/plan/:id": "/api/v1/customers/plan/events",
  "/customers/privacy/leaks/:id": "/api/v1/customers/privacy/leaks",
  "/customers/privacy/requests/:id": "/api/v1/customers/privacy/subject-requests",
  "/customers/profiles/:id": "/api/v1/customers/profiles",
  "/customers/segments/:id": "/api/v1/customers/segments",
  "/customers/sources/:id": "/api/v1/customers/sources",
  "/imports/:id": "/api/v1/tabular/imports",
  "/insight/dashboards/:id": "/api/v1/rulebook/dashboards",
  "/insight/metrics/:id": "/api/v1/rulebook/metrics",
  "/insight/watches/:id": "/api/v1/rulebook/watches",
  "/orders/:id": "/api/v1/sales/orders",
  "/people/handovers/:id": "/api/v1/identity/handovers",
  "/products/:id": "/api/v1/catalog/products",
  "/rulebook/clauses/:id": "/api/v1/rulebook/clauses?covered=true",
  "/rulebook/parameters/:key": "/api/v1/rulebook/parameters",
  "/rulebook/runs/:id": "/api/v1/rulebook/controls",
  "/system/access-reviews/:id": "/api/v1/identity/access-reviews",
  "/system/users/:id": "/api/v1/identity/users",
};

// What neither the sample nor the stories leave behind; made by the first who may, so that its page can be looked at.
const MADE = {
  "/customers/insights/:id": { title: "搜“低糖”的人多了，货架上没有", finding: "上月搜索“低糖饼干”的人是前一个月的两倍，商品目录里没有对应商品，建议先引进两款试卖。", kind: "search", evidence: { type: "observation" } },
  "/insight/watches/:id": { name: "同城媒体头条", kind: "feed", url: "https://news.daoting.example/feed.xml", keywords: ["超市"], active: false },
  "/customers/personas/:id": { name: "按购买习惯", features: ["recency_days", "order_count", "order_value"], group_count: null },
  "/customers/plan/:id": {
    kind: "track",
    name: "Product Viewed",
    description: "访客打开商品页时发送",
    properties: [
      { name: "product_id", kind: "text", required: true },
      { name: "price", kind: "number" },
    ],
  },
  "/customers/privacy/leaks/:id": { title: "会员名单误发给外部合作方", what_happened: "周二例行发送时选错收件人，合作方当天告知，名单已收回", fields: ["name", "mobile"] },
  "/customers/privacy/requests/:id": { kind: "access", regime: "pipl", contact: "visitor@sample.invalid", channel: "email", note: "想知道你们保存了我的哪些资料" },
  "/customers/sources/:id": { name: "官网", kind: "website", purpose: "了解访客看了什么、买了什么", active: true, silent_after_hours: 24 },
};

// Tabs and panels that a reader reaches from a page; each is a page of its own to look at.
const FURTHER = {
  "/rulebook/traceability": ["?show=orphans"],
  "/rulebook/bottlenecks": ["?whose=all"],
  "/cockpit": ["?light=red"],
  "/": [],
  "/campaigns/:id": ["?tab=sends", "?tab=contact", "?tab=events", "?tab=orders", "?tab=timeline"],
  "/content/items/:id": ["?tab=preflight", "?tab=review", "?tab=versions"],
  "/customers/profiles": ["?peek=first"],
  "/customers/matches": ["?peek=first"],
  "/customers/profiles/:id": ["?tab=orders", "?tab=consents", "?tab=scores", "?tab=segments", "?tab=tier", "?tab=merges", "?tab=facts"],
  "/customers/plan": ["?tab=unplanned", "?tab=breaches"],
  "/customers/plan/:id": ["?tab=versions", "?tab=live"],
  "/customers/coverage": ["?show=gaps"],
  "/customers/privacy": ["?new=1", "?tab=leaks", "?tab=erasures", "?tab=holds", "?tab=texts", "?tab=retention", "?tab=exports", "?tab=decoys", "?tab=access"],
  "/customers/privacy/leaks/:id": ["?tab=people", "?tab=story"],
  "/customers/privacy/requests/:id": ["?tab=timeline"],
  "/customers/sources": ["?new=1"],
  "/customers/sources/:id": ["?tab=events", "?tab=days", "?tab=totals", "?tab=quality", "?tab=quarantine", "?tab=settings"],
  "/customers/personas": ["?new=1"],
  "/customers/scores": ["?tab=models"],
  "/customers/segments/new": ["?as=text"],
  "/customers/segments/:id": ["?as=text", "?tab=history", "?tab=snapshots", "?tab=hooks"],
  "/customers/needs": ["?show=unmet", "?tab=feedback", "?tab=baskets", "?tab=runs"],
  "/customers/insights": ["?new=1", "?view=overdue&overdue=true"],
  "/customers/insights/:id": ["?tab=timeline"],
  "/customers/insight-reports": ["?new=1"],
  "/customers/insight-reports/:id": ["?definitions=1"],
  "/customers/worklist": ["?problem=stale", "?state=ignored"],
  "/customers/tiers": ["?tab=runs", "?tab=history"],
  "/insight/metrics/:id": ["?tab=rows", "?tab=replay&near=5", "?tab=definition"],
  "/insight/revenue": ["?by=department"],
  "/insight/sql": ["?table=orders"],
  "/orders": ["?peek=first"],
  "/finance/budgets/:id": ["?tab=expenses", "?tab=adjustments", "?tab=alerts", "?tab=history"],
  "/rulebook/machines": ["?machine=budget", "?machine=action"],
  "/rulebook/runs/:id": ["?tab=measure"],
  "/system/audit": ["?peek=first"],
  "/system/users": ["?new=1"],
  "/brand/assets": ["?new=1"],
};

// Record types are many and share their pages: one list for each area, every kind of view once, one form and one record with its tabs.
async function recordVisits(person) {
  const { items: types } = await person.ok("GET", "/api/v1/records");
  const first = [...new Map(types.map((type) => [type.area, type])).values()];
  const visits = first.map((type) => ({ route: "/records/:type", address: `/records/${type.id}` }));
  if (types.length) visits.push({ route: "/registers/:area", address: `/registers/${types[0].area}` });
  const kinds = new Set();
  let whole;
  for (const type of types) {
    const schema = await person.ok("GET", `/api/v1/records/${type.id}/schema`);
    for (const view of schema.views) {
      if (view.kind === "list" || kinds.has(view.kind)) continue;
      const { items } = await person.ok("GET", `/api/v1/records/${type.id}?view=${view.id}&page_size=1`);
      if (items.length === 0) continue;
      kinds.add(view.kind);
      visits.push({ route: "/records/:type", address: `/records/${type.id}?view=${view.id}` });
    }
    // The type with the most to fill in and to read stands for all.
    const { items } = await person.ok("GET", `/api/v1/records/${type.id}?page_size=1`);
    if (items[0] && schema.fields.length > (whole?.fields ?? 0)) whole = { id: items[0].id, type: type.id, fields: schema.fields.length, writes: type.can_write };
  }
  if (!whole) return visits;
  const record = `/records/${whole.type}/${whole.id}`;
  for (const more of ["", "?tab=related", "?tab=timeline", "?tab=evidence"]) visits.push({ route: "/records/:type/:id", address: record + more });
  if (whole.writes) visits.push({ route: "/records/:type/:id", address: `${record}?edit=1` }, { route: "/records/:type/new", address: `/records/${whole.type}/new` });
  return visits;
}

// What one person can visit: ids are taken from the API as that person sees it.
export async function addresses(person) {
  const visits = [];
  const { permissions } = await person.ok("GET", "/api/v1/identity/session");
  const needed = needs();
  for (const route of routes()) {
    const permission = needed(route);
    if (OUTSIDE.has(route) || (permission && !permissions.includes(permission))) continue;
    if (/^\/(records|registers)\//.test(route)) continue;
    let address = route;
    if (/:\w+/.test(route)) {
      const source = RECORDS[route];
      if (!source) throw new Error(`${route}: e2e/pages.mjs does not say where its id comes from`);
      const asked = await person.call("GET", source);
      const made = MADE[route] && asked.status === 200 && asked.body.items.length === 0 ? await person.call("POST", source, MADE[route]) : undefined;
      const { status, body } = made?.status === 201 ? await person.call("GET", source) : asked;
      const row = status === 200 ? pick(route, body.items) : undefined;
      if (!row) {
        visits.push({ route, missing: status });
        continue;
      }
      address = route.replace(/:\w+/, row);
    }
    visits.push({ route, address });
    for (const more of FURTHER[route] ?? []) visits.push({ route, address: address + more });
  }
  return [...visits, ...(await recordVisits(person))];
}

function pick(route, items) {
  if (route === "/rulebook/runs/:id") return items.find((control) => control.run)?.run.id;
  if (route === "/rulebook/parameters/:key") return items[0]?.key;
  // A campaign that was launched has results to show.
  if (route === "/campaigns/:id") return (items.find((row) => row.launched_at) ?? items[0])?.id;
  if (route === "/system/calendars/:code") return items[0]?.code;
  // A metric with a course and limits has the most to show.
  if (route === "/insight/metrics/:id") return (items.find((row) => row.limits && row.value !== null && row.sight === "all") ?? items[0])?.id;
  return items[0]?.id;
}
