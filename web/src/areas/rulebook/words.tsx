import { useTranslation } from 'react-i18next';
import type { Parameter, Run } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import type { Verdict } from '@/parts/pill';

/** The signs of a comparison, as people read them. */
const SIGNS: Record<string, string> = { '==': '=', '<=': '≤', '>=': '≥', Equal: '=', AtMost: '≤', AtLeast: '≥', Less: '<', More: '>' };

/** The server's verdict, as the parts show it. */
export function verdictOf(said: string): Verdict {
  return said.toLowerCase() as Verdict;
}

/** What the value of a run is: a share in percent, a number, or nothing where people gave the evidence. */
function measureOf(run: Run): 'share' | 'number' | 'given' {
  switch (String(run.kind).toLowerCase()) {
    case 'query':
    case 'figure':
    case 'event_count':
      return 'number';
    case 'attestation':
    case 'file':
      return 'given';
    default:
      return 'share';
  }
}

interface RunWords {
  /** How many rows counted, of how many. */
  figure: (run: Run) => string;
  /** The value that is compared. */
  value: (run: Run) => string | undefined;
  /** What it must be. */
  requirement: (run: Run) => string;
  /** How far back it looked. */
  window: (run: Run) => string;
}

/** Says a run in figures. */
export function useRunWords(): RunWords {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const amount = (run: Run, value: number) => (measureOf(run) === 'share' ? format.percent(value / 100) : format.number(value, 2));
  const figure = (run: Run) => {
    switch (String(run.kind).toLowerCase()) {
      case 'query':
        return format.number(run.counted);
      case 'figure':
        return typeof run.value === 'number' ? format.number(run.value, 2) : '–';
      default:
        return `${format.number(run.counted)} / ${format.number(run.population)}`;
    }
  };
  return {
    figure,
    value: (run) => (typeof run.value === 'number' ? amount(run, run.value) : undefined),
    requirement: (run) => measureOf(run) === 'given' ? t('given') : `${SIGNS[run.operator] ?? run.operator} ${amount(run, run.threshold)}`,
    window: (run) => (run.window_days ? t('window_days', { count: run.window_days }) : t('window_ever')),
  };
}

/** Says a parameter's value with its unit. */
export function useParameterValue(): (parameter: Pick<Parameter, 'kind' | 'unit'>, value: unknown) => string {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  return ({ kind, unit }, value) => {
    if (value === null || value === undefined) return '–';
    switch (String(kind).toLowerCase()) {
      case 'percent':
        return format.percent(Number(value) / 100);
      case 'minutes':
        return t('minutes', { count: Number(value) });
      case 'days':
        return t('days', { count: Number(value) });
      case 'boolean':
        return t(value === true ? 'yes' : 'no');
      case 'integer':
      case 'decimal':
        return `${format.number(Number(value), 4)} ${unit}`.trim();
      default:
        return String(value);
    }
  };
}
