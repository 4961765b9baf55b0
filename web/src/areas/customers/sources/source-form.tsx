import { Form, Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useBlame } from '@/areas/records/form-fields';
import type { Values } from '@/areas/records/types';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useBrandChoices } from '../words';
import { useMakeSource } from './calls';
import { DATA_KINDS, type NewSource, PLAN_MODES, SOURCE_KINDS } from './contract';

/** Fields of a source, by the names that a refusal gives them. */
export const SOURCE_FIELDS = ['name', 'kind', 'purpose', 'silent_after_hours', 'active', 'brand_id', 'plan', 'expected'] as const;

/** The longest that anybody waits for an event: a year. */
const HOURS_MAX = 8_760;

/** What the server keeps of a source, or of the form about it. */
export function bodyOf(values: NewSource | Values): NewSource {
  const { name, kind, purpose, brand_id, active, silent_after_hours, plan = 'off', expected = [] } = values as NewSource;
  const ordered = DATA_KINDS.filter((data) => expected.includes(data));
  return { name: name.trim(), kind, purpose: purpose.trim(), brand_id: brand_id ?? null, active, silent_after_hours: silent_after_hours ?? null, plan, expected: ordered };
}

/** Which of these fields a refusal speaks of. */
export function useSourceFields() {
  const { t } = useTranslation('sources');
  return SOURCE_FIELDS.map((key) => ({ key, title: t(key), kind: 'text' }));
}

/** What the plan means for a source, and what it should bring. */
function PlanFields() {
  const { t } = useTranslation('sources');
  const mode = Form.useWatch<NewSource['plan']>('plan') ?? 'off';
  return (
    <>
      <Form.Item name="plan" label={t('plan')} extra={t(`plan_hint.${mode}`)}>
        <Select options={PLAN_MODES.map((value) => ({ value, label: t(`plan:mode.${value}`) }))} />
      </Form.Item>
      <Form.Item name="expected" label={t('expected')} extra={t('expected_hint')}>
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={DATA_KINDS.map((value) => ({ value, label: t(`plan:data.${value}`) }))} />
      </Form.Item>
    </>
  );
}

/** What is asked about a source, when it is made and later. */
export function SourceFields() {
  const { t } = useTranslation('sources');
  const brands = useBrandChoices();
  return (
    <>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={80} placeholder={t('name_hint')} />
      </Form.Item>
      <Form.Item name="kind" label={t('kind')} extra={t('kind_hint')}>
        <Select options={SOURCE_KINDS.map((value) => ({ value, label: t(`kind_name.${value}`) }))} />
      </Form.Item>
      <Form.Item name="purpose" label={t('purpose')} extra={t('purpose_hint')} rules={[{ required: true, whitespace: true, message: t('purpose_needed') }]}>
        <Input.TextArea rows={2} maxLength={300} />
      </Form.Item>
      {brands.length > 0 && (
        <Form.Item name="brand_id" label={t('brand_id')}>
          <Select allowClear options={brands} />
        </Form.Item>
      )}
      <Form.Item name="silent_after_hours" label={t('silent_after_hours')} extra={t('silent_hint')}>
        <InputNumber min={1} max={HOURS_MAX} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <PlanFields />
      <Form.Item name="active" label={t('active')} valuePropName="checked" extra={t('active_hint')}>
        <Switch />
      </Form.Item>
    </>
  );
}

/** Makes a source, and leads to where it says how to send. */
export function NewSourceForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('sources');
  const { done } = useNotice();
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const make = useMakeSource();
  const rest = useBlame(form, useSourceFields(), make.error);
  const send = (values: Values) =>
    make.mutate(bodyOf(values), {
      onSuccess: (made) => {
        done(t('made'));
        void navigate(`/customers/sources/${made.id}`);
      },
    });
  return (
    <FormDrawer<Values> title={t('new')} hint={t('new_hint')} form={form} open={open} onClose={onClose} onFinish={send} act={t('new')} busy={make.isPending} error={rest} initial={{ kind: 'website', active: true, silent_after_hours: 24, plan: 'off', expected: [] }}>
      <SourceFields />
    </FormDrawer>
  );
}
