import { AuditOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';

/** Whether a review is done. */
export function ReviewPill({ closed }: { closed: boolean }) {
  const { t } = useTranslation('operations');
  return <StatePill tone={closed ? 'good' : 'warn'}>{t(closed ? 'review_closed' : 'review_open')}</StatePill>;
}

/** Access reviews (权限复核): every half year heads say who keeps access. */
export function AccessReviews() {
  const { t } = useTranslation('operations');
  const local = useLocal();
  const format = useFormat();
  const departments = useDepartmentChoices();
  const spec: ListSpec<'/api/v1/identity/access-reviews'> = {
    id: 'access-reviews',
    path: '/api/v1/identity/access-reviews',
    rowKey: (row) => row.id,
    rowName: (row) => `${local(row.department_names) ?? ''} ${row.period}`,
    rowLink: (row) => `/system/access-reviews/${row.id}`,
    views: [{ id: 'open', label: t('review_open'), params: { open: 'true' } }],
    filters: [
      { id: 'open', label: t('review_open'), kind: 'flag' },
      { id: 'department_id', label: t('department'), kind: 'choice', options: departments },
    ],
    columns: [
      { id: 'department', label: t('department'), title: true, cell: (row) => local(row.department_names) },
      { id: 'period', label: t('review_period'), cell: (row) => row.period },
      { id: 'state', label: t('state'), cell: (row) => <ReviewPill closed={Boolean(row.closed_at)} /> },
      { id: 'done', label: t('review_decided'), figure: true, cell: (row) => t('review_progress', { decided: format.number(row.decided_count), all: format.number(row.item_count) }) },
      { id: 'reviewer', label: t('reviewer'), cell: (row) => row.reviewer_name ?? <Nothing /> },
      { id: 'due', label: t('due'), cell: (row) => <DateTime at={row.due_at} short /> },
    ],
    empty: <EmptyState icon={<AuditOutlined />} title={t('reviews_empty')} hint={t('reviews_sub')} />,
  };
  return (
    <>
      <PageHead title={t('reviews')} sub={t('reviews_sub')} />
      <List spec={spec} label={t('reviews')} />
    </>
  );
}
