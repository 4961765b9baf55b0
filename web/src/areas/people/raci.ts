import type { Row, Values } from '@/areas/records/types';

/** What somebody is to a duty. */
export type Part = 'responsible' | 'accountable' | 'support' | 'consulted' | 'informed';

/** A duty with what each post is to it. */
export interface Duty {
  row: Row;
  parts: Map<string, Set<Part>>;
}

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/** The parts of every post in one duty: who does it, who answers for it, who else is asked or told. */
export function dutyOf(row: Row): Duty {
  const parts = new Map<string, Set<Part>>();
  const add = (post: string, part: Part) => post && parts.set(post, new Set([...(parts.get(post) ?? []), part]));
  add(text(row.values.post), 'responsible');
  add(text(row.values.accountable_post), 'accountable');
  for (const one of (row.values.others as Values[] | undefined) ?? []) add(text(one.post), one.role as Part);
  return { row, parts };
}

/** Posts in the order of how much they answer for. */
export function postsOf(duties: Duty[]): string[] {
  const weight = new Map<string, number>();
  for (const { parts } of duties) for (const [post, all] of parts) weight.set(post, (weight.get(post) ?? 0) + (all.has('accountable') ? 100 : 0) + (all.has('responsible') ? 10 : 0) + 1);
  return [...weight].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([post]) => post);
}
