import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { MachineTransition, MachineView } from '@/api/schema';
import { Label, StatePill } from '@/parts/pill';
import { Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';

/** A process with the names of the fields that its steps ask for. */
export type Machine = MachineView;

/** Names of what a process speaks of: states, steps, roles, inputs, permissions. */
function useNames(machine: Machine) {
  const { t, i18n } = useTranslation('rulebook');
  const permissions = api.useQuery('get', '/api/v1/system/permissions', {}, { staleTime: 300_000 });
  const named = (rows: { id: string; title: string }[]) => new Map(rows.map((one) => [one.id, one.title]));
  const state = named(machine.states);
  const step = named(machine.actions);
  const input = named(machine.inputs ?? []);
  const permission = new Map((permissions.data?.items ?? []).map((one) => [one.code, one.name]));
  const word = (group: 'role' | 'fact', id: string) => (i18n.exists(`rulebook:${group}.${id}`) ? t(`${group}.${id}`) : id);
  const list = (words: string[]) => words.join(t('common:list.or'));
  return {
    state: (id: string) => state.get(id) ?? id,
    step: (id: string) => step.get(id) ?? id,
    permission: (code: string) => permission.get(code) ?? code,
    roles: (ids: string[]) => list(ids.map((id) => word('role', id))),
    inputs: (ids: string[]) => ids.map((id) => input.get(id) ?? word('fact', id)).join(t('common:list.and')),
    list,
  };
}

/** The states that a thing passes through, the first where it begins. */
export function States({ machine }: { machine: Machine }) {
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
    row.required_fields.length > 0 && t('step_field', { fields: names.inputs(row.required_fields) }),
    row.separate_from.length > 0 && t('step_separate', { roles: names.roles(row.separate_from) }),
    row.approval.length > 0 && t('step_approval', { steps: row.approval.map((step) => step.title).join(t('common:list.then')) }),
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

/** Every step of a process: from where to where, who takes it, what it needs, when it is refused. */
export function MachineSteps({ machine }: { machine: Machine }) {
  const { t } = useTranslation('rulebook');
  const names = useNames(machine);
  const rows = machine.transitions.map((row, place) => ({ ...row, place }));
  return (
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
  );
}
