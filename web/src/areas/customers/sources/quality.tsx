import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { brokenOf } from '../plan/breaches';
import { useQuality } from '../plan/calls';
import { shareOf, toneOfScore } from '../plan/quality';
import type { NameQuality, SourceQuality } from '@/api/schema';
import { ModePill, ScorePill, useNameOf } from '../plan/words';
import type { Source } from './contract';
import { FieldTable } from './field-table';

const SIZE = 112;
const WIDTH = 10;

/** The score as a ring that fills up, with the figure in it. */
function Ring({ score }: { score: number | null | undefined }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const radius = (SIZE - WIDTH) / 2;
  const around = 2 * Math.PI * radius;
  const said = typeof score === 'number' ? format.percent(shareOf(score)) : '–';
  const circle = { cx: SIZE / 2, cy: SIZE / 2, r: radius, fill: 'none', strokeWidth: WIDTH };
  return (
    <div className="ring" role="img" aria-label={t('score_says', { score: said })}>
      <svg width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
        <circle {...circle} className="ring-ground" />
        {typeof score === 'number' && score > 0 && <circle {...circle} className={`ring-${toneOfScore(score)}`} strokeDasharray={`${(score / 100) * around} ${around}`} transform={`rotate(-90 ${SIZE / 2} ${SIZE / 2})`} />}
      </svg>
      <span className={`ring-figure ${toneOfScore(score)}`}>{said}</span>
    </div>
  );
}

/** The figures beside the ring, each with what it counts. */
function Head({ source, quality }: { source: Source; quality: SourceQuality }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  return (
    <section className="card quality-head" aria-label={t('quality')}>
      <Ring score={quality.score} />
      <div className="stack-tight">
        <h2>{t('quality_title')}</h2>
        <p className="quiet small">{t('quality_hint')}</p>
        <dl className="lake-line">
          <div>
            <dt>{t('plan')}</dt>
            <dd>
              <ModePill mode={quality.plan} />
            </dd>
          </div>
          <div>
            <dt>{t('checked')}</dt>
            <dd>
              <Link to="?tab=days">{format.number(quality.events)}</Link>
            </dd>
          </div>
          <div>
            <dt>{t('unplanned')}</dt>
            <dd>
              <Link to={`/customers/plan?tab=unplanned&source_id=${source.id}`}>{format.number(quality.unplanned)}</Link>
            </dd>
          </div>
        </dl>
        <div className="row">
          <Link to={`/customers/plan?tab=breaches&source_id=${source.id}`}>{t('to_breaches')}</Link>
          {quality.plan === 'enforce' && <Link to={brokenOf(source.id)}>{t('to_broken')}</Link>}
        </div>
      </div>
    </section>
  );
}

/** One event: its score, and its properties. */
function EventCard({ of }: { of: NameQuality }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const name = useNameOf()(of);
  return (
    <section className="card stack-tight" aria-label={name}>
      <div className="row">
        <h2>
          <Link to={`/customers/plan/${of.planned_event_id}`} className="data anywhere">
            {name}
          </Link>
        </h2>
        <ScorePill score={of.score} />
        <span className="quiet small">{t('plan:events_count', { count: of.events, shown: format.number(of.events) })}</span>
      </div>
      <FieldTable of={of} label={name} />
    </section>
  );
}

/** How well a source keeps to the tracking plan (数据质量). */
export function Quality({ source }: { source: Source }) {
  const { t } = useTranslation('sources');
  const found = useQuality(source.id);
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.isError && !found.data) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const quality = found.data;
  if (quality.plan === 'off') {
    return (
      <EmptyState icon={<SafetyCertificateOutlined />} title={t('quality_off')} hint={t('quality_off_hint')}>
        <Link to="?tab=settings">{t('settings')}</Link>
        <Link to="/customers/plan">{t('plan:title')}</Link>
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      <Head source={source} quality={quality} />
      {quality.names.length === 0 ? <EmptyState title={t('quality_none')} hint={t('quality_none_hint')} /> : quality.names.map((one) => <EventCard key={one.planned_event_id} of={one} />)}
    </div>
  );
}
