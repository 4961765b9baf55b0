import type { Language } from './language';

/** An amount as the server sends it. */
export interface Money {
  amount_minor: number;
  currency: string;
}

export interface DateParts {
  /** Adds hours and minutes. */
  time?: boolean;
  /** Leaves the year out where it is this one. */
  short?: boolean;
  weekday?: boolean;
}

/** Writes numbers, amounts and times as readers of one language expect them. */
export class Format {
  readonly language: Language;
  readonly timeZone: string;
  private readonly cache = new Map<string, Intl.NumberFormat>();

  constructor(language: Language, timeZone?: string) {
    this.language = language;
    this.timeZone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  private numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = JSON.stringify(options);
    let found = this.cache.get(key);
    if (!found) {
      found = new Intl.NumberFormat(this.language, options);
      this.cache.set(key, found);
    }
    return found;
  }

  /** 12,345,678. */
  number(value: number, digits = 0): string {
    return this.numbers({ maximumFractionDigits: digits }).format(value);
  }

  /** 1,234.6万 or 12.3M: for tiles and charts, where the exact number is one click away. */
  compact(value: number): string {
    const from = this.language === 'en' ? 1_000 : 10_000;
    if (Math.abs(value) < from) return this.number(value, Math.abs(value) < 100 ? 1 : 0);
    return this.numbers({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
  }

  /** A share of one, as a percentage. */
  percent(share: number, digits = 1): string {
    return this.numbers({ style: 'percent', maximumFractionDigits: digits }).format(share);
  }

  /** The exact amount: ¥1,234.50. */
  money({ amount_minor, currency }: Money): string {
    return this.currency(currency, {}).format(amount_minor / this.minorUnits(currency));
  }

  /** ¥128.4万 or ¥1.3M. */
  moneyCompact(money: Money): string {
    const value = money.amount_minor / this.minorUnits(money.currency);
    if (Math.abs(value) < (this.language === 'en' ? 1_000 : 10_000)) return this.money(money);
    return this.currency(money.currency, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
  }

  private currency(currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return this.numbers({ style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options });
  }

  private minorUnits(currency: string): number {
    return 10 ** (this.currency(currency, {}).resolvedOptions().maximumFractionDigits ?? 2);
  }

  /** 2026年11月22日, 22 Nov 2026; short: 11-22, 22 Nov, with the year where it is another one. */
  date(at: string | Date, { time, short, weekday }: DateParts = {}, now = new Date()): string {
    const when = at instanceof Date ? at : new Date(at);
    const date = short ? this.dateShort(when, now) : this.dateLong(when);
    const day = weekday ? this.part(when, { weekday: 'short' }) : '';
    // English readers expect the day of the week first.
    const parts = this.language === 'en' ? [day, date] : [date, day];
    return [...parts, time ? this.time(when) : ''].filter(Boolean).join(' ');
  }

  /** 09:30. */
  time(at: string | Date): string {
    const when = at instanceof Date ? at : new Date(at);
    return new Intl.DateTimeFormat('en-GB', { timeZone: this.timeZone, hour: '2-digit', minute: '2-digit' }).format(when);
  }

  private dateLong(when: Date): string {
    if (this.language === 'en') {
      const { year, day } = this.calendar(when);
      return `${day} ${this.part(when, { month: 'short' })} ${year}`;
    }
    return this.part(when, { dateStyle: 'long' });
  }

  private dateShort(when: Date, now: Date): string {
    const { year, month, day } = this.calendar(when);
    const sameYear = year === this.calendar(now).year;
    if (this.language === 'en') {
      const short = `${day} ${this.part(when, { month: 'short' })}`;
      return sameYear ? short : `${short} ${year}`;
    }
    const short = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    return sameYear ? short : `${year}-${short}`;
  }

  private part(when: Date, options: Intl.DateTimeFormatOptions): string {
    const locale = this.language === 'en' ? 'en-US' : this.language;
    return new Intl.DateTimeFormat(locale, { timeZone: this.timeZone, ...options }).format(when);
  }

  private calendar(when: Date): { year: number; month: number; day: number } {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: this.timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    }).formatToParts(when);
    const of = (type: string) => Number(parts.find((p) => p.type === type)?.value);
    return { year: of('year'), month: of('month'), day: of('day') };
  }

  /** "4 minutes ago", "in 2 days": the largest unit that says it. */
  relative(at: string | Date, now = new Date()): string {
    const when = at instanceof Date ? at : new Date(at);
    const seconds = (when.getTime() - now.getTime()) / 1000;
    const words = new Intl.RelativeTimeFormat(this.language, { numeric: 'auto' });
    for (const [unit, length] of UNITS) {
      if (Math.abs(seconds) >= length) return this.spaced(words.format(Math.trunc(seconds / length), unit));
    }
    return this.spaced(words.format(0, 'second'));
  }

  /** "3 天 4 小时": how long something takes, in at most two units. */
  duration(ms: number): string {
    let rest = Math.max(0, Math.round(ms / 1000));
    const said: string[] = [];
    for (const [unit, length] of [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]] as const) {
      const count = Math.floor(rest / length);
      if (count === 0 && !(unit === 'second' && said.length === 0)) continue;
      rest -= count * length;
      said.push(this.numbers({ style: 'unit', unit, unitDisplay: this.language === 'en' ? 'narrow' : 'long' }).format(count));
      if (said.length === 2) break;
    }
    return this.spaced(said.join(' '));
  }

  /** 12.4 MB. */
  bytes(count: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
    const unit = units[step] ?? 'byte';
    const locale = new Intl.NumberFormat('en', { style: 'unit', unit, maximumFractionDigits: 1 });
    return locale.format(count / 1000 ** step);
  }

  /** Chinese takes a space between its own characters and figures; Intl does not always set one. */
  private spaced(text: string): string {
    return text.replace(/(\d)(\p{Script=Han})/gu, '$1 $2').replace(/(\p{Script=Han})(\d)/gu, '$1 $2');
  }
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
