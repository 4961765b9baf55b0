import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { Label } from '@/parts/pill';
import { shareOf, toneOfScore } from '../plan/quality';
import type { NameQuality } from '@/api/schema';
import { useKindWord } from '../plan/words';
import './sources.css';

/** A share as a bar, with its figure; where nothing is asked of it, it is neither good nor bad. */
function Share({ percent, asked }: { percent: number; asked: boolean }) {
  const format = useFormat();
  return (
    <span className="share">
      <span className="share-bar" aria-hidden="true">
        <i className={asked ? toneOfScore(percent) : 'info'} style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
      </span>
      <span className="share-figure">{format.percent(shareOf(percent))}</span>
    </span>
  );
}

/** How well each property of an event is filled, and how much of it is as planned. */
export function FieldTable({ of: { fields }, label }: { of: Pick<NameQuality, 'fields'>; label: string }) {
  const { t } = useTranslation('sources');
  const word = useKindWord();
  if (fields.length === 0) return <p className="quiet small">{t('no_fields')}</p>;
  return (
    <table className="field-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('filled')}</th>
          <th scope="col">{t('valid')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((one) => (
          <tr key={one.field}>
            <th scope="row">
              <code className="anywhere">{one.field}</code> <span className="quiet small">{word(one.kind)}</span> {one.required && <Label tone="info">{t('plan:required')}</Label>}
            </th>
            <td data-label={t('filled')}>
              <Share percent={one.filled} asked={one.required} />
            </td>
            <td data-label={t('valid')}>
              <Share percent={one.valid} asked />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
