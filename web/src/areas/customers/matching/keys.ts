import { useEffect, useEffectEvent } from 'react';

/** Whoever types a word means the word. */
const TYPED = 'input, textarea, select, [contenteditable="true"]';

/** Keys that act while the reader is in the panel beside the list, and nowhere else. */
export function useKeys(acts: { [key: string]: (() => void) | undefined }) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(target instanceof Element) || !target.closest('.peek') || target.closest(TYPED)) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
