import { CalendarOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkCalendar } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { NewCalendarDrawer } from './calendar-form';

/** The working calendars (工作日历), by which everything that is due is counted. */
export function Calendars() {
  const { t } = useTranslation('calendars');
  const local = useLocal();
  const may = useMay();
  const [making, setMaking] = useState(false);
  const spec: ListSpec<'/api/v1/rulebook/calendars'> = {
    id: 'calendars',
    path: '/api/v1/rulebook/calendars',
    rowKey: (row: WorkCalendar) => row.code,
    rowName: (row) => local(row.names) ?? row.code,
    rowLink: (row) => `/system/calendars/${row.code}`,
    columns: [
      { id: 'name', label: t('calendar'), title: true, cell: (row) => local(row.names) },
      { id: 'code', label: t('code'), cell: (row) => <code>{row.code}</code> },
      { id: 'zone', label: t('time_zone'), cell: (row) => row.definition.time_zone },
      { id: 'holidays', label: t('holidays'), cell: (row) => t(row.definition.holidays ? 'holidays_cn' : 'holidays_none') },
      { id: 'by', label: t('changed_by'), wide: true, cell: (row) => (row.version > 1 ? row.changed_by_name : t('built_in')) },
      { id: 'at', label: t('changed_at'), cell: (row) => <DateTime at={row.updated_at} short /> },
    ],
    empty: <EmptyState icon={<CalendarOutlined />} title={t('empty')} />,
  };
  return (
    <>
      <PageHead
        title={t('calendars')}
        sub={t('calendars_sub')}
        actions={
          may('rulebook.calendar.manage') && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {t('new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('calendars')} />
      <NewCalendarDrawer open={making} onClose={() => setMaking(false)} />
    </>
  );
}
