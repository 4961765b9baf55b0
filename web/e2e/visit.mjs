// A visit to every page in three languages, wide and narrow: axe, console, overflow, words left over. With SHOTS a
// picture of each is kept there. BRANDWRIGHT_URL names the running product with its sample.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, signIn } from "./api.mjs";
import { addresses, OUTSIDE, routes } from "./pages.mjs";

const base = process.env.BRANDWRIGHT_URL;
assert.ok(base, "BRANDWRIGHT_URL names the running product");
const shots = process.env.SHOTS;
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined;
const languages = (process.env.LANGS ?? "zh-Hans,zh-Hant,en").split(",");
const widths = (process.env.WIDTHS ?? "1440,390").split(",").map(Number);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Pages that are open at once in one browser. */
const PARALLEL = Number(process.env.PARALLEL ?? 3);
/** The people whose pages are visited: together they may see everything. */
const PEOPLE = ["程浩然", "唐婉清", "叶明竹", "罗敬宜"];
/** In dark as well: every shape of page once. */
const DARK = new Set(["/", "/rulebook/coverage", "/rulebook/clauses/:id", "/content/items/:id", "/campaigns/:id", "/customers/profiles", "/customers/segments/new", "/system/roles", "/insight/revenue", "/login"]);
/** Latin words that a Chinese reader expects as they are. */
const LATIN = new Set(["RPO", "RTO", "MJML", "CSV", "XLSX", "Excel", "PNG", "JPEG", "GIF", "WebP", "SQLite", "PostgreSQL", "SKU", "SMTP", "SHA", "Ctrl", "CNY", "English", "Brandwright", "RFC", "UTC", "RPO", "RTO", "asset", "brand", "customers", "xlsx", "zip", "Asia", "Shanghai", "Chrome", "Chromium", "Headless", "Linux", "Windows", "macOS", "API"]);

let browser;
const faults = [];
const pictures = new Set();

before(async () => {
  browser = await launch();
  if (shots) mkdirSync(shots, { recursive: true });
});
after(async () => browser?.close());

// Text that stands there for readers, without what is data or code by its nature.
const WORDS = `(() => {
  const skip = "code, pre, kbd, textarea, iframe, svg, canvas, body [lang], .anywhere, input, .data, [class*=rows-table]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent && !parent.closest(skip) && node.data.trim()) said.push(node.data.trim());
  }
  return said;
})()`;

// Every sentence of ours in English: none of them belongs on a Chinese page.
const english = sentences("en");
// And none of the Chinese ones on an English page; what people wrote themselves may stand there.
const chinese = new Set([...sentences("zh-Hans"), ...sentences("zh-Hant")]);

function sentences(language) {
  const found = new Set();
  const gather = (words) => Object.values(words).forEach((value) => (typeof value === "string" ? found.add(value) : gather(value)));
  const texts = path.resolve(import.meta.dirname, "../src/i18n", language);
  for (const file of readdirSync(texts)) if (file.endsWith(".json")) gather(JSON.parse(readFileSync(path.join(texts, file), "utf8")));
  return found;
}

function leftOver(texts, language) {
  const faults = texts.filter((text) => text.includes("⟦")).map((text) => `a text is missing: ${text}`);
  if (language !== "en") {
    const names = /[\w.+-]+@[\w.-]+|https?:\S+|\b[\w-]+\.(?:invalid|example|csv|xlsx|gz|eml|yaml|json|key)\b|\b[A-Z]{1,4}-[\d.]+\b|\b\w*\d\w*\b/g;
    for (const text of texts) {
      const words = text.replace(names, " ").match(/[A-Za-z]{3,}/g) ?? [];
      // A text without Chinese may be a name or an address; one of our own English texts, or a code, is neither.
      const named = !/\p{Script=Han}/u.test(text) && !english.has(text) && /^[A-Z]/.test(text);
      const odd = named ? [] : words.filter((word) => !LATIN.has(word));
      if (odd.length) faults.push(`not ${language}: ${text.slice(0, 120)}`);
    }
  } else {
    for (const text of texts) if (chinese.has(text) && /[，。；：？！]/.test(text)) faults.push(`not en: ${text.slice(0, 120)}`);
  }
  return [...new Set(faults)];
}

// The page is there when nothing is being fetched any more and no place-holder stands.
async function settle(page) {
  await page.waitForFunction(() => document.querySelector("h1, h2, .state") && !document.querySelector(".bones, [aria-busy=true], .progress, .ant-spin"), null, { timeout: 120_000 });
  await page.evaluate(() => document.fonts.ready);
}

async function examine(page, name, width, language, said) {
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  // Charts draw themselves anew; two frames later they have.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await settle(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) said.push(`scrolls sideways by ${wide} px`);
  if (await page.evaluate(() => !window.axe)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], iframes: false }));
  for (const one of violations) {
    for (const node of one.nodes.slice(0, 2)) said.push(`axe ${one.id}: ${node.target} ${node.html.slice(0, 140)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`.slice(0, 420));
  }
  said.push(...leftOver(await page.evaluate(WORDS), language));
  if (shots) {
    const file = `${name}-${language}-${width}.png`;
    pictures.add(file);
    await page.screenshot({ path: path.join(shots, file), fullPage: true });
  }
}

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
    for (const width of widths) await examine(page, name, width, language, said);
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

function dress(context, language, theme) {
  return context.addInitScript(([l, t]) => {
    if (window !== window.top) return;
    localStorage.setItem("brandwright.language", l);
    localStorage.setItem("brandwright.theme", t);
  }, [language, theme]);
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

test("every page, in three languages, wide and narrow", { timeout: 900_000 }, async () => {
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
