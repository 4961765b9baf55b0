import { expect, test } from 'vitest';
import { moved, withoutFolded } from './rows';
import type { Field, Row } from './types';
import { blame, changes, formFields, tidy } from './values';

const field = (key: string, kind: string, more: Partial<Field> = {}): Field => ({ key, kind, title: key, ...more });
const FIELDS = [field('name', 'text'), field('score', 'computed'), field('steps', 'table', { fields: [field('what', 'text')] }), field('due', 'date'), field('closed_by', 'person', { read_only: true })];
const row = { values: { name: 'A', steps: [{ what: 'x' }], due: null } } as unknown as Row;

test('empty rows and empty texts are not sent', () => {
  expect(tidy({ name: '  ', steps: [{ what: '' }, { what: 'y' }, {}], due: undefined }, FIELDS)).toEqual({ name: null, steps: [{ what: 'y' }], due: null });
});

test('only what differs is sent', () => {
  expect(changes(row, { name: 'A ', steps: [{ what: 'x' }], due: '' }, FIELDS)).toEqual({});
  expect(changes(row, { name: 'B', steps: [], due: '2026-11-28' }, FIELDS)).toEqual({ name: 'B', steps: [], due: '2026-11-28' });
});

test('forms hold what people write and may see', () => {
  expect(formFields(FIELDS).map((one) => one.key)).toEqual(['name', 'steps', 'due']);
  expect(formFields(FIELDS, ['due']).map((one) => one.key)).toEqual(['name', 'steps']);
});

test('a refusal stands beside its field, wherever the server names it', () => {
  const problems = [
    { field: 'values.name', code: 'needed' },
    { field: 'steps.1.what', code: 'needed' },
    { field: 'elsewhere', code: 'odd' },
  ];
  const { beside, rest } = blame(problems, ['name', 'steps'], (one) => one.code);
  expect(Object.fromEntries(beside)).toEqual({ name: ['needed'], steps: ['2: needed'] });
  expect(rest).toEqual([problems[2]]);
});

test('rows move within their table', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a'], 4, 0)).toEqual(['a']);
});

test('a folded branch hides all that is below it', () => {
  const rows = [['a', 0], ['b', 1], ['c', 2], ['d', 1], ['e', 0]].map(([id, depth]) => ({ id: String(id), depth: Number(depth) }));
  const left = (folded: string[]) => withoutFolded(rows, new Set(folded)).map((row) => row.id).join('');
  expect([left([]), left(['b']), left(['a']), left(['a', 'b'])]).toEqual(['abcde', 'abde', 'ae', 'ae']);
});
