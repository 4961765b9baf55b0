/** The rows with one of them in another place. */
export function moved<T>(rows: T[], from: number, to: number): T[] {
  const after = [...rows];
  const [row] = after.splice(from, 1);
  if (row === undefined) return rows;
  after.splice(to, 0, row);
  return after;
}
