import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Bottleneck, WaitingItem } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Range, useRange } from '@/patterns/board/board';
import { Table } from '@/patterns/list/table';
import { useMay } from '@/session/session';

const MINUTE_MS = 60_000;
const SPANS = { options: [30, 90, 365], fallback: 90 };

/** A length of time that was counted in minutes. */
function useMinutes() {
  const format = useFormat();
  return (minutes: number | null | undefined) => (typeof minutes === 'number' ? format.duration(Math.round(minutes) * MINUTE_MS) : <Nothing />);
}

function Load({ step }: { step: Bottleneck }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  if (typeof step.load_percent !== 'number') return step.target_minutes ? <Nothing /> : <span className="quiet">{t('step_rests')}</span>;
  const share = t('step_load', { percent: format.number(Math.round(step.load_percent)) });
  return <StatePill tone={step.load_percent > 100 ? 'bad' : step.load_percent > 80 ? 'warn' : 'good'}>{share}</StatePill>;
}

function Steps({ steps }: { steps: Bottleneck[] }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const minutes = useMinutes();
  const navigate = useNavigate();
  const link = (step: Bottleneck) => `/rulebook/machines?machine=${step.machine_id}`;
  return (
    <section className="card list-card" aria-label={t('bottlenecks')}>
      <Table
        label={t('bottlenecks')}
        rows={steps}
        rowKey={(step) => `${step.machine_id}/${step.state}`}
        rowName={(step) => `${step.machine_title} · ${step.state_title}`}
        linkOf={link}
        onOpen={(step) => void navigate(link(step))}
        columns={[
          { id: 'step', label: t('step'), title: true, cell: (step) => `${step.machine_title} · ${step.state_title}` },
          { id: 'load', label: t('step_against'), cell: (step) => <Load step={step} /> },
          { id: 'median', label: t('step_median'), figure: true, cell: (step) => minutes(step.median_minutes) },
          { id: 'p90', label: t('step_p90'), figure: true, cell: (step) => minutes(step.p90_minutes) },
          { id: 'target', label: t('step_target'), figure: true, cell: (step) => minutes(step.target_minutes) },
          { id: 'passes', label: t('step_passes'), figure: true, cell: (step) => format.number(step.passes) },
          { id: 'waiting', label: t('step_waiting'), figure: true, cell: (step) => format.number(step.waiting) },
          { id: 'late', label: t('step_late'), figure: true, cell: (step) => (step.waiting_late ? <span className="bad">{format.number(step.waiting_late)}</span> : '0') },
        ]}
      />
    </section>
  );
}

/** What waits longer than its step may take: mine, or everybody's. */
export function Waiting({ mine }: { mine: boolean }) {
  const { t } = useTranslation('rulebook');
  const minutes = useMinutes();
  const navigate = useNavigate();
  const found = api.useQuery('get', '/api/v1/rulebook/waiting', { params: { query: { mine } } });
  if (found.isPending) return <Skeleton shape="table" rows={4} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (found.data.items.length === 0) return <EmptyState title={t('waiting_none')} hint={t('waiting_none_hint')} />;
  return (
    <Table<WaitingItem>
      label={t('waiting')}
      rows={found.data.items}
      rowKey={(item) => item.id}
      rowName={(item) => item.title}
      linkOf={(item) => item.link}
      onOpen={(item) => void navigate(item.link)}
      columns={[
        { id: 'title', label: t('waiting_what'), title: true, cell: (item) => item.title },
        { id: 'step', label: t('step'), cell: (item) => `${item.machine_title} · ${item.state_title}` },
        { id: 'since', label: t('waiting_since'), cell: (item) => <DateTime at={item.since} short time /> },
        { id: 'minutes', label: t('waiting_for'), figure: true, cell: (item) => <span className="bad">{minutes(item.minutes)}</span> },
        { id: 'target', label: t('step_target'), figure: true, cell: (item) => minutes(item.target_minutes) },
        ...(mine ? [] : [{ id: 'owner', label: t('waiting_owner'), cell: (item: WaitingItem) => item.owner_name ?? <Nothing /> }]),
      ]}
    />
  );
}

/** Bottlenecks (步骤用时排行): the slowest steps against their targets, and what waits for too long. */
export function Bottlenecks() {
  const { t } = useTranslation('rulebook');
  const days = useRange(SPANS);
  const sees = useMay()('rulebook.task.read');
  const [params, setParams] = useSearchParams();
  const mine = !sees || params.get('whose') !== 'all';
  const steps = api.useQuery('get', '/api/v1/rulebook/bottlenecks', { params: { query: { days } } });
  const choose = (whose: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('whose', whose);
        return after;
      },
      { preventScrollReset: true },
    );
  return (
    <>
      <PageHead title={t('bottlenecks')} sub={t('bottlenecks_sub')} actions={<Range {...SPANS} />} />
      <div className="stack">
        <section className="card stack-tight" aria-labelledby="waiting-title">
          <div className="row">
            <h2 id="waiting-title" className="grow">
              {t('waiting')}
            </h2>
            {sees && (
              <Segmented
                aria-label={t('waiting_whose')}
                value={mine ? 'mine' : 'all'}
                onChange={choose}
                options={[
                  { value: 'mine', label: t('waiting_mine') },
                  { value: 'all', label: t('waiting_all') },
                ]}
              />
            )}
          </div>
          <Waiting mine={mine} />
        </section>
        {steps.isPending ? (
          <Skeleton shape="table" rows={8} />
        ) : steps.isError ? (
          <ErrorState error={steps.error} retry={() => void steps.refetch()} />
        ) : steps.data.items.length === 0 ? (
          <EmptyState title={t('bottlenecks_empty')} hint={t('bottlenecks_empty_hint')} />
        ) : (
          <Steps steps={steps.data.items} />
        )}
      </div>
    </>
  );
}
