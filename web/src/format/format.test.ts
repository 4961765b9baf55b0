import { expect, test } from 'vitest';
import { Format } from './format';
import { chooseLanguage } from './language';

const hans = new Format('zh-Hans', 'Asia/Shanghai');
const hant = new Format('zh-Hant', 'Asia/Taipei');
const en = new Format('en', 'Asia/Shanghai');
const now = new Date('2026-11-22T04:00:00Z');

test('large numbers are counted in 万 and 亿, or in K, M and B', () => {
  expect(hans.compact(9_999)).toBe('9,999');
  expect(hans.compact(126_000)).toBe('12.6万');
  expect(hans.compact(320_000_000)).toBe('3.2亿');
  expect(hant.compact(126_000)).toBe('12.6萬');
  expect(en.compact(999)).toBe('999');
  expect(en.compact(126_000)).toBe('126K');
  expect(en.compact(3_200_000_000)).toBe('3.2B');
});

test('money keeps its minor units', () => {
  expect(hans.money({ amount_minor: 123_450, currency: 'CNY' })).toBe('¥1,234.50');
  expect(hans.moneyCompact({ amount_minor: 128_400_000, currency: 'CNY' })).toBe('¥128.4万');
  expect(en.moneyCompact({ amount_minor: 128_400_000, currency: 'CNY' })).toBe('¥1.3M');
  expect(en.money({ amount_minor: 500, currency: 'JPY' })).toBe('¥500');
});

test('dates follow the reader and the company, not the browser', () => {
  const late = '2026-11-21T17:30:00Z';
  expect(hans.date(late)).toBe('2026年11月22日');
  expect(hans.date(late, { weekday: true })).toBe('2026年11月22日 周日');
  expect(hant.date(late, { weekday: true })).toBe('2026年11月22日 週日');
  expect(en.date(late, { time: true })).toBe('22 Nov 2026 01:30');
  expect(en.date(late, { weekday: true })).toBe('Sun 22 Nov 2026');
  expect(hans.date(late, { short: true }, now)).toBe('11-22');
  expect(hans.date('2025-03-02T00:00:00Z', { short: true }, now)).toBe('2025-03-02');
  expect(en.date('2025-03-02T00:00:00Z', { short: true }, now)).toBe('2 Mar 2025');
});

test('how long ago is said in the largest unit', () => {
  expect(hans.relative('2026-11-22T03:56:00Z', now)).toBe('4 分钟前');
  expect(hant.relative('2026-11-22T03:56:00Z', now)).toBe('4 分鐘前');
  expect(en.relative('2026-11-21T04:00:00Z', now)).toBe('yesterday');
  expect(en.relative('2026-11-24T05:00:00Z', now)).toBe('in 2 days');
});

test('durations and sizes', () => {
  expect(hans.duration(93_600_000)).toBe('1 天 2 小时');
  expect(en.duration(65_000)).toBe('1m 5s');
  expect(en.duration(0)).toBe('0s');
  expect(hans.bytes(12_400_000)).toBe('12.4 MB');
});

test('the browser chooses the language and Chinese is the default', () => {
  expect(chooseLanguage(['zh-TW', 'en'])).toBe('zh-Hant');
  expect(chooseLanguage(['fr-FR', 'en-GB'])).toBe('en');
  expect(chooseLanguage(['de'])).toBe('zh-Hans');
});
