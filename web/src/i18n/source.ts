import { useTranslation } from 'react-i18next';

/** Where rows come from; a source that we do not know is shown as it names itself. */
export function useSourceName(): (source: string) => string {
  const { t, i18n } = useTranslation();
  return (source) => (i18n.exists(`common:source.${source}`) ? t(`source.${source}`) : source);
}
