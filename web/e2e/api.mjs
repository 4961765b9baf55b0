// A signed-in person: a browser context whose requests carry the session, as the UI's own do.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export class Person {
  constructor(context, base) {
    this.context = context;
    this.base = base;
  }

  async call(method, path, body, version) {
    const headers = { "x-brandwright": "1", "accept-language": "en", "content-type": "application/json" };
    if (version !== undefined) headers["if-match"] = `"${version}"`;
    const answer = await this.context.request.fetch(this.base + path, {
      method,
      headers,
      data: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status(), body: text ? JSON.parse(text) : null };
  }

  async ok(method, path, body, version) {
    const { status, body: answer } = await this.call(method, path, body, version);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async refused(code, method, path, body, version) {
    const { status, body: answer } = await this.call(method, path, body, version);
    assert.ok(status >= 400 && status < 500, `${method} ${path} was not refused: ${status}`);
    assert.equal(answer.code, code);
    assert.ok(answer.detail && answer.request_id, "a problem says what to do and names its request");
    return answer;
  }
}

// Starts the browser that Debian ships, silent about anything but the product.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}

// Signs in with one click, as a person does it on the login page.
export async function signIn(browser, base, name, options = {}) {
  // Less movement: on a busy machine a menu that still opens is not where the pointer went.
  const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(`${base}/login`);
  await page.getByRole("button", { name: new RegExp(name) }).first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  return { person: new Person(context, base), page, context };
}

// Asks again and again until the fact is there; fails with what was last seen.
export async function until(what, fact, seconds = 90) {
  const end = Date.now() + seconds * 1000;
  let seen;
  while (Date.now() < end) {
    seen = await fact();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
