import { describe, expect, it } from 'vitest';
import { agrees, inUse, shareOf, standing, toneOfScore, withGaps } from './quality';
import type { CoverageCell, NameQuality, SourceCoverage, SourceQuality } from '@/api/schema';

const of = (planned_event_id: string, events: number, score: number | null): NameQuality => ({ planned_event_id, kind: 'track', name: 'Seen', events, score, fields: [] });
const quality = (source_id: string, ...names: NameQuality[]): SourceQuality => ({ source_id, plan: 'observe', events: 0, unplanned: 0, names });

describe('quality', () => {
  it('has a colour for what has to be done, and none where nothing was checked', () => {
    expect([100, 95, 94.9, 80, 79.9, 0, null, undefined].map(toneOfScore)).toEqual(['good', 'good', 'warn', 'warn', 'bad', 'bad', 'quiet', 'quiet']);
  });

  it('never calls whole what is not', () => {
    expect([100, 99.99, 99.9, 58.3, 0.02, 0].map(shareOf)).toEqual([1, 0.999, 0.999, 0.583, 0.001, 0]);
  });

  it('sums up over sources by how much each brings', () => {
    const found = inUse([quality('a', of('x', 300, 100), of('y', 0, null)), quality('b', of('x', 100, 60))]);
    expect(found.get('x')).toEqual({ events: 400, score: 90, sources: ['a', 'b'] });
    expect(found.get('y')).toEqual({ events: 0, score: undefined, sources: [] });
  });

  it('says which way a total is off', () => {
    expect([-2, 0, 1].map((difference) => agrees({ difference }))).toEqual(['missing', 'agrees', 'too_many']);
  });
});

describe('coverage', () => {
  const row = (source_id: string, ...states: CoverageCell['state'][]): SourceCoverage => ({
    source_id,
    name: source_id,
    kind: 'website',
    plan: 'off',
    cells: states.map((state) => ({ data: 'traffic', expected: true, state, events_7d: 0 })),
  });

  it('counts every cell once and finds the sources with gaps', () => {
    const rows = [row('a', 'live', 'none'), row('b', 'live', 'missing'), row('c', 'unexpected', 'delayed')];
    expect(standing(rows)).toEqual({ live: 2, delayed: 1, missing: 1, unexpected: 1, none: 1 });
    expect(withGaps(rows).map((one) => one.source_id)).toEqual(['b', 'c']);
  });
});
