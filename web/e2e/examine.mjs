// How a page is looked at: axe, overflow, words left over, and a picture of it in the directory SHOTS.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const shots = process.env.SHOTS;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Latin words that a Chinese reader expects as they are. */
const LATIN = new Set(["RPO", "RTO", "MJML", "CSV", "XLSX", "Excel", "PNG", "JPEG", "GIF", "WebP", "SQLite", "PostgreSQL", "SKU", "RFM", "market", "SMTP", "SHA", "Ctrl", "CNY", "English", "Brandwright", "RFC", "UTC", "RPO", "RTO", "asset", "brand", "customers", "xlsx", "zip", "Asia", "Shanghai", "Chrome", "Chromium", "Headless", "Linux", "Windows", "macOS", "API", "JSON", "Slack", "Microsoft", "Teams", "Standard", "Webhooks", "iCalendar", "SQL", "Parquet", "Enter", "Tab", "Esc", "sale", "Product", "Viewed"]);

/** Names of the pictures that were taken. */
export const pictures = new Set();

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
    const names = /[\w.+-]+@[\w.-]+|https?:\S+|\b[\w-]+\.(?:invalid|example|csv|xlsx|gz|eml|yaml|json|key)\b|\b[A-Z]{1,8}-[\d.]+\b|\b\w*\d\w*\b/g;
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
export async function settle(page) {
  await page.waitForFunction(() => document.querySelector("h1, h2, .state") && !document.querySelector(".bones, [aria-busy=true], .progress, .ant-spin"), null, { timeout: 120_000 });
  await page.evaluate(() => document.fonts.ready);
}

export async function examine(page, name, width, language, said) {
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

// Sets what a person chose in this browser before.
export function dress(context, language, theme) {
  return context.addInitScript(([l, t]) => {
    if (window !== window.top) return;
    localStorage.setItem("brandwright.language", l);
    localStorage.setItem("brandwright.theme", t);
  }, [language, theme]);
}
