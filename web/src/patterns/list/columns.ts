import { useState } from 'react';
import type { Column } from './types';

/** Which columns a reader wants, remembered on the device. */
export function useColumns<T>(listId: string, columns: Column<T>[]) {
  const key = `brandwright.columns.${listId}`;
  const [shown, setShown] = useState<string[] | null>(() => {
    const stored = localStorage.getItem(key);
    return stored ? stored.split(',') : null;
  });
  const isShown = (column: Column<T>) => Boolean(column.title) || (shown ? shown.includes(column.id) : !column.hidden);
  return {
    visible: columns.filter(isShown),
    isShown,
    toggle: (column: Column<T>) => {
      const now = columns.filter(isShown).map((c) => c.id);
      const next = now.includes(column.id) ? now.filter((id) => id !== column.id) : [...now, column.id];
      localStorage.setItem(key, next.join());
      setShown(next);
    },
  };
}
