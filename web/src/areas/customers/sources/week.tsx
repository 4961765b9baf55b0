import { useEffect, useRef, useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Spark } from '@/parts/spark';
import { useDays } from './calls';
import type { Source } from './contract';
import { wholeDays } from './days';

const WEEK_DAYS = 7;

/** Events of the last seven days: how many, and how they went; the days are asked for once the row is in sight. */
export function Week({ source }: { source: Source }) {
  const format = useFormat();
  const box = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true));
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const days = useDays(source.id, WEEK_DAYS, seen && source.events_7d > 0);
  return (
    <span ref={box} className="week">
      {days.data && <Spark points={wholeDays(days.data.items, WEEK_DAYS).map((day) => day.stored)} />}
      <span title={format.number(source.events_7d)}>{format.compact(source.events_7d)}</span>
    </span>
  );
}
