import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { OrderKindPill, OrderLines } from '@/areas/sales/lines';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';

/** So many identifiers fit into one address; nobody has more. */
const NODES_MAX = 50;

function OrderList({ nodes }: { nodes: string }) {
  const { t } = useTranslation('customers');
  const spec: ListSpec<'/api/v1/sales/orders'> = {
    id: 'orders-of-profile',
    path: '/api/v1/sales/orders',
    fixed: { customer_node_ids: nodes },
    rowKey: (row) => row.id,
    rowName: (row) => row.number,
    rowLink: (row) => `/orders/${row.id}`,
    peek: (row) => <OrderLines order={row} />,
    columns: [
      { id: 'number', label: t('order_number'), title: true, cell: (row) => row.number },
      { id: 'at', label: t('when'), cell: (row) => <DateTime at={row.happened_at} time /> },
      { id: 'kind', label: t('kind'), cell: (row) => <OrderKindPill kind={row.kind} /> },
      { id: 'store', label: t('store'), wide: true, cell: (row) => row.store ?? <Nothing /> },
      { id: 'lines', label: t('lines'), figure: true, cell: (row) => row.line_count },
      { id: 'discount', label: t('discount'), figure: true, wide: true, cell: (row) => <Money value={{ amount_minor: row.discount_minor + row.coupon_discount_minor, currency: row.currency }} /> },
      { id: 'total', label: t('total'), figure: true, cell: (row) => <Money value={{ amount_minor: row.total_minor, currency: row.currency }} /> },
    ],
    empty: <EmptyState title={t('no_orders')} />,
  };
  return <List spec={spec} label={t('orders')} />;
}

/** What one person bought, under any of their identifiers. */
export function Orders({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const nodes = api.useQuery('get', '/api/v1/customers/profiles/{id}/nodes', { params: { path: { id } } });
  if (nodes.isPending) return <Skeleton shape="table" />;
  if (nodes.isError) return <ErrorState error={nodes.error} retry={() => void nodes.refetch()} />;
  const ids = nodes.data.items.slice(0, NODES_MAX).map((node) => node.id);
  return ids.length ? <OrderList nodes={ids.join()} /> : <EmptyState title={t('no_orders')} />;
}
