import { expect, test } from 'vitest';
import { columnsFor, likely, moveTo } from './moves';
import type { RecordAction } from './types';

const action = (name: string, to: string | null, more: Partial<RecordAction> = {}): RecordAction => ({ action: name, title: name, to, allowed: true, approval: false, fields: [], ...more });

test('a move is the step that leads there', () => {
  const actions = [action('start', 'open'), action('close', 'closed', { allowed: false, reason: 'first the measures' }), action('cancel', 'closed', { fields: ['why'] }), action('submit', 'approved', { approval: true })];
  expect(moveTo(actions, 'open')).toEqual({ kind: 'take', action: actions[0] });
  expect(moveTo(actions, 'closed')).toEqual({ kind: 'ask', action: actions[2] });
  expect(moveTo(actions.slice(0, 2), 'closed')).toEqual({ kind: 'refused', action: actions[1] });
  expect(moveTo(actions, 'approved').kind).toBe('ask');
  expect(moveTo(actions, 'elsewhere')).toEqual({ kind: 'none' });
});

test('the likely step is one that can be taken', () => {
  expect(likely([action('close', 'closed', { allowed: false }), action('note', null), action('start', 'open')])?.action).toBe('start');
  expect(likely([action('close', 'closed', { allowed: false })])).toBeUndefined();
});

test('cards never fall out of a board', () => {
  expect(columnsFor(['draft', 'open'], ['open', 'old', undefined, 'old'])).toEqual(['draft', 'open', 'old']);
});
