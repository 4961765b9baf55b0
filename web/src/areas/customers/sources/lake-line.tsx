import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useLake } from './calls';

/** What all sources together have brought so far, in one line. */
export function LakeLine() {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const { data, error } = useLake();
  if (error) return <ProblemNote error={error} />;
  if (!data) return <Skeleton rows={1} />;
  const figures = [
    { id: 'events', value: format.compact(data.events), exact: format.number(data.events) },
    { id: 'duplicates', value: format.compact(data.duplicates), exact: format.number(data.duplicates) },
    { id: 'files', value: format.compact(data.files), exact: format.number(data.files) },
    { id: 'bytes', value: format.bytes(data.bytes) },
    { id: 'log_bytes', value: format.bytes(data.log_bytes) },
  ];
  return (
    <dl className="lake-line" aria-label={t('lake.title')}>
      {figures.map(({ id, value, exact }) => (
        <div key={id}>
          <dt>{t(`lake.${id}`)}</dt>
          <dd title={exact} className="data">
            {value}
          </dd>
        </div>
      ))}
      <div>
        <dt>{t('lake.watermark')}</dt>
        <dd>{data.watermark ? <DateTime at={data.watermark} relative /> : t('lake.no_watermark')}</dd>
      </div>
    </dl>
  );
}
