// What is known beforehand about an event that arrives and nobody planned: pure, so that a test can say whether it guesses well.
import type { RecentEvent } from '@/api/schema';
import type { Definition, PropertyKind } from './contract';
import { EMPTY, whole, type WholeProperty } from './definition';
import type { UnplannedName } from '@/api/schema';

/** What every event has only counts as needed once so many were seen. */
const SEEN_ENOUGH = 5;
/** The server keeps no more. */
const PROPERTIES_MAX = 200;

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const PERSONAL = /mail|phone|mobile|address|birth|passport|^(full|first|last|given|family)_?name$/i;

/** The kind of a value; nothing where there is none. */
export function kindOf(value: unknown): PropertyKind | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'object') return 'object';
  return TIME.test(String(value)) ? 'time' : 'text';
}

/** The kind that all these values are of; where they are of several, the one of most. */
function common(kinds: PropertyKind[]): PropertyKind {
  // Whole numbers are numbers, and a time is a text.
  const wide = new Set(kinds);
  const said = kinds.map((kind) => (kind === 'integer' && wide.has('number') ? 'number' : kind === 'time' && wide.has('text') ? 'text' : kind));
  const counts = new Map<PropertyKind, number>();
  for (const kind of said) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'text';
}

function objectOf(properties: string): { [name: string]: unknown } | undefined {
  try {
    const said: unknown = JSON.parse(properties);
    return kindOf(said) === 'object' ? (said as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

/** The properties that these events have, in the order in which they turn up. */
export function propertiesOf(bodies: string[]): WholeProperty[] {
  const events = bodies.map(objectOf).filter((one) => one !== undefined);
  const seen = new Map<string, PropertyKind[]>();
  for (const event of events) {
    for (const [name, value] of Object.entries(event)) {
      const kind = kindOf(value);
      if (kind) seen.set(name, [...(seen.get(name) ?? []), kind]);
    }
  }
  return [...seen].slice(0, PROPERTIES_MAX).map(([name, kinds]) => ({
    ...whole({ name, kind: common(kinds) }),
    required: events.length >= SEEN_ENOUGH && kinds.length === events.length,
    personal: PERSONAL.test(name),
  }));
}

/** Those of the last events that are of this name and can be read. */
export function alike(name: string, recent: RecentEvent[]): RecentEvent[] {
  return recent.filter((event) => event.kind === 'track' && event.name === name && Boolean(event.properties));
}

/** A first definition of an event that nobody planned: for its source, with what its last events said. */
export function prefilled({ source_id, name }: Pick<UnplannedName, 'source_id' | 'name'>, recent: RecentEvent[]): Definition {
  const properties = name ? propertiesOf(alike(name, recent).map((event) => event.properties)) : [];
  return { ...EMPTY, sources: source_id ? [source_id] : [], properties };
}

/** Where the form about such an event stands. */
export function planAddress({ source_id, name }: Pick<UnplannedName, 'source_id' | 'name'>): string {
  return `/customers/plan/new?${new URLSearchParams({ source_id, name: name ?? '' }).toString()}`;
}
