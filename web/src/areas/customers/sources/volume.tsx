import { FallOutlined, MinusOutlined, QuestionOutlined, RiseOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Format } from '@/format/format';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import type { Source } from './contract';

const LOOKS: Record<Source['volume'], { tone: Tone; icon: ReactNode }> = {
  usual: { tone: 'good', icon: <MinusOutlined /> },
  low: { tone: 'warn', icon: <FallOutlined /> },
  high: { tone: 'warn', icon: <RiseOutlined /> },
  unknown: { tone: 'quiet', icon: <QuestionOutlined /> },
};

/** What came on the last whole day beside what is usual on such a day, as two bars: the one that came lies on the one that is usual. */
function Bars({ events, expected }: { events: number; expected: number }) {
  const most = Math.max(events, expected, 1);
  return (
    <span className="volume-bars" aria-hidden="true">
      <i style={{ width: `${(expected / most) * 100}%` }} />
      <i style={{ width: `${(events / most) * 100}%` }} />
    </span>
  );
}

/** Whether the last whole day brought about as much as usual, with the figures of it. */
export function VolumeWords({ source: { volume, volume_figures: figures }, link }: { source: Pick<Source, 'volume' | 'volume_figures'>; link?: boolean }) {
  const { t } = useTranslation('sources');
  const format = useFormat();
  const { tone, icon } = LOOKS[volume];
  const pill = (
    <StatePill tone={tone} icon={icon}>
      {t(`volume.${volume}`)}
    </StatePill>
  );
  if (!figures) return pill;
  const { day, events, expected } = figures;
  const known = typeof expected === 'number';
  // The day is one in UTC, and so it is written.
  const date = new Format(format.language, 'UTC').date(day, { short: true });
  const said = known ? t('volume_says', { day: date, events: format.number(events), expected: format.number(expected) }) : t('volume_says_bare', { day: date, events: format.number(events) });
  const short = known ? t('volume_of', { events: format.compact(events), expected: format.compact(expected) }) : format.compact(events);
  return (
    <span className="volume" title={said}>
      {pill}
      {known && <Bars events={events} expected={expected} />}
      <span className="small quiet nowrap">{link ? <Link to="?tab=days">{said}</Link> : short}</span>
    </span>
  );
}
