import { UserSwitchOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListPath, ListSpec } from '@/patterns/list/types';
import { listed } from '../sources/calls';
import { MATCHES } from './calls';
import { reasons } from './compare';
import { type MatchCandidate, type MatchState, MATCH_STATES } from './contract';
import { Match } from './match';
import { Standing } from './standing';
import { DecidedBy, MatchPill, sideNames, useCode, useLikely } from './words';
import './matching.css';

/** The strongest reasons that a row has room for. */
const REASONS = 3;
const VIEWS: MatchState[] = ['open', 'merged', 'distinct'];

function useSpec(): ListSpec<ListPath> {
  const { t } = useTranslation('matching');
  const likely = useLikely();
  const field = useCode('field');
  const pair = (row: MatchCandidate) => {
    const [left, right] = sideNames(row.left, row.right);
    return t('pair', { left, right });
  };
  const because = (row: MatchCandidate) => reasons(row.agreements).slice(0, REASONS).map(field).join(' · ');
  const spec = listed<MatchCandidate>({
    id: 'matches',
    path: MATCHES,
    rowKey: (row) => row.id,
    rowName: pair,
    peek: (row) => <Match key={`${row.id}/${row.version}`} row={row} />,
    views: VIEWS.map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    filters: [{ id: 'state', label: t('state_is'), kind: 'choice', options: MATCH_STATES.map((value) => ({ value, label: t(`state.${value}`) })) }],
    columns: [
      { id: 'pair', label: t('pair_is'), title: true, cell: pair },
      { id: 'probability', label: t('probability'), figure: true, cell: (row) => likely(row.probability) },
      { id: 'because', label: t('because'), cell: (row) => because(row) || <Nothing /> },
      { id: 'found', label: t('found'), hidden: true, cell: (row) => <DateTime at={row.found_at} short time /> },
      { id: 'state', label: t('state_is'), cell: (row) => <MatchPill state={row.state} /> },
      { id: 'decided', label: t('decided'), hidden: true, cell: (row) => (row.decided_at ? <DecidedBy by={row.decided_by} name={row.decided_by_name} at={row.decided_at} /> : <Nothing />) },
    ],
    empty: <EmptyState icon={<UserSwitchOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  });
  return { ...spec, one: true };
}

/** Merge review (合并审核): people who may be one, until somebody decides. */
export function Matches() {
  const { t } = useTranslation('matching');
  const [params] = useSearchParams();
  const spec = useSpec();
  // Whoever comes without a wish sees what waits; "all" is one click away and then stays.
  const wished = params.toString() !== '';
  const [asked, setAsked] = useState(wished);
  if (!asked && wished) setAsked(true);
  if (!asked) return <Navigate to="?view=open&state=open" replace />;
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      <Standing />
      <List spec={spec} label={t('title')} />
    </>
  );
}
