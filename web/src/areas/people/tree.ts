interface Node {
  id: string;
  parent_id?: string | null | undefined;
}

/** A row with its depth in the tree. */
export type Placed<T> = T & { depth: number };

/** Rows as a reader goes down a tree: every parent before its children; what has lost its parent stands at the top. */
export function inOrder<T extends Node>(rows: T[]): Placed<T>[] {
  const ids = new Set(rows.map((row) => row.id));
  const children = new Map<string | null, T[]>();
  for (const row of rows) {
    const parent = row.parent_id && ids.has(row.parent_id) ? row.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const placed: Placed<T>[] = [];
  const descend = (parent: string | null, depth: number) => {
    for (const row of children.get(parent) ?? []) {
      placed.push({ ...row, depth });
      descend(row.id, depth + 1);
    }
  };
  descend(null, 0);
  return placed;
}
