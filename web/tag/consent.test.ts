import { expect, test } from 'vitest';
import { CookieJar, Site } from './harness';

const ID = /^[\da-f]{32}$/;
const SHOP = 'https://www.shop.example/start';

test('before consent there is no cookie, no storage and no id that lasts', async () => {
  const site = await Site.open();
  site.call('track', 'Looked');
  site.call('identify', 'u-1', { email: 'li@shop.example' });
  site.window.history.pushState(null, '', '/second');
  await site.clock.advance(50);
  const [first, looked, second, ...rest] = await site.arrived();
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ type: 'page', context: { consent: false } });
  expect(looked?.anonymousId).toBe(first?.anonymousId);
  expect(second?.anonymousId).toMatch(ID);
  expect(second?.anonymousId).not.toBe(first?.anonymousId);
  expect([first, looked, second].map((event) => event?.userId)).toEqual([undefined, undefined, undefined]);
  expect(site.cookie()).toBe('');
  expect(site.storageCalls).toBe(0);
});

test('with consent a cookie on the widest domain keeps a random id', async () => {
  const site = await Site.open();
  site.call('consent', true);
  site.call('track', 'Looked');
  const looked = (await site.arrived()).find((event) => event.event === 'Looked');
  expect(looked).toMatchObject({ anonymousId: expect.stringMatching(ID), context: { consent: true } });
  expect(site.cookie()).toBe(`bw_id=${looked?.anonymousId}`);
  expect(site.jar.getCookieStringSync('https://other.shop.example/')).toBe(site.cookie());
  // The cookie is marked as secure.
  expect(site.jar.getCookieStringSync('http://www.shop.example/')).toBe('');
});

test('a public suffix carries no cookie', async () => {
  const site = await Site.open({ url: 'https://www.shop.co.uk/', attributes: 'data-consent="granted"' });
  expect(site.cookie()).toMatch(/^bw_id=/);
  expect(site.jar.getCookieStringSync('https://shop.co.uk/')).toBe(site.cookie());
  expect(site.jar.getCookieStringSync('https://other.co.uk/')).toBe('');
});

test.each(['http://localhost:8080/', 'http://10.1.2.3/'])('%s keeps the cookie to itself', async (url) => {
  const site = await Site.open({ url, attributes: 'data-consent="granted"' });
  expect(site.cookie()).toMatch(/^bw_id=[\da-f]{32}$/);
});

test('the next page remembers consent, the id and the user', async () => {
  const first = await Site.open();
  first.call('consent', true);
  first.call('identify', 'u-1');
  const before = (await first.arrived()).find((event) => event.type === 'identify');
  const second = await Site.open({ jar: first.jar, stored: first.stored() });
  const [page] = await second.arrived();
  expect(page).toMatchObject({ type: 'page', anonymousId: before?.anonymousId, userId: 'u-1', context: { consent: true } });
});

test('who somebody is waits for consent and is told then', async () => {
  const site = await Site.open();
  site.call('identify', 'u-1', { level: 'gold' });
  expect((await site.arrived()).map((event) => event.type)).toEqual(['page']);
  site.call('consent', true);
  expect((await site.arrived())[1]).toMatchObject({ type: 'identify', userId: 'u-1', traits: { level: 'gold' }, context: { consent: true } });
});

test('withdrawn consent deletes cookie and storage and what was not sent yet', async () => {
  const site = await Site.open({ attributes: 'data-consent="granted"', url: `${SHOP}?utm_source=mail` });
  site.window.localStorage.setItem('of-the-page', '1');
  site.call('identify', 'u-1');
  expect(Object.keys(site.stored()).filter((key) => key.startsWith('brandwright.'))).toHaveLength(2);
  expect(site.window.sessionStorage.length).toBe(1);
  const given = site.cookie();
  site.call('consent', false);
  expect(given).toMatch(/^bw_id=/);
  expect(site.cookie()).toBe('');
  expect(site.stored()).toEqual({ 'of-the-page': '1' });
  expect(site.window.sessionStorage.length).toBe(0);
  site.call('track', 'Looked');
  const arrived = await site.arrived();
  expect(arrived).toMatchObject([{ event: 'Looked', context: { consent: false } }]);
  expect(given).not.toContain(arrived[0]?.anonymousId);
  expect(arrived[0]?.userId).toBeUndefined();
});

test('events in flight when consent is withdrawn are not tried again', async () => {
  const site = await Site.open({ attributes: 'data-consent="granted"' });
  let answer = (_: { status: number }) => {};
  site.answers.push(new Promise((given) => (answer = given)));
  await site.clock.advance(2000);
  expect(site.requests).toHaveLength(1);
  site.call('consent', false);
  answer({ status: 503 });
  await site.clock.advance(10_000);
  expect(site.requests).toHaveLength(1);
  expect(site.stored()).toEqual({});
});

const asksNotTo = { doNotTrack: { doNotTrack: '1' }, globalPrivacyControl: { globalPrivacyControl: true } };

test.each(Object.entries(asksNotTo))('%s counts as no consent until the page says otherwise', async (_, signal) => {
  const prepare = (window: Window) => void Object.entries(signal).forEach(([name, value]) => Object.defineProperty(window.navigator, name, { value }));
  const jar = new CookieJar();
  jar.setCookieSync('bw_id=0123456789abcdef0123456789abcdef; Domain=shop.example; Path=/', SHOP);
  const site = await Site.open({ attributes: 'data-consent="granted"', prepare, jar });
  expect(site.cookie()).toBe('');
  site.call('consent', true);
  const id = site.cookie();
  expect(id).toMatch(/^bw_id=[\da-f]{32}/);
  const [page] = await site.arrived();
  expect(page?.context.consent).toBe(false);
  // The page got it although the browser objects, so the next page remembers.
  const next = await Site.open({ prepare, jar });
  expect(next.cookie()).toBe(id);
  expect((await next.arrived())[0]).toMatchObject({ context: { consent: true }, anonymousId: id.slice(6, 38) });
});

test('another user and a sign-out each get an id of their own', async () => {
  const site = await Site.open({ attributes: 'data-consent="granted"' });
  site.call('identify', 'u-1');
  site.call('identify', 'u-2');
  site.call('reset');
  site.call('track', 'Looked');
  const [page, first, second, looked] = await site.arrived();
  expect(first?.anonymousId).toBe(page?.anonymousId);
  expect(new Set([first?.anonymousId, second?.anonymousId, looked?.anonymousId]).size).toBe(3);
  expect(looked?.userId).toBeUndefined();
  expect(site.cookie()).toBe(`bw_id=${looked?.anonymousId}`);
});

test('where cookies and storage are refused the tag still works and throws nothing', async () => {
  const site = await Site.open({
    attributes: 'data-consent="granted"',
    prepare: (window) => {
      const refuse = { get: () => { throw new Error('SecurityError'); } };
      Object.defineProperty(window, 'localStorage', refuse);
      Object.defineProperty(window, 'sessionStorage', refuse);
      Object.defineProperty(window.document, 'cookie', refuse);
    },
  });
  site.call('consent', true);
  site.call('track', 'Looked');
  const [page, looked] = await site.arrived();
  expect(looked?.anonymousId).toBe(page?.anonymousId);
  expect(site.errors).toEqual([]);
  expect(site.warnings).toEqual([]);
});
