import type { ScoreField } from './contract';

interface Limits {
  min: number;
  max?: number;
  unit: 'digit' | 'percent' | 'money';
}

/** Between which figures a score lies, and what they are of. */
export function limitsOf(which: ScoreField): Limits {
  switch (which) {
    case 'recency':
    case 'frequency':
    case 'monetary':
      return { min: 1, max: 5, unit: 'digit' };
    case 'p_alive':
    case 'churn':
      return { min: 0, max: 100, unit: 'percent' };
    case 'expected_value':
      return { min: 0, unit: 'money' };
  }
}
