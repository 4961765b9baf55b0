/** True where the server kept a field of this row from the reader; it names such fields beside the row's own. */
export function masks(row: object, field: string): boolean {
  const { masked } = row as { masked?: string[] };
  return masked?.includes(field) ?? false;
}
