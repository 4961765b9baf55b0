import { ImportOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { ImportStatePill, useTargets } from './words';

const STATES = ['ready', 'running', 'done', 'failed', 'undoing', 'undone'] as const;

function useSpec(): ListSpec<'/api/v1/tabular/imports'> {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const targets = useTargets();
  return {
    id: 'imports',
    path: '/api/v1/tabular/imports',
    rowKey: (row) => row.id,
    rowName: (row) => row.file_name,
    rowLink: (row) => `/imports/${row.id}${row.state === 'ready' ? '' : '?step=receipt'}`,
    filters: [
      { id: 'noun', label: t('noun'), kind: 'choice', options: targets.map((target) => ({ value: target.noun, label: target.title })) },
      { id: 'state', label: t('state_is'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    columns: [
      { id: 'file', label: t('file'), title: true, cell: (row) => row.file_name },
      { id: 'noun', label: t('noun'), cell: (row) => targets.find((target) => target.noun === row.noun)?.title ?? row.noun },
      { id: 'stored', label: t('stored'), figure: true, cell: (row) => format.number(row.stored_count) },
      { id: 'rejected', label: t('rejected'), figure: true, cell: (row) => format.number(row.rejected_count) },
      { id: 'by', label: t('by'), wide: true, cell: (row) => row.created_by_name },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.created_at} time /> },
      { id: 'state', label: t('state_is'), cell: (row) => <ImportStatePill state={row.state} /> },
    ],
    empty: <EmptyState icon={<ImportOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
}

/** The imports (导入): which files came in, what was stored and what was not. */
export function Imports() {
  const { t } = useTranslation('imports');
  const may = useMay();
  const navigate = useNavigate();
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          may('tabular.import.run') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/imports/new')}>
              {t('new')}
            </Button>
          )
        }
      />
      <List spec={useSpec()} label={t('title')} />
    </>
  );
}
