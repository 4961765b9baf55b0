import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Order, OrderLine } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useGoodsName } from '@/i18n/goods';
import { useLocal } from '@/i18n/use-local';
import { Label, StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Money } from '@/parts/values';
import { useMay } from '@/session/session';

/** Quantities are kept in thousandths. */
const MILLI = 1_000;

/** What kind of movement an order is; the usual stays quiet. */
export function OrderKindPill({ kind }: { kind: string }) {
  const { t } = useTranslation('customers');
  return kind === 'sale' ? <Label>{t('order_kind.sale')}</Label> : <StatePill tone="warn">{t(`order_kind.${kind}`)}</StatePill>;
}

/** What was bought: by the name that its product has in the reader's language. */
function LineName({ line }: { line: OrderLine }) {
  const local = useLocal();
  const may = useMay()('catalog.product.read');
  const id = line.product_id ?? '';
  const product = api.useQuery('get', '/api/v1/catalog/products/{id}', { params: { path: { id } } }, { staleTime: 300_000, enabled: may && id !== '' });
  const name = local(product.data?.names) || line.description || line.sku;
  return may && id ? <Link className="underlined" to={`/products/${id}`}>{name}</Link> : name;
}

/** The lines of one order, and their sum. */
export function OrderLines({ order }: { order: Order }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const goods = useGoodsName();
  const detail = api.useQuery('get', '/api/v1/sales/orders/{id}', { params: { path: { id: order.id } } });
  if (detail.isPending) return <Skeleton />;
  if (detail.isError) return <ErrorState error={detail.error} />;
  return (
    <ul className="plain-list">
      {detail.data.lines.map((line) => (
        <li key={line.ordinal} className="row">
          <span className="grow">
            <LineName line={line} />
            <span className="quiet small"> · {[line.sku, goods(line.department)].filter(Boolean).join(' · ')}</span>
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
