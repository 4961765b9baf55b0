import type { EventFilter, LeafOf } from './contract';

/** How long an event counts unless somebody says otherwise. */
export const DAYS_USUAL = 30;
export const STEPS_MIN = 2;
export const STEPS_MAX = 10;

type Did = LeafOf<'did'>;
export type BoundKind = 'at_least' | 'at_most' | 'between' | 'never';
export type WindowKind = 'days' | 'span' | 'ever';
export const WINDOWS: WindowKind[] = ['days', 'span', 'ever'];

const is = (n: number | null | undefined): n is number => typeof n === 'number';

/** How the bounds of a condition are said. */
export function boundKind({ measure, at_least, at_most }: Did): BoundKind {
  if (is(at_least)) return is(at_most) ? 'between' : 'at_least';
  return measure === 'count' && at_most === 0 ? 'never' : is(at_most) ? 'at_most' : 'at_least';
}

/** The condition with its bounds said in another way; figures stay where they can. */
export function boundOf(value: Did, kind: BoundKind): Did {
  const { at_least, at_most, ...rest } = value;
  const known = at_least || at_most || 1;
  switch (kind) {
    case 'never':
      return { ...rest, at_most: 0 };
    case 'at_least':
      return { ...rest, at_least: known };
    case 'at_most':
      return { ...rest, at_most: at_most || known };
    case 'between':
      return { ...rest, at_least: known, at_most: Math.max(at_most ?? 0, known) };
  }
}

/** How the time of a condition is said. */
export function windowKind({ within_days, span }: Pick<Did, 'within_days' | 'span'>): WindowKind {
  if (is(within_days)) return 'days';
  return span ? 'span' : 'ever';
}

/** The steps with one of them a place up or down. */
export function moved<T>(steps: T[], place: number, by: 1 | -1): T[] {
  const next = [...steps];
  const [one] = next.splice(place, 1);
  if (one !== undefined) next.splice(place + by, 0, one);
  return next;
}

/** True where nothing about these events is left to fill in. */
export function filterWhole({ where }: EventFilter): boolean {
  return (where ?? []).every(({ op, value }) => op === 'is_null' || op === 'not_null' || (value !== undefined && value !== null && value !== ''));
}

/** True where these are not just any events. */
export function saysWhich({ names, kinds, source_ids, where }: EventFilter): boolean {
  return [names, kinds, source_ids, where].some((list) => (list?.length ?? 0) > 0);
}
