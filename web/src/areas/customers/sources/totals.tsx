import { CalculatorOutlined } from '@ant-design/icons';
import { DatePicker, Form, InputNumber } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useBlame } from '@/areas/records/form-fields';
import type { Values } from '@/areas/records/types';
import { Format } from '@/format/format';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useMay } from '@/session/session';
import { useSayTotal, useTotals } from '../plan/calls';
import { type Agrees, agrees } from '../plan/quality';
import type { SourceTotal } from '@/api/schema';
import { SOURCE_MANAGE } from './calls';
import type { Source } from './contract';
import { Colleague } from './words';

/** Days that are shown. */
const DAYS = 30;
/** The most that anybody can have sent on a day. */
const EVENTS_MAX = 1_000_000_000_000;
const TONES: Record<Agrees, Tone> = { agrees: 'good', missing: 'bad', too_many: 'warn' };

/** The days are those of the server, in UTC. */
const utcDay = (back: number) => dayjs(new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10));

/** Says how many events were sent on a day. */
function SayTotal({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const { done } = useNotice();
  const [form] = Form.useForm<Values>();
  const say = useSayTotal(source.id);
  const rest = useBlame(form, ['day', 'events'].map((key) => ({ key, title: t(`total.${key}`), kind: 'text' })), say.error);
  const send = (values: Values) => {
    const { day, events } = values as unknown as { day: Dayjs; events: number };
    say.mutate(
      { day: day.format('YYYY-MM-DD'), events },
      {
        onSuccess: () => {
          done(t('total_said'));
          form.setFieldsValue({ events: undefined });
        },
      },
    );
  };
  return (
    <section className="card stack-tight" aria-labelledby="say-total">
      <h2 id="say-total">{t('say_total')}</h2>
      <p className="quiet small">{t('say_total_hint')}</p>
      <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={{ day: utcDay(1) }} onFinish={send} className="total-form">
        <Form.Item name="day" label={t('total.day')} rules={[{ required: true, message: t('day_needed') }]}>
          <DatePicker allowClear={false} disabledDate={(day) => day.isAfter(utcDay(0), 'day')} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="events" label={t('total.events')} rules={[{ required: true, message: t('events_needed') }]}>
          <InputNumber min={0} max={EVENTS_MAX} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Act type="primary" htmlType="submit" loading={say.isPending}>
          {t('say_total_act')}
        </Act>
      </Form>
      <ProblemNote error={rest} />
    </section>
  );
}

/** Whether as much arrived as was sent. */
function Difference({ row }: { row: SourceTotal }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const how = agrees(row);
  return <StatePill tone={TONES[how]}>{t(`difference.${how}`, { shown: format.number(Math.abs(row.difference)) })}</StatePill>;
}

function TotalsTable({ rows }: { rows: SourceTotal[] }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const utc = new Format(format.language, 'UTC');
  return (
    <section className="card list-card">
      <Table
        label={t('totals')}
        rows={rows}
        rowKey={(row) => row.day}
        rowName={(row) => row.day}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'day', label: t('total.day'), title: true, cell: (row) => utc.date(row.day, { weekday: true }) },
          { id: 'events', label: t('total.events'), figure: true, cell: (row) => format.number(row.events) },
          { id: 'stored', label: t('part.stored'), figure: true, cell: (row) => format.number(row.stored) },
          { id: 'quarantined', label: t('quarantined'), figure: true, cell: (row) => format.number(row.quarantined) },
          { id: 'duplicates', label: t('part.duplicates'), figure: true, cell: (row) => format.number(row.duplicates) },
          { id: 'difference', label: t('difference_is'), cell: (row) => <Difference row={row} /> },
          {
            id: 'said',
            label: t('said'),
            cell: (row) => (
              <span>
                {row.said_by && (
                  <>
                    <Colleague id={row.said_by} /> ·{' '}
                  </>
                )}
                <DateTime at={row.said_at} short time />
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

/** Control totals (对账): what the sender says it sent, beside what arrived. */
export function Totals({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const may = useMay()(SOURCE_MANAGE);
  const found = useTotals(source.id, DAYS);
  const rows = found.data?.items ?? [];
  return (
    <div className="stack">
      {may && <SayTotal source={source} />}
      {found.isPending ? (
        <Skeleton shape="table" rows={5} />
      ) : found.isError && !found.data ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<CalculatorOutlined />} title={t('totals_none')} hint={t('totals_none_hint')} />
      ) : (
        <>
          <TotalsTable rows={rows} />
          <p className="quiet small">{t('totals_hint')}</p>
        </>
      )}
    </div>
  );
}
