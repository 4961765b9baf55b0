// A visit to every page in three languages, wide and narrow: axe, console, overflow, words left over. With SHOTS a
// picture of each is kept there. BRANDWRIGHT_URL names the running product with its sample.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, signIn } from "./api.mjs";
import { dress, examine, pictures, settle } from "./examine.mjs";
import { addresses, OUTSIDE, routes } from "./pages.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const shots = process.env.SHOTS;
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined;
const languages = (process.env.LANGS ?? "zh-Hans,zh-Hant,en").split(",");
const widths = (process.env.WIDTHS ?? "1440,390").split(",").map(Number);
// Layout is looked at wide and narrow in the first language; in the others narrow, where longer words overflow first.
const widthsOf = (language) => (process.env.WIDTHS || language === languages[0] ? widths : widths.slice(-1));
/** Pages that are open at once in one browser. */
const PARALLEL = Number(process.env.PARALLEL ?? 3);
/** The people whose pages are visited: together they may see everything. */
const PEOPLE = ["程浩然", "唐婉清", "叶明竹", "罗敬宜"];
/** In dark as well: every shape of page once. */
const DARK = new Set(["/", "/rulebook/coverage", "/rulebook/clauses/:id", "/content/items/:id", "/campaigns/:id", "/customers/profiles", "/customers/segments/new", "/system/roles", "/insight/revenue", "/login"]);

let browser;
const faults = [];

before(async () => {
  browser = await launch();
  if (shots) mkdirSync(shots, { recursive: true });
});
after(async () => browser?.close());

async function look(context, { route, address }, language, mark = "") {
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && !(OUTSIDE.has(route) && / 4\d\d /.test(message.text())) && said.push(`console: ${message.text().slice(0, 300)}`));
  page.on("pageerror", (error) => said.push(`thrown: ${error.message.slice(0, 300)}`));
  const name = `${address.replace(/[0-9a-f]{8}-[0-9a-f-]{20,}/g, "id").replace(/[^\p{L}\d]+/gu, "_").replace(/^_|_$/g, "") || "home"}${mark}`;
  try {
    await page.goto(base + address.replace("?peek=first", ""));
    await settle(page);
    if (address.endsWith("?peek=first")) {
      await page.locator(".list-table td.title a").first().click();
      await page.locator(".peek").waitFor();
    }
    if (await page.locator(".state[role=alert]").count()) said.push(`failed: ${await page.locator(".state[role=alert]").first().innerText()}`);
    for (const width of widthsOf(language)) await examine(page, name, width, language, said);
  } catch (error) {
    said.push(`not seen: ${error.message.slice(0, 200)}`);
  }
  await page.close();
  for (const line of new Set(said)) {
    const fault = `${language} ${route} (${address}): ${line}`;
    // Said at once as well: whoever waits for the end of a long visit wants to begin mending.
    console.log(fault);
    faults.push(fault);
  }
}

// So many at once, each worker taking the next.
async function each(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  }));
}

// Signs everybody in once; whoever may see a page first is the one who visits it.
async function plan() {
  const visits = new Map();
  const people = [];
  for (const name of PEOPLE) {
    const { person, context, page } = await signIn(browser, base, name);
    await page.close();
    const state = await context.storageState();
    people.push({ name, state });
    for (const visit of await addresses(person)) {
      const known = visits.get(visit.address ?? visit.route);
      if (known && !known.missing) continue;
      visits.set(visit.address ?? visit.route, { ...visit, who: name });
    }
    await context.close();
  }
  return { people, visits: [...visits.values()] };
}

test("every page, in three languages, wide and narrow", { timeout: 1_800_000 }, async () => {
  const { people, visits } = await plan();
  const reached = new Set(visits.filter((visit) => !visit.missing).map((visit) => visit.route));
  const unseen = routes().filter((route) => !OUTSIDE.has(route) && !reached.has(route));
  const chosen = visits.filter((visit) => !visit.missing && (!only || only.test(visit.route)));
  for (const language of languages) {
    for (const { name, state } of people) {
      const context = await browser.newContext({ reducedMotion: "reduce", storageState: state, locale: language === "en" ? "en-GB" : language, timezoneId: "Asia/Shanghai" });
      await dress(context, language, "light");
      await each(chosen.filter((visit) => visit.who === name), (visit) => look(context, visit, language));
      await context.close();
    }
    const outside = await browser.newContext({ reducedMotion: "reduce", locale: language === "en" ? "en-GB" : language });
    await dress(outside, language, "light");
    const doors = [...OUTSIDE].filter((route) => !only || only.test(route)).map((route) => ({ route, address: `${route}${["/login", "/reset"].includes(route) ? "" : "#no-such-link"}` }));
    await each(doors, (visit) => look(outside, visit, language));
    await outside.close();
  }
  for (const { name, state } of people) {
    const dark = await browser.newContext({ reducedMotion: "reduce", storageState: state, locale: "zh-Hans", timezoneId: "Asia/Shanghai" });
    await dress(dark, "zh-Hans", "dark");
    await each(chosen.filter((visit) => visit.who === name && DARK.has(visit.route) && !visit.address.includes("?")), (visit) => look(dark, visit, "zh-Hans", "-dark"));
    await dark.close();
  }
  if (shots) console.log(`${pictures.size} pictures in ${shots}`);
  if (unseen.length) console.log(`no record in the sample: ${unseen.join(", ")}`);
  assert.deepEqual(faults, []);
});
