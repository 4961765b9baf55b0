import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Spark } from '@/parts/spark';
import './board.css';

/** Tiles beyond this are not read any more. */
const TILES_MAX = 8;

export interface Tile {
  id: string;
  label: string;
  value: ReactNode;
  /** The rows behind the number; a number without rows has no place here. */
  to: string;
  /** How it stands against its target or the time before, in words. */
  note?: ReactNode;
  tone?: 'good' | 'warn' | 'bad';
  trend?: number[];
  /** What the number means and how it is counted. */
  meaning?: string;
}

/** Numbers that open their rows. */
export function Tiles({ tiles }: { tiles: Tile[] }) {
  return (
    <ul className="board-tiles">
      {tiles.slice(0, TILES_MAX).map((tile) => (
        <li key={tile.id}>
          <Link to={tile.to} className="card board-tile" title={tile.meaning}>
            <span className="board-label">{tile.label}</span>
            <span className="board-value">{tile.value}</span>
            <span className={`board-note ${tile.tone ?? 'quiet'}`}>{tile.note ?? '\u00a0'}</span>
            {tile.trend && <Spark points={tile.trend} />}
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface RangeProps {
  /** Spans in days. */
  options: number[];
  fallback: number;
}

/** The span that a board shows, from its address. */
export function useRange({ options, fallback }: RangeProps): number {
  const [params] = useSearchParams();
  const asked = Number(params.get('days'));
  return options.includes(asked) ? asked : fallback;
}

/** Chooses the span of a board. */
export function Range({ options, fallback }: RangeProps) {
  const { t } = useTranslation();
  const [, setParams] = useSearchParams();
  const days = useRange({ options, fallback });
  const choose = (next: number) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set('days', String(next));
      return after;
    });
  return (
    <Segmented
      aria-label={t('board.range')}
      value={days}
      onChange={choose}
      options={options.map((value) => ({ value, label: t('board.days', { count: value }) }))}
    />
  );
}
