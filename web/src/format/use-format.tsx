import { createContext, type ReactNode, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Format } from './format';
import type { Language } from './language';

const FormatContext = createContext<Format | null>(null);

/** Gives the pages below the reader's language and the company's zone. */
export function FormatProvider({ timeZone, children }: { timeZone?: string | undefined; children: ReactNode }) {
  const { i18n } = useTranslation();
  const format = useMemo(() => new Format(i18n.language as Language, timeZone), [i18n.language, timeZone]);
  return <FormatContext value={format}>{children}</FormatContext>;
}

/** Numbers, amounts and times as this reader expects them. */
export function useFormat(): Format {
  const format = use(FormatContext);
  if (!format) throw new Error('useFormat is called outside FormatProvider');
  return format;
}
