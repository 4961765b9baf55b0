/** Languages of the product; the first is the default. */
export const LANGUAGES = ['zh-Hans', 'zh-Hant', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Our language for one BCP 47 tag, as the server chooses it. */
export function languageOf(tag: string): Language | undefined {
  const [first, ...rest] = tag.toLowerCase().split(/[-_]/);
  if (first === 'en') return 'en';
  if (first !== 'zh') return undefined;
  return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-Hant' : 'zh-Hans';
}

/** The first of a browser's languages that is ours. */
export function chooseLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const found = languageOf(tag);
    if (found) return found;
  }
  return LANGUAGES[0];
}
