import { PlusOutlined, WalletOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useBrandChoices } from '@/areas/customers/words';
import { useDepartmentChoices } from '@/areas/people/choices';
import { ReferencePicker } from '@/areas/records/pickers';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { Money, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { BudgetPill } from './words';

const STATES = ['draft', 'submitted', 'checked', 'approved', 'returned'] as const;

interface Words {
  year: number;
  name: string;
  brand_id?: string;
  department_id?: string;
  project?: string | null;
}

/** The noun of projects: their budgets begin with what their requests ask for. */
const PROJECT = 'record.project';

function ProjectPicker({ id, value, onChange }: { id?: string; value?: string | null; onChange?: (id: string | null) => void }) {
  const { t } = useTranslation('finance');
  return <ReferencePicker id={id} label={t('project')} value={value} onChange={(next) => onChange?.(next)} field={{ key: 'project', title: t('project'), kind: 'reference', record: 'project' }} />;
}

function NewBudget({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('finance');
  const navigate = useNavigate();
  const brands = useBrandChoices();
  const departments = useDepartmentChoices();
  const { done } = useNotice();
  const mayProject = useMay()('records.project.read');
  const make = api.useMutation('post', '/api/v1/governance/budgets', {
    onSuccess: async (made) => {
      done(t('made'));
      await refresh('/api/v1/governance/budgets');
      void navigate(`/finance/budgets/${made.budget.id}`);
    },
  });
  const year = new Date().getFullYear();
  return (
    <FormDrawer<Words>
      title={t('new')}
      open={open}
      onClose={onClose}
      onFinish={({ year, name, brand_id, department_id, project }) =>
        make.mutate({ body: { year, name, brand_id: brand_id ?? null, department_id: department_id ?? null, ...(project ? { scope_noun: PROJECT, scope_id: project } : {}) } })}
      act={t('common:save')}
      busy={make.isPending}
      error={make.error}
      initial={{ year }}
    >
      <Form.Item name="year" label={t('year')} rules={[{ required: true, message: t('needed') }]}>
        <InputNumber min={2000} max={2200} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      {mayProject && (
        <Form.Item name="project" label={t('project')} extra={t('project_hint')}>
          <ProjectPicker />
        </Form.Item>
      )}
      <Form.Item name="brand_id" label={t('brand')}>
        <Select allowClear options={brands} />
      </Form.Item>
      <Form.Item name="department_id" label={t('department')}>
        <Select allowClear options={departments} />
      </Form.Item>
    </FormDrawer>
  );
}

function useSpec(): ListSpec<'/api/v1/governance/budgets'> {
  const { t } = useTranslation('finance');
  const brands = useBrandChoices();
  return {
    id: 'budgets',
    path: '/api/v1/governance/budgets',
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/finance/budgets/${row.id}`,
    filters: [
      { id: 'state', label: t('state_is'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'year', label: t('year'), kind: 'text' },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => row.name },
      { id: 'year', label: t('year'), cell: (row) => row.year },
      { id: 'state', label: t('state_is'), cell: (row) => <BudgetPill state={row.state} /> },
      { id: 'brand', label: t('brand'), wide: true, cell: (row) => brands.find((brand) => brand.value === row.brand_id)?.label ?? <Nothing /> },
      { id: 'annual', label: t('annual'), figure: true, cell: (row) => <Money value={{ amount_minor: row.annual_minor, currency: row.currency }} /> },
      { id: 'committed', label: t('committed'), figure: true, wide: true, cell: (row) => <Money value={{ amount_minor: row.committed_minor, currency: row.currency }} /> },
      { id: 'spent', label: t('spent'), figure: true, cell: (row) => <Money value={{ amount_minor: row.spent_minor, currency: row.currency }} /> },
      { id: 'overrun', label: t('overrun'), cell: (row) => (row.overrun_count > 0 ? <StatePill tone="bad">{t('overrun_n', { count: row.overrun_count })}</StatePill> : <Nothing />) },
    ],
    empty: <EmptyState icon={<WalletOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
}

/** The budgets (预算) of all years. */
export function Budgets() {
  const { t } = useTranslation('finance');
  const may = useMay();
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          <>
            {may('governance.expense.create') && may('tabular.import.run') && <Link to="/imports/new?noun=expenses">{t('import')}</Link>}
            {may('governance.budget.write') && (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
                {t('new')}
              </Button>
            )}
          </>
        }
      />
      <List spec={useSpec()} label={t('title')} />
      <NewBudget open={making} onClose={() => setMaking(false)} />
    </>
  );
}
