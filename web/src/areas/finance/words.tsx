import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { BudgetBalance, BudgetDetail } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { StatePill, type Tone } from '@/parts/pill';
import type { Choice } from '@/patterns/list/types';

const TONES: { [state: string]: Tone } = {
  draft: 'quiet',
  submitted: 'warn',
  checked: 'warn',
  approved: 'good',
  applied: 'good',
  returned: 'bad',
  withdrawn: 'quiet',
};

/** Where a budget or an adjustment stands. */
export function BudgetPill({ state }: { state: string }) {
  const { t } = useTranslation('finance');
  return <StatePill tone={TONES[state] ?? 'quiet'}>{t(`state.${state}`)}</StatePill>;
}

/** January to December, as numbers that people read. */
export const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

export const COST_GROUPS = ['campaigns', 'channels', 'staff', 'labour', 'equipment', 'software', 'services', 'other'] as const;

/** What may be spent, is used and is left in a month. */
export function sums(balance: BudgetBalance) {
  const room = balance.planned_minor + balance.adjusted_minor;
  const used = balance.committed_minor + balance.spent_minor;
  return { room, used, rest: room - used };
}

/** Says the name of a line by its id; its code where nobody named it, nothing where it is not there. */
export function useLineName(detail: BudgetDetail | undefined): (id: string) => string | undefined {
  const local = useLocal();
  return (id) => {
    const line = detail?.lines.find((one) => one.line.id === id)?.line;
    return line && (local(line.names) || line.code);
  };
}

/** Says in which currency a budget counts. */
export function useCurrencyOf(): (budgetId: string) => string {
  const { data } = api.useQuery('get', '/api/v1/governance/budgets', { params: { query: { page_size: 200 } } }, { staleTime: 60_000 });
  return (budgetId) => data?.items.find((row) => row.id === budgetId)?.currency ?? 'CNY';
}

/** Budgets to choose from. */
export function useBudgetChoices(): Choice[] {
  const { data } = api.useQuery('get', '/api/v1/governance/budgets', { params: { query: { page_size: 200 } } }, { staleTime: 60_000 });
  return (data?.items ?? []).map((row) => ({ value: row.id, label: row.name }));
}
