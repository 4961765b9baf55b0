import { ShoppingOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { customerPath } from './words';

/** The orders that belong to a campaign (归因订单). */
export function Orders({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const spec: ListSpec<'/api/v1/campaigns/campaigns/{id}/orders'> = {
    id: 'campaign-orders',
    path: '/api/v1/campaigns/campaigns/{id}/orders',
    pathParams: { id: campaignId },
    rowKey: (row) => row.id,
    rowName: (row) => row.id,
    columns: [
      { id: 'at', label: t('ordered_at'), title: true, cell: (row) => <DateTime at={row.happened_at} short time /> },
      { id: 'total', label: t('total'), figure: true, cell: (row) => <Money value={{ amount_minor: row.total_minor, currency: row.currency }} /> },
      { id: 'touch', label: t('touch'), cell: (row) => t(`event.${row.touch}`) },
      { id: 'touched', label: t('touched_at'), cell: (row) => <DateTime at={row.touched_at} short time /> },
      { id: 'person', label: t('customer'), cell: (row) => <Link to={customerPath(row.profile_id)}>{t('open')}</Link> },
    ],
    empty: <EmptyState icon={<ShoppingOutlined />} title={t('orders_empty')} hint={t('orders_empty_hint')} />,
  };
  return <List spec={spec} label={t('tab.orders')} />;
}
