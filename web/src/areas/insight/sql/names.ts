// Names of tables and columns as they are written into a question.

/** Words that mean something in SQL and so cannot stand for a name without quotes. */
const RESERVED = new Set(['all', 'and', 'as', 'between', 'by', 'case', 'cross', 'distinct', 'else', 'end', 'except', 'exists', 'false', 'from', 'full', 'group', 'having', 'in', 'inner', 'intersect', 'is', 'join', 'left', 'like', 'limit', 'not', 'null', 'offset', 'on', 'or', 'order', 'outer', 'right', 'select', 'then', 'true', 'union', 'using', 'values', 'when', 'where', 'with']);

/** A name as SQL reads it: in quotes where it is more than small letters, digits and underscores. */
export function written(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** What is put in the place of a selection for a name: with a blank on each side that would otherwise touch a word. */
export function piece(text: string, start: number, end: number, name: string): string {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const opens = /[\p{L}\p{N}_"')*,]$/u.test(before) ? ' ' : '';
  const closes = /^[\p{L}\p{N}_"'(*]/u.test(after) ? ' ' : '';
  return opens + written(name) + closes;
}

/** The text with a name in the place of a selection, and where writing goes on. */
export function inserted(text: string, start: number, end: number, name: string): { text: string; caret: number } {
  const added = piece(text, start, end, name);
  return { text: text.slice(0, start) + added + text.slice(end), caret: start + added.length };
}
