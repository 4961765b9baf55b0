import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '@/format/language';

type LocalText = Partial<Record<Language, string>>;

/** A text in `language`, or in the first language that has one, as the server chooses it. */
export function localText(text: LocalText, language: Language): string {
  return [language, ...LANGUAGES].map((one) => text[one]).find(Boolean) ?? '';
}

/** Reads texts that the server keeps in three languages. */
export function useLocal(): (text: LocalText | null | undefined) => string | undefined {
  const { i18n } = useTranslation();
  return (text) => (text ? localText(text, i18n.language as Language) : undefined);
}
