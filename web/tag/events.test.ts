import { expect, test } from 'vitest';
import { Site } from './harness';

const SHOP = 'https://www.shop.example';
const KEY = 'sk9f3Jd82Kd0aLw7Qz51Xc';

test('a page view tells of the page and of where the visitor came from', async () => {
  const site = await Site.open({ url: `${SHOP}/start?q=shoes`, referrer: 'https://search.example/?q=a&email=li@x.example' });
  const [page] = await site.arrived();
  const seen = { url: `${SHOP}/start?q=shoes`, path: '/start', title: 'Shop', search: '?q=shoes', referrer: 'https://search.example/?q=a&email=' };
  expect(page).toMatchObject({ type: 'page', properties: seen, context: { page: seen, locale: 'en-US' } });
  expect(site.requests[0]).toMatchObject({ url: 'https://collect.example/v1/batch', writeKey: 'key-1', init: { method: 'POST', keepalive: true, credentials: 'omit' } });
  expect(Number.isNaN(Date.parse(JSON.parse(site.requests[0]?.body ?? '').sentAt))).toBe(false);
});

test('a page that changes its path by itself is viewed again, once per path', async () => {
  const site = await Site.open();
  const { history, document } = site.window;
  history.pushState(null, '', '/a');
  document.title = 'A';
  await site.clock.advance(50);
  history.replaceState(null, '', '/a?tab=2');
  history.pushState(null, '', '/a#top');
  await site.clock.advance(50);
  history.replaceState(null, '', '/b');
  await site.clock.advance(50);
  history.back();
  await site.clock.advance(50);
  const pages = (await site.arrived()).filter((event) => event.type === 'page');
  expect(pages.map((event) => event.context.page.path)).toEqual(['/start', '/a', '/b', '/a']);
  expect(pages[1]?.context.page.title).toBe('A');
});

test('a page view is not lost when the page closes right after the path changed', async () => {
  const site = await Site.open();
  site.window.history.pushState(null, '', '/last');
  site.leave();
  expect(site.beacons.flatMap((request) => request.batch).map((event) => event.context.page.path)).toEqual(['/start', '/last']);
});

test('a campaign goes with every event of the session', async () => {
  const url = `${SHOP}/start?utm_source=mail&utm_campaign=spring&utm_content=li@x.example&gclid=${KEY}`;
  const site = await Site.open({ url, attributes: 'data-consent="granted"' });
  site.window.history.pushState(null, '', '/next');
  await site.clock.advance(50);
  const kept = { source: 'mail', name: 'spring', gclid: KEY };
  expect((await site.arrived()).map((event) => event.context.campaign)).toEqual([kept, kept]);
  const stored = site.window.sessionStorage.getItem('brandwright.campaign') ?? '';
  const prepare = (window: Window) => window.sessionStorage.setItem('brandwright.campaign', stored);
  const reloaded = await Site.open({ url: `${SHOP}/third`, jar: site.jar, prepare });
  expect((await reloaded.arrived())[0]?.context.campaign).toEqual(kept);
});

test('without consent the id of a click goes nowhere', async () => {
  const site = await Site.open({ url: `${SHOP}/start?utm_source=mail&gclid=abc&bd_vid=def` });
  const [page] = await site.arrived();
  expect(page?.context.campaign).toEqual({ source: 'mail' });
  expect(page?.context.page.search).toBe('?utm_source=mail&gclid=&bd_vid=');
  site.call('consent', true);
  site.call('track', 'Looked');
  expect((await site.arrived())[1]?.context.campaign).toEqual({ source: 'mail', gclid: 'abc', bd_vid: 'def' });
});

const CLICKS = `
  <a id="l" href="/buy?size=9&mail=li%40x.example&t=${KEY}#top">Buy <b>now</b> ${'很'.repeat(200)}</a>
  <a id="m" href="mailto:li@x.example">Write to li@x.example</a>
  <button id="b"><i>Add</i></button><input id="i" type="submit" value="Send">
  <div data-bw-ignore><button id="no">Quiet</button></div><p id="p">text</p>`;

