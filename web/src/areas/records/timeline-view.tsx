import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { useAll } from './api';
import { CardFacts, CardTitle } from './card';
import { valueOf } from './fields';
import { localDay } from './gantt-bars';
import type { ViewProps } from './list';
import { Shape } from './shape';
import type { Row } from './types';
import { RecordState } from './value';

/** Records by the day on which they happened, latest first. */
export function TimelineView(props: ViewProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { schema, view, query } = props;
  const key = view?.from ?? 'created_at';
  const found = useAll(schema.id, { ...query, sort: query.sort ?? view?.sort ?? `-${key}` });
  const days = new Map<string, Row[]>();
  for (const row of found.data?.items ?? []) {
    const value = valueOf(row, key);
    const day = typeof value === 'string' ? localDay(value, format.timeZone) : '';
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return (
    <Shape {...props} asked={found} count={found.data?.items.length} more={found.data?.more ?? false} bare>
      <section className="card timeline" aria-label={view?.title}>
        {[...days].map(([day, rows]) => (
          <Fragment key={day}>
            <h2 className="timeline-day">{day ? format.date(`${day}T12:00:00Z`, { weekday: true }) : t('no_date')}</h2>
            <ul className="plain-list">
              {rows.map((row) => (
                <li key={row.id} className="stack-tight">
                  <div className="row">
                    <CardTitle row={row} />
                    <RecordState row={row} />
                  </div>
                  <CardFacts schema={schema} view={view} row={row} />
                </li>
              ))}
            </ul>
          </Fragment>
        ))}
      </section>
    </Shape>
  );
}
