import { useEffect, useRef, useState } from 'react';
import { Spark } from '@/parts/spark';
import { useTrend } from './metric-api';

/** The trend of a metric at the size of a word; its samples are asked for once it is in sight. */
export function Trend({ id }: { id: string }) {
  const box = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true));
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const samples = useTrend(id, seen);
  const points = (samples.data?.items ?? []).flatMap((sample) => (typeof sample.value === 'number' ? [sample.value] : [])).reverse();
  return (
    <span ref={box} className="metric-trend">
      <Spark points={points} />
    </span>
  );
}
