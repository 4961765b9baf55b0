import { describe, expect, it } from 'vitest';
import type { Definition } from './contract';
import { added, definitionOf, draftOf, exampleEvent, moved, same } from './definition';

const definition: Definition = { description: 'Seen', state: 'live', extra: 'allow', sources: ['b', 'a'], properties: [{ name: 'price', kind: 'number', required: true }, { name: 'plan', kind: 'text', choices: ['free', 'paid'] }] };

describe('a definition in its form', () => {
  it('comes back as it went in, with nothing left unsaid', () => {
    expect(definitionOf(draftOf(definition))).toEqual({
      ...definition,
      sources: ['a', 'b'],
      properties: [
        { name: 'price', kind: 'number', required: true, choices: [], personal: false, description: '' },
        { name: 'plan', kind: 'text', required: false, choices: ['free', 'paid'], personal: false, description: '' },
      ],
    });
  });

  it('is not changed by spaces or by choices of a kind that has none', () => {
    const draft = draftOf(definition);
    const spaced = { ...draft, description: ' Seen ', properties: draft.properties.map((one) => ({ ...one, name: `${one.name} ` })) };
    expect(same(definitionOf(spaced), definition)).toBe(true);
    const list = { ...draft, properties: [{ ...draft.properties[1], kind: 'list' as const, name: 'tags', key: 7 } as (typeof draft.properties)[number]] };
    expect(definitionOf(list).properties[0]?.choices).toEqual([]);
    expect(same({ ...definition, extra: 'quarantine' }, definition)).toBe(false);
  });

  it('keeps every property at its place, also one without a name, so that a refusal names the right one', () => {
    const draft = { ...draftOf(definition), properties: added(draftOf(definition).properties) };
    expect(definitionOf(draft).properties.map((one) => one.name)).toEqual(['price', 'plan', '']);
  });

  it('gives a new property a key that none of the others has', () => {
    const [, second] = draftOf(definition).properties;
    const keys = added(second ? [second] : []).map((one) => one.key);
    expect(new Set(keys).size).toBe(2);
  });

  it('moves by one place and stops at the ends', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});

describe('an example', () => {
  it('has a value of the right kind for every property', () => {
    const body = JSON.parse(exampleEvent('track', 'Bought', [...definition.properties, { name: 'count', kind: 'integer', choices: ['3'] }, { name: 'at', kind: 'time' }], new Date('2026-11-29T08:00:00Z'))) as unknown;
    expect(body).toEqual({ type: 'track', event: 'Bought', userId: 'u-1', properties: { price: 9.5, plan: 'free', count: 3, at: '2026-11-29T08:00:00.000Z' } });
  });

  it('says what is known of a person as traits, and no name where there is none', () => {
    expect(JSON.parse(exampleEvent('identify', null, [{ name: 'vip', kind: 'boolean' }]))).toEqual({ type: 'identify', userId: 'u-1', traits: { vip: true } });
  });
});
