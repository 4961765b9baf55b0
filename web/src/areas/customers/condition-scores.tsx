import { InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { minorUnits, useCurrency } from '@/areas/campaigns/words';
import { Sentence } from './condition-sentence';
import { type Condition, type LeafOf, SCORE_FIELDS } from './contract';
import { usePersonaChoices } from './personas/calls';
import { limitsOf } from './condition-score';

/** "This score of theirs is from so much to so much." */
export function ScoreLeaf({ value, onChange }: { value: LeafOf<'score'>; onChange: (value: Condition) => void }) {
  const { t } = useTranslation('segments');
  const currency = useCurrency();
  const { min, max, unit } = limitsOf(value.which);
  const minor = unit === 'money' ? minorUnits(currency) : 1;
  const suffix = { percent: '%', money: currency, digit: undefined }[unit];
  const field = (bound: 'at_least' | 'at_most', label: string) => (
    <InputNumber
      size="small"
      min={min}
      {...(max === undefined ? {} : { max })}
      {...(unit === 'money' ? {} : { precision: 0 })}
      aria-label={label}
      className={unit === 'digit' ? 'condition-number' : 'condition-wide-number'}
      suffix={suffix}
      value={typeof value[bound] === 'number' ? value[bound] / minor : null}
      onChange={(n) => onChange({ ...value, [bound]: n === null ? null : Math.round(n * minor) })}
    />
  );
  return (
    <Sentence>
      {t('score')}
      <Select
        size="small"
        aria-label={t('score')}
        value={value.which}
        options={SCORE_FIELDS.map((which) => ({ value: which, label: t(`conditions:score.${which}`) }))}
        onChange={(which) => onChange(limitsOf(which).unit === unit ? { ...value, which } : { type: 'score', which })}
        popupMatchSelectWidth={false}
      />
      {t('from')}
      {field('at_least', t('from'))}
      {t('to')}
      {field('at_most', t('to'))}
    </Sentence>
  );
}

/** "They belong to this persona." */
export function PersonaLeaf({ value, onChange }: { value: LeafOf<'persona'>; onChange: (value: Condition) => void }) {
  const { t } = useTranslation('segments');
  const choices = usePersonaChoices();
  return (
    <Sentence>
      {t('persona')}
      <Select
        size="small"
        showSearch={{ optionFilterProp: 'label' }}
        className="condition-many"
        aria-label={t('persona')}
        placeholder={t('choose')}
        notFoundContent={t('persona_none')}
        value={value.persona_id || null}
        options={choices}
        onChange={(persona_id: string) => onChange({ ...value, persona_id })}
        popupMatchSelectWidth={false}
      />
    </Sentence>
  );
}
