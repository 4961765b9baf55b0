/** True where every word typed occurs in the text, in any order and case. */
export function matches(typed: string, text: string): boolean {
  const haystack = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
