import { Button, Form, Input, InputNumber, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { CalculationResult, WorkCalendar } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';

interface Values {
  from: string;
  minutes?: number;
  to?: string;
}

/** What the field shows is a time on this device's clock. */
function moment(field: string): string {
  return new Date(field).toISOString();
}

function Answer({ answer }: { answer: CalculationResult }) {
  const { t } = useTranslation('calendars');
  const format = useFormat();
  return (
    <div aria-live="polite">
      <Facts
        facts={[
          ...(answer.due_at ? [{ id: 'due', label: t('due_at'), value: <DateTime at={answer.due_at} time weekday /> }] : []),
          ...(typeof answer.minutes === 'number'
            ? [{ id: 'minutes', label: t('worked'), value: t('worked_value', { minutes: format.number(answer.minutes), hours: format.number(answer.minutes / 60, 2) }) }]
            : []),
          { id: 'open', label: t('at_start'), value: answer.open ? t('is_open') : <DateTime at={answer.next_open_at} time weekday /> },
        ]}
      />
    </div>
  );
}

/** Asks a calendar when some working time is over, or how much lies between two times. */
export function Calculator({ calendar }: { calendar: WorkCalendar }) {
  const { t } = useTranslation('calendars');
  const [asks, setAsks] = useState<'due' | 'between'>('due');
  const ask = api.useMutation('post', '/api/v1/rulebook/calendars/{code}/calculate');
  const find = ({ from, minutes, to }: Values) =>
    ask.mutate({
      params: { path: { code: calendar.code } },
      body: asks === 'due' ? { from: moment(from), minutes: minutes ?? 0 } : { from: moment(from), to: moment(to ?? from) },
    });
  return (
    <section className="card stack">
      <Segmented<'due' | 'between'>
        value={asks}
        onChange={(next) => {
          setAsks(next);
          ask.reset();
        }}
        options={(['due', 'between'] as const).map((value) => ({ value, label: t(`asks.${value}`) }))}
      />
      <Form<Values> layout="vertical" requiredMark={false} initialValues={{ minutes: 480 }} onFinish={find} className="calendar-ask">
        <Form.Item name="from" label={t('from')} rules={[{ required: true, message: t('time_needed') }]}>
          <Input type="datetime-local" />
        </Form.Item>
        {asks === 'due' ? (
          <Form.Item name="minutes" label={t('minutes')} rules={[{ required: true, message: t('minutes_needed') }]}>
            <InputNumber precision={0} min={-5_256_000} max={5_256_000} />
          </Form.Item>
        ) : (
          <Form.Item name="to" label={t('to')} rules={[{ required: true, message: t('time_needed') }]}>
            <Input type="datetime-local" />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {t('calculate')}
        </Button>
      </Form>
      <ProblemNote error={ask.error} />
      {ask.data && <Answer answer={ask.data} />}
    </section>
  );
}
