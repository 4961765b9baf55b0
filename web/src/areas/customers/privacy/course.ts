import type { SubjectRequest } from '@/api/schema';
import { resultOf } from './contract';

export const STAGES = ['received', 'verified', 'carried_out', 'finished'] as const;
export type Stage = (typeof STAGES)[number];

/** How far a request is: the stages that are behind it, and the one that it is in. */
export function stageOf({ state, kind, result }: Pick<SubjectRequest, 'state' | 'kind' | 'result'>): { past: number; refused: boolean } {
  if (state === 'refused') return { past: 1, refused: true };
  if (state === 'done') return { past: STAGES.length, refused: false };
  if (state === 'open') return { past: 1, refused: false };
  return { past: kind === 'erasure' && result ? 3 : 2, refused: false };
}

/** Something that happened to a request. */
export interface Happened {
  what: 'received' | 'noted' | 'extended' | 'verified' | 'erased' | 'searched' | 'refused' | 'done';
  /** Absent where it is only known that it happened. */
  at?: string | undefined;
  by?: string | undefined;
  because?: string | undefined;
}

/** What happened to a request, in the order of time: each of these can only follow those before it. */
export function courseOf(row: SubjectRequest): Happened[] {
  const result = resultOf(row);
  const erased = result?.kind === 'erasure' ? result : undefined;
  const all: (Happened | undefined)[] = [
    { what: 'received', at: row.received_at },
    Date.parse(row.created_at) > Date.parse(row.received_at) ? { what: 'noted', at: row.created_at } : undefined,
    row.extended_because ? { what: 'extended', because: row.extended_because } : undefined,
    row.verified_at ? { what: 'verified', at: row.verified_at, by: row.verified_by_name ?? undefined } : undefined,
    erased ? { what: 'erased', at: erased.erased_at } : undefined,
    erased?.verification?.at ? { what: 'searched', at: erased.verification.at } : undefined,
    row.decided_at && (row.state === 'done' || row.state === 'refused')
      ? { what: row.state, at: row.decided_at, by: row.decided_by_name ?? undefined, because: row.reason ?? undefined }
      : undefined,
  ];
  return all.filter((one) => one !== undefined);
}
