import { expect, test } from 'vitest';
import { nameIn, placeOf, pretty } from './json';

test('JSON gets a line for each member', () => {
  expect(pretty('{"a":1,"b":[true,{"c":"x: y, {z}"}],"d":{},"e":[]}')).toBe(
    ['{', '  "a": 1,', '  "b": [', '    true,', '    {', '      "c": "x: y, {z}"', '    }', '  ],', '  "d": {},', '  "e": []', '}'].join('\n'),
  );
});

test('nothing but white space changes', () => {
  expect(pretty('{"order":12345678901234567890,"a":1.50,"a":2,"quote":"\\"\\\\"}')).toBe('{\n  "order": 12345678901234567890,\n  "a": 1.50,\n  "a": 2,\n  "quote": "\\"\\\\"\n}');
  expect(pretty(pretty('{"a":[1,2]}'))).toBe(pretty('{"a":[1,2]}'));
});

test('what is no JSON stays as it was sent', () => {
  expect(pretty('{"a":1')).toBe('{"a":1');
  expect(pretty('user=7&event=x')).toBe('user=7&event=x');
});

test('a field is found where it stands as a name', () => {
  const text = '{"note":"timestamp","timestamp" : 7}';
  expect(placeOf(text, 'timestamp')).toEqual([20, 31]);
  expect(placeOf('{"context":{"ip":1}}', 'context.ip')).toEqual([12, 16]);
  expect(placeOf(text, 'event')).toBeUndefined();
});

test('the name of an event is read where it has one', () => {
  expect(['{"event":"Seen"}', '{"event":""}', '{"event":1}', 'null', '{', undefined].map(nameIn)).toEqual(['Seen', undefined, undefined, undefined, undefined, undefined]);
});
