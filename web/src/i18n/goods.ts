import { useTranslation } from 'react-i18next';

/** What a department of the shop is called; a name that we do not know is shown as the source writes it. */
export function useGoodsName(): (department: string | null | undefined) => string | undefined {
  const { t, i18n } = useTranslation('goods');
  return (department) => {
    if (!department) return undefined;
    const key = `department.${department.replaceAll(/[^A-Za-z]+/g, '_')}`;
    return i18n.exists(`goods:${key}`) ? t(key) : department;
  };
}
