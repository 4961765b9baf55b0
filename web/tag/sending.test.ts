import { expect, test } from 'vitest';
import { Site } from './harness';
import { retryAfterMs } from './src/queue';

const GRANTED = 'data-consent="granted"';
const ids = (request?: { batch: { messageId: string }[] }) => request?.batch.map((event) => event.messageId);

test('twenty events leave at once, fewer after two seconds', async () => {
  const site = await Site.open();
  for (let i = 0; i < 19; i++) site.call('track', `e${i}`);
  await site.clock.advance(0);
  expect(site.requests.map((request) => request.batch.length)).toEqual([20]);
  site.call('track', 'late');
  await site.clock.advance(1999);
  expect(site.requests).toHaveLength(1);
  await site.clock.advance(1);
  expect(site.requests.map((request) => request.batch.length)).toEqual([20, 1]);
  expect(new Set(site.requests.flatMap((request) => ids(request))).size).toBe(21);
});

test('an event says what the page knew when it called', async () => {
  const site = await Site.open();
  const cart = { items: 1 };
  site.call('track', 'Added', cart);
  cart.items = 2;
  expect((await site.arrived())[1]?.properties).toEqual({ items: 1 });
});

test.each([{ status: 503 }, { status: 500 }, { status: 429 }, 'offline'] as const)('after %o the same events come again, later each time', async (answer) => {
  const site = await Site.open();
  site.answers.push(answer, answer);
  await site.clock.advance(2000);
  await site.clock.advance(999);
  expect(site.requests).toHaveLength(1);
  site.chance = 1;
  await site.clock.advance(1);
  expect(site.requests).toHaveLength(2);
  await site.clock.advance(2499);
  expect(site.requests).toHaveLength(2);
  await site.clock.advance(1);
  expect(site.requests.map(ids)).toEqual([ids(site.requests[0]), ids(site.requests[0]), ids(site.requests[0])]);
  await site.clock.advance(600_000);
  expect(site.requests).toHaveLength(3);
  expect(site.warnings).toEqual([]);
});

test('Retry-After is waited for', async () => {
  const site = await Site.open();
  site.answers.push({ status: 429, retryAfter: '30' });
  await site.clock.advance(2000);
  site.call('track', 'meanwhile');
  await site.clock.advance(29_999);
  expect(site.requests).toHaveLength(1);
  await site.clock.advance(1);
  expect(site.requests).toHaveLength(2);
  expect(site.requests[1]?.batch.map((event) => event.event)).toEqual([undefined, 'meanwhile']);
});

test('Retry-After is read as seconds or as a date, up to an hour', () => {
  const now = Date.parse('2026-11-22T04:00:00Z');
  expect(retryAfterMs('30', now)).toBe(30_000);
  expect(retryAfterMs('Sun, 22 Nov 2026 04:01:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Sun, 22 Nov 2026 03:00:00 GMT', now)).toBe(0);
  expect(retryAfterMs('99999999', now)).toBe(3_600_000);
  expect(retryAfterMs('soon', now)).toBe(0);
  expect(retryAfterMs(null, now)).toBe(0);
});

test('after ten tries the tag rests until the network is back', async () => {
  const site = await Site.open();
  for (let i = 0; i < 10; i++) site.answers.push('offline');
  await site.clock.advance(86_400_000);
  expect(site.requests).toHaveLength(10);
  site.window.dispatchEvent(new site.window.Event('online'));
  await site.clock.advance(0);
  expect(ids(site.requests[10])).toEqual(ids(site.requests[0]));
});

test('what the collector refuses is dropped with one warning', async () => {
  const site = await Site.open({ attributes: GRANTED });
  site.answers.push({ status: 400 }, { status: 401 });
  await site.clock.advance(2000);
  site.call('track', 'second');
  await site.clock.advance(600_000);
  expect(site.requests.map((request) => request.batch[0]?.type)).toEqual(['page', 'track']);
  expect(site.warnings).toHaveLength(1);
  expect(site.stored()).toEqual({});
});

test('with consent a reload loses nothing and sends the same events', async () => {
  const site = await Site.open({ attributes: GRANTED });
  site.answers.push({ status: 503 });
  await site.clock.advance(2000);
  site.leave();
  // While the collector rests nothing is thrown at it.
  expect(site.beacons).toEqual([]);
  const reloaded = await Site.open({ attributes: GRANTED, jar: site.jar, stored: site.stored() });
  await reloaded.clock.advance(2000);
  expect(reloaded.requests[0]?.batch).toHaveLength(2);
  expect(ids(reloaded.requests[0])?.[0]).toBe(ids(site.requests[0])?.[0]);
  expect(reloaded.stored()).toEqual({});
});

test('what is stored too long or is not ours is passed over', async () => {
  const old = JSON.stringify({ messageId: 'old', originalTimestamp: '2020-01-01T00:00:00Z' });
  const site = await Site.open({ attributes: GRANTED, stored: { 'brandwright.queue.a': JSON.stringify([old]), 'brandwright.queue.b': 'no JSON' } });
  expect((await site.arrived()).map((event) => event.type)).toEqual(['page']);
  expect(site.errors).toEqual([]);
});

test('without consent what could not be sent leaves with the page and is stored nowhere', async () => {
  const site = await Site.open();
  site.answers.push({ status: 503 });
  await site.clock.advance(2000);
  site.leave();
  expect(site.beacons.map(ids)).toEqual([ids(site.requests[0])]);
  expect(site.storageCalls).toBe(0);
});

test('a page that is hidden sends what it has, in batches that browsers accept', async () => {
  const site = await Site.open({ attributes: GRANTED });
  for (let i = 0; i < 12; i++) site.call('track', 'Read', { text: '读'.repeat(5000) });
  Object.defineProperty(site.window.document, 'visibilityState', { value: 'hidden' });
  site.window.document.dispatchEvent(new site.window.Event('visibilitychange'));
  expect(site.beacons.flatMap((request) => request.batch)).toHaveLength(13);
  expect(site.beacons.length).toBeGreaterThan(3);
  for (const request of site.beacons) expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(60_000);
  expect(site.stored()).toEqual({});
  // The page shows again after a while: the next event is sent as ever.
  await site.clock.advance(60_000);
  site.call('track', 'Back');
  await site.clock.advance(2000);
  expect(site.requests.map((request) => request.batch.length)).toEqual([1]);
});

test('a beacon that the browser refuses is fetched instead', async () => {
  const site = await Site.open();
  site.beaconAccepts = false;
  site.leave();
  expect(site.requests.map((request) => request.batch.length)).toEqual([1]);
});

test('an event larger than a batch is dropped with a warning', async () => {
  const site = await Site.open();
  site.call('track', 'Huge', { text: '读'.repeat(20_000) });
  expect((await site.arrived()).map((event) => event.type)).toEqual(['page']);
  expect(site.warnings).toHaveLength(1);
});
