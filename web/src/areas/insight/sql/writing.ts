import { useMemo, useState } from 'react';
import { useSession } from '@/session/session';
import { keepDraft, readDraft } from './draft';
import type { NewQuery, QueryChart, QueryParameter, SavedQuery } from './contract';
import { parametersOf } from './parameters';

/** Absent and empty are the same. */
const plain = ({ chart, parameters, sql }: Pick<NewQuery, 'chart' | 'parameters' | 'sql'>) =>
  JSON.stringify([sql.trim(), chart.kind, chart.x ?? null, chart.y, chart.series ?? null, parameters.map((one) => [one.name, one.label, one.kind, one.default ?? null])]);

/** True where two questions are the same, with their charts and parameters. */
export const same = (one: Parameters<typeof plain>[0], other: Parameters<typeof plain>[0]): boolean => plain(one) === plain(other);

/** A question while somebody writes on it; what is not saved is kept in the tab. */
export function useWriting(saved: SavedQuery | undefined) {
  const { session } = useSession();
  const user = session?.user.id ?? '';
  // The version that the writing began with: a look at another window must not change it unseen.
  const [base, setBase] = useState(saved);
  const [sql, setSql] = useState(() => readDraft(user, saved?.id) ?? saved?.sql ?? '');
  const [known, setKnown] = useState<QueryParameter[]>(saved?.parameters ?? []);
  const [chart, setChart] = useState<QueryChart | undefined>(saved?.chart);
  const parameters = useMemo(() => parametersOf(sql, known), [sql, known]);
  const write = (next: string) => {
    setSql(next);
    keepDraft(user, saved?.id, next.trim() === (base?.sql ?? '') ? undefined : next);
  };
  const fill = (next: QueryParameter[]) => setKnown([...next, ...known.filter((one) => next.every((other) => other.name !== one.name))]);
  const begin = (now: SavedQuery) => {
    keepDraft(user, saved?.id, undefined);
    setBase(now);
    setSql(now.sql);
    setKnown(now.parameters);
    setChart(now.chart);
  };
  /** What was written meanwhile stays. */
  const settle = (now: SavedQuery) => {
    setBase(now);
    if (sql.trim() === now.sql) keepDraft(user, now.id, undefined);
  };
  const forget = () => keepDraft(user, saved?.id, undefined);
  const mine = { sql, chart: chart ?? base?.chart ?? { kind: 'table' as const, y: [] }, parameters };
  const changed = base ? !same(mine, base) : sql.trim() !== '';
  if (base && saved && saved.version > base.version && !changed) begin(saved);
  return { base, sql, write, chart, setChart, parameters, fill, changed, begin, settle, forget };
}

export type Writing = ReturnType<typeof useWriting>;
