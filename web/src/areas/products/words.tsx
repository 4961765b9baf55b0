import { useTranslation } from 'react-i18next';
import type { Product, ProductState } from '@/api/schema';
import { LANGUAGES } from '@/format/language';
import { useGoodsName } from '@/i18n/goods';
import { useSourceName } from '@/i18n/source';
import { OWN_NAMES } from '@/frame/menus';
import { StatePill } from '@/parts/pill';
import { DateTime, Money } from '@/parts/values';
import type { Fact } from '@/patterns/record/record';

/** Unit prices are kept in millionths of the major unit. */
const PRICE_DIGITS = 6;

/** Whether a product is still sold. */
export function ProductStatePill({ state }: { state: ProductState }) {
  const { t } = useTranslation('products');
  return <StatePill tone={state === 'active' ? 'good' : 'quiet'}>{t(`state.${state}`)}</StatePill>;
}

/** A price for one piece. */
export function Price({ micro, currency }: { micro: number | null | undefined; currency: string | null | undefined }) {
  if (typeof micro !== 'number' || !currency) return <Money value={null} />;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return <Money value={{ amount_minor: micro / 10 ** (PRICE_DIGITS - digits), currency }} />;
}

/** What is known about a product, for its page and for the panel beside the list. */
export function useProductFacts(): (row: Product) => Fact[] {
  const { t } = useTranslation('products');
  const goods = useGoodsName();
  const source = useSourceName();
  return (row) => [
    ...LANGUAGES.map((language) => ({ id: language, label: `${t('name')} · ${OWN_NAMES[language]}`, value: row.names[language] && <span lang={language}>{row.names[language]}</span> })),
    { id: 'sku', label: t('sku'), value: <code>{row.sku}</code> },
    { id: 'price', label: t('price'), value: <Price micro={row.price} currency={row.currency} /> },
    { id: 'department', label: t('department'), value: goods(row.department) },
    { id: 'category', label: t('category'), value: row.category },
    { id: 'type', label: t('type'), value: row.product_type },
    { id: 'size', label: t('size'), value: row.package_size },
    { id: 'manufacturer', label: t('manufacturer'), value: row.manufacturer },
    { id: 'source', label: t('source'), value: source(row.source) },
    { id: 'updated', label: t('updated'), value: <DateTime at={row.updated_at} /> },
  ];
}
