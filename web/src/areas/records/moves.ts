import type { RecordAction } from './types';

/** What a move of a card would be: a step at once, a step that asks for something first, or a refusal. */
export type Move = { kind: 'take' | 'ask'; action: RecordAction } | { kind: 'refused'; action: RecordAction } | { kind: 'none' };

/** Finds the step that leads to a state; one that is allowed goes before one that is not. */
export function moveTo(actions: RecordAction[], state: string): Move {
  const leading = actions.filter((action) => action.to === state);
  const action = leading.find((one) => one.allowed) ?? leading[0];
  if (!action) return { kind: 'none' };
  if (!action.allowed) return { kind: 'refused', action };
  return { kind: action.fields.length || action.approval ? 'ask' : 'take', action };
}

/** The likely step: the first that is allowed and leads somewhere. */
export function likely(actions: RecordAction[]): RecordAction | undefined {
  return actions.find((action) => action.allowed && action.to) ?? actions.find((action) => action.allowed);
}

/** The names of the columns of a board that somebody else opened may hold states that no machine has any more. */
export function columnsFor(known: string[], present: (string | undefined)[]): string[] {
  const others = present.filter((one): one is string => one !== undefined && !known.includes(one));
  return [...known, ...new Set(others)];
}
