import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { useSources } from '../sources/calls';
import { useBreaches } from './calls';
import { Figures, useSpan } from './figures';
import type { PlanBreach } from '@/api/schema';
import { BreachWords, useKindsSaid, useNameOf } from './words';

/** Where the events of a source wait that break the plan. */
export function brokenOf(source_id: string): string {
  return `/customers/quarantine?view=open&state=open&source_id=${source_id}&fault=plan`;
}

/** How often; a source that only looks keeps nothing apart, so there its quality is what can be opened. */
function Events({ row }: { row: PlanBreach }) {
  const format = useFormat();
  const sources = useSources();
  const apart = sources.data?.items.find((source) => source.id === row.source_id)?.plan === 'enforce';
  return (
    <Link to={apart ? brokenOf(row.source_id) : `/customers/sources/${row.source_id}?tab=quality`} title={format.number(row.events)}>
      {format.compact(row.events)}
    </Link>
  );
}

/** What is wrong most often (不符排行). */
export function Breaches() {
  const { t } = useTranslation('plan');
  const { span, bar, narrowed } = useSpan();
  const found = useBreaches(span);
  const name = useNameOf();
  const kinds = useKindsSaid();
  return (
    <Figures<PlanBreach>
      label={t('breaches')}
      bar={bar}
      found={found}
      narrowed={narrowed}
      rowKey={(row) => [row.source_id, row.kind, row.name, row.field, row.reason, row.expected, row.found].join('/')}
      rowName={name}
      linkOf={(row) => (row.name ? `/customers/plan?text=${encodeURIComponent(row.name)}` : undefined)}
      columns={[
        { id: 'event', label: t('event'), title: true, cell: (row) => <span className="data anywhere">{name(row)}</span> },
        { id: 'reason', label: t('breach_is'), cell: (row) => <BreachWords of={{ reason: row.reason, field: row.field ?? null }} /> },
        { id: 'kinds', label: t('expected_and_found'), cell: (row) => kinds(row) ?? <Nothing /> },
        { id: 'source', label: t('source'), cell: (row) => <Link to={`/customers/sources/${row.source_id}`} className="data anywhere">{row.source_name}</Link> },
        { id: 'events', label: t('events'), figure: true, cell: (row) => <Events row={row} /> },
        { id: 'last', label: t('last'), cell: (row) => <DateTime at={row.last_at} relative /> },
        { id: 'quarantine', label: t('next_step'), cell: (row) => <Link to={brokenOf(row.source_id)} className="underlined">{t('to_quarantine')}</Link> },
      ]}
      empty={<EmptyState icon={<SafetyCertificateOutlined />} title={t('breaches_none')} hint={t('breaches_none_hint')} />}
    />
  );
}
