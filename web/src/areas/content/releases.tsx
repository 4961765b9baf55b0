import { SendOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Person } from '@/parts/avatar';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useBrandChoices } from './words';

/** The releases (发布): what the release door let out, what it held back, and why. */
export function Releases() {
  const { t } = useTranslation('content');
  const brands = useBrandChoices();
  const spec: ListSpec<'/api/v1/brand/releases'> = {
    id: 'releases',
    path: '/api/v1/brand/releases',
    rowKey: (row) => row.id,
    rowName: (row) => t(row.allowed ? 'let_out' : 'held'),
    rowLink: (row) => `/content/items/${row.content_id}`,
    views: [
      { id: 'allowed', label: t('let_out'), params: { allowed: 'true' } },
      { id: 'held', label: t('held'), params: { allowed: 'false' } },
    ],
    filters: [
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'allowed', label: t('outcome'), kind: 'choice', options: [{ value: 'true', label: t('let_out') }, { value: 'false', label: t('held') }] },
    ],
    columns: [
      { id: 'at', label: t('at'), title: true, cell: (row) => <DateTime at={row.decided_at} time /> },
      { id: 'by', label: t('by'), cell: (row) => (row.decided_by_name ? <Person name={row.decided_by_name} /> : <Nothing />) },
      { id: 'brand', label: t('brand'), cell: (row) => brands.find((one) => one.value === row.brand_id)?.label ?? <Nothing /> },
      { id: 'for', label: t('used_for'), cell: (row) => (row.used_by_kind === 'campaign' ? <Link to={`/campaigns/${row.used_by}`}>{t('campaign')}</Link> : t(row.used_by_kind === 'test_send' ? 'test_send' : 'other')) },
      { id: 'same', label: t('same'), wide: true, cell: (row) => t(row.hash_matches ? 'yes' : 'no') },
      { id: 'why', label: t('why'), cell: (row) => row.message || <Nothing /> },
      { id: 'outcome', label: t('outcome'), cell: (row) => <StatePill tone={row.allowed ? 'good' : 'bad'}>{t(row.allowed ? 'let_out' : 'held')}</StatePill> },
    ],
    empty: <EmptyState icon={<SendOutlined />} title={t('releases_empty')} hint={t('releases_empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('releases')} sub={t('releases_sub')} />
      <List spec={spec} label={t('releases')} />
    </>
  );
}
