import { SwapOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';

/** Whether a hand-over still waits. */
export function HandoverPill({ state }: { state: string }) {
  const { t } = useTranslation('people');
  return <StatePill tone={state === 'done' ? 'good' : 'warn'}>{t(`handover_state.${state}`)}</StatePill>;
}

/** The hand-overs (离职交接): what leavers still own, and who sees to it. */
export function Handovers() {
  const { t } = useTranslation('people');
  const may = useMay()('identity.user.manage');
  const spec: ListSpec<'/api/v1/identity/handovers'> = {
    id: 'handovers',
    path: '/api/v1/identity/handovers',
    rowKey: (row) => row.id,
    rowName: (row) => row.user_name,
    rowLink: (row) => `/people/handovers/${row.id}`,
    columns: [
      { id: 'name', label: t('leaver'), title: true, cell: (row) => row.user_name },
      { id: 'manager', label: t('sees_to_it'), cell: (row) => row.manager_name ?? <Nothing /> },
      { id: 'made', label: t('left_at'), cell: (row) => <DateTime at={row.created_at} time /> },
      { id: 'done', label: t('handed_over'), cell: (row) => (row.done_at ? <DateTime at={row.done_at} time /> : <Nothing />) },
      { id: 'state', label: t('state'), cell: (row) => <HandoverPill state={row.state} /> },
    ],
    empty: (
      <EmptyState icon={<SwapOutlined />} title={t('handovers_empty')} hint={t('handovers_empty_hint')}>
        {may && <Link to="/system/users">{t('handovers_first')}</Link>}
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead title={t('handovers')} sub={t('handovers_sub')} />
      <List spec={spec} label={t('handovers')} />
    </>
  );
}
