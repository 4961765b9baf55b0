import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import type { WorkCalendar } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { Person } from '@/parts/avatar';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Facts, Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Calculator } from './calendar-calculator';
import { ChangeCalendar } from './calendar-form';
import { ImportCalendar } from './calendar-import';
import { hoursOf, WEEKDAYS, writeHours } from './calendar-words';
import { YearView } from './calendar-year';

function Hours({ calendar }: { calendar: WorkCalendar }) {
  const { t } = useTranslation('calendars');
  const { weekly } = calendar.definition;
  return (
    <section className="card" aria-label={t('week')}>
      <Facts facts={WEEKDAYS.map((day) => ({ id: day, label: t(`weekday.${day}`), value: writeHours(hoursOf(weekly, day)) || <span className="quiet">{t('closed')}</span> }))} />
    </section>
  );
}

function History({ calendar }: { calendar: WorkCalendar }) {
  const { t } = useTranslation('calendars');
  const found = api.useQuery('get', '/api/v1/rulebook/calendars/{code}/history', { params: { path: { code: calendar.code } } });
  if (found.isPending) return <Skeleton rows={3} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return (
    <section className="card">
      <ul className="plain-list">
        {found.data.items.map((one) => (
          <li key={one.id} className="stack-tight">
            <div className="row">
              <span className="strong">{t('version', { version: one.version })}</span>
              <Person name={one.changed_by ? one.changed_by_name : t('built_in')} />
              <span className="quiet">
                <DateTime at={one.created_at} time />
              </span>
              {one.version > 1 && <span className="quiet">{t('holds_from', { date: one.effective_from })}</span>}
            </div>
            {one.changed_by && <p className="quiet">{one.reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One working calendar: its year, its hours, its versions, and a calculator. */
export function CalendarPage() {
  const { t } = useTranslation('calendars');
  const { code = '' } = useParams();
  const local = useLocal();
  const may = useMay();
  const [open, setOpen] = useState<'change' | 'import'>();
  const found = api.useQuery('get', '/api/v1/rulebook/calendars/{code}', { params: { path: { code } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const calendar = found.data;
  const { definition } = calendar;
  const title = local(calendar.names) ?? calendar.code;
  return (
    <>
      <Record
        title={title}
        crumbs={[{ label: t('calendars'), to: '/system/calendars' }, { label: title }]}
        actions={
          may('rulebook.calendar.manage') && (
            <>
              <Button onClick={() => setOpen('import')}>{t('import')}</Button>
              <Button type="primary" onClick={() => setOpen('change')}>
                {t('change')}
              </Button>
            </>
          )
        }
        facts={[
          { id: 'zone', label: t('time_zone'), value: definition.time_zone },
          { id: 'holidays', label: t('holidays'), value: t(definition.holidays ? 'holidays_cn' : 'holidays_none') },
          { id: 'exceptions', label: t('exceptions'), value: definition.exceptions?.length || <Nothing /> },
          { id: 'version', label: t('version_label'), value: calendar.version },
          { id: 'at', label: t('changed_at'), value: <DateTime at={calendar.updated_at} time /> },
          { id: 'code', label: t('code'), value: <code>{calendar.code}</code> },
        ]}
        tabs={[
          { id: 'year', label: t('year'), content: <YearView calendar={calendar} /> },
          { id: 'hours', label: t('week'), content: <Hours calendar={calendar} /> },
          { id: 'calculator', label: t('calculator'), content: <Calculator calendar={calendar} /> },
          { id: 'history', label: t('history'), content: <History calendar={calendar} /> },
        ]}
      />
      <ChangeCalendar key={calendar.version} calendar={calendar} open={open === 'change'} onClose={() => setOpen(undefined)} />
      <ImportCalendar calendar={calendar} open={open === 'import'} onClose={() => setOpen(undefined)} />
    </>
  );
}
