import type { Tone } from '@/parts/pill';
import type { Field, GroupRow } from './types';
import { write } from './expression';

/** A rating goes from one to five. */
const STEPS = [5, 4, 3, 2, 1];
/** From this product on a cell is high, or middle, as risk registers draw it. */
const HIGH = 15;
const MIDDLE = 8;

export interface Head {
  id: string;
  title: string;
}

/** The rows or columns of a matrix: all that can be chosen, then what else was found. */
export function headsOf(field: Field | undefined, found: (string | null | undefined)[], names: { [id: string]: string }, none: string, said: (step: number) => string = String): Head[] {
  const fixed = field && isScale(field) ? STEPS.map((step) => ({ id: String(step), title: field.options?.find((one) => one.id === String(step))?.title ?? said(step) })) : (field?.options ?? []).map(({ id, title }) => ({ id, title }));
  const others = [...new Set(found.map((one) => one ?? ''))].filter((id) => !fixed.some((head) => head.id === id));
  return [...fixed, ...others.map((id) => ({ id, title: id === '' ? none : (names[id] ?? id) }))];
}

/** Whether a field is one to five: a rating, or what is computed from ratings within the same bounds. */
export const isScale = (field: Field) => field.kind === 'rating' || (field.kind === 'computed' && field.minimum === STEPS.at(-1) && field.maximum === STEPS[0]);

/** How many records stand in each cell. */
export function countsOf(groups: GroupRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const group of groups) {
    const key = cellKey(group.by_value ?? '', group.across_value ?? '');
    counts.set(key, (counts.get(key) ?? 0) + group.records);
  }
  return counts;
}

/** A cell's key; a unit separator stands in no value. */
export const cellKey = (by: string, across: string) => `${by}\u001f${across}`;

/** How a cell of two ratings is coloured. */
export function toneOfCell(by: string, across: string): Tone {
  const product = Number(by) * Number(across);
  if (!Number.isFinite(product)) return 'info';
  if (product >= HIGH) return 'bad';
  return product >= MIDDLE ? 'warn' : 'good';
}

/** The condition that finds the records of one head. */
export function conditionOf(field: Field, id: string): string {
  if (id === '') return write({ field: field.key, is: 'absent', values: [] });
  const figure = field.kind === 'rating' || ['integer', 'real'].includes(field.value_kind ?? '');
  return figure ? write({ field: field.key, is: '==', values: [Number(id)] }) : write({ field: field.key, is: 'in', values: [id] });
}

/** The cell that an arrow key leads to. */
export function step(key: string, at: { row: number; column: number }, rows: number, columns: number): { row: number; column: number } | undefined {
  const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  if (!by) return undefined;
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
  return { row: clamp(at.row + (by[0] ?? 0), rows), column: clamp(at.column + (by[1] ?? 0), columns) };
}
