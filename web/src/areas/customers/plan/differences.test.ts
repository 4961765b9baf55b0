import { describe, expect, it } from 'vitest';
import type { Definition } from './contract';
import { differences } from './differences';

const base: Definition = {
  description: 'Somebody looked at a product',
  state: 'draft',
  extra: 'allow',
  sources: ['b', 'a'],
  properties: [
    { name: 'product_id', kind: 'text', required: true },
    { name: 'price', kind: 'number' },
    { name: 'plan', kind: 'text', choices: ['free'] },
  ],
};

describe('two versions', () => {
  it('that say the same do not differ, in whichever order their sources stand and whatever is left unsaid', () => {
    const said = base.properties.map((one) => ({ required: false, choices: [], personal: false, description: '', ...one }));
    expect(differences(base, { ...base, sources: ['a', 'b'], properties: said })).toEqual([]);
  });

  it('say what is new, what is gone and what is different', () => {
    const after: Definition = {
      ...base,
      state: 'live',
      sources: [],
      properties: [{ name: 'product_id', kind: 'text', required: true, personal: true }, { name: 'price', kind: 'integer', description: 'in cents' }, { name: 'size', kind: 'text' }],
    };
    expect(differences(base, after)).toEqual([
      { what: 'state', before: 'draft', after: 'live' },
      { what: 'sources', before: ['a', 'b'], after: [] },
      { what: 'added', property: { name: 'size', kind: 'text', required: false, choices: [], personal: false, description: '' } },
      { what: 'removed', property: { name: 'plan', kind: 'text', required: false, choices: ['free'], personal: false, description: '' } },
      { what: 'changed', name: 'product_id', aspects: [{ aspect: 'personal', before: false, after: true }] },
      {
        what: 'changed',
        name: 'price',
        aspects: [
          { aspect: 'kind', before: 'number', after: 'integer' },
          { aspect: 'description', before: '', after: 'in cents' },
        ],
      },
    ]);
  });

  it('say that the order is another one, and not where only something came or went', () => {
    const [first, second, third] = base.properties;
    if (!first || !second || !third) throw new Error('three properties');
    expect(differences(base, { ...base, properties: [second, first, third] })).toEqual([{ what: 'order', before: ['product_id', 'price', 'plan'], after: ['price', 'product_id', 'plan'] }]);
    expect(differences(base, { ...base, properties: [second, third] }).map((one) => one.what)).toEqual(['removed']);
  });
});
