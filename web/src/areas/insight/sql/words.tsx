import { GlobalOutlined, LockOutlined, TeamOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuerySharing, SqlColumn } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill, type Tone } from '@/parts/pill';
import { areDays } from './charts';
import type { SavedQuery, Value } from './contract';

/** From here on the figures of a column are set in groups; those of years are not. */
const GROUPED_FROM = 10_000;
/** Digits after the point that a figure keeps. */
const DIGITS = 6;

const SHARING: Record<QuerySharing, { tone: Tone; icon: ReactNode }> = {
  private: { tone: 'quiet', icon: <LockOutlined /> },
  people: { tone: 'info', icon: <TeamOutlined /> },
  company: { tone: 'info', icon: <GlobalOutlined /> },
};

/** With whom a query is shared. */
export function SharingPill({ of: { sharing, people } }: { of: Pick<SavedQuery, 'sharing' | 'people'> }) {
  const { t } = useTranslation('sql');
  return <StatePill {...SHARING[sharing]}>{sharing === 'people' ? t('sharing_people', { count: people.length }) : t(`sharing.${sharing}`)}</StatePill>;
}

/** Says a value of a column: figures in groups, times in the company's zone, days as days. */
export function useSay(): (column: SqlColumn, values: Value[]) => (value: Value) => string {
  const { t } = useTranslation('sql');
  const format = useFormat();
  // At noon a day is the same day in every zone that people live in.
  const day = (value: string) => format.date(`${value.slice(0, 10)}T12:00:00Z`, { short: true });
  return ({ kind }, values) => {
    const grouped = values.some((value) => typeof value === 'number' && Math.abs(value) >= GROUPED_FROM);
    const number = (value: number) => (grouped ? format.number(value, DIGITS) : String(Number(value.toFixed(DIGITS))));
    const days = kind === 'date' || (kind === 'time' && areDays(values));
    return (value) => {
      if (value === null) return t('empty_value');
      if (typeof value === 'number') return number(value);
      if (typeof value === 'boolean') return t(`boolean.${value}`);
      if (typeof value === 'object') return JSON.stringify(value);
      if (days) return day(value);
      return kind === 'time' ? format.date(value, { short: true, time: true }) : value;
    };
  };
}

/** How long something took: thousandths of a second while they matter. */
export function useTook(): (ms: number) => string {
  const { t } = useTranslation('sql');
  const format = useFormat();
  return (ms) => (ms < 1_000 ? t('took_ms', { shown: format.number(ms) }) : t('took_s', { shown: format.number(ms / 1_000, 1) }));
}
