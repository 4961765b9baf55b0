import { Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useQueries } from '@tanstack/react-query';
import { api, client } from '@/api/client';
import type { Campaign } from '@/api/schema';
import { RECORDS, useAsked } from '@/areas/records/api';
import type { Detail, Page, Row } from '@/areas/records/types';
import { localText } from '@/i18n/use-local';
import { currentLanguage } from '@/i18n';
import { Nothing } from '@/parts/values';
import type { Fact } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { useCurrency } from './words';

const KEPT = { staleTime: 60_000 };
/** What a campaign names: the type of the record, and the view of those that are in force. */
const LINKS = [
  { field: 'strategy_id', type: 'strategy', view: 'in_force' },
  { field: 'plan_id', type: 'plan', view: 'in_force' },
  { field: 'business_goal_id', type: 'goal', view: 'active' },
] as const;
type LinkOf = (typeof LINKS)[number];

function useRecordsInForce({ type, view }: LinkOf) {
  const enabled = useMay()(`records.${type}.read`);
  const { data } = useAsked<Page<Row>>(`${RECORDS}/{type}`, { params: { path: { type }, query: { view, page_size: 200 } } }, { ...KEPT, enabled });
  return data?.items ?? [];
}

/** A record by its id; nothing where the reader may not see it. */
function useRecordById(type: string, id: string | null | undefined) {
  const may = useMay()(`records.${type}.read`);
  const enabled = Boolean(id) && may;
  return useAsked<Detail>(`${RECORDS}/{type}/{id}`, { params: { path: { type, id: id ?? '' } } }, { ...KEPT, enabled }).data;
}

function LinkField({ link }: { link: LinkOf }) {
  const { t } = useTranslation('campaigns');
  const rows = useRecordsInForce(link);
  const chosen = Form.useWatch<string | null | undefined>(link.field);
  // One that has ended since stays chosen and keeps its name.
  const known = useRecordById(link.type, rows.some((row) => row.id === chosen) ? undefined : chosen);
  const options = (known ? [known, ...rows] : rows).map((row) => ({ value: row.id, label: `${row.number} ${row.title}` }));
  return (
    <Form.Item name={link.field} label={t(link.field)} extra={t(`${link.field}_hint`)}>
      <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options} notFoundContent={t(`${link.field}_none`)} />
    </Form.Item>
  );
}

/** The lines of approved budgets; only whoever may read budgets is offered any. */
function useBudgetLines() {
  const enabled = useMay()('governance.budget.read');
  const budgets = api.useQuery('get', '/api/v1/governance/budgets', { params: { query: { state: 'approved' as never, page_size: 20 } } }, { ...KEPT, enabled });
  const details = useQueries({
    queries: (budgets.data?.items ?? []).map((budget) => ({
      queryKey: ['get', '/api/v1/governance/budgets/{id}', { params: { path: { id: budget.id } } }],
      queryFn: async () => (await client.GET('/api/v1/governance/budgets/{id}', { params: { path: { id: budget.id } } })).data ?? null,
      ...KEPT,
    })),
  });
  return details.flatMap(({ data }) => (data?.lines ?? []).map(({ line }) => ({ value: line.id, label: `${data?.budget.year ?? ''} ${localText(line.names, currentLanguage()) || line.code}` })));
}

function BudgetFields() {
  const { t } = useTranslation('campaigns');
  const currency = useCurrency();
  const lines = useBudgetLines();
  const line = Form.useWatch<string | null | undefined>('budget_line_id');
  return (
    <div className="campaign-pair">
      <Form.Item name="budget_line_id" label={t('budget_line')} extra={t('budget_hint')}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={lines} />
      </Form.Item>
      <Form.Item name="budget" label={t('budget_money', { currency })} dependencies={['budget_line_id']} rules={line ? [{ required: true, message: t('budget_needed') }] : []}>
        <InputNumber min={0.01} precision={2} style={{ width: '100%' }} disabled={!line} />
      </Form.Item>
    </div>
  );
}

/** What a campaign serves: strategy, plan, business goal, and the budget line that pays. */
export function LinkFields() {
  const pays = useMay()('governance.budget.read');
  return (
    <>
      {LINKS.map((link) => (
        <LinkField key={link.field} link={link} />
      ))}
      {pays && <BudgetFields />}
    </>
  );
}

/** What a campaign serves, as facts that lead there. */
export function useLinkFacts(row: Pick<Campaign, 'strategy_id' | 'plan_id' | 'business_goal_id'>): Fact[] {
  const { t } = useTranslation('campaigns');
  const found: { [field: string]: Detail | undefined } = {
    strategy_id: useRecordById('strategy', row.strategy_id),
    plan_id: useRecordById('plan', row.plan_id),
    business_goal_id: useRecordById('goal', row.business_goal_id),
  };
  return LINKS.map(({ field, type }) => {
    const one = found[field];
    return { id: field, label: t(field), value: one ? <Link to={`/records/${type}/${one.id}`}>{one.title}</Link> : row[field] ? t('link_hidden') : <Nothing /> };
  });
}
