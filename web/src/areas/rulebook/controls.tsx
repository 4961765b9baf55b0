import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { VerdictPill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { WeekStrip } from './trend';
import { useRunWords, verdictOf } from './words';
import './rulebook.css';

const VERDICTS = ['followed', 'broken', 'insufficient', 'attested'] as const;

/** The controls (控制点): what live rows prove, each with its value, its window and its verdict. */
export function Controls() {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const words = useRunWords();
  const spec: ListSpec<'/api/v1/rulebook/controls'> = {
    id: 'controls',
    path: '/api/v1/rulebook/controls',
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => (row.run ? `/rulebook/runs/${row.run.id}` : `/rulebook/clauses/${Object.keys(row.clauses)[0] ?? ''}`),
    views: VERDICTS.map((verdict) => ({ id: verdict, label: t(`common:verdict.${verdict}`), params: { verdict } })),
    filters: [
      { id: 'verdict', label: t('verdict'), kind: 'choice', options: VERDICTS.map((value) => ({ value, label: t(`common:verdict.${value}`) })) },
      { id: 'clause', label: t('clause_number'), kind: 'text' },
    ],
    columns: [
      { id: 'title', label: t('control'), title: true, cell: (row) => row.title },
      {
        id: 'clauses',
        label: t('clauses'),
        cell: (row) => (
          <span className="row">
            {Object.keys(row.clauses).map((clause) => (
              <Link key={clause} to={`/rulebook/clauses/${clause}`} className="nowrap">
                {clause}
              </Link>
            ))}
          </span>
        ),
      },
      { id: 'evidence', label: t('evidence'), wide: true, cell: (row) => <span className="nowrap">{`${t(`kind.${String(row.kind).toLowerCase()}`)} · ${row.run ? words.window(row.run) : t('not_connected')}`}</span> },
      { id: 'value', label: t('value'), figure: true, cell: (row) => (row.run ? words.figure(row.run) : <Nothing />) },
      { id: 'share', label: t('share'), figure: true, wide: true, cell: (row) => (row.run?.population ? format.percent(row.run.counted / row.run.population) : <Nothing />) },
      { id: 'requirement', label: t('requirement'), figure: true, cell: (row) => (row.run ? words.requirement(row.run) : <Nothing />) },
      { id: 'weeks', label: t('trend'), wide: true, cell: (row) => <WeekStrip weeks={row.trend} /> },
      { id: 'checked', label: t('checked'), wide: true, cell: (row) => <DateTime at={row.run?.confirmed_at} relative /> },
      { id: 'verdict', label: t('verdict'), cell: (row) => <VerdictPill verdict={row.run ? verdictOf(row.run.verdict) : 'uncovered'} /> },
    ],
    empty: <EmptyState icon={<SafetyCertificateOutlined />} title={t('controls_empty')} />,
  };
  return (
    <>
      <PageHead title={t('controls')} sub={t('controls_sub')} />
      <List spec={spec} label={t('controls')} />
    </>
  );
}
