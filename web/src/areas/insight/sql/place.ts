// Where something stands in a text: as people count, and as the field counts.

/** Line and character, both from 1. */
export interface Place {
  line: number;
  column: number;
}

const characters = (text: string) => [...text];

/** The offset in `text` of a place; what lies beyond a line or the text is its end. */
export function offsetOf(text: string, { line, column }: Place): number {
  const lines = text.split('\n');
  const row = Math.min(Math.max(line, 1), lines.length) - 1;
  const before = lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0);
  return before + characters(lines[row] ?? '').slice(0, Math.max(column, 1) - 1).join('').length;
}

/** The place of an offset in `text`. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: characters(before.at(-1) ?? '').length + 1 };
}

/** From where to where a mark reaches: the word at the place, or one character; at the end of a line the last word before it. */
export function markOf(text: string, place: Place): { start: number; end: number } {
  const start = offsetOf(text, place);
  const [here] = /^("[^"\n]*"|'[^'\n]*'|[\p{L}\p{N}_$]+|[^\s])/u.exec(text.slice(start)) ?? [];
  if (here) return { start, end: start + here.length };
  const [before] = /\S+\s*$/u.exec(text.slice(0, start)) ?? [];
  return before ? { start: start - before.length, end: start - before.length + before.trimEnd().length } : { start, end: start };
}

/** The place that a refusal names, if it names one. */
export function placeIn(args: { [name: string]: unknown }): Place | undefined {
  const { line, column } = args;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined;
}
