import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { useGoodsName } from '@/i18n/goods';
import type { Goods, TextField } from '@/api/schema';
import { useMay } from '@/session/session';
import { Did, DidInOrder } from './condition-events';
import { PersonaLeaf, ScoreLeaf } from './condition-scores';
import { Sentence } from './condition-sentence';
import type { Condition, Leaf, LeafOf } from './contract';
import { CHANNELS, CONSENT_STATES, PURPOSES, TIERS, useBrandChoices, useSegmentChoices } from './words';

type Of<K extends Leaf['type']> = { value: LeafOf<K>; onChange: (value: Condition) => void };

const DAYS_MAX = 3_650;
const ORDERS_MAX = 1_000;
const TEXT_FIELDS = ['city', 'district', 'language', 'source', 'age_band', 'income_band', 'brand_id'] as const;
const NUMBER_FIELDS = ['household_size', 'children'] as const;
const FLAG_FIELDS = ['homeowner', 'married', 'has_email', 'has_mobile'] as const;
const AGES = ['under_19', '19_24', '25_34', '35_44', '45_54', '55_64', '65_plus'] as const;
const INCOMES = ['under_15k', '15k_24k', '25k_34k', '35k_49k', '50k_74k', '75k_99k', '100k_124k', '125k_149k', '150k_174k', '175k_199k', '200k_249k', '250k_plus'] as const;

function Days({ value, onChange, label, clear }: { value: number | null | undefined; onChange: (days: number | undefined) => void; label: string; clear?: boolean }) {
  return <InputNumber size="small" min={1} max={DAYS_MAX} aria-label={label} value={value ?? null} onChange={(days) => (days !== null || clear) && onChange(days ?? undefined)} className="condition-number" />;
}

function useDepartments() {
  const allowed = useMay()('catalog.product.read');
  const goods = useGoodsName();
  const { data } = api.useQuery('get', '/api/v1/catalog/departments', {}, { enabled: allowed, staleTime: 300_000 });
  return data?.items.flatMap((row) => (row.department ? [{ value: row.department, label: goods(row.department) ?? row.department }] : [])) ?? [];
}

function GoodsField({ value, onChange }: { value: Goods; onChange: (value: Goods) => void }) {
  const { t } = useTranslation('segments');
  const departments = useDepartments();
  const brands = useBrandChoices();
  const options = value.by === 'department' ? departments : value.by === 'brand' ? brands : undefined;
  const label = t(`goods.${value.by}`);
  if (!options) return <Input size="small" className="condition-text" aria-label={label} placeholder={label} maxLength={100} value={value.value} onChange={(event) => onChange({ ...value, value: event.target.value })} />;
  return (
    <Select
      size="small"
      showSearch={{ optionFilterProp: 'label' }}
      className="condition-text"
      aria-label={label}
      placeholder={t('choose')}
      value={value.value || null}
      options={options}
      onChange={(next: string) => onChange({ ...value, value: next })}
    />
  );
}

function Ordered({ value, onChange }: Of<'ordered'>) {
  const { t } = useTranslation('segments');
  const kinds = [{ value: 'anything', label: t('goods.anything') }, ...(['department', 'category', 'brand', 'product'] as const).map((by) => ({ value: by, label: t(`goods.${by}`) }))];
  const by = (next: string) => {
    const rest = { type: value.type, at_least: value.at_least, within_days: value.within_days, total_at_least_minor: value.total_at_least_minor };
    onChange(next === 'anything' ? rest : { ...rest, what: { by: next as Goods['by'], value: '' } });
  };
  return (
    <Sentence>
      {t('bought')}
      <Select size="small" aria-label={t('goods.by')} value={value.what?.by ?? 'anything'} options={kinds} onChange={by} popupMatchSelectWidth={false} />
      {value.what && <GoodsField value={value.what} onChange={(what) => onChange({ ...value, what })} />}
      {t('at_least')}
      <InputNumber size="small" min={1} max={ORDERS_MAX} aria-label={t('at_least')} className="condition-number" value={value.at_least} onChange={(n) => n !== null && onChange({ ...value, at_least: n })} />
      {t('times_in_last')}
      <Days label={t('days')} value={value.within_days} onChange={(days) => onChange({ ...value, within_days: days ?? 1 })} />
      {t('days')}
    </Sentence>
  );
}

function Redeemed({ value, onChange }: Of<'redeemed'>) {
  const { t } = useTranslation('segments');
  return (
    <Sentence>
      {t('redeemed')}
      <Input
        size="small"
        className="condition-text"
        aria-label={t('campaign')}
        placeholder={t('any_campaign')}
        maxLength={100}
        value={value.campaign ?? ''}
        onChange={(event) => onChange({ ...value, campaign: event.target.value.trim() || null })}
      />
      {t('in_last')}
      <Days label={t('days')} value={value.within_days} clear onChange={(days) => onChange({ ...value, within_days: days ?? null })} />
      {t('days_or_ever')}
    </Sentence>
  );
}

function Consent({ value, onChange }: Of<'consent'>) {
  const { t } = useTranslation('customers');
  const brands = useBrandChoices();
  return (
    <Sentence>
      {t('consent')}
      <Select size="small" aria-label={t('consent')} value={value.state} options={CONSENT_STATES.map((one) => ({ value: one, label: t(`consent_state.${one}`) }))} onChange={(state) => onChange({ ...value, state })} />
      <Select size="small" aria-label={t('channel')} value={value.channel} options={CHANNELS.map((one) => ({ value: one, label: t(`channel_name.${one}`) }))} onChange={(channel) => onChange({ ...value, channel })} />
      <Select size="small" aria-label={t('purpose')} value={value.purpose} options={PURPOSES.map((one) => ({ value: one, label: t(`purpose_name.${one}`) }))} onChange={(purpose) => onChange({ ...value, purpose })} />
      <Select size="small" allowClear className="condition-text" aria-label={t('brand')} placeholder={t('any_brand')} value={value.brand_id ?? null} options={brands} onChange={(brand: string | undefined) => onChange({ ...value, brand_id: brand ?? null })} />
    </Sentence>
  );
}

