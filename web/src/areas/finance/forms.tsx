import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { BudgetDetail, CostGroup, BudgetLineDetail as LineDetail, LocalText, SpreadPattern } from '@/api/schema';
import { minorUnits } from '@/areas/campaigns/words';
import { useLocal } from '@/i18n/use-local';
import { LocalTextFields, UserSelect, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { COST_GROUPS, MONTHS } from './words';

interface FormProps {
  detail: BudgetDetail;
  open: boolean;
  onClose: () => void;
}

/** What every form here does once the server has agreed. */
function useSaved(onClose: () => void) {
  const { t } = useTranslation('finance');
  const { done } = useNotice();
  return {
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/governance', '/api/v1/rulebook/task');
    },
  };
}

function Amount({ name = 'amount', currency }: { name?: string; currency: string }) {
  const { t } = useTranslation('finance');
  return (
    <Form.Item name={name} label={t('amount_in', { currency })} rules={[{ required: true, message: t('needed') }]}>
      <InputNumber min={0} precision={2} style={{ width: '100%' }} />
    </Form.Item>
  );
}

function MonthSelect({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation('finance');
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('needed') }]}>
      <Select options={MONTHS.map((value) => ({ value, label: t('month_n', { month: value }) }))} />
    </Form.Item>
  );
}

function LineSelect({ name, label, detail, spending }: { name: string; label: string; detail: BudgetDetail; spending?: boolean }) {
  const { t } = useTranslation('finance');
  const local = useLocal();
  const lines = detail.lines.filter(({ line }) => !spending || !line.contingency);
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('needed') }]}>
      <Select showSearch={{ optionFilterProp: 'label' }} options={lines.map(({ line }) => ({ value: line.id, label: local(line.names) || line.code }))} />
    </Form.Item>
  );
}

interface LineWords {
  code: string;
  names: Partial<LocalText>;
  cost_group: CostGroup;
  owner_id?: string | null;
  contingency?: boolean;
  amount: number;
}

/** Adds a line to a budget that is being written. */
export function NewLine({ detail, open, onClose }: FormProps) {
  const { t } = useTranslation('finance');
  const { id, currency } = detail.budget;
  const make = api.useMutation('post', '/api/v1/governance/budgets/{id}/lines', useSaved(onClose));
  const send = ({ code, names, cost_group, owner_id, contingency, amount }: LineWords) =>
    make.mutate({ params: { path: { id } }, body: { code, names: wholeText(names), cost_group, owner_id: owner_id ?? null, contingency: contingency ?? false, annual_minor: Math.round(amount * minorUnits(currency)) } });
  return (
    <FormDrawer<LineWords> title={t('new_line')} open={open} onClose={onClose} onFinish={send} act={t('common:save')} busy={make.isPending} error={make.error} hint={t('new_line_hint')}>
      <Form.Item name="code" label={t('code')} rules={[{ required: true, pattern: /^[A-Za-z0-9._-]{1,40}$/, message: t('code_rule') }]}>
        <Input maxLength={40} />
      </Form.Item>
      <LocalTextFields name="names" label={t('name')} needed={t('needed')} />
      <Form.Item name="cost_group" label={t('cost_group')} rules={[{ required: true, message: t('needed') }]}>
        <Select options={COST_GROUPS.map((value) => ({ value, label: t(`group.${value}`) }))} />
      </Form.Item>
      <Form.Item name="owner_id" label={t('owner')}>
        <UserSelect />
      </Form.Item>
      <Form.Item name="contingency" valuePropName="checked">
        <Checkbox>{t('contingency_is')}</Checkbox>
      </Form.Item>
      <Amount currency={currency} />
    </FormDrawer>
  );
}

interface MonthWords {
  months: number[];
}

/** Twelve amounts of a line; they must be the annual amount together before they are saved. */
export function Months({ detail, row, onClose }: { detail: BudgetDetail; row: LineDetail; onClose: () => void }) {
  const { t } = useTranslation('finance');
  const [form] = Form.useForm<MonthWords>();
  const name = useLocal()(row.line.names) || row.line.code;
  const unit = minorUnits(detail.budget.currency);
  const save = api.useMutation('patch', '/api/v1/governance/lines/{id}', useSaved(onClose));
  const annual = row.line.annual_minor / unit;
  const typed = Form.useWatch('months', form) ?? row.line.months.map((minor) => minor / unit);
  const rest = Math.round((annual - typed.reduce((sum, one) => sum + (Number(one) || 0), 0)) * unit) / unit;
  const send = ({ months }: MonthWords) => save.mutate({ params: { path: { id: row.line.id }, header: ifMatch(row.line) }, body: { months: months.map((one) => Math.round(one * unit)) } });
  return (
    <FormDrawer<MonthWords>
      form={form}
      title={t('months_of', { name })}
      open
      onClose={onClose}
      onFinish={send}
      act={t('common:save')}
      busy={save.isPending}
      error={save.error}
      initial={{ months: row.line.months.map((minor) => minor / unit) }}
      hint={rest === 0 ? t('months_fit') : t('months_rest', { rest })}
    >
      {MONTHS.map((month) => (
        <Form.Item key={month} name={['months', month - 1]} label={t('month_n', { month })} rules={[{ required: true, message: t('needed') }]}>
          <InputNumber min={0} precision={2} style={{ width: '100%' }} />
        </Form.Item>
      ))}
    </FormDrawer>
  );
}

