/** The rows with one of them in another place. */
export function moved<T>(rows: T[], from: number, to: number): T[] {
  const after = [...rows];
  const [row] = after.splice(from, 1);
  if (row === undefined) return rows;
  after.splice(to, 0, row);
  return after;
}

/** The rows of a tree, in order, without those below a folded one. */
export function withoutFolded<T extends { id: string; depth: number }>(rows: T[], folded: Set<string>): T[] {
  let below = Infinity;
  return rows.filter((row) => {
    if (row.depth > below) return false;
    below = folded.has(row.id) ? row.depth : Infinity;
    return true;
  });
}
