import { describe, expect, it } from 'vitest';
import type { RecentEvent } from '@/api/schema';
import { alike, kindOf, planAddress, prefilled, propertiesOf } from './prefill';

const event = (name: string, properties: string, kind: RecentEvent['kind'] = 'track'): RecentEvent => ({ name, properties, kind, node: 'n', message_id: 'm', source_id: 's', happened_at: '2026-11-29T08:00:00Z', received_at: '2026-11-29T08:00:00Z' });

describe('an event that nobody planned', () => {
  it('is read by the kinds of its values', () => {
    expect([1, 1.5, 'a', '2026-11-29T08:00:00Z', '2026-11-29', true, [], {}, null].map(kindOf)).toEqual(['integer', 'number', 'text', 'time', 'text', 'boolean', 'list', 'object', undefined]);
  });

  it('has the kind that holds all its values, else that of most', () => {
    const kinds = (...values: unknown[]) => propertiesOf(values.map((a) => JSON.stringify({ a })))[0]?.kind;
    expect(kinds(1, 2.5, 3)).toBe('number');
    expect(kinds('2026-11-29T08:00:00Z', 'soon')).toBe('text');
    expect(kinds(true, 'yes', 'no')).toBe('text');
  });

  it('needs what every one of enough events has, and marks what sounds personal', () => {
    const bodies = Array.from({ length: 5 }, (_, i) => JSON.stringify({ sku: `p-${i}`, email: i ? 'a@b.example' : null }));
    expect(propertiesOf(bodies).map(({ name, required, personal }) => [name, required, personal])).toEqual([
      ['sku', true, false],
      ['email', false, true],
    ]);
    expect(propertiesOf(bodies.slice(0, 4))[0]?.required).toBe(false);
  });

  it('is filled in from events of its own name alone; what cannot be read says nothing', () => {
    const recent = [event('Seen', '{"price":1}'), event('Other', '{"b":1}'), event('Seen', '{"c":', 'track'), event('Seen', '{"d":1}', 'page')];
    expect(alike('Seen', recent)).toHaveLength(2);
    expect(prefilled({ source_id: 's', name: 'Seen' }, recent)).toEqual({
      description: '',
      state: 'draft',
      extra: 'allow',
      sources: ['s'],
      properties: [{ name: 'price', kind: 'integer', required: false, choices: [], personal: false, description: '' }],
    });
  });

  it('has an address whatever it is called', () => {
    expect(planAddress({ source_id: 's', name: 'A & B=1' })).toBe('/customers/plan/new?source_id=s&name=A+%26+B%3D1');
  });
});
