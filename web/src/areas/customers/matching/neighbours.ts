/** The neighbour of a row in the order of the list; none at its ends. */
export function beside(ids: string[], id: string, by: 1 | -1): string | undefined {
  const at = ids.indexOf(id);
  return at < 0 ? undefined : ids[at + by];
}

/** Where to go once a row is dealt with: on, or back where it was the last. */
export function afterwards(ids: string[], id: string): string | undefined {
  return beside(ids, id, 1) ?? beside(ids, id, -1);
}
