// What figures of quality say: pure, so that a test can say whether nothing is painted too rosy.
import type { Tone } from '@/parts/pill';
import type { CoverageState } from './contract';
import type { SourceCoverage, SourceQuality, SourceTotal } from '@/api/schema';

/** From so many percent on nothing has to be done, or something soon. */
const GOOD = 95;
const FAIR = 80;

/** What a score means; nothing where nothing was checked. */
export function toneOfScore(score: number | null | undefined): Tone {
  if (score === null || score === undefined) return 'quiet';
  if (score >= GOOD) return 'good';
  return score >= FAIR ? 'warn' : 'bad';
}

/** A share as it may be said with one decimal: what is not whole is never called whole, and a little is not nothing. */
export function shareOf(percent: number): number {
  if (percent > 0 && percent < 0.1) return 0.001;
  return Math.floor(percent * 10 + 1e-9) / 1000;
}

/** How the use of a planned event sums up over sources. */
export interface InUse {
  events: number;
  score: number | undefined;
  sources: string[];
}

/** How much each planned event is used, and how well, over all sources that look at the plan. */
export function inUse(qualities: SourceQuality[]): Map<string, InUse> {
  const found = new Map<string, InUse & { checked: number; points: number }>();
  for (const { source_id, names } of qualities) {
    for (const { planned_event_id: id, events, score } of names) {
      const sum = found.get(id) ?? { events: 0, score: undefined, sources: [], checked: 0, points: 0 };
      sum.events += events;
      if (events > 0) sum.sources.push(source_id);
      if (typeof score === 'number') {
        sum.checked += events;
        sum.points += score * events;
      }
      found.set(id, sum);
    }
  }
  return new Map([...found].map(([id, { events, sources, checked, points }]) => [id, { events, sources, score: checked > 0 ? points / checked : undefined }]));
}

export type Agrees = 'agrees' | 'missing' | 'too_many';

/** Whether as much arrived as was sent. */
export function agrees({ difference }: Pick<SourceTotal, 'difference'>): Agrees {
  if (difference === 0) return 'agrees';
  return difference < 0 ? 'missing' : 'too_many';
}

const GAPS: CoverageState[] = ['delayed', 'missing', 'unexpected'];

/** How many cells are in which state. */
export function standing(rows: SourceCoverage[]): Record<CoverageState, number> {
  const counts: Record<CoverageState, number> = { live: 0, delayed: 0, missing: 0, unexpected: 0, none: 0 };
  for (const row of rows) for (const cell of row.cells) counts[cell.state] += 1;
  return counts;
}

/** The sources of which something is not as it should be. */
export function withGaps(rows: SourceCoverage[]): SourceCoverage[] {
  return rows.filter((row) => row.cells.some((cell) => GAPS.includes(cell.state)));
}
