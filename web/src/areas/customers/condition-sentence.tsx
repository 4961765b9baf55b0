import type { ReactNode } from 'react';

/** Parts of one sentence: words and fields beside each other. */
export function Sentence({ children }: { children: ReactNode }) {
  return <div className="condition-sentence">{children}</div>;
}
