import { describe, expect, it } from 'vitest';
import type { ReportFigure } from '@/api/schema';
import { sectionsOf, shareOf } from './figures';

const figure = (code: ReportFigure['code'], part: ReportFigure['part'], more: Partial<ReportFigure> = {}): ReportFigure => ({ code, part, title: code, definition: `how ${code}`, unit: 'count', value: 1, ...more });

describe('sections of a monthly report', () => {
  it('stand in their order, single figures before those of which there are several', () => {
    const sections = sectionsOf([figure('insights_sent', 'insights'), figure('tier_customers', 'tiers', { key: 'A', name: 'A' }), figure('tier_customers', 'tiers', { key: 'B', name: 'B' }), figure('tier_up', 'tiers')]);
    expect(sections.map(({ part }) => part)).toEqual(['tiers', 'insights']);
    expect(sections[0]?.single.map(({ code }) => code)).toEqual(['tier_up']);
    expect(sections[0]?.groups.map(({ code, figures }) => [code, figures.length])).toEqual([['tier_customers', 2]]);
    expect(sections[0]?.definitions.map(({ title }) => title)).toEqual(['tier_customers', 'tier_up']);
  });

  it('say by which share a figure changed, and nothing where there was none', () => {
    expect(shareOf({ before: 200, change: 50 })).toBe(0.25);
    expect(shareOf({ before: 0, change: 5 })).toBeUndefined();
    expect(shareOf({ before: null, change: null })).toBeUndefined();
  });
});
