import { Checkbox, Form, Input, InputNumber, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { PersonaFeature } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMakeSet } from './calls';
import { FEATURES, FEATURES_MAX, GROUPS_MAX, GROUPS_MIN } from './contract';

const NAME_MAX = 100;
const GROUPS_USUAL = 4;

interface Values {
  name: string;
  features: PersonaFeature[];
  count: 'best' | 'fixed';
  group_count?: number;
}

/** The features in groups, as one list of checks. */
function FeatureChoice({ value = [], onChange }: { value?: PersonaFeature[]; onChange?: (features: PersonaFeature[]) => void }) {
  const { t } = useTranslation('personas');
  const full = value.length >= FEATURES_MAX;
  return (
    <Checkbox.Group value={value} onChange={(chosen) => onChange?.(chosen as PersonaFeature[])} className="persona-features">
      {FEATURES.map(({ group, features }) => (
        <fieldset key={group}>
          <legend>{t(`feature_group.${group}`)}</legend>
          {features.map((feature) => (
            <Checkbox key={feature} value={feature} disabled={full && !value.includes(feature)}>
              {t(`feature.${feature}`)}
            </Checkbox>
          ))}
        </fieldset>
      ))}
    </Checkbox.Group>
  );
}

/** Says by what people are compared; the groups are found in the background. */
export function NewSet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('personas');
  const { done } = useNotice();
  const navigate = useNavigate();
  const make = useMakeSet();
  const [form] = Form.useForm<Values>();
  const count = Form.useWatch('count', form);
  const send = ({ name, features, count: how, group_count }: Values) =>
    make.mutate(
      { name: name.trim(), features, group_count: how === 'fixed' ? (group_count ?? GROUPS_USUAL) : null },
      {
        onSuccess: (set) => {
          done(t('made'));
          void navigate(`/customers/personas/${set.id}`);
        },
      },
    );
  return (
    <FormDrawer<Values>
      form={form}
      title={t('new')}
      hint={t('new_hint')}
      open={open}
      onClose={onClose}
      act={t('make')}
      busy={make.isPending}
      error={make.error}
      initial={{ features: ['recency_days', 'order_count', 'order_value', 'department'], count: 'best', group_count: GROUPS_USUAL }}
      onFinish={send}
    >
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={NAME_MAX} placeholder={t('name_hint')} />
      </Form.Item>
      <Form.Item name="features" label={t('features')} extra={t('features_hint', { max: FEATURES_MAX })} rules={[{ required: true, type: 'array', min: 1, max: FEATURES_MAX, message: t('features_needed', { max: FEATURES_MAX }) }]}>
        <FeatureChoice />
      </Form.Item>
      <Form.Item name="count" label={t('group_count')}>
        <Radio.Group
          options={[
            { value: 'best', label: t('count_best') },
            { value: 'fixed', label: t('count_fixed') },
          ]}
        />
      </Form.Item>
      {count === 'fixed' && (
        <Form.Item name="group_count" label={t('groups')}>
          <InputNumber min={GROUPS_MIN} max={GROUPS_MAX} precision={0} />
        </Form.Item>
      )}
    </FormDrawer>
  );
}
