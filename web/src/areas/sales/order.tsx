import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { nameOf, useBrandChoices } from '@/areas/customers/words';
import { useSourceName } from '@/i18n/source';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { OrderKindPill, OrderLines } from './lines';

/** Who bought: the person that the identifier on the order belongs to now. */
function Buyer({ nodeId }: { nodeId: string }) {
  const allowed = useMay()('customers.profile.read');
  const person = api.useQuery('get', '/api/v1/customers/nodes/{node_id}/profile', { params: { path: { node_id: nodeId } } }, { enabled: allowed });
  if (!person.data) return <Nothing />;
  return <Link to={`/customers/profiles/${person.data.id}`}>{nameOf(person.data)}</Link>;
}

/** One order with its lines. */
export function OrderPage() {
  const { t } = useTranslation('sales');
  const { id = '' } = useParams();
  const brands = useBrandChoices();
  const source = useSourceName();
  const order = api.useQuery('get', '/api/v1/sales/orders/{id}', { params: { path: { id } } });
  if (order.isPending) return <Skeleton shape="record" />;
  if (order.isError) return <ErrorState error={order.error} retry={() => void order.refetch()} />;
  const row = order.data.order;
  const money = (amount_minor: number) => <Money value={{ amount_minor, currency: row.currency }} />;
  return (
    <Record
      title={row.number}
      crumbs={[{ label: t('orders'), to: '/orders' }]}
      state={<OrderKindPill kind={row.kind} />}
      facts={[
        { id: 'at', label: t('at'), value: <DateTime at={row.happened_at} time /> },
        { id: 'buyer', label: t('buyer'), value: row.customer_node_id ? <Buyer nodeId={row.customer_node_id} /> : t('no_buyer') },
        { id: 'total', label: t('total'), value: money(row.total_minor) },
        { id: 'discount', label: t('discount'), value: money(row.discount_minor) },
        { id: 'coupon', label: t('coupon'), value: money(row.coupon_discount_minor) },
        { id: 'store', label: t('store'), value: row.store },
        { id: 'brand', label: t('brand'), value: brands.find((one) => one.value === row.brand_id)?.label },
        { id: 'source', label: t('source'), value: source(row.source) },
        { id: 'recorded', label: t('recorded'), value: <DateTime at={row.recorded_at} time /> },
        { id: 'import', label: t('by_import'), value: row.import_id && <Link to={`/imports/${row.import_id}?step=receipt`}>{t('open_import')}</Link> },
      ]}
      tabs={[
        {
          id: 'lines',
          label: t('lines_title'),
          content: (
            <section className="card" aria-label={t('lines_title')}>
              <OrderLines order={row} />
            </section>
          ),
        },
      ]}
    />
  );
}
