import { describe, expect, it } from 'vitest';
import type { RfmCell } from '@/api/schema';
import { fromAddress } from '../written/plain';
import { conditionOfCell, conditionOfSegment, heat, newSegment, saved } from './rfm';

const cell = (recency: number, frequency: number, monetary: number, count: number, segment: RfmCell['segment'] = 'loyal'): RfmCell => ({ recency, frequency, monetary, segment, count });
const CELLS = [cell(5, 4, 4, 10), cell(5, 4, 5, 7), cell(5, 4, 1, 2), cell(3, 4, 3, 1), cell(1, 1, 1, 90, 'lost')];

describe('RFM', () => {
  it('adds up what was spent, and shows empty fields', () => {
    const fields = heat(CELLS);
    expect(fields).toHaveLength(25);
    expect(fields.find(({ recency, frequency }) => recency === 5 && frequency === 4)?.count).toBe(19);
    expect(fields.reduce((sum, { count }) => sum + count, 0)).toBe(110);
  });

  it('makes a condition of a field', () => {
    expect(conditionOfCell({ recency: 5, frequency: 4 })).toEqual({
      type: 'all',
      of: [
        { type: 'score', which: 'recency', at_least: 5, at_most: 5 },
        { type: 'score', which: 'frequency', at_least: 4, at_most: 4 },
      ],
    });
  });

  it('makes a condition of a segment, with what follows each other put together', () => {
    const found = conditionOfSegment(CELLS, 'loyal');
    expect(found?.type === 'any' && found.of.map((part) => part.type === 'all' && part.of.map((one) => one.type === 'score' && `${one.at_least}-${one.at_most}`).join(' '))).toEqual(['5-5 4-4 1-1', '5-5 4-4 4-5', '3-3 4-4 3-3']);
    expect(conditionOfSegment(CELLS, 'new')).toBeUndefined();
    const scattered = [1, 2, 3, 4, 5].flatMap((r) => [1, 2, 3, 4, 5].map((f) => cell(r, f, 1, 1)));
    expect(conditionOfSegment(scattered, 'loyal')).toBeUndefined();
  });

  it('carries a condition in an address', () => {
    const address = new URL(newSegment(conditionOfCell({ recency: 1, frequency: 2 }), 'R1 & F2'), 'http://localhost');
    expect(fromAddress(address.searchParams.get('definition'))).toEqual(conditionOfCell({ recency: 1, frequency: 2 }));
    expect(address.searchParams.get('name')).toBe('R1 & F2');
  });

  it('says how much of the error is saved', () => {
    expect(saved({ orders_mae: 0.8, orders_mae_as_before: 1 })).toBeCloseTo(0.2);
    expect(saved({ orders_mae: 1, orders_mae_as_before: 0 })).toBe(0);
  });
});
