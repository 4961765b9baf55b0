import type { Bar } from './gantt-bars';

/** Height of a line of the chart, as records.css sets it. */
const LINE = 36;
const WIDE = 1000;

interface GanttArrowsProps {
  bars: Bar[];
  /** Where a day stands, in percent of the width. */
  share: (day: number) => number;
}

/** Lines from the end of what must come first to the beginning of what waits; the table twin says the same in words. */
export function GanttArrows({ bars, share }: GanttArrowsProps) {
  const lines = bars.flatMap((bar, to) =>
    bar.after.flatMap((id) => {
      const from = bars.findIndex((other) => other.row.id === id);
      const before = bars[from];
      if (!before) return [];
      const [x1, x2] = [share(before.to + 1) * (WIDE / 100), share(bar.from) * (WIDE / 100)];
      const [y1, y2] = [(from + 0.5) * LINE, (to + 0.5) * LINE];
      const turn = Math.max(x1 + 4, x2 - 4);
      return [{ key: `${id}-${bar.row.id}`, late: before.to >= bar.from, path: `M${x1} ${y1} H${turn} V${y2} H${x2}` }];
    }),
  );
  if (lines.length === 0) return null;
  return (
    <svg className="gantt-arrows" viewBox={`0 0 ${WIDE} ${bars.length * LINE}`} preserveAspectRatio="none" height={bars.length * LINE} aria-hidden="true">
      {lines.map((line) => (
        <path key={line.key} d={line.path} className={line.late ? 'late' : undefined} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
