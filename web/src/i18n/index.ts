import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLanguage, LANGUAGES, type Language, languageOf } from '@/format/language';

type Texts = Record<string, Record<string, unknown>>;

const KEY = 'brandwright.language';

/** One bundle per language: the texts of every area, fetched when the language is first shown. */
const bundles: Record<Language, () => Promise<{ default: Texts }>> = {
  'zh-Hans': () => import('./zh-Hans'),
  'zh-Hant': () => import('./zh-Hant'),
  en: () => import('./en'),
};

/** What the person chose on this device, if they did. */
export function chosenLanguage(): Language | undefined {
  const stored = localStorage.getItem(KEY);
  return LANGUAGES.find((language) => language === stored);
}

/** The language now shown. */
export function currentLanguage(): Language {
  return (i18next.language as Language | undefined) ?? LANGUAGES[0];
}

async function load(language: Language): Promise<void> {
  const { default: texts } = await bundles[language]();
  for (const [area, words] of Object.entries(texts)) i18next.addResourceBundle(language, area, words);
}

/** Shows the product in `language`. */
export async function show(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'common')) await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.title = i18next.t('common:product');
}

/** Shows the product in `language` from now on, on this device. */
export async function choose(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  await show(language);
}

/** Follows the account's language unless another was chosen on this device. */
export async function follow(tag: string | null | undefined): Promise<void> {
  const language = tag ? languageOf(tag) : undefined;
  if (language && !chosenLanguage() && language !== currentLanguage()) await show(language);
}

/** Prepares the texts before anything is drawn. */
export async function start(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: LANGUAGES[0],
    fallbackLng: false,
    resources: {},
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    // A text that was forgotten shows itself, to readers and to the visit that looks for it.
    parseMissingKeyHandler: (key) => `⟦${key}⟧`,
  });
  await show(chosenLanguage() ?? chooseLanguage(navigator.languages));
}
