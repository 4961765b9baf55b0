import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useSearchParams } from 'react-router';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { Filter } from '@/patterns/list/types';
import { listed, QUARANTINE, useSources } from './calls';
import { FAULTS, type QuarantinedEvent, QUARANTINE_STATES, type Source } from './contract';
import { Quarantined } from './quarantined';
import { Decided, FaultWords, QuarantinePill } from './words';
import './sources.css';

function SourceLink({ row }: { row: QuarantinedEvent }) {
  return (
    <Link to={`/customers/sources/${row.source_id}`} className="anywhere">
      {row.source_name}
    </Link>
  );
}

/** The list of one source, or of all. */
function useSpec(source?: Source) {
  const { t } = useTranslation('sources');
  const sources = useSources(!source);
  const choices: Filter[] = [
    { id: 'state', label: t('state_is'), kind: 'choice', options: QUARANTINE_STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
    { id: 'fault', label: t('fault_is'), kind: 'choice', options: FAULTS.map((value) => ({ value, label: t(`fault.${value}`) })) },
  ];
  const of: Filter = { id: 'source_id', label: t('source'), kind: 'choice', options: (sources.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })) };
  return listed<QuarantinedEvent>({
    id: source ? 'source_quarantine' : 'quarantine',
    path: QUARANTINE,
    ...(source ? { fixed: { source_id: source.id } } : {}),
    rowKey: (row) => row.id,
    rowName: (row) => t(`fault.${row.fault}`),
    peek: (row) => <Quarantined key={`${row.id}/${row.version}`} row={row} />,
    views: QUARANTINE_STATES.map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    filters: source ? choices : [of, ...choices],
    columns: [
      { id: 'at', label: t('arrived'), cell: (row) => <DateTime at={row.received_at} short time /> },
      { id: 'fault', label: t('fault_is'), title: true, cell: (row) => <FaultWords of={row} /> },
      ...(source ? [] : [{ id: 'source', label: t('source'), cell: (row: QuarantinedEvent) => <SourceLink row={row} /> }]),
      { id: 'message', label: t('message_id'), wide: true, cell: (row) => (row.message_id ? <code className="anywhere">{row.message_id}</code> : <Nothing />) },
      { id: 'state', label: t('state_is'), cell: (row) => <QuarantinePill state={row.state} /> },
      { id: 'decided', label: t('decided'), cell: (row) => (row.decided_at ? <Decided row={row} /> : <Nothing />) },
    ],
    empty: <EmptyState icon={<SafetyCertificateOutlined />} title={t('quarantine_empty')} hint={t('quarantine_hint')} />,
  });
}

/** What is in quarantine of one source. */
export function QuarantineOf({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  return <List spec={useSpec(source)} label={t('quarantine')} />;
}

/** Quarantine (隔离区): events that could not be counted, until somebody decides. */
export function Quarantine() {
  const { t } = useTranslation('sources');
  const [params] = useSearchParams();
  const spec = useSpec();
  // Whoever comes without a wish sees what waits; "all" is one click away and then stays.
  const wished = params.toString() !== '';
  const [asked, setAsked] = useState(wished);
  if (!asked && wished) setAsked(true);
  if (!asked) return <Navigate to="?view=open&state=open" replace />;
  return (
    <>
      <PageHead title={t('quarantine')} sub={t('quarantine_sub')} />
      <List spec={spec} label={t('quarantine')} />
    </>
  );
}
