import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import type { TierDefinition } from '@/api/schema';
import { minorUnits } from '@/areas/campaigns/words';

/** The tiers that have thresholds, the highest first; whoever meets none is in D. */
export const RANKED = ['a', 'b', 'c'] as const;
const FIELDS = ['recency_days', 'order_count', 'total_minor'] as const;

interface TierFieldsProps {
  value: TierDefinition;
  currency: string;
  readOnly: boolean;
  onChange: (value: TierDefinition) => void;
}

/** The thresholds of the tier rule as a table: a row per tier, a column per threshold. */
export function TierFields({ value, currency, readOnly, onChange }: TierFieldsProps) {
  const { t } = useTranslation('tiers');
  const unit = (field: (typeof FIELDS)[number]) => (field === 'total_minor' ? minorUnits(currency) : 1);
  return (
    <div className="stack">
      <div className="row">
        <label htmlFor="window-days">{t('window')}</label>
        <InputNumber id="window-days" min={1} max={3650} readOnly={readOnly} value={value.window_days} onChange={(days) => days && onChange({ ...value, window_days: days })} suffix={t('days')} />
      </div>
      <div className="tier-scroll">
        <table className="tier-table">
          <thead>
            <tr>
              <th scope="col">{t('customers:tier')}</th>
              {FIELDS.map((field) => (
                <th scope="col" key={field}>
                  {t(`field.${field}`, { currency })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RANKED.map((tier) => (
              <tr key={tier}>
                <th scope="row">{t('customers:tier_is', { tier: tier.toUpperCase() })}</th>
                {FIELDS.map((field) => (
                  <td key={field} data-label={t(`field.${field}`, { currency })}>
                    <InputNumber
                      aria-label={`${t('customers:tier_is', { tier: tier.toUpperCase() })} · ${t(`field.${field}`, { currency })}`}
                      min={field === 'total_minor' ? 0 : 1}
                      readOnly={readOnly}
                      value={value[tier][field] / unit(field)}
                      onChange={(next) => next !== null && onChange({ ...value, [tier]: { ...value[tier], [field]: Math.round(next * unit(field)) } })}
                    />
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{t('customers:tier_is', { tier: 'D' })}</th>
              <td colSpan={FIELDS.length} className="quiet">
                {t('rest')}
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}
