import type { TileCell, TileGroups } from './metric-types';

const quoted = (value: string) => (/^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "\\'")}'`);
const condition = (key: string, value: string | null | undefined) => (value === null || value === undefined || value === '' ? `!has(${key})` : `${key} == ${quoted(value)}`);

/** Where the records of a group stand: their list with the conditions of the group. */
export function linkOf(groups: TileGroups, cell: TileCell): string {
  const conditions = [groups.filter ? `(${groups.filter})` : '', condition(groups.by, cell.by_value), groups.across ? condition(groups.across, cell.across_value) : ''].filter(Boolean);
  const filter = conditions.length > 1 ? conditions.join(' && ') : (groups.filter ?? conditions[0] ?? '');
  return `/records/${groups.type_id}?${new URLSearchParams({ filter })}`;
}
