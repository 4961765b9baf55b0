import { expect, test } from 'vitest';
import { chainOf, edgesOf } from './trace-map';

const node = (id: string, ...up: string[]) => ({ id, up });
// A mail for a campaign under a plan; another plan under the same strategy; a goal above.
const nodes = [node('mail', 'campaign'), node('campaign', 'plan'), node('plan', 'strategy'), node('other', 'strategy'), node('strategy', 'goal'), node('goal'), node('lost', 'gone')];

test('a chain leads both ways and leaves the neighbours out', () => {
  expect([...chainOf(nodes, 'plan')].sort()).toEqual(['campaign', 'goal', 'mail', 'plan', 'strategy']);
  expect([...chainOf(nodes, 'goal')].sort()).toEqual(['campaign', 'goal', 'mail', 'other', 'plan', 'strategy']);
});

test('links that lead off the map draw no line, and circles end', () => {
  expect(edgesOf(nodes)).not.toContainEqual({ from: 'lost', to: 'gone' });
  expect([...chainOf([node('a', 'b'), node('b', 'a')], 'a')].sort()).toEqual(['a', 'b']);
});
