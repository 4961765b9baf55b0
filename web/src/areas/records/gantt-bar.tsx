import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { type Bar, dateOf } from './gantt-bars';
import { type Grip, movedBy } from './gantt-moves';

interface GanttBarProps {
  bar: Bar;
  /** Days that the chart spans. */
  days: number;
  first: number;
  late: boolean;
  /** What the bar says of itself. */
  said: string;
  /** What can be taken hold of; nothing where the reader may not move it. */
  grips: Grip[];
  onMove: (next: { from: number; to: number }) => void;
}

const noon = (day: number) => `${dateOf(day)}T12:00:00Z`;

/** Moves with the pointer or with the arrow keys; nothing is written before it is let go, or Enter is pressed. */
function useMoving({ bar, days, grips, onMove }: GanttBarProps) {
  const [move, setMove] = useState<{ grip: Grip; days: number }>();
  const held = useRef<{ grip: Grip; x: number; perDay: number }>(undefined);
  const next = move ? movedBy(bar, move.grip, move.days) : bar;
  const finish = () => {
    held.current = undefined;
    setMove(undefined);
    if (next.from !== bar.from || next.to !== bar.to) onMove(next);
  };
  const hold = (event: PointerEvent, grip: Grip) => {
    const track = (event.currentTarget as HTMLElement).closest('.gantt-track');
    if (!track || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    held.current = { grip, x: event.clientX, perDay: track.clientWidth / days };
  };
  const drag = (event: PointerEvent) => {
    const at = held.current;
    if (at) setMove({ grip: at.grip, days: Math.round((event.clientX - at.x) / at.perDay) });
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') setMove(undefined);
    else if (event.key === 'Enter') finish();
    else if (step) {
      event.preventDefault();
      const grip: Grip = event.shiftKey && grips.includes('to') ? 'to' : grips.includes('whole') ? 'whole' : (grips[0] ?? 'whole');
      setMove({ grip, days: (move?.grip === grip ? move.days : 0) + step });
    }
  };
  return { next, moving: move !== undefined, hold, drag, finish, onKey, leave: () => setMove(undefined) };
}

/** A bar of the chart; whoever may, moves it or one of its ends. */
export function GanttBar(props: GanttBarProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { bar, days, first, late, said, grips } = props;
  const { next, moving, hold, drag, finish, onKey, leave } = useMoving(props);
  const place = { left: `${((next.from - first) / days) * 100}%`, width: `${((next.to - next.from + 1) / days) * 100}%` };
  const look = `gantt-bar${bar.row.ended ? ' ended' : ''}${bar.open ? ' open' : ''}${late ? ' late' : ''}${moving ? ' moving' : ''}`;
  if (grips.length === 0) return <span className={look} style={place} title={said} />;
  const dates = `${format.date(noon(next.from), { short: true })} – ${format.date(noon(next.to), { short: true })}`;
  const [from, whole, to] = (['from', 'whole', 'to'] as const).map((grip) => grips.includes(grip));
  return (
    <button
      type="button"
      className={`plain-button ${look}${whole ? ' movable' : ''}`}
      style={place}
      title={moving ? dates : said}
      aria-label={t('gantt_move', { title: bar.row.title, dates })}
      onPointerDown={(event) => whole && hold(event, 'whole')}
      onPointerMove={drag}
      onPointerUp={finish}
      onPointerCancel={leave}
      onKeyDown={onKey}
      onBlur={leave}
    >
      {from && <i className="gantt-end from" aria-hidden="true" onPointerDown={(event) => hold(event, 'from')} />}
      {to && <i className="gantt-end to" aria-hidden="true" onPointerDown={(event) => hold(event, 'to')} />}
      {moving && (
        <span className="gantt-dates" role="status">
          {dates}
        </span>
      )}
    </button>
  );
}
