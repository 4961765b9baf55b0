import { BarChartOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { FieldTable } from '../sources/field-table';
import { useSources } from '../sources/calls';
import { useQualities } from './calls';
import type { PlannedEvent } from '@/api/schema';
import { ScorePill, useSourceNames } from './words';

/** How much a planned event is used and how well, source by source. */
export function Live({ event }: { event: PlannedEvent }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const name = useSourceNames();
  const sources = useSources();
  const found = useQualities(sources.data?.items ?? []).flatMap(({ source_id, names }) => names.filter((one) => one.planned_event_id === event.id).map((use) => ({ source_id, ...use })));
  if (found.length === 0) {
    return (
      <EmptyState icon={<BarChartOutlined />} title={t('live_none')} hint={t('live_none_hint')}>
        <Link to="/customers/sources">{t('to_sources')}</Link>
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      {found.map((use) => (
        <section key={use.source_id} className="card stack-tight" aria-label={name(use.source_id)}>
          <div className="row">
            <h2>
              <Link to={`/customers/sources/${use.source_id}?tab=quality`} className="data">
                {name(use.source_id)}
              </Link>
            </h2>
            <ScorePill score={use.score} />
            <span className="quiet small">{t('events_count', { count: use.events, shown: format.number(use.events) })}</span>
          </div>
          <FieldTable of={use} label={name(use.source_id)} />
        </section>
      ))}
    </div>
  );
}