interface SpreadWords {
  pattern: SpreadPattern;
  from_month?: number;
  to_month?: number;
  weights?: string;
}

/** Spreads a line over the months by a pattern. */
export function Spread({ row, onClose }: { row: LineDetail; onClose: () => void }) {
  const { t } = useTranslation('finance');
  const [form] = Form.useForm<SpreadWords>();
  const name = useLocal()(row.line.names) || row.line.code;
  const pattern = Form.useWatch('pattern', form) ?? 'equal';
  const spread = api.useMutation('post', '/api/v1/governance/lines/{id}/spread', useSaved(onClose));
  const send = ({ pattern, from_month, to_month, weights }: SpreadWords) =>
    spread.mutate({
      params: { path: { id: row.line.id }, header: ifMatch(row.line) },
      body: { pattern, from_month: from_month ?? null, to_month: to_month ?? null, weights: pattern === 'seasonal' ? (weights ?? '').split(/[\s,，、]+/).filter(Boolean).map(Number) : null },
    });
  return (
    <FormDrawer<SpreadWords> form={form} title={t('spread_of', { name })} open onClose={onClose} onFinish={send} act={t('spread')} busy={spread.isPending} error={spread.error} initial={{ pattern: 'equal' }}>
      <Form.Item name="pattern" label={t('pattern_is')}>
        <Select options={(['equal', 'seasonal', 'period', 'last_year'] as const).map((value) => ({ value, label: t(`pattern.${value}`) }))} />
      </Form.Item>
      {pattern === 'seasonal' && (
        <Form.Item name="weights" label={t('weights')} rules={[{ required: true, pattern: /^\d+([\s,，、]+\d+){11}$/, message: t('weights_rule') }]}>
          <Input />
        </Form.Item>
      )}
      {pattern === 'period' && (
        <>
          <MonthSelect name="from_month" label={t('from_month')} />
          <MonthSelect name="to_month" label={t('to_month')} />
        </>
      )}
    </FormDrawer>
  );
}

interface MoveWords {
  from_line_id: string;
  from_month: number;
  to_line_id: string;
  to_month: number;
  amount: number;
  reason: string;
}

/** Applies for an adjustment: it moves nothing until two others have approved it. */
export function NewAdjustment({ detail, open, onClose }: FormProps) {
  const { t } = useTranslation('finance');
  const { id, currency } = detail.budget;
  const make = api.useMutation('post', '/api/v1/governance/budgets/{id}/adjustments', useSaved(onClose));
  const send = ({ amount, ...words }: MoveWords) => make.mutate({ params: { path: { id } }, body: { ...words, amount_minor: Math.round(amount * minorUnits(currency)) } });
  return (
    <FormDrawer<MoveWords> title={t('new_adjustment')} open={open} onClose={onClose} onFinish={send} act={t('apply')} busy={make.isPending} error={make.error} hint={t('adjustment_hint')}>
      <LineSelect name="from_line_id" label={t('from_line')} detail={detail} />
      <MonthSelect name="from_month" label={t('from_month')} />
      <LineSelect name="to_line_id" label={t('to_line')} detail={detail} />
      <MonthSelect name="to_month" label={t('to_month')} />
      <Amount currency={currency} />
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

interface SpendWords {
  line_id: string;
  month: number;
  amount: number;
  reason: string;
}

/** Reserves money of a line by hand. */
export function NewCommitment({ detail, open, onClose }: FormProps) {
  const { t } = useTranslation('finance');
  const { currency } = detail.budget;
  const make = api.useMutation('post', '/api/v1/governance/commitments', useSaved(onClose));
  const send = ({ amount, ...words }: SpendWords) => make.mutate({ body: { ...words, amount_minor: Math.round(amount * minorUnits(currency)) } });
  return (
    <FormDrawer<SpendWords> title={t('reserve')} open={open} onClose={onClose} onFinish={send} act={t('reserve')} busy={make.isPending} error={make.error} hint={t('reserve_hint')}>
      <LineSelect name="line_id" label={t('line')} detail={detail} spending />
      <MonthSelect name="month" label={t('month')} />
      <Amount currency={currency} />
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}
