import type { StatusCounts } from '@/api/schema';
import './verdict-bar.css';

const PARTS = ['followed', 'attested', 'insufficient', 'broken'] as const;

/** How clauses stand, as one bar; the words and figures stand beside it. */
export function VerdictBar({ counts }: { counts: StatusCounts }) {
  return (
    <div className="verdict-bar" aria-hidden="true">
      {PARTS.map((part) => counts[part] > 0 && <i key={part} className={part} style={{ width: `${(counts[part] / Math.max(1, counts.clauses)) * 100}%` }} />)}
    </div>
  );
}
