// What people do on every form of a record: fields by their names, rows of tables, steps, and a look at each page by axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { settle } from "./examine.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Faults of the pages that the story passed, each once. */
export const faults = new Set();

/** Looks at the page as it stands. */
export async function look(page, name) {
  await settle(page);
  if (await page.evaluate(() => !window.axe)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], iframes: false }));
  for (const one of violations) for (const node of one.nodes.slice(0, 2)) faults.add(`${name}: ${one.id} ${node.target} ${node.html.slice(0, 160)}`);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The part of a form that belongs to a field; a name may be followed by "may be left empty". */
export function item(scope, title) {
  const label = scope.page().locator("label", { hasText: new RegExp(`^${escaped(title)}( .*)?$`) });
  return scope.locator(".ant-form-item").filter({ has: label }).last();
}

const options = (page) => page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option");

/** Chooses in a list that opens; long ones are searched by typing. */
export async function pick(select, text) {
  const page = select.page();
  await select.click();
  const input = select.locator("input").first();
  if (!(await input.getAttribute("readonly"))) await input.pressSequentially(text.slice(0, 12));
  const wanted = options(page).filter({ hasText: text }).first();
  await options(page).first().waitFor();
  // A long list draws only what is in sight: the keys go to where the wanted line is.
  for (let lines = 0; lines < 60 && !(await wanted.count()); lines += 1) await page.keyboard.press("ArrowDown");
  await wanted.click();
  // What opened has to be gone before the next one opens.
  await options(page).first().waitFor({ state: "detached" }).catch(() => page.keyboard.press("Escape"));
}

/** Writes one field, whatever its kind. */
export async function fill(scope, title, value) {
  await write(item(scope, title), value);
}

async function write(field, value) {
  const page = field.page();
  await field.waitFor();
  if (await field.locator(".ant-radio-group").count()) return field.locator(".ant-radio-wrapper, .ant-radio-button-wrapper").filter({ hasText: value }).first().click();
  if (await field.locator(".ant-picker").count()) {
    const input = field.locator(".ant-picker input").first();
    await input.click();
    await input.fill(value);
    await input.press("Enter");
    return page.locator(".ant-picker-dropdown:not(.ant-picker-dropdown-hidden)").waitFor({ state: "detached" }).catch(() => undefined);
  }
  if (await field.locator(".ant-select").count()) return pick(field.locator(".ant-select").first(), value);
  await field.locator("textarea, input").first().fill(value);
}

/** Adds a row to a child table and fills its cells by the names of the columns. */
export async function row(scope, title, cells) {
  const table = item(scope, title);
  const rows = table.locator(".table-row");
  const at = await rows.count();
  await table.getByRole("button", { name: "加一行" }).click();
  await rows.nth(at).waitFor();
  for (const [name, value] of Object.entries(cells)) {
    const cell = rows.nth(at).locator(".table-cell").filter({ has: scope.page().locator("> span", { hasText: new RegExp(`^${escaped(name)}( \\*)?$`) }) });
    await write(cell, value);
  }
}

/** Makes a record through its form, and is on its page afterwards. */
export async function make(page, base, type, values, rows = []) {
  await page.goto(`${base}/records/${type}/new`);
  const form = page.locator("form.record-form");
  await form.waitFor();
  for (const [title, value] of Object.entries(values)) await fill(form, title, value);
  for (const [title, cells] of rows) await row(form, title, cells);
  await page.getByRole("button", { name: "创建", exact: true }).click();
  await page.waitForURL(new RegExp(`/records/${type}/[0-9a-f-]{30,}`));
  await page.locator(".record-facts").first().waitFor();
  return new URL(page.url()).pathname;
}

/** Changes a record on its own page. */
export async function edit(page, work) {
  await page.getByRole("button", { name: "管理" }).click();
  await page.getByRole("menuitem", { name: "修改" }).click();
  const form = page.locator("form.record-form");
  await form.waitFor();
  await work(form);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await form.waitFor({ state: "detached" });
}

const shown = (page, title) => page.locator(".page-head-actions").getByRole("button", { name: title, exact: true });

/** Begins a step: its button, or its line in the menu of further steps. */
export async function press(page, title) {
  await page.locator(".page-head-actions button").first().waitFor();
  if (await shown(page, title).count()) return shown(page, title).click();
  await page.locator(".page-head-actions").getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: title }).click();
}

/** Takes a step; where it asks for something, that is filled in. */
export async function take(page, title, values) {
  await press(page, title);
  if (!values) return;
  const drawer = page.getByRole("dialog");
  await drawer.waitFor();
  for (const [name, value] of Object.entries(values)) await fill(drawer, name, value);
  await drawer.getByRole("button", { name: title, exact: true }).click();
  await drawer.waitFor({ state: "detached" });
}

/** A step that the page refuses says why, and stays where it is. */
export async function refused(page, title, why) {
  const button = shown(page, title);
  if (await button.count()) {
    assert.equal(await button.getAttribute("aria-disabled"), "true", `${title} is offered`);
    const said = await page.locator(`[id="${await button.getAttribute("aria-describedby")}"]`).textContent();
    return assert.match(said ?? "", why);
  }
  await page.locator(".page-head-actions").getByRole("button", { name: "更多" }).click();
  const line = page.locator(".step-refused", { hasText: title });
  await line.waitFor();
  assert.match(await line.innerText(), why);
  await page.keyboard.press("Escape");
}

/** Where the thing on the page stands. */
export const state = (page, text) => page.locator(".page-head .pill").getByText(text, { exact: true }).waitFor();
