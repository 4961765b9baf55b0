import type { RecentEvent } from './contract';

export type KeyedEvent = RecentEvent & { key: string };

/** Gives every event a name of its own that it keeps while newer ones come in before it; one that was sent again has the same id. */
export function keyed(events: RecentEvent[]): KeyedEvent[] {
  const seen = new Map<string, number>();
  return [...events]
    .reverse()
    .map((event) => {
      const id = `${event.received_at}/${event.message_id}`;
      const times = seen.get(id) ?? 0;
      seen.set(id, times + 1);
      return { ...event, key: times ? `${id}/${times}` : id };
    })
    .reverse();
}
