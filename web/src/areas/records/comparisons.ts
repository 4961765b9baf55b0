import type { Comparison } from './expression';
import type { Field } from './types';

const FIGURES = new Set(['number', 'money', 'percent', 'rating', 'duration', 'table', 'file']);
const NAMED = new Set(['choice', 'person', 'department', 'brand', 'reference']);
const COMPARED: { [kind: string]: Comparison[] } = {
  text: ['in', '!=', 'starts', 'has', 'absent'],
  named: ['in', '!=', 'has', 'absent'],
  figure: ['>=', '<=', '>', '<', '==', '!='],
  time: ['past', 'within', 'ago', 'older', 'has', 'absent'],
  boolean: ['yes', 'no'],
  presence: ['has', 'absent'],
  none: [],
};

/** How the values of a field are compared. */
export function sortOf(field: Field): keyof typeof COMPARED {
  if (field.options?.length && field.kind !== 'choices' && field.kind !== 'rating') return 'named';
  if (NAMED.has(field.kind)) return 'named';
  if (FIGURES.has(field.kind)) return 'figure';
  switch (field.kind) {
    case 'choices':
      return 'none';
    case 'rich_text':
      return 'presence';
    case 'date':
    case 'time':
      return 'time';
    case 'boolean':
    case 'text':
      return field.kind;
    default:
      return { text: 'text', integer: 'figure', real: 'figure', boolean: 'boolean', time: 'time' }[field.value_kind ?? ''] ?? 'none';
  }
}

/** The comparisons that a field can be asked for. */
export const comparisonsOf = (field: Field): Comparison[] => COMPARED[sortOf(field)] ?? [];

/** How many values a comparison needs. */
export function needsOf(is: Comparison): 'none' | 'one' | 'many' | 'days' {
  if (is === 'in') return 'many';
  if (is === 'within' || is === 'ago' || is === 'older') return 'days';
  return ['has', 'absent', 'yes', 'no', 'past'].includes(is) ? 'none' : 'one';
}
