import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { minorUnits, useCurrency } from '@/areas/campaigns/words';

/** Words by their codes. */
export type Dictionary = { [code: string]: string };

/** The words of the text form in one language. */
export interface Words {
  head: Dictionary;
  key: Dictionary;
  text: Dictionary;
  number: Dictionary;
  flag: Dictionary;
  yes_no: Dictionary;
  state: Dictionary;
  channel: Dictionary;
  purpose: Dictionary;
  goods: Dictionary;
  call: Dictionary;
  column: Dictionary;
  operator: Dictionary;
  score: Dictionary;
  unit: Dictionary;
  sign: { colon: string; part: string; item: string };
  /** Decimals of the company's currency. */
  decimals: number;
}

/** The words in which conditions are written for this reader. */
export function useWords(): Words {
  const { i18n } = useTranslation();
  const currency = useCurrency();
  const { language } = i18n;
  return useMemo(() => ({ ...(i18n.getResourceBundle(language, 'conditions') as Omit<Words, 'decimals'>), decimals: Math.round(Math.log10(minorUnits(currency))) }), [i18n, language, currency]);
}
