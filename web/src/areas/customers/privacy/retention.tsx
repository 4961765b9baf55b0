import { HistoryOutlined, HourglassOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewRetentionRule, RetentionRule } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { PRIVACY_ERASE, PRIVACY_MANAGE, RETENTION_RULES, RETENTION_RUNS, useMake, usePreview, useRunRule } from './calls';
import { RETENTION_SUBJECTS } from './contract';
import { ActDrawer, ReasonField } from './reason';
import { CustomerLink } from './words';

const DAYS_MAX = 36_500;
/** Nobody is called inactive before. */
const PROFILE_DAYS_MIN = 30;
/** People of a preview who are named at once. */
const NAMED = 5;

function RulePill({ active }: { active: boolean }) {
  const { t } = useTranslation('privacy');
  return <StatePill tone={active ? 'good' : 'quiet'}>{t(active ? 'rule_on' : 'rule_off')}</StatePill>;
}

function useRuleWords(): (rule: Pick<RetentionRule, 'what' | 'after_days' | 'action'>) => string {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return ({ what, after_days, action }) => t('rule_is', { what: t(`what.${what}`), count: after_days, days: format.number(after_days), action: t(`action.${action}`) });
}

/** What the rule would do now; nothing changes. */
function Preview({ rule }: { rule: RetentionRule }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const preview = usePreview(rule, true);
  if (preview.isPending) return <Skeleton rows={2} />;
  if (preview.isError) return <ErrorState error={preview.error} retry={() => void preview.refetch()} />;
  const { count, held, before, sample } = preview.data;
  return (
    <div className={`stack-tight privacy-note ${count > 0 && rule.what === 'inactive_profiles' ? 'privacy-warn' : 'privacy-plain'}`} role="status">
      <p className="strong">{t(`preview.${rule.what}`, { count, shown: format.number(count), before: format.date(before) })}</p>
      {held > 0 && <p>{t('preview_held', { count: held, shown: format.number(held) })}</p>}
      {sample.length > 0 && (
        <p className="small">
          {t('preview_sample')}{' '}
          {sample.slice(0, NAMED).map((id, i) => (
            <span key={id}>
              {i > 0 && t('common:list.and')}
              <CustomerLink id={id} />
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** Which permission the rule needs; people are only erased by whoever may erase them. */
function useWhy(rule: Pick<RetentionRule, 'what'>): string | undefined {
  const { t } = useTranslation('privacy');
  const may = useMay();
  return rule.what === 'inactive_profiles' && !may(PRIVACY_ERASE) ? t('erase_not_allowed') : undefined;
}

function Switch({ rule, open, onClose }: { rule: RetentionRule; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const on = !rule.active;
  return (
    <ActDrawer
      path={`${RETENTION_RULES}/{id}`}
      row={rule}
      open={open}
      onClose={onClose}
      title={t(on ? 'switch_on' : 'switch_off')}
      hint={t(on ? 'switch_on_hint' : 'switch_off_hint')}
      button={t(on ? 'switch_on' : 'switch_off')}
      done={t(on ? 'switched_on' : 'switched_off')}
      danger={on}
      bodyOf={({ reason }) => ({ active: on, reason: reason.trim() })}
    >
      {on && <Preview rule={rule} />}
      <ReasonField />
    </ActDrawer>
  );
}

function Edit({ rule, open, onClose }: { rule: RetentionRule; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer path={`${RETENTION_RULES}/{id}`} row={rule} open={open} onClose={onClose} title={t('rule_edit')} button={t('common:save')} done={t('rule_saved')} initial={{ name: rule.name, after_days: rule.after_days, action: rule.action }}>
      <RuleFields what={rule.what} />
      <ReasonField />
    </ActDrawer>
  );
}

/** Lets the rule run at once, after saying what it would do. */
function Run({ rule, open, onClose }: { rule: RetentionRule; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const { done } = useNotice();
  const run = useRunRule(rule);
  const send = () =>
    run.mutate(undefined, {
      onSuccess: ({ count }) => {
        done(t('run_done', { count, shown: format.number(count) }));
        onClose();
      },
    });
  return (
    <FormDrawer<object> title={t('run_now')} hint={t('run_hint')} open={open} onClose={onClose} onFinish={send} act={t('run_now')} busy={run.isPending} error={run.error} danger>
      <Preview rule={rule} />
    </FormDrawer>
  );
}

function Shown({ rule }: { rule: RetentionRule }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const may = useMay();
  const words = useRuleWords();
  const why = useWhy(rule);
  const [asked, setAsked] = useState<'preview' | 'switch' | 'edit' | 'run'>();
  const close = () => setAsked(undefined);
  return (
    <div className="stack">
      <p>{words(rule)}</p>
      <Facts
        facts={[
          { id: 'state', label: t('state_is'), value: <RulePill active={rule.active} /> },
          { id: 'run', label: t('last_run'), value: rule.last_run_at ? <DateTime at={rule.last_run_at} time /> : t('never_ran') },
          { id: 'count', label: t('last_count'), value: typeof rule.last_count === 'number' ? format.number(rule.last_count) : undefined },
          { id: 'changed', label: t('changed_at'), value: <DateTime at={rule.updated_at} time /> },
        ]}
      />
      {asked === 'preview' && <Preview rule={rule} />}
      <div className="row">
        <Button onClick={() => setAsked('preview')}>{t('preview_act')}</Button>
        {may(PRIVACY_MANAGE) && (
          <>
            <Act {...(rule.active ? {} : { type: 'primary' as const })} why={rule.active ? undefined : why} onClick={() => setAsked('switch')}>
              {t(rule.active ? 'switch_off' : 'switch_on')}
            </Act>
            <Button onClick={() => setAsked('edit')}>{t('common:edit')}</Button>
            <Act danger why={may(PRIVACY_ERASE) ? undefined : t('erase_not_allowed')} onClick={() => setAsked('run')}>
              {t('run_now')}
            </Act>
          </>
        )}
      </div>
      <Switch rule={rule} open={asked === 'switch'} onClose={close} />
      <Edit rule={rule} open={asked === 'edit'} onClose={close} />
      <Run rule={rule} open={asked === 'run'} onClose={close} />
    </div>
  );
}

function RuleFields({ what }: { what: RetentionRule['what'] }) {
  const { t } = useTranslation('privacy');
  const people = what === 'inactive_profiles';
  return (
    <>
      <Form.Item name="name" label={t('rule_name')} rules={[{ required: true, whitespace: true, message: t('rule_name_needed') }]}>
        <Input maxLength={100} placeholder={t('rule_name_hint')} />
      </Form.Item>
      <Form.Item name="after_days" label={t('after_days')} extra={t(`what_hint.${what}`)} rules={[{ required: true, message: t('days_needed') }]}>
        <InputNumber min={people ? PROFILE_DAYS_MIN : 1} max={DAYS_MAX} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="action" label={t('action_is')} extra={people ? t('action_hint') : t('action_erase_only')}>
        <Select options={(people ? (['erase', 'anonymise'] as const) : (['erase'] as const)).map((value) => ({ value, label: t(`action.${value}`) }))} />
      </Form.Item>
    </>
  );
}

function NewRule({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const [form] = Form.useForm<NewRetentionRule>();
  const what = Form.useWatch('what', form) ?? 'inactive_profiles';
  const make = useMake(RETENTION_RULES);
  // A rule is made switched off: what it would do is looked at first.
  const send = (values: NewRetentionRule) =>
    make.mutate(
      { ...values, name: values.name.trim(), active: false },
      {
        onSuccess: () => {
          done(t('rule_made'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<NewRetentionRule> title={t('new_rule')} hint={t('new_rule_hint')} form={form} open={open} onClose={onClose} onFinish={send} act={t('new_rule')} busy={make.isPending} error={make.error} initial={{ what: 'inactive_profiles', after_days: 1095, action: 'anonymise' }}>
      <Form.Item name="what" label={t('what_is')}>
        <Select options={RETENTION_SUBJECTS.map((value) => ({ value, label: t(`what.${value}`) }))} onChange={(value) => value !== 'inactive_profiles' && form.setFieldsValue({ action: 'erase' })} />
      </Form.Item>
      <RuleFields what={what} />
    </FormDrawer>
  );
}

/** What rules did, newest first. */
function Runs() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const spec: ListSpec<typeof RETENTION_RUNS> = {
    id: 'retention_runs',
    path: RETENTION_RUNS,
    rowKey: (row) => row.id,
    rowName: (row) => row.rule_name,
    columns: [
      { id: 'rule', label: t('rule'), title: true, cell: (row) => <span className="data anywhere">{row.rule_name}</span> },
      { id: 'at', label: t('ran_at'), cell: (row) => <DateTime at={row.started_at} short time /> },
      { id: 'cause', label: t('ran_by'), cell: (row) => t(`run_cause.${row.cause}`) },
      { id: 'what', label: t('what_is'), wide: true, cell: (row) => t(`what.${row.what}`) },
      { id: 'action', label: t('action_is'), cell: (row) => t(`action.${row.action}`) },
      { id: 'before', label: t('ran_before'), wide: true, cell: (row) => <DateTime at={row.before} /> },
      { id: 'count', label: t('count'), figure: true, cell: (row) => format.number(row.count) },
      { id: 'held', label: t('held'), figure: true, cell: (row) => format.number(row.held) },
      { id: 'finished', label: t('finished_at'), hidden: true, cell: (row) => (row.finished_at ? <DateTime at={row.finished_at} short time /> : <Nothing />) },
    ],
    empty: <EmptyState icon={<HistoryOutlined />} title={t('runs_empty')} hint={t('runs_empty_hint')} />,
  };
  return (
    <section className="stack-tight" aria-labelledby="retention-runs">
      <h2 id="retention-runs">{t('runs')}</h2>
      <List spec={spec} label={t('runs')} />
    </section>
  );
}

/** How long what is kept (保留规则), and what rules did. */
export function Retention() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const may = useMay()(PRIVACY_MANAGE);
  const [open, setOpen] = useState(false);
  const make = may && <Button onClick={() => setOpen(true)}>{t('new_rule')}</Button>;
  const spec: ListSpec<typeof RETENTION_RULES> = {
    id: 'retention_rules',
    path: RETENTION_RULES,
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    peek: (row) => <Shown key={row.id} rule={row} />,
    columns: [
      { id: 'name', label: t('rule'), title: true, cell: (row) => <span className="data anywhere">{row.name}</span> },
      { id: 'what', label: t('what_is'), cell: (row) => t(`what.${row.what}`) },
      { id: 'after', label: t('after_days'), figure: true, cell: (row) => t('days_are', { count: row.after_days, days: format.number(row.after_days) }) },
      { id: 'action', label: t('action_is'), cell: (row) => t(`action.${row.action}`) },
      { id: 'state', label: t('state_is'), cell: (row) => <RulePill active={row.active} /> },
      { id: 'run', label: t('last_run'), cell: (row) => (row.last_run_at ? <DateTime at={row.last_run_at} short time /> : t('never_ran')) },
      { id: 'count', label: t('last_count'), figure: true, cell: (row) => (typeof row.last_count === 'number' ? format.number(row.last_count) : <Nothing />) },
    ],
    empty: (
      <EmptyState icon={<HourglassOutlined />} title={t('rules_empty')} hint={t('rules_empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return (
    <div className="stack">
      <div>
        <List spec={spec} label={t('tab.retention')} tools={make} />
      </div>
      <Runs />
      <NewRule open={open} onClose={() => setOpen(false)} />
    </div>
  );
}
