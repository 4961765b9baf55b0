import { mix, readable } from './contrast';

export type Mode = 'light' | 'dark';

/** The colours of a theme; everything on screen is one of these. */
export interface Palette {
  /** Behind the cards. */
  page: string;
  card: string;
  /** Menus and dialogs, above the cards. */
  raised: string;
  /** Fields that cannot be changed, table heads, hovered rows. */
  sunken: string;
  line: string;
  lineStrong: string;
  ink: string;
  /** Second voice: captions, hints. */
  quiet: string;
  link: string;
  linkSoft: string;
  /** Text on the accent and on the danger colour. */
  onAccent: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
}

const ACCENT = '#2f5bea';

export const palettes: Record<Mode, Palette> = {
  light: {
    page: '#f5f6f8',
    card: '#ffffff',
    raised: '#ffffff',
    sunken: '#f0f2f5',
    line: '#e4e7ec',
    lineStrong: '#cdd3dc',
    ink: '#1b2230',
    quiet: '#596477',
    link: ACCENT,
    linkSoft: '#eaf0ff',
    onAccent: '#ffffff',
    good: '#14713f',
    goodSoft: '#e3f4ea',
    warn: '#8f5200',
    warnSoft: '#fdf1da',
    bad: '#b93228',
    badSoft: '#fcebe9',
  },
  dark: {
    page: '#0f131a',
    card: '#171d27',
    raised: '#1f2733',
    sunken: '#212937',
    line: '#2a3342',
    lineStrong: '#404b5e',
    ink: '#e8ebf1',
    quiet: '#9ea9ba',
    link: '#8ca8ff',
    linkSoft: '#202c4a',
    onAccent: '#0f131a',
    good: '#6fd29c',
    goodSoft: '#16301f',
    warn: '#f2b75c',
    warnSoft: '#35280f',
    bad: '#ff958c',
    badSoft: '#3a1d1b',
  },
};

/** Eight colours that people with any common colour blindness tell apart (after Okabe and Ito, set for each ground). */
export const chartColours: Record<Mode, string[]> = {
  light: ['#2f5bea', '#d55e00', '#007f5f', '#b8479a', '#8a6d00', '#3a8fc4', '#6b7280', '#5a3fb0'],
  dark: ['#8ca8ff', '#ff9a52', '#4fcfa5', '#f08ccf', '#e3c34a', '#7cc8f0', '#a7b0be', '#b9a3ff'],
};

/** The palette with the company's own accent in place of ours. */
export function paletteFor(mode: Mode, accent?: string): Palette {
  const base = palettes[mode];
  if (!accent) return base;
  const link = readable(accent, base.page);
  return { ...base, link, linkSoft: mix(base.card, link, mode === 'light' ? 0.1 : 0.18) };
}
