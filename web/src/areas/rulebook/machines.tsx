import { PartitionOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { MachineTransition, MachineView } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { Label, StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import './rulebook.css';

/** Names of what a process speaks of: states, steps, roles, facts, permissions. */
function useNames(machine: MachineView) {
  const { t, i18n } = useTranslation('rulebook');
  const permissions = api.useQuery('get', '/api/v1/system/permissions', {}, { staleTime: 300_000 });
  const state = new Map(machine.states.map((one) => [one.id, one.title]));
  const step = new Map(machine.actions.map((one) => [one.id, one.title]));
  const permission = new Map((permissions.data?.items ?? []).map((one) => [one.code, one.name]));
  const word = (group: 'role' | 'fact', id: string) => (i18n.exists(`rulebook:${group}.${id}`) ? t(`${group}.${id}`) : id);
  const list = (words: string[]) => words.join(t('common:list.or'));
  return {
    state: (id: string) => state.get(id) ?? id,
    step: (id: string) => step.get(id) ?? id,
    permission: (code: string) => permission.get(code) ?? code,
    roles: (ids: string[]) => list(ids.map((id) => word('role', id))),
    facts: (ids: string[]) => list(ids.map((id) => word('fact', id))),
    list,
  };
}

/** The way from one state to the next, as far as it leads by itself. */
function States({ machine }: { machine: MachineView }) {
  const { t } = useTranslation('rulebook');
  return (
    <ol className="machine-states" aria-label={t('machine_states')}>
      {machine.states.map((state) => (
        <li key={state.id}>
          <Label tone={state.end ? 'quiet' : 'info'}>{state.title}</Label>
        </li>
      ))}
    </ol>
  );
}

function Conditions({ row, names }: { row: MachineTransition; names: ReturnType<typeof useNames> }) {
  const { t } = useTranslation('rulebook');
  const said = [
    row.required_fields.length > 0 && t('step_field', { fields: names.facts(row.required_fields) }),
    row.separate_from.length > 0 && t('step_separate', { roles: names.roles(row.separate_from) }),
  ].filter(Boolean);
  if (said.length === 0 && !row.guard) return <Nothing />;
  return (
    <span className="stack-tight">
      {said.map((one) => (
        <span key={String(one)}>{one}</span>
      ))}
      {row.guard && <code className="anywhere">{row.guard}</code>}
    </span>
  );
}

function Machine({ machine }: { machine: MachineView }) {
  const { t } = useTranslation('rulebook');
  const names = useNames(machine);
  const rows = machine.transitions.map((row, place) => ({ ...row, place }));
  return (
    <section className="card list-card" aria-label={machine.title}>
      <div className="list-pad stack">
        <div className="row">
          <h2>{machine.title}</h2>
          <span className="quiet small">{t('machine_version', { version: machine.machine_version })}</span>
        </div>
        <States machine={machine} />
      </div>
      <Table
        label={t('machine_steps')}
        rows={rows}
        rowKey={(row) => String(row.place)}
        rowName={(row) => names.step(row.action)}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'step', label: t('step'), title: true, cell: (row) => names.step(row.action) },
          { id: 'from', label: t('step_from'), cell: (row) => names.list(row.from.map(names.state)) },
          {
            id: 'to',
            label: t('step_to'),
            cell: (row) => (row.to ? <strong>{names.state(row.to)}</strong> : <StatePill tone="bad">{t('step_refused')}</StatePill>),
          },
          { id: 'who', label: t('step_who'), cell: (row) => (row.permission ? names.permission(row.permission) : t('step_system')) },
          { id: 'needs', label: t('step_needs'), cell: (row) => (row.refuse ? row.refuse : <Conditions row={row} names={names} />) },
        ]}
      />
    </section>
  );
}

/** The processes (流程): the state machines that content and campaigns follow. */
export function Machines() {
  const { t } = useTranslation('rulebook');
  const machines = api.useQuery('get', '/api/v1/rulebook/machines', {}, { staleTime: 300_000 });
  return (
    <>
      <PageHead title={t('machines')} sub={t('machines_sub')} />
      {machines.isPending ? (
        <Skeleton shape="table" rows={8} />
      ) : machines.isError ? (
        <ErrorState error={machines.error} retry={() => void machines.refetch()} />
      ) : machines.data.items.length === 0 ? (
        <EmptyState icon={<PartitionOutlined />} title={t('machines_empty')} />
      ) : (
        <div className="stack">
          {machines.data.items.map((machine) => (
            <Machine key={machine.id} machine={machine} />
          ))}
        </div>
      )}
    </>
  );
}
