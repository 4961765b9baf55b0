import { useEffect, useSyncExternalStore } from 'react';
import { client } from '@/api/client';
import { queries, SESSION_KEY } from '@/api/query';
import { isIdle } from './idle';

/** When somebody last touched this browser, for all its tabs. */
const SEEN = 'brandwright.seen';
/** How often it is looked whether the screen should lock. */
const LOOK_MS = 5_000;
/** How often at most a sign of life is written down. */
const NOTE_MS = 1_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let locked = false;
const watchers = new Set<() => void>();

function setLocked(value: boolean) {
  locked = value;
  watchers.forEach((tell) => tell());
}

/** Hides the page at once, forgets what was read, and tells the server, which answers this session nothing from then on. */
export function lockScreen(): void {
  setLocked(true);
  void client
    .POST('/api/v1/identity/session/lock')
    .catch(() => undefined)
    .finally(() => queries.removeQueries({ predicate: (query) => query.queryKey[1] !== SESSION_KEY[1] }));
}

/** Shows the page again after the server opened the session. */
export function screenUnlocked(): void {
  localStorage.setItem(SEEN, String(Date.now()));
  setLocked(false);
}

/** True while the screen of this tab is locked. */
export function useLocked(): boolean {
  return useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => locked,
  );
}

/** Locks the screen after so many minutes without a sign of life, in whatever tab. */
export function useIdleLock(minutes: number | undefined): void {
  useEffect(() => {
    if (!minutes) return;
    const seen = () => Number(localStorage.getItem(SEEN) ?? Date.now());
    // A page that is opened after a long time begins locked.
    const look = () => {
      if (!locked && isIdle(seen(), Date.now(), minutes)) lockScreen();
    };
    const note = () => {
      if (!locked && Date.now() - seen() >= NOTE_MS) localStorage.setItem(SEEN, String(Date.now()));
    };
    if (!localStorage.getItem(SEEN)) localStorage.setItem(SEEN, String(Date.now()));
    look();
    const timer = setInterval(look, LOOK_MS);
    SIGNS.forEach((sign) => addEventListener(sign, note, { passive: true }));
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      SIGNS.forEach((sign) => removeEventListener(sign, note));
      document.removeEventListener('visibilitychange', look);
    };
  }, [minutes]);
}
