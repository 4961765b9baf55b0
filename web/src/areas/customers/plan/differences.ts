// What one version of a definition says and another does not: pure, so that a test can say whether nothing is left out.
import type { Definition } from './contract';
import { whole, type WholeProperty } from './definition';

const PLAIN = ['description', 'state', 'extra'] as const;
const ASPECTS = ['kind', 'required', 'choices', 'personal', 'description'] as const;

export type Aspect = (typeof ASPECTS)[number];

export type Change =
  | { what: (typeof PLAIN)[number]; before: string; after: string }
  | { what: 'sources'; before: string[]; after: string[] }
  | { what: 'added' | 'removed'; property: WholeProperty }
  | { what: 'changed'; name: string; aspects: { aspect: Aspect; before: WholeProperty[Aspect]; after: WholeProperty[Aspect] }[] }
  | { what: 'order'; before: string[]; after: string[] };

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function byName({ properties }: Definition): Map<string, WholeProperty> {
  return new Map(properties.map((property) => [property.name, whole(property)]));
}

/** Every difference between two versions, in the order of the page; a property that got another name is a new one. */
export function differences(before: Definition, after: Definition): Change[] {
  const changes: Change[] = PLAIN.filter((what) => before[what] !== after[what]).map((what) => ({ what, before: before[what], after: after[what] }));
  const [was, is] = [[...before.sources].sort(), [...after.sources].sort()];
  if (!equal(was, is)) changes.push({ what: 'sources', before: was, after: is });
  const [old, fresh] = [byName(before), byName(after)];
  for (const property of fresh.values()) if (!old.has(property.name)) changes.push({ what: 'added', property });
  for (const property of old.values()) if (!fresh.has(property.name)) changes.push({ what: 'removed', property });
  for (const [name, now] of fresh) {
    const then = old.get(name);
    if (!then) continue;
    const aspects = ASPECTS.filter((aspect) => !equal(then[aspect], now[aspect])).map((aspect) => ({ aspect, before: then[aspect], after: now[aspect] }));
    if (aspects.length) changes.push({ what: 'changed', name, aspects });
  }
  const order = [[...old.keys()].filter((name) => fresh.has(name)), [...fresh.keys()].filter((name) => old.has(name))] as const;
  if (!equal(...order)) changes.push({ what: 'order', before: order[0], after: order[1] });
  return changes;
}
