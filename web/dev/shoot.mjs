// Photographs pages of a running server and asks axe about them: node dev/shoot.mjs [name…]
// Pages stand in dev/pages.mjs; pictures go to dev/shots, which is not committed.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { pages } from './pages.mjs';

const base = process.env.BASE ?? 'http://127.0.0.1:4173';
const languages = (process.env.LANGS ?? 'zh-Hans').split(',');
const themes = (process.env.THEMES ?? 'light').split(',');
const widths = (process.env.WIDTHS ?? '1440,390').split(',').map(Number);
const wanted = process.argv.slice(2);
const shots = path.resolve(import.meta.dirname, 'shots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
let faults = 0;

async function look(page, name, visit) {
  const said = [];
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/status of (401|403|404|503)/.test(m.text()) && said.push(`${m.type()}: ${m.text().slice(0, 300)}`));
  page.on('pageerror', (e) => said.push(`thrown: ${e.message}`));
  await page.goto(base + visit.path);
  await page.waitForLoadState('networkidle');
  await visit.act?.(page);
  await page.waitForTimeout(350);
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: Boolean(visit.full) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) said.push(`scrolls sideways by ${wide} px`);
  await page.evaluate(`if (!window.axe) { ${axe} }`).catch((e) => said.push(`axe: ${e.message.slice(0, 200)}`));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of violations) said.push(`axe ${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} — ${n.html.slice(0, 160)} — ${n.any.map((a) => a.message).join('; ').slice(0, 200)}`).join('\n      ')}`);
  for (const line of said) console.log(`${name}: ${line}`);
  faults += said.length;
}

for (const language of languages) {
  for (const theme of themes) {
    for (const width of widths) {
      const context = await browser.newContext({
        viewport: { width, height: width < 600 ? 844 : 900 }, hasTouch: width < 600, locale: language === 'en' ? 'en-GB' : language, timezoneId: 'Asia/Shanghai', bypassCSP: false,
        ...(process.env.STATE ? { storageState: process.env.STATE } : {}),
      });
      await context.addInitScript(([l, t]) => { localStorage.setItem('brandwright.language', l); localStorage.setItem('brandwright.theme', t); }, [language, theme]);
      for (const [name, visit] of Object.entries(pages)) {
        if (wanted.length && !wanted.some((w) => name.startsWith(w))) continue;
        const page = await context.newPage();
        if (visit.out) await context.addCookies([{ name: 'out', value: '1', url: base }]);
        try {
          await look(page, `${name}-${language}-${theme}-${width}`, visit);
        } catch (error) {
          faults += 1;
          console.log(`${name}-${width}: ${error.message.slice(0, 600)}`);
        }
        await page.close();
        if (visit.out) await context.clearCookies();
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(`${faults} faults`);
process.exit(faults ? 1 : 0);
