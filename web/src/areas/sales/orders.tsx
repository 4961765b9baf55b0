import { DownloadOutlined, ImportOutlined, ShoppingCartOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useBrandChoices } from '@/areas/customers/words';
import { useSourceName } from '@/i18n/source';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Money, Nothing } from '@/parts/values';
import { ExportMenu } from '@/patterns/list/export';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { OrderKindPill, OrderLines } from './lines';

const KINDS = ['sale', 'cancellation', 'adjustment'] as const;
const FILTERS = ['number', 'kind', 'brand_id', 'source', 'from', 'to'] as const;

function useSpec(): ListSpec<'/api/v1/sales/orders'> {
  const { t } = useTranslation('sales');
  const brands = useBrandChoices();
  const source = useSourceName();
  return {
    id: 'orders',
    path: '/api/v1/sales/orders',
    rowKey: (row) => row.id,
    rowName: (row) => row.number,
    rowLink: (row) => `/orders/${row.id}`,
    peek: (row) => <OrderLines order={row} />,
    views: KINDS.map((kind) => ({ id: kind, label: t(`customers:order_kind.${kind}`), params: { kind } })),
    filters: [
      { id: 'number', label: t('number'), kind: 'text' },
      { id: 'kind', label: t('kind'), kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`customers:order_kind.${value}`) })) },
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'source', label: t('source'), kind: 'text' },
      { id: 'from', label: t('from'), kind: 'date' },
      { id: 'to', label: t('to'), kind: 'date' },
    ],
    columns: [
      { id: 'number', label: t('number'), title: true, cell: (row) => row.number },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.happened_at} short time /> },
      { id: 'kind', label: t('kind'), cell: (row) => <OrderKindPill kind={row.kind} /> },
      { id: 'brand', label: t('brand'), wide: true, cell: (row) => brands.find((one) => one.value === row.brand_id)?.label ?? <Nothing /> },
      { id: 'store', label: t('store'), wide: true, cell: (row) => row.store ?? <Nothing /> },
      { id: 'source', label: t('source'), hidden: true, cell: (row) => source(row.source) },
      { id: 'lines', label: t('lines'), figure: true, cell: (row) => row.line_count },
      { id: 'discount', label: t('discount'), figure: true, wide: true, cell: (row) => <Money value={{ amount_minor: row.discount_minor + row.coupon_discount_minor, currency: row.currency }} /> },
      { id: 'total', label: t('total'), figure: true, cell: (row) => <Money value={{ amount_minor: row.total_minor, currency: row.currency }} /> },
    ],
    empty: (
      <EmptyState icon={<ShoppingCartOutlined />} title={t('empty')} hint={t('empty_hint')}>
        <Link to="/imports/new?noun=orders">{t('import')}</Link>
      </EmptyState>
    ),
  };
}

/** The orders (订单): what was bought when, and what was taken back. */
export function OrdersPage() {
  const { t } = useTranslation('sales');
  const may = useMay();
  return (
    <>
      <PageHead
        title={t('orders')}
        sub={t('orders_sub')}
        actions={
          may('sales.order.import') &&
          may('tabular.import.run') && (
            <Link to="/imports/new?noun=orders" className="row nowrap">
              <ImportOutlined aria-hidden="true" /> {t('import')}
            </Link>
          )
        }
      />
      <List spec={useSpec()} label={t('orders')} tools={<ExportMenu path="/api/v1/sales/orders/export" filters={FILTERS} icon={<DownloadOutlined />} />} />
    </>
  );
}
