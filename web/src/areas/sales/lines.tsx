import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { Order } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Label, StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Money } from '@/parts/values';

/** Quantities are kept in thousandths. */
const MILLI = 1_000;

/** What kind of movement an order is; the usual stays quiet. */
export function OrderKindPill({ kind }: { kind: string }) {
  const { t } = useTranslation('customers');
  return kind === 'sale' ? <Label>{t('order_kind.sale')}</Label> : <StatePill tone="warn">{t(`order_kind.${kind}`)}</StatePill>;
}

/** The lines of one order, and their sum. */
export function OrderLines({ order }: { order: Order }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const detail = api.useQuery('get', '/api/v1/sales/orders/{id}', { params: { path: { id: order.id } } });
  if (detail.isPending) return <Skeleton />;
  if (detail.isError) return <ErrorState error={detail.error} />;
  return (
    <ul className="plain-list">
      {detail.data.lines.map((line) => (
        <li key={line.ordinal} className="row">
          <span className="grow">
            {line.description ?? line.sku}
            <span className="quiet small"> · {[line.sku, line.department].filter(Boolean).join(' · ')}</span>
          </span>
          <span className="quiet nowrap">× {format.number(line.quantity_milli / MILLI)}</span>
          <Money value={{ amount_minor: line.total_minor, currency: order.currency }} />
        </li>
      ))}
      <li className="row strong">
        <span className="grow">{t('total')}</span>
        <Money value={{ amount_minor: order.total_minor, currency: order.currency }} />
      </li>
    </ul>
  );
}
