import { PlusOutlined, UserOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useLocal } from '@/i18n/use-local';
import { Person } from '@/parts/avatar';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { NewUser } from './new-user';
import { useRoleChoices } from './role-choices';
import { RoleLabels, UserStatePill, useUserFacts } from './user-words';

const KINDS = ['staff', 'guest'] as const;
const STATES = ['active', 'invited', 'locked', 'disabled', 'left'] as const;

function useSpec(): ListSpec<'/api/v1/identity/users'> {
  const { t } = useTranslation('system');
  const local = useLocal();
  const departments = useDepartmentChoices();
  const roles = useRoleChoices();
  const facts = useUserFacts();
  return {
    id: 'users',
    path: '/api/v1/identity/users',
    search: t('users_search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    rowLink: (row) => `/system/users/${row.id}`,
    peek: (row) => <Facts facts={facts(row)} />,
    views: [
      { id: 'active', label: t('user_state.active'), params: { state: 'active' } },
      { id: 'idle', label: t('idle'), params: { idle: 'true' } },
      { id: 'locked', label: t('user_state.locked'), params: { state: 'locked' } },
      { id: 'guests', label: t('guests'), params: { kind: 'guest' } },
      { id: 'left', label: t('user_state.left'), params: { state: 'left' } },
    ],
    filters: [
      { id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`user_state.${value}`) })) },
      { id: 'kind', label: t('user_kind_is'), kind: 'choice', options: KINDS.map((value) => ({ value, label: t(`user_kind.${value}`) })) },
      { id: 'department_id', label: t('department'), kind: 'choice', options: departments },
      { id: 'role_id', label: t('role'), kind: 'choice', options: roles },
      { id: 'idle', label: t('idle'), kind: 'flag' },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => <Person name={row.name} /> },
      { id: 'email', label: t('email'), field: 'email', hidden: true, cell: (row) => row.email },
      { id: 'department', label: t('department'), cell: (row) => (row.kind === 'guest' ? `${t('user_kind.guest')} · ${row.organisation ?? ''}` : (local(row.department_names) ?? <Nothing />)) },
      { id: 'position', label: t('position'), cell: (row) => local(row.position_names) ?? <Nothing /> },
      { id: 'roles', label: t('role'), wide: true, cell: (row) => <RoleLabels grants={row.grants} /> },
      { id: 'totp', label: t('totp'), wide: true, cell: (row) => <StatePill tone={row.totp_enabled ? 'good' : 'warn'}>{t(row.totp_enabled ? 'totp_on' : 'totp_off')}</StatePill> },
      { id: 'last_seen', label: t('last_seen'), cell: (row) => <DateTime at={row.last_seen_at} relative /> },
      { id: 'leave_at', label: t('leaves_on'), hidden: true, cell: (row) => <DateTime at={row.leave_at} /> },
      { id: 'state', label: t('state'), cell: (row) => <UserStatePill user={row} /> },
    ],
    empty: <EmptyState icon={<UserOutlined />} title={t('users_empty')} hint={t('users_empty_hint')} />,
  };
}

/** The accounts (账号): who can sign in, with which roles, and whose account should be closed. */
export function Users() {
  const { t } = useTranslation('system');
  const may = useMay();
  const spec = useSpec();
  const [params, setParams] = useSearchParams();
  const set = (open: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (open) after.set('new', '1');
      else after.delete('new');
      return after;
    });
  return (
    <>
      <PageHead
        title={t('users')}
        sub={t('users_sub')}
        actions={
          may('identity.user.manage') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => set(true)}>
              {t('user_new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('users')} />
      <NewUser open={params.has('new')} onClose={() => set(false)} />
    </>
  );
}
