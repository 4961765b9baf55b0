import { expect, test } from 'vitest';
import { contrast, mix, readable } from './contrast';
import { palettes } from './palette';

test('black on white is the greatest contrast', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test('a pale brand colour is darkened for a white page and lightened for a dark one', () => {
  const yellow = '#ffd400';
  expect(contrast(yellow, '#ffffff')).toBeLessThan(4.5);
  expect(contrast(readable(yellow, '#ffffff'), '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(readable(yellow, '#171d27')).toBe(yellow);
  expect(contrast(readable('#0a1f5c', '#171d27'), '#171d27')).toBeGreaterThanOrEqual(4.5);
});

test('mixing half of white into black is grey', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
});

test.each(Object.entries(palettes))('every text colour of the %s theme is readable where it stands', (_, p) => {
  for (const ground of [p.page, p.card]) {
    for (const ink of [p.ink, p.quiet, p.link, p.good, p.bad, p.warn]) {
      expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  }
  for (const [ink, ground] of [
    [p.good, p.goodSoft],
    [p.bad, p.badSoft],
    [p.warn, p.warnSoft],
    [p.link, p.linkSoft],
    [p.onAccent, p.link],
    [p.onAccent, p.bad],
  ] as const) {
    expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});
