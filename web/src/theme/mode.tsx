import { createContext, type ReactNode, use, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Mode, paletteFor } from './palette';

/** What a person chose; `system` follows the device. */
export type ModeChoice = Mode | 'system';

interface ModeState {
  choice: ModeChoice;
  mode: Mode;
  choose: (choice: ModeChoice) => void;
}

const KEY = 'brandwright.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const ModeContext = createContext<ModeState | null>(null);

function stored(): ModeChoice {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function watchDevice(tell: () => void): () => void {
  dark.addEventListener('change', tell);
  return () => dark.removeEventListener('change', tell);
}

/** Writes the palette where our style sheets read it: `linkSoft` becomes `--link-soft`. */
function paint(mode: Mode, accent?: string): void {
  const root = document.documentElement;
  root.dataset.theme = mode;
  root.style.colorScheme = mode;
  for (const [name, colour] of Object.entries(paletteFor(mode, accent))) {
    root.style.setProperty(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, colour as string);
  }
}

/** Light or dark, by choice or by the device. */
export function ModeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(stored);
  const deviceDark = useSyncExternalStore(watchDevice, () => dark.matches);
  const mode: Mode = choice === 'system' ? (deviceDark ? 'dark' : 'light') : choice;
  useLayoutEffect(() => paint(mode), [mode]);
  const state = useMemo<ModeState>(
    () => ({
      choice,
      mode,
      choose: (next) => {
        if (next === 'system') localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, next);
        setChoice(next);
      },
    }),
    [choice, mode],
  );
  return <ModeContext value={state}>{children}</ModeContext>;
}

/** The present theme and how to change it. */
export function useMode(): ModeState {
  const state = use(ModeContext);
  if (!state) throw new Error('useMode is called outside ModeProvider');
  return state;
}
