const INDENT = '  ';

/** The next thing in JSON: a string, a mark, white space, or a number or word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\s+|[^{}[\],:\s"]+/g;

/**
 * JSON with a line for each member; what is no JSON stays as it is.
 *
 * Only white space is moved: a number that is too long for JavaScript, or a key that stands there twice, is kept.
 */
export function pretty(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim());
  let depth = 0;
  let said = '';
  const line = () => `\n${INDENT.repeat(depth)}`;
  tokens.forEach((token, i) => {
    const opens = token === '{' || token === '[';
    const closes = token === '}' || token === ']';
    const empty = closes && ['{', '['].includes(tokens[i - 1] ?? '');
    if (closes) depth -= 1;
    if (closes && !empty) said += line();
    said += token === ':' ? ': ' : token;
    if (opens) depth += 1;
    if ((opens && !['}', ']'].includes(tokens[i + 1] ?? '')) || token === ',') said += line();
  });
  return said;
}

/** JSON in one line, for a cell. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Where a field's name stands in JSON; the last part counts of a name that says the way to it. */
export function placeOf(text: string, field: string): [start: number, end: number] | undefined {
  const name = JSON.stringify(field.split('.').at(-1) ?? field);
  const found = new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*:`).exec(text);
  return found ? [found.index, found.index + name.length] : undefined;
}

/** The name of a track event in JSON; nothing where it has none or cannot be read. */
export function nameIn(text: string | undefined): string | undefined {
  try {
    const { event } = JSON.parse(text ?? '') as { event?: unknown };
    return typeof event === 'string' && event ? event : undefined;
  } catch {
    return undefined;
  }
}
