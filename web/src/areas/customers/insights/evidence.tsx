import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CustomerInsight, InsightEvidence } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { DateTime } from '@/parts/values';
import { type Condition, received } from '../contract';
import { newSegment } from '../scores/rfm';
import { useSegmentChoices } from '../words';

type Of<T extends InsightEvidence['type']> = Extract<InsightEvidence, { type: T }>;

function Sql({ of }: { of: Of<'sql'> }) {
  const { t } = useTranslation('insights');
  const values = Object.entries(of.values ?? {});
  return (
    <>
      <pre className="insight-sql data">{of.sql}</pre>
      {values.length > 0 && <p className="small quiet data">{values.map(([name, value]) => `$${name} = ${JSON.stringify(value)}`).join(' · ')}</p>}
      {of.query_id && <Link to={`/insight/sql?query=${of.query_id}&run=1`}>{t('ask_again')}</Link>}
    </>
  );
}

function Need({ of }: { of: Of<'need'> }) {
  const { t } = useTranslation('insights');
  const format = useFormat();
  return (
    <>
      <p>
        <span className="strong data">{(of.words ?? []).join(' · ')}</span>
        {t('common:colon')}
        {t('need_says', { count: of.count ?? 0, shown: format.number(of.count ?? 0), people: format.number(of.people ?? 0) })}
      </p>
      {of.computed_at && (
        <p className="small quiet">
          {t('computed_at')} <DateTime at={of.computed_at} time />
        </p>
      )}
      <Link to={`/customers/needs?peek=${of.cluster_id}`}>{t('open_need')}</Link>
    </>
  );
}

function Basket({ of }: { of: Of<'basket'> }) {
  const { t } = useTranslation('insights');
  const format = useFormat();
  return (
    <>
      <p>
        <span className="strong data">{(of.names ?? []).join(' + ')}</span>
        {t('common:colon')}
        {t('basket_says', { count: of.baskets ?? 0, shown: format.number(of.baskets ?? 0), times: format.number(of.lift ?? 0, 1) })}
      </p>
      {of.computed_at && (
        <p className="small quiet">
          {t('computed_at')} <DateTime at={of.computed_at} time />
        </p>
      )}
      <Link to={`/customers/needs?tab=baskets&peek=${of.pattern_id}`}>{t('open_baskets')}</Link>
    </>
  );
}

function Segment({ id }: { id: string }) {
  const name = useSegmentChoices().find(({ value }) => value === id)?.label ?? id.slice(-8);
  return (
    <Link to={`/customers/segments/${id}`} className="data anywhere">
      {name}
    </Link>
  );
}

function Body({ of, title }: { of: InsightEvidence; title: string }) {
  const { t } = useTranslation('insights');
  switch (of.type) {
    case 'observation':
      return <p className="quiet">{t('evidence_hint.observation')}</p>;
    case 'sql':
      return <Sql of={of} />;
    case 'events':
      return <pre className="insight-sql data">{JSON.stringify(of.questions, null, 2)}</pre>;
    case 'condition':
      return <Link to={newSegment(received(of.definition as Parameters<typeof received>[0]), title)}>{t('open_condition')}</Link>;
    case 'segment':
      return <Segment id={of.segment_id} />;
    case 'need':
      return <Need of={of} />;
    case 'basket':
      return <Basket of={of} />;
    case 'report':
      return <Link to={`/customers/insight-reports/${of.report_id}#${of.figure}`}>{t('open_report')}</Link>;
  }
}

/** What an insight came from (依据), with the way to look again. */
export function Evidence({ row }: { row: CustomerInsight }) {
  const { t } = useTranslation('insights');
  return (
    <section className="card stack-tight" aria-labelledby="insight-evidence">
      <h2 id="insight-evidence">
        {t('evidence_is')} <span className="quiet small">{t(`evidence.${row.evidence.type}`)}</span>
      </h2>
      <Body of={row.evidence} title={row.title} />
    </section>
  );
}

/** The people concerned: a segment, or a condition that can be opened as one. */
export function Group({ row }: { row: CustomerInsight }) {
  const { t } = useTranslation('insights');
  if (row.segment_id) return <Segment id={row.segment_id} />;
  if (row.condition) return <Link to={newSegment(received(row.condition as Parameters<typeof received>[0]) satisfies Condition, row.title)}>{t('open_condition')}</Link>;
  return <span className="quiet">{t('group_nobody')}</span>;
}
