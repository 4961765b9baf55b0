import { PartitionOutlined } from '@ant-design/icons';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Search } from '@/patterns/list/bar';
import { useListState } from '@/patterns/list/state';
import { Table } from '@/patterns/list/table';
import { type Machine, MachineSteps, States } from './machine';
import './rulebook.css';

const OPENED = ['machine'];

function Opened({ machine }: { machine: Machine }) {
  const { t } = useTranslation('rulebook');
  return (
    <>
      <PageHead title={machine.title} crumbs={[{ label: t('machines'), to: '/rulebook/machines' }, { label: machine.title }]} sub={t('machine_version', { version: machine.machine_version })} />
      <section className="card list-card">
        <div className="list-pad stack">
          <States machine={machine} />
          {machine.record && <Link to={`/records/${machine.record}`}>{t('machine_records')}</Link>}
        </div>
        <MachineSteps machine={machine} />
      </section>
    </>
  );
}

/** A process is found by its name and by the names of its states and steps. */
function holds(machine: Machine, words: string): boolean {
  const said = [machine.title, ...machine.states.map((one) => one.title), ...machine.actions.map((one) => one.title)];
  return said.some((text) => text.toLowerCase().includes(words));
}

function All({ machines }: { machines: Machine[] }) {
  const { t } = useTranslation('rulebook');
  const navigate = useNavigate();
  const { state, set } = useListState(OPENED);
  const search = useCallback((q: string) => set({ q: q.trim() || undefined }), [set]);
  const found = machines.filter((machine) => holds(machine, state.q.toLowerCase()));
  const to = (machine: Machine) => `/rulebook/machines?machine=${machine.id}`;
  return (
    <>
      <PageHead title={t('machines')} sub={t('machines_sub')} />
      <div className="list-bar">
        <Search words={t('machines_search')} value={state.q} onSearch={search} />
        <span className="quiet small" role="status">
          {t('machines_found', { count: found.length })}
        </span>
      </div>
      {found.length === 0 ? (
        <EmptyState icon={<PartitionOutlined />} title={t(machines.length ? 'machines_none' : 'machines_empty')} />
      ) : (
        <section className="card list-card">
          <Table
            label={t('machines')}
            rows={found}
            rowKey={(machine) => machine.id}
            rowName={(machine) => machine.title}
            linkOf={to}
            onOpen={(machine) => void navigate(to(machine))}
            columns={[
              { id: 'title', label: t('machine'), title: true, cell: (machine) => machine.title },
              { id: 'states', label: t('machine_states'), cell: (machine) => <States machine={machine} /> },
              { id: 'steps', label: t('machine_steps'), figure: true, cell: (machine) => machine.actions.length },
              { id: 'version', label: t('machine_edition'), figure: true, wide: true, cell: (machine) => machine.machine_version },
            ]}
          />
        </section>
      )}
    </>
  );
}

/** The processes (流程): the state machines that everything follows, one of them opened by its address. */
export function Machines() {
  const { state } = useListState(OPENED);
  const machines = api.useQuery('get', '/api/v1/rulebook/machines', {}, { staleTime: 300_000 });
  if (machines.isPending) return <Skeleton shape="table" rows={8} />;
  if (machines.isError) return <ErrorState error={machines.error} retry={() => void machines.refetch()} />;
  const opened = machines.data.items.find((machine) => machine.id === state.filters.machine);
  return opened ? <Opened machine={opened} /> : <All machines={machines.data.items} />;
}
