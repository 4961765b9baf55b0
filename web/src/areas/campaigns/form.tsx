import { DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { client } from '@/api/client';
import type { Campaign, CampaignInput } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useApprovedContents, useBrandChoices, useSegments } from './choices';
import { LinkFields } from './links';
import { METRICS, minorUnits, PURPOSES, useCurrency } from './words';

/** What a person fills in. */
export interface CampaignValues {
  name: string;
  brand_id: string;
  purpose: string;
  goal_metric?: string | null;
  /** In whole money for revenue. */
  goal_target?: number | null;
  period?: [Dayjs, Dayjs] | null;
  segment_id?: string | null;
  content_id?: string | null;
  rate_per_minute?: number | null;
  strategy_id?: string | null;
  plan_id?: string | null;
  business_goal_id?: string | null;
  budget_line_id?: string | null;
  /** In whole money. */
  budget?: number | null;
}

const REVENUE = 'revenue';

/** What stands in a campaign, as the form shows it. */
export function valuesOf(row: Campaign, currency: string): CampaignValues {
  const unit = row.goal_metric && String(row.goal_metric) === REVENUE ? minorUnits(currency) : 1;
  return {
    name: row.name,
    brand_id: row.brand_id,
    purpose: row.purpose,
    goal_metric: row.goal_metric ?? null,
    goal_target: row.goal_target ? row.goal_target / unit : null,
    period: row.period_from && row.period_to ? [dayjs(row.period_from), dayjs(row.period_to)] : null,
    segment_id: row.segment_id ?? null,
    content_id: row.content_id ?? null,
    rate_per_minute: row.rate_per_minute ?? null,
    strategy_id: row.strategy_id ?? null,
    plan_id: row.plan_id ?? null,
    business_goal_id: row.business_goal_id ?? null,
    budget_line_id: row.budget_line_id ?? null,
    budget: row.budget_minor ? row.budget_minor / minorUnits(currency) : null,
  };
}

/** What the server is told; the approval of the content is fetched at that moment. */
export async function inputOf(values: CampaignValues, currency: string): Promise<CampaignInput> {
  const unit = values.goal_metric === REVENUE ? minorUnits(currency) : 1;
  const input = {
    name: values.name,
    purpose: values.purpose,
    goal_metric: values.goal_metric ?? null,
    goal_target: values.goal_target ? Math.round(values.goal_target * unit) : null,
    period_from: values.period?.[0].toISOString() ?? null,
    period_to: values.period?.[1].toISOString() ?? null,
    segment_id: values.segment_id ?? null,
    content_id: values.content_id ?? null,
    rate_per_minute: values.rate_per_minute ?? null,
    strategy_id: values.strategy_id ?? null,
    plan_id: values.plan_id ?? null,
    business_goal_id: values.business_goal_id ?? null,
    budget_line_id: values.budget_line_id ?? null,
    budget_minor: values.budget ? Math.round(values.budget * minorUnits(currency)) : null,
    approval: values.content_id ? await approvalOf(values.content_id) : null,
  };
  return input as CampaignInput;
}

async function approvalOf(contentId: string): Promise<string | null> {
  const { data } = await client.GET('/api/v1/brand/contents/{id}/approval', { params: { path: { id: contentId } } });
  return data?.token ?? null;
}

/** What it is for: name, brand, purpose, goal, period. */
export function PurposeFields({ fixedBrand }: { fixedBrand?: boolean }) {
  const { t } = useTranslation('campaigns');
  const brands = useBrandChoices();
  const currency = useCurrency();
  const metric = Form.useWatch<string | undefined>('goal_metric');
  const ranges = [{ label: t('period_two_weeks'), value: [dayjs().startOf('day'), dayjs().add(14, 'day').endOf('day')] as [Dayjs, Dayjs] }];
  return (
    <>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('name_needed') }]}>
        <Input maxLength={120} placeholder={t('name_example')} />
      </Form.Item>
      <Form.Item name="brand_id" label={t('brand')} extra={fixedBrand ? t('brand_fixed') : undefined} rules={[{ required: true, message: t('brand_needed') }]}>
        <Select options={brands} disabled={fixedBrand ?? false} />
      </Form.Item>
      <Form.Item name="purpose" label={t('purpose_label')} extra={t('purpose_hint')}>
        <Radio.Group options={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))} />
      </Form.Item>
      <div className="campaign-pair">
        <Form.Item name="goal_metric" label={t('goal')}>
          <Select allowClear options={METRICS.map((value) => ({ value, label: t(`metric.${value}`) }))} />
        </Form.Item>
        <Form.Item name="goal_target" label={metric === REVENUE ? t('target_money', { currency }) : t('target')}>
          <InputNumber min={1} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="period" label={t('period')} extra={t('period_hint')}>
        <DatePicker.RangePicker aria-label={t('period')} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" presets={ranges} style={{ width: '100%' }} />
      </Form.Item>
      <LinkFields />
    </>
  );
}

/** Who gets what: segment, approved content, pace. */
export function AudienceFields() {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const form = Form.useFormInstance<CampaignValues>();
  const brandId = Form.useWatch('brand_id', { form, preserve: true });
  const segments = useSegments();
  const contents = useApprovedContents(brandId);
  const segmentOptions = segments.map((row) => ({
    value: row.id,
    label: typeof row.member_count === 'number' ? t('segment_option', { name: row.name, people: format.number(row.member_count) }) : row.name,
  }));
  return (
    <>
      <Form.Item name="segment_id" label={t('segment')} extra={t('segment_hint')}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={segmentOptions} />
      </Form.Item>
      <Form.Item name="content_id" label={t('content')} extra={t('content_hint')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={contents.map((row) => ({ value: row.id, label: `${row.title} · ${row.languages.map((language) => t(`language.${language}`)).join(t('and'))}` }))}
          notFoundContent={t('content_none')}
        />
      </Form.Item>
      <Form.Item name="rate_per_minute" label={t('rate')} extra={t('rate_hint')}>
        <InputNumber min={1} max={1_000_000} style={{ width: 200 }} />
      </Form.Item>
    </>
  );
}
