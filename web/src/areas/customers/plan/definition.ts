// What is done with a definition while it is written: pure, so that a test can say whether it is right.
import type { Definition, PlannedKind, PropertyKind } from './contract';
import type { PlannedProperty } from '@/api/schema';

/** A property with everything said about it. */
export type WholeProperty = Required<PlannedProperty>;

/** A property in the form; the key stays with it when it moves. */
export type DraftProperty = WholeProperty & { key: number };

export type Draft = Omit<Definition, 'properties'> & { properties: DraftProperty[] };

/** Kinds whose values can be counted up beforehand. */
const LISTED: PropertyKind[] = ['text', 'number', 'integer'];

export const EMPTY: Definition = { description: '', state: 'draft', properties: [], extra: 'allow', sources: [] };

export function mayList(kind: PropertyKind): boolean {
  return LISTED.includes(kind);
}

/** A property with what the server leaves out. */
export function whole({ name, kind, required = false, choices = [], personal = false, description = '' }: PlannedProperty): WholeProperty {
  return { name, kind, required, choices, personal, description };
}

/** A definition as the form holds it. */
export function draftOf({ description, state, properties, extra, sources }: Definition): Draft {
  return { description, state, extra, sources, properties: properties.map((property, key) => ({ ...whole(property), key })) };
}

/** What the server keeps of the form; every property stays in its place, so that a refusal names the right one. */
export function definitionOf({ description, state, properties, extra, sources }: Draft): Definition {
  const kept = properties.map(({ name, kind, required, choices, personal, description: about }) => ({
    name: name.trim(),
    kind,
    required,
    choices: mayList(kind) ? choices.map((choice) => choice.trim()).filter(Boolean) : [],
    personal,
    description: about.trim(),
  }));
  return { description: description.trim(), state, properties: kept, extra, sources: [...sources].sort() };
}

/** True where both say the same. */
export function same(a: Definition, b: Definition): boolean {
  const said = (one: Definition) => JSON.stringify(definitionOf(draftOf(one)));
  return said(a) === said(b);
}

/** One more property, at the end. */
export function added(properties: DraftProperty[]): DraftProperty[] {
  const key = Math.max(-1, ...properties.map((one) => one.key)) + 1;
  return [...properties, { ...whole({ name: '', kind: 'text' }), key }];
}

/** A list in which one item went up or down by one place. */
export function moved<T>(list: T[], from: number, by: 1 | -1): T[] {
  const to = from + by;
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

function exampleOf({ kind, choices }: WholeProperty, now: Date): unknown {
  const [first] = choices;
  if (first !== undefined) return kind === 'text' ? first : Number(first);
  const values: Record<PropertyKind, unknown> = { text: 'abc', number: 9.5, integer: 1, boolean: true, time: now.toISOString(), list: ['abc'], object: {} };
  return values[kind];
}

/** An event that keeps to the definition, as a program would send it. */
export function exampleEvent(kind: PlannedKind, name: string | null | undefined, properties: PlannedProperty[], now = new Date()): string {
  const values = Object.fromEntries(properties.map((one) => [one.name, exampleOf(whole(one), now)]));
  const event = { type: kind, ...(kind === 'track' ? { event: name ?? '' } : {}), userId: 'u-1', [kind === 'identify' ? 'traits' : 'properties']: values };
  return JSON.stringify(event, null, 2);
}
