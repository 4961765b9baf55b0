import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useSegmentChoices } from '../words';
import { INSIGHT_KINDS } from './contract';

/** The bounds that the server keeps. */
const TITLE_MAX = 200;
const FINDING_MAX = 5_000;

/** What was found, whom it is about, and who is to use it. */
export function InsightFields({ without = false }: { without?: boolean }) {
  const { t } = useTranslation('insights');
  const segments = useSegmentChoices();
  return (
    <>
      <Form.Item name="title" label={t('title_is')} rules={[{ required: true, whitespace: true, message: t('title_needed') }]}>
        <Input maxLength={TITLE_MAX} placeholder={t('title_hint')} />
      </Form.Item>
      <Form.Item name="finding" label={t('finding')} extra={t('finding_hint')} rules={[{ required: true, whitespace: true, message: t('finding_needed') }]}>
        <Input.TextArea rows={5} maxLength={FINDING_MAX} />
      </Form.Item>
      <Form.Item name="kind" label={t('kind_is')}>
        <Select options={INSIGHT_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Form.Item>
      {!without && (
        <Form.Item name="segment_id" label={t('group')} extra={t('group_hint')}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={segments} placeholder={t('group_none')} notFoundContent={t('common:list.none')} />
        </Form.Item>
      )}
      <DepartmentField />
    </>
  );
}

/** Who is to use it. */
export function DepartmentField({ needed = false }: { needed?: boolean }) {
  const { t } = useTranslation('insights');
  const departments = useDepartmentChoices();
  return (
    <Form.Item name="department_id" label={t('department')} {...(needed ? { rules: [{ required: true, message: t('department_needed') }] } : { extra: t('department_hint') })}>
      <Select allowClear={!needed} showSearch={{ optionFilterProp: 'label' }} options={departments} notFoundContent={t('common:list.none')} />
    </Form.Item>
  );
}
