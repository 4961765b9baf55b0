import { ReadOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { PageHead } from '@/parts/head';
import { VerdictPill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { verdictOf } from './words';

const STATUSES = ['followed', 'broken', 'insufficient', 'attested', 'uncovered'] as const;

function useSpec(): ListSpec<'/api/v1/rulebook/clauses'> {
  const { t } = useTranslation('rulebook');
  const [params] = useSearchParams();
  const documents = api.useQuery('get', '/api/v1/rulebook/documents', {}, { staleTime: 60_000 }).data?.items ?? [];
  const departments = api.useQuery('get', '/api/v1/rulebook/coverage', {}, { staleTime: 60_000 }).data?.departments ?? [];
  const chapters = documents.find((one) => one.id === params.get('document'))?.chapters ?? [];
  const choices = (rows: { id: string; title: string }[]) => rows.map(({ id, title }) => ({ value: id, label: title }));
  return {
    id: 'clauses',
    path: '/api/v1/rulebook/clauses',
    search: t('clauses_search'),
    rowKey: (row) => row.id,
    rowName: (row) => `${row.id} ${row.title}`,
    rowLink: (row) => `/rulebook/clauses/${row.id}`,
    views: STATUSES.map((status) => ({ id: status, label: t(`common:verdict.${status}`), params: { status } })),
    filters: [
      { id: 'document', label: t('document'), kind: 'choice', options: choices(documents) },
      ...(chapters.length ? [{ id: 'chapter' as const, label: t('chapter'), kind: 'choice' as const, options: choices(chapters) }] : []),
      { id: 'department', label: t('department'), kind: 'choice', options: choices(departments) },
      { id: 'status', label: t('status'), kind: 'choice', options: STATUSES.map((value) => ({ value, label: t(`common:verdict.${value}`) })) },
      { id: 'covered', label: t('covered'), kind: 'flag' },
    ],
    columns: [
      { id: 'id', label: t('number'), cell: (row) => <span className="nowrap">{row.id}</span> },
      { id: 'title', label: t('clause'), title: true, cell: (row) => row.title },
      { id: 'section', label: t('section'), wide: true, cell: (row) => row.section },
      { id: 'department', label: t('department'), cell: (row) => row.department_title },
      { id: 'controls', label: t('controls'), figure: true, wide: true, cell: (row) => row.controls || <Nothing /> },
      { id: 'checked', label: t('checked'), wide: true, cell: (row) => <DateTime at={row.checked_at} relative /> },
      { id: 'status', label: t('status'), cell: (row) => <VerdictPill verdict={verdictOf(row.status)} stale={row.stale} overridden={row.overridden} /> },
    ],
    empty: <EmptyState icon={<ReadOutlined />} title={t('clauses_empty')} hint={t('clauses_empty_hint')} />,
  };
}

/** The clauses (条款): what the documents ask, who answers for it, and whether it is followed. */
export function Clauses() {
  const { t } = useTranslation('rulebook');
  const spec = useSpec();
  return (
    <>
      <PageHead title={t('clauses')} sub={t('clauses_sub')} />
      <List spec={spec} label={t('clauses')} />
    </>
  );
}
