import { describe, expect, it } from 'vitest';
import type { SubjectRequest } from '@/api/schema';
import type { ErasureResult } from './contract';
import { courseOf, stageOf } from './course';

const result: ErasureResult = { kind: 'erasure', step: 'verified', erased_at: '2026-11-03T00:00:00Z', rows: {}, kept: [], nodes: 2, addresses_suppressed: 1, verification: { at: '2026-11-03T00:01:00Z', tables: 1, rows: 1, files: 1, events: 1, values: 1, hits: 0, places: [] } };
const row: SubjectRequest = {
  id: 'r', version: 4, number: 'DSR-2026-0001', kind: 'erasure', regime: 'pipl', state: 'open', channel: 'email', urgency: 'none',
  received_at: '2026-11-01T00:00:00Z', due_at: '2026-11-16T00:00:00Z', created_at: '2026-11-01T02:00:00Z',
};

/** The document calls it a plain object. */
const kept = (of: ErasureResult) => of as unknown as NonNullable<SubjectRequest['result']>;

describe('course of a request', () => {
  it('knows how far it is', () => {
    expect(stageOf(row)).toEqual({ past: 1, refused: false });
    expect(stageOf({ ...row, state: 'verified' })).toEqual({ past: 2, refused: false });
    expect(stageOf({ ...row, state: 'verified', result: kept({ ...result, step: 'erased' }) })).toEqual({ past: 3, refused: false });
    expect(stageOf({ ...row, state: 'done', result: kept(result) })).toEqual({ past: 4, refused: false });
    expect(stageOf({ ...row, state: 'refused' })).toEqual({ past: 1, refused: true });
  });

  it('tells what happened in the order of time', () => {
    const done: SubjectRequest = { ...row, state: 'done', verified_at: '2026-11-02T00:00:00Z', verified_by_name: 'A', decided_at: '2026-11-03T00:01:00Z', decided_by_name: 'B', reason: 'asked for', result: kept(result) };
    expect(courseOf(done).map((one) => one.what)).toEqual(['received', 'noted', 'verified', 'erased', 'searched', 'done']);
    expect(courseOf(done).at(-1)).toMatchObject({ by: 'B', because: 'asked for' });
  });

  it('does not tell of what was only begun', () => {
    expect(courseOf({ ...row, decided_at: '2026-11-03T00:00:00Z', state: 'verified', verified_at: '2026-11-02T00:00:00Z' }).map((one) => one.what)).toEqual(['received', 'noted', 'verified']);
    expect(courseOf({ ...row, created_at: row.received_at }).map((one) => one.what)).toEqual(['received']);
  });
});
