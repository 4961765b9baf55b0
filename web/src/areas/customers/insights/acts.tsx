import type { UseMutationResult } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerInsightDetail, InsightKind } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { INSIGHT_ANSWER, INSIGHT_EDIT, useAcceptInsight, useAdoptInsight, useChangeInsight, useDeclineInsight, useSendInsight } from './calls';
import { DepartmentField, InsightFields } from './fields';

/** The bound that the server keeps. */
const SAID_MAX = 2_000;

interface Shown {
  row: CustomerInsightDetail;
  open: boolean;
  onClose: () => void;
}

type Step = 'edit' | 'send' | 'accept' | 'decline' | 'adopt';

interface StepFormProps<Values, Body> extends Omit<Shown, 'row'> {
  step: Step;
  act: UseMutationResult<CustomerInsightDetail, Error, Body>;
  bodyOf: (values: Values) => Body;
  initial?: Partial<Values>;
  children: ReactNode;
}

/** A short form that takes one step. */
function StepForm<Values extends object, Body>({ step, act, bodyOf, open, onClose, initial, children }: StepFormProps<Values, Body>) {
  const { t } = useTranslation('insights');
  const { done } = useNotice();
  const close = () => {
    act.reset();
    onClose();
  };
  const finish = (values: Values) =>
    act.mutate(bodyOf(values), {
      onSuccess: () => {
        done(t(`step_done.${step}`));
        onClose();
      },
    });
  return (
    <FormDrawer<Values> title={t(`step.${step}`)} hint={t(`step_hint.${step}`)} open={open} onClose={close} onFinish={finish} act={t(`step_act.${step}`)} busy={act.isPending} error={act.error} {...(initial ? { initial } : {})}>
      {children}
    </FormDrawer>
  );
}

/** The last moment of a chosen day; absent: the product's own parameter decides. */
const endOf = (day: Dayjs | null | undefined) => day?.endOf('day').toISOString() ?? null;

function DayField({ name, label, extra }: { name: string; label: string; extra: string }) {
  return (
    <Form.Item name={name} label={label} extra={extra}>
      <DatePicker minDate={dayjs()} style={{ width: '100%' }} />
    </Form.Item>
  );
}

function SaidField({ name, label, needed }: { name: string; label: string; needed?: string }) {
  return (
    <Form.Item name={name} label={label} rules={needed ? [{ required: true, whitespace: true, message: needed }] : []}>
      <Input.TextArea rows={4} maxLength={SAID_MAX} />
    </Form.Item>
  );
}

interface Draft {
  title: string;
  finding: string;
  kind: InsightKind;
  segment_id?: string | null;
  department_id?: string | null;
}

function Edit({ row, ...shown }: Shown) {
  const act = useChangeInsight(row);
  // A condition as group is not a choice of this form: it stays as it is.
  const conditional = Boolean(row.condition);
  return (
    <StepForm<Draft, Parameters<typeof act.mutate>[0]>
      {...shown}
      step="edit"
      act={act}
      initial={{ title: row.title, finding: row.finding, kind: row.kind, segment_id: row.segment_id ?? null, department_id: row.department_id ?? null }}
      bodyOf={({ title, finding, kind, segment_id, department_id }) => ({
        title: title.trim(),
        finding: finding.trim(),
        kind,
        department_id: department_id ?? null,
        // What is null stays; only another segment is sent, or that there is none any more.
        condition: null,
        segment_id: conditional || segment_id === row.segment_id ? null : (segment_id ?? null),
        without_group: !conditional && Boolean(row.segment_id) && !segment_id,
      })}
    >
      <InsightFields without={conditional} />
    </StepForm>
  );
}

function Send({ row, ...shown }: Shown) {
  const { t } = useTranslation('insights');
  const act = useSendInsight(row);
  return (
    <StepForm<{ department_id: string; due?: Dayjs | null }, Parameters<typeof act.mutate>[0]>
      {...shown}
      step="send"
      act={act}
      {...(row.department_id ? { initial: { department_id: row.department_id } } : {})}
      bodyOf={({ department_id, due }) => ({ department_id, due_at: endOf(due) })}
    >
      <DepartmentField needed />
      <DayField name="due" label={t('due')} extra={t('due_hint')} />
    </StepForm>
  );
}

function Accept({ row, ...shown }: Shown) {
  const { t } = useTranslation('insights');
  const act = useAcceptInsight(row);
  return (
    <StepForm<{ remark?: string; by?: Dayjs | null }, Parameters<typeof act.mutate>[0]> {...shown} step="accept" act={act} bodyOf={({ remark, by }) => ({ remark: remark?.trim() || null, adopt_by: endOf(by) })}>
      <SaidField name="remark" label={t('remark')} />
      <DayField name="by" label={t('adopt_by')} extra={t('adopt_by_hint')} />
    </StepForm>
  );
}

function Decline({ row, ...shown }: Shown) {
  const { t } = useTranslation('insights');
  const act = useDeclineInsight(row);
  return (
    <StepForm<{ reason: string }, Parameters<typeof act.mutate>[0]> {...shown} step="decline" act={act} bodyOf={({ reason }) => ({ reason: reason.trim() })}>
      <SaidField name="reason" label={t('reason')} needed={t('reason_needed')} />
    </StepForm>
  );
}

function Adopt({ row, ...shown }: Shown) {
  const { t } = useTranslation('insights');
  const act = useAdoptInsight(row);
  return (
    <StepForm<{ adoption: string }, Parameters<typeof act.mutate>[0]> {...shown} step="adopt" act={act} bodyOf={({ adoption }) => ({ adoption: adoption.trim() })}>
      <SaidField name="adoption" label={t('adoption')} needed={t('adoption_needed')} />
    </StepForm>
  );
}

/** Next steps with an insight, those that its state and the reader's permissions allow. */
export function InsightActs({ row }: { row: CustomerInsightDetail }) {
  const { t } = useTranslation('insights');
  const may = useMay();
  const [asked, setAsked] = useState<Step>();
  const shown = (step: Step) => ({ row, open: asked === step, onClose: () => setAsked(undefined) });
  const button = (step: Step, primary = false) => (
    <Button {...(primary ? { type: 'primary' as const } : {})} onClick={() => setAsked(step)}>
      {t(`step.${step}`)}
    </Button>
  );
  return (
    <>
      {row.state === 'draft' && may(INSIGHT_EDIT) && (
        <>
          {button('edit')}
          {button('send', true)}
        </>
      )}
      {row.state === 'sent' && may(INSIGHT_ANSWER) && (
        <>
          {button('decline')}
          {button('accept', true)}
        </>
      )}
      {row.state === 'accepted' && may(INSIGHT_ANSWER) && button('adopt', true)}
      <Edit {...shown('edit')} />
      <Send {...shown('send')} />
      <Accept {...shown('accept')} />
      <Decline {...shown('decline')} />
      <Adopt {...shown('adopt')} />
    </>
  );
}
