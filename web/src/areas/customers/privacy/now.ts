import { useEffect, useState } from 'react';

/** A clock that shows minutes moves as often as that. */
const TICK_MS = 30_000;

/** The time now; the page is drawn anew as it passes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