test('clicks on links and buttons are told without what names a person', async () => {
  const site = await Site.open({ attributes: 'data-track-clicks', body: CLICKS });
  site.window.document.addEventListener('click', (event) => event.preventDefault());
  for (const selector of ['#l b', '#m', '#b i', '#i', '#no', '#p']) site.element(selector).click();
  const clicks = (await site.arrived()).filter((event) => event.type === 'track');
  expect(clicks.map((event) => [event.event, event.properties])).toEqual([
    ['Link Clicked', { id: 'l', href: `${SHOP}/buy?size=9&mail=&t=#top`, text: `Buy now ${'很'.repeat(92)}` }],
    ['Link Clicked', { id: 'm', href: 'mailto:', text: 'Write to ' }],
    ['Button Clicked', { id: 'b', text: 'Add' }],
    ['Button Clicked', { id: 'i', text: 'Send' }],
  ]);
});

test('forms are told by the names of their fields, never by values', async () => {
  const site = await Site.open({
    attributes: 'data-track-forms',
    body: `<form id="f" name="signup"><input name="id" value="secret-1"><input name="email" value="secret-2"><input name="sex" type="radio" value="secret-3" checked>
      <input name="sex" type="radio"><textarea name="note">secret-4</textarea><select name="city"><option selected>secret-5</option></select>
      <input name="card" data-bw-ignore value="secret-6"><input type="hidden" name="csrf" value="secret-7"><button name="go" value="secret-8">Go</button></form>
      <form id="quiet" data-bw-ignore><input name="x"></form>`,
  });
  for (const form of ['#f', '#quiet']) site.element(form).dispatchEvent(new site.window.Event('submit', { bubbles: true, cancelable: true }));
  const told = (await site.arrived()).filter((event) => event.type === 'track');
  expect(told.map((event) => [event.event, event.properties])).toEqual([
    ['Form Submitted', { id: 'f', name: 'signup', fields: ['id', 'email', 'sex', 'note', 'city'] }],
  ]);
  expect(site.requests.map((request) => request.body).join()).not.toContain('secret');
});

test('clicks and forms are left alone where the page does not ask for them', async () => {
  const site = await Site.open({ body: `${CLICKS}<form id="f"></form>` });
  site.element('#b').click();
  site.element('#f').dispatchEvent(new site.window.Event('submit', { bubbles: true }));
  expect((await site.arrived()).map((event) => event.type)).toEqual(['page']);
});

test('calls made before the tag was there are made up for', async () => {
  const stub = `window.brandwright = window.brandwright || []; brandwright.push(["track", "x", {a: 1}]);
    (function () { brandwright.push(arguments); })("identify", 7, {b: 2}); brandwright.push(["consent", true]);
    brandwright.push(["ready", function () { window.called = true; }]); brandwright.push(["nonsense"]);`;
  const site = await Site.open({ head: `<script>${stub}</script>` });
  expect((site.window as { called?: boolean }).called).toBe(true);
  site.call('push', ['group', 'g-1', { c: 3 }]);
  expect(await site.arrived()).toMatchObject([
    { type: 'page', context: { consent: true } },
    { type: 'track', event: 'x', properties: { a: 1 } },
    { type: 'identify', userId: '7', traits: { b: 2 } },
    { type: 'group', groupId: 'g-1', userId: '7', traits: { c: 3 } },
  ]);
});

test('the calls take the arguments of analytics.js', async () => {
  const site = await Site.open({ attributes: 'data-consent="granted"' });
  site.call('page', 'Pricing', { plan: 'a' });
  site.call('identify', { level: 'gold' });
  site.call('alias', 'u-9');
  expect((await site.arrived()).slice(1)).toMatchObject([
    { type: 'page', name: 'Pricing', properties: { plan: 'a', path: '/start' } },
    { type: 'identify', traits: { level: 'gold' } },
    { type: 'alias', userId: 'u-9', previousId: expect.stringMatching(/^[\da-f]{32}$/) },
  ]);
});

test('what the page does wrong is told once and thrown never', async () => {
  const site = await Site.open();
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  expect(() => site.call('track', 'x', loop)).not.toThrow();
  expect(() => site.call('ready', 'no function')).not.toThrow();
  expect(() => site.call('push', null)).not.toThrow();
  expect(site.warnings).toHaveLength(1);
  expect((await site.arrived()).map((event) => event.type)).toEqual(['page']);
  expect(site.errors).toEqual([]);
});

test('a page from a disk is nobody\'s visit, and its calls do nothing', async () => {
  const site = await Site.open({ url: 'file:///page.html' });
  expect(() => site.call('track', 'x')).not.toThrow();
  expect(await site.arrived()).toEqual([]);
  expect(site.warnings).toEqual([]);
});
