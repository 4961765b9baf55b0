import { expect, test } from 'vitest';
import { toCsv } from './csv';

test('cells are quoted where they must be and formulas are defused', () => {
  const csv = toCsv(['name', 'n'], [['a,b', 1], ['say "hi"', -2], ['=1+1', null]]);
  expect(csv).toBe('\ufeffname,n\r\n"a,b",1\r\n"say ""hi""",-2\r\n\'=1+1,\r\n');
});
