import { describe, expect, it } from 'vitest';
import type { ErasureVerification } from './contract';
import { counts, partsOf, placeName, saysOf, whereOf } from './proof';

const proof = (hits: number): ErasureVerification => ({ at: '2026-11-29T08:00:00Z', tables: 180, rows: 9, files: 3, events: 4, values: 5, hits, places: [] });

describe('proof', () => {
  it('tells the database, the lake and files apart', () => {
    expect(['import_row.body', 'lake/log/7', 'blobs/0a1b2c'].map(whereOf)).toEqual(['database', 'lake', 'files']);
  });

  it('groups findings, counts those that must not be, and puts what stays by nature last', () => {
    const parts = partsOf([
      { place: 'audit_entry.changes', count: 9, kept: true },
      { place: 'import_row.body', count: 2, kept: false },
      { place: 'note.text', count: 5 },
      { place: 'blobs/0a1b2c3d4e5f6a7b', count: 1, kept: false },
    ]);
    expect(parts.map(({ where, hits }) => [where, hits])).toEqual([
      ['database', 7],
      ['lake', 0],
      ['files', 1],
    ]);
    expect(parts[0]?.places.map((one) => one.place)).toEqual(['note.text', 'import_row.body', 'audit_entry.changes']);
  });

  it('does not call clean what was not searched', () => {
    expect([undefined, null, { ...proof(0), at: null }, proof(0), proof(2)].map(saysOf)).toEqual(['none', 'none', 'none', 'clean', 'left']);
  });

  it('names files by the beginning of their digest', () => {
    expect(placeName('blobs/0a1b2c3d4e5f6a7b8c9d')).toBe('0a1b2c3d4e5f');
    expect(placeName('lake/files/2026-11/a.parquet')).toBe('files/2026-11/a.parquet');
    expect(placeName('note.text')).toBe('note.text');
  });

  it('lists what went, the most first', () => {
    expect(counts({ profile: 1, tier_change: 0, suppression: 4 })).toEqual([
      ['suppression', 4],
      ['profile', 1],
    ]);
    expect(counts(undefined)).toEqual([]);
  });
});
