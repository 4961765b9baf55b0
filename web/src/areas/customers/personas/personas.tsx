import { IdcardOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { PersonaSet } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { PERSONA_EDIT, PERSONAS, usePersonaName } from './calls';
import { NewSet } from './new-set';
import { PersonaStatePill, StabilityPill } from './words';
import './personas.css';

/** So many names of groups have room in a row. */
const NAMED = 4;

function Sets({ make }: { make: ReactNode }) {
  const { t } = useTranslation('personas');
  const format = useFormat();
  const name = usePersonaName();
  const named = ({ personas = [] }: PersonaSet) => personas.slice(0, NAMED).map(name).join(' · ') + (personas.length > NAMED ? ' …' : '');
  const spec: ListSpec<typeof PERSONAS> = {
    id: 'persona_sets',
    path: PERSONAS,
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/customers/personas/${row.id}`,
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => <span className="data anywhere">{row.name}</span> },
      { id: 'state', label: t('state_is'), cell: (row) => <PersonaStatePill set={row} /> },
      { id: 'groups', label: t('groups'), figure: true, cell: (row) => (row.personas?.length ? format.number(row.personas.length) : <Nothing />) },
      { id: 'named', label: t('names'), wide: true, cell: (row) => (row.personas?.length ? <span className="data">{named(row)}</span> : <Nothing />) },
      { id: 'people', label: t('people_is'), figure: true, cell: (row) => format.number(row.people) },
      { id: 'stability', label: t('stability'), cell: (row) => <StabilityPill index={row.stability} /> },
      { id: 'computed', label: t('computed_at'), cell: (row) => <DateTime at={row.computed_at} relative /> },
    ],
    empty: (
      <EmptyState icon={<IdcardOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return <List spec={spec} label={t('title')} />;
}

/** Personas (画像): groups of people who are alike, found by the machine and named by somebody. */
export function Personas() {
  const { t } = useTranslation('personas');
  const may = useMay()(PERSONA_EDIT);
  const [params, setParams] = useSearchParams();
  const open = (making: boolean) => setParams(making ? { new: '1' } : {});
  const make = may && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(true)}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <Sets make={make} />
      <NewSet open={may && params.has('new')} onClose={() => open(false)} />
    </>
  );
}