/** The values that a text of the profile can have, where they are few. */
function useTextChoices(field: TextField) {
  const { t } = useTranslation('customers');
  const brands = useBrandChoices();
  if (field === 'age_band') return AGES.map((value) => ({ value: value as string, label: t(`age_band.${value}`) }));
  if (field === 'income_band') return INCOMES.map((value) => ({ value: value as string, label: t(`income_band.${value}`) }));
  if (field === 'brand_id') return brands;
  return undefined;
}

function Text({ value, onChange }: Of<'text'>) {
  const { t } = useTranslation('segments');
  const choices = useTextChoices(value.field);
  return (
    <Sentence>
      <Select size="small" aria-label={t('field')} value={value.field} options={TEXT_FIELDS.map((one) => ({ value: one, label: t(`fields.${one}`) }))} onChange={(field) => onChange({ ...value, field, one_of: [] })} popupMatchSelectWidth={false} />
      {t('one_of')}
      <Select
        size="small"
        className="condition-many"
        mode={choices ? 'multiple' : 'tags'}
        aria-label={t('values')}
        placeholder={t(choices ? 'choose' : 'type_values')}
        value={value.one_of}
        options={choices ?? []}
        onChange={(one_of: string[]) => onChange({ ...value, one_of })}
      />
    </Sentence>
  );
}

function NumberLeaf({ value, onChange }: Of<'number'>) {
  const { t } = useTranslation('segments');
  return (
    <Sentence>
      <Select size="small" aria-label={t('field')} value={value.field} options={NUMBER_FIELDS.map((one) => ({ value: one, label: t(`fields.${one}`) }))} onChange={(field) => onChange({ ...value, field })} popupMatchSelectWidth={false} />
      {t('from')}
      <InputNumber size="small" min={0} max={100} aria-label={t('from')} className="condition-number" value={value.at_least ?? null} onChange={(n) => onChange({ ...value, at_least: n })} />
      {t('to')}
      <InputNumber size="small" min={0} max={100} aria-label={t('to')} className="condition-number" value={value.at_most ?? null} onChange={(n) => onChange({ ...value, at_most: n })} />
    </Sentence>
  );
}

function Flag({ value, onChange }: Of<'flag'>) {
  const { t } = useTranslation('segments');
  return (
    <Sentence>
      <Select size="small" aria-label={t('field')} value={value.field} options={FLAG_FIELDS.map((one) => ({ value: one, label: t(`fields.${one}`) }))} onChange={(field) => onChange({ ...value, field })} popupMatchSelectWidth={false} />
      <Select size="small" aria-label={t('values')} value={value.is ? 'yes' : 'no'} options={(['yes', 'no'] as const).map((one) => ({ value: one, label: t(`customers:${one}`) }))} onChange={(is) => onChange({ ...value, is: is === 'yes' })} />
    </Sentence>
  );
}

function TierLeaf({ value, onChange }: Of<'tier'>) {
  const { t } = useTranslation('segments');
  return (
    <Sentence>
      {t('tier')}
      <Select size="small" mode="multiple" className="condition-many" aria-label={t('tier')} value={value.one_of} options={TIERS.map((tier) => ({ value: tier, label: t('customers:tier_is', { tier }) }))} onChange={(one_of) => onChange({ ...value, one_of })} />
    </Sentence>
  );
}

function InSegment({ value, onChange }: Of<'in_segment'>) {
  const { t } = useTranslation('segments');
  const segments = useSegmentChoices();
  return (
    <Sentence>
      {t('in_segment')}
      <Select size="small" showSearch={{ optionFilterProp: 'label' }} className="condition-many" aria-label={t('in_segment')} placeholder={t('choose')} value={value.segment_id || null} options={segments} onChange={(segment_id: string) => onChange({ ...value, segment_id })} />
    </Sentence>
  );
}

/** One condition as a sentence with fields in it. */
export function ConditionLeaf({ value, onChange }: { value: Leaf; onChange: (value: Condition) => void }) {
  const { t } = useTranslation('segments');
  switch (value.type) {
    case 'ordered':
      return <Ordered value={value} onChange={onChange} />;
    case 'redeemed':
      return <Redeemed value={value} onChange={onChange} />;
    case 'consent':
      return <Consent value={value} onChange={onChange} />;
    case 'text':
      return <Text value={value} onChange={onChange} />;
    case 'number':
      return <NumberLeaf value={value} onChange={onChange} />;
    case 'flag':
      return <Flag value={value} onChange={onChange} />;
    case 'tier':
      return <TierLeaf value={value} onChange={onChange} />;
    case 'in_segment':
      return <InSegment value={value} onChange={onChange} />;
    case 'did':
      return <Did value={value} onChange={onChange} />;
    case 'did_in_order':
      return <DidInOrder value={value} onChange={onChange} />;
    case 'score':
      return <ScoreLeaf value={value} onChange={onChange} />;
    case 'persona':
      return <PersonaLeaf value={value} onChange={onChange} />;
    case 'known_since':
      return (
        <Sentence>
          {t('known_since')}
          <Days label={t('days')} value={value.within_days} onChange={(days) => onChange({ ...value, within_days: days ?? 1 })} />
          {t('days')}
        </Sentence>
      );
  }
}
