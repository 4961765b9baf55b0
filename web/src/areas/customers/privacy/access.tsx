import { EyeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessAlert, AccessDay } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Table } from '@/patterns/list/table';
import { Facts } from '@/patterns/record/record';
import { useSession } from '@/session/session';
import { Colleague } from '../sources/words';
import { ACCESS_ALERTS, useAccessDays } from './calls';
import { USUAL_DAYS } from './clock';
import { ActDrawer, ReasonField } from './reason';
import { AlertPill } from './words';

/** Days that stand there at once. */
const DAYS_SHOWN = 40;

/** How much it was beside what is usual, in one sentence. */
function useSentence(): (row: AccessAlert) => string {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (row) => t(`alert_says.${row.because}`, { count: row.count, shown: format.number(row.count), usual: format.number(row.usual), limit: format.number(row.threshold), kind: t(`access.${row.kind}`) });
}

function AlertShown({ row }: { row: AccessAlert }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const sentence = useSentence();
  const { session } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <div className="stack">
      <p className="strong">{sentence(row)}</p>
      <Facts
        facts={[
          { id: 'state', label: t('state_is'), value: <AlertPill state={row.state} /> },
          { id: 'who', label: t('who'), value: <span className="data">{row.user_name}</span> },
          { id: 'day', label: t('day'), value: format.date(`${row.day}T12:00:00`) },
          { id: 'kind', label: t('counted'), value: t(`access.${row.kind}`) },
          { id: 'count', label: t('count'), value: format.number(row.count) },
          { id: 'usual', label: t('usual'), value: format.number(row.usual) },
          { id: 'limit', label: t('threshold'), value: format.number(row.threshold) },
          { id: 'why', label: t('explanation'), value: row.explanation ? <span className="data anywhere">{row.explanation}</span> : undefined },
          { id: 'by', label: t('explained_by'), value: row.explained_by ? <Colleague id={row.explained_by} /> : undefined },
          { id: 'at', label: t('explained_at'), value: row.explained_at ? <DateTime at={row.explained_at} time /> : undefined },
        ]}
      />
      {row.state === 'open' && (
        <div className="row">
          <Act type="primary" why={session?.user.id === row.user_id ? t('own_alert') : undefined} onClick={() => setOpen(true)}>
            {t('explain')}
          </Act>
          <ActDrawer path={`${ACCESS_ALERTS}/{id}/explain`} row={row} open={open} onClose={() => setOpen(false)} title={t('explain')} hint={t('explain_hint')} button={t('explain')} done={t('explain_done')}>
            <ReasonField label={t('explanation')} />
          </ActDrawer>
        </div>
      )}
    </div>
  );
}

/** What each took out and uncovered, day by day. */
function Days() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const [all, setAll] = useState(false);
  const days = useAccessDays();
  if (days.isPending) return <Skeleton shape="table" rows={5} />;
  if (days.isError) return <ErrorState error={days.error} retry={() => void days.refetch()} />;
  const rows = days.data.items;
  return (
    <section className="stack-tight" aria-labelledby="access-days">
      <h2 id="access-days">{t('access_days', { count: USUAL_DAYS })}</h2>
      <p className="quiet small">{t('access_hint')}</p>
      {rows.length === 0 ? (
        <p className="card quiet">{t('access_days_empty')}</p>
      ) : (
        <section className="card list-card">
          <Table<AccessDay>
            label={t('access_days', { count: USUAL_DAYS })}
            rows={all ? rows : rows.slice(0, DAYS_SHOWN)}
            rowKey={(row) => `${row.user_id}/${row.day}`}
            rowName={(row) => row.user_name}
            linkOf={() => undefined}
            onOpen={() => undefined}
            columns={[
              { id: 'who', label: t('who'), title: true, cell: (row) => <span className="data">{row.user_name}</span> },
              { id: 'day', label: t('day'), cell: (row) => format.date(`${row.day}T12:00:00`, { short: true }) },
              { id: 'exports', label: t('access.exports'), figure: true, cell: (row) => format.number(row.exports) },
              { id: 'rows', label: t('access.export_rows'), figure: true, cell: (row) => format.number(row.export_rows) },
              { id: 'unmasks', label: t('access.unmasks'), figure: true, cell: (row) => format.number(row.unmasks) },
            ]}
          />
        </section>
      )}
      {!all && rows.length > DAYS_SHOWN && (
        <div>
          <Button onClick={() => setAll(true)}>{t('common:list.load_more')}</Button>
        </div>
      )}
    </section>
  );
}

/** Days on which somebody took out more than they usually do (异常导出). */
export function Access() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const states = (['open', 'explained'] as const).map((value) => ({ value, label: t(`alert_state.${value}`) }));
  const spec: ListSpec<typeof ACCESS_ALERTS> = {
    id: 'access_alerts',
    path: ACCESS_ALERTS,
    rowKey: (row) => row.id,
    rowName: (row) => `${row.user_name} · ${t(`access.${row.kind}`)}`,
    peek: (row) => <AlertShown key={row.id} row={row} />,
    views: states.map(({ value, label }) => ({ id: value, label, params: { state: value } })),
    filters: [{ id: 'state', label: t('state_is'), kind: 'choice', options: states }],
    columns: [
      { id: 'who', label: t('who'), title: true, cell: (row) => <span className="data">{row.user_name}</span> },
      { id: 'day', label: t('day'), cell: (row) => format.date(`${row.day}T12:00:00`, { short: true }) },
      { id: 'kind', label: t('counted'), cell: (row) => t(`access.${row.kind}`) },
      { id: 'count', label: t('count'), figure: true, cell: (row) => <span className="strong">{format.number(row.count)}</span> },
      { id: 'usual', label: t('usual'), figure: true, cell: (row) => format.number(row.usual) },
      { id: 'limit', label: t('threshold'), figure: true, wide: true, cell: (row) => format.number(row.threshold) },
      { id: 'state', label: t('state_is'), cell: (row) => <AlertPill state={row.state} /> },
    ],
    empty: <EmptyState icon={<EyeOutlined />} title={t('alerts_empty')} hint={t('alerts_empty_hint')} />,
  };
  return (
    <div className="stack">
      <div>
        <List spec={spec} label={t('tab.access')} />
      </div>
      <Days />
    </div>
  );
}
