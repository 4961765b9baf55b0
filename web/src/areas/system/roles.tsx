import { CheckOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { Fragment, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { Matrix as MatrixData, PermissionInfo, Role } from '@/api/schema';
import { matches } from '@/frame/match';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { useMay } from '@/session/session';
import { RoleForm } from './role-form';
import '@/patterns/list/list.css';
import './system.css';

type Cells = MatrixData['rows'][number]['cells'];

/** A role with what it holds, patterns already spelt out. */
interface HeldRole {
  role: Role;
  cells: Cells;
}

interface Group {
  domain: string;
  permissions: PermissionInfo[];
}

function byDomain(permissions: PermissionInfo[]): Group[] {
  const groups = new Map<string, PermissionInfo[]>();
  for (const permission of permissions) groups.set(permission.domain, [...(groups.get(permission.domain) ?? []), permission]);
  return [...groups].map(([domain, list]) => ({ domain, permissions: list }));
}

function useDomainName(): (domain: string) => string {
  const { t, i18n } = useTranslation('system');
  return (domain) => (i18n.exists(`system:domain.${domain}`) ? t(`domain.${domain}`) : domain);
}

function Held({ held }: { held: boolean }) {
  const { t } = useTranslation('system');
  return (
    <>
      {held ? (
        <CheckOutlined className="good" aria-hidden="true" />
      ) : (
        <span aria-hidden="true" className="quiet">
          ·
        </span>
      )}
      <span className="hidden-text">{t(held ? 'granted' : 'not_granted')}</span>
    </>
  );
}

function PermissionName({ permission }: { permission: PermissionInfo }) {
  const { t } = useTranslation('system');
  return (
    <>
      {permission.name} {permission.confidential && <Label tone="warn">{t('needs_device')}</Label>}
      <code>{permission.code}</code>
    </>
  );
}

interface MatrixProps {
  roles: HeldRole[];
  groups: Group[];
  onEdit: ((role: Role) => void) | undefined;
}

function RoleHead({ role, onEdit }: { role: Role; onEdit: MatrixProps['onEdit'] }) {
  const { t } = useTranslation('system');
  const local = useLocal();
  const name = local(role.names);
  return (
    <th scope="col" title={local(role.descriptions)}>
      {onEdit ? (
        <button type="button" className="plain-button role-name link" onClick={() => onEdit(role)}>
          {name}
        </button>
      ) : (
        <span className="role-name">{name}</span>
      )}
      <span className="small quiet">{t('holders', { count: role.holders })}</span>
      <br />
      <Label>{t(`clearance.${role.clearance}`)}</Label>
    </th>
  );
}

function Matrix({ roles, groups, onEdit }: MatrixProps) {
  const { t } = useTranslation('system');
  const domain = useDomainName();
  return (
    // The table scrolls in both directions, so it has to be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="card matrix" tabIndex={0} role="region" aria-label={t('matrix')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('permission')}</th>
            {roles.map(({ role }) => (
              <RoleHead key={role.id} role={role} onEdit={onEdit} />
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group.domain}>
              <tr className="group">
                <th scope="rowgroup" colSpan={roles.length + 1}>
                  {domain(group.domain)}
                </th>
              </tr>
              {group.permissions.map((permission) => (
                <tr key={permission.code}>
                  <th scope="row">
                    <PermissionName permission={permission} />
                  </th>
                  {roles.map(({ role, cells }) => (
                    <td key={role.id}>
                      <Held held={permission.code in cells} />
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The matrix does not fit a phone: one role at a time. */
function OneRole({ roles, groups }: Omit<MatrixProps, 'onEdit'>) {
  const { t } = useTranslation('system');
  const local = useLocal();
  const domain = useDomainName();
  const [params, setParams] = useSearchParams();
  const shown = roles.find(({ role }) => role.id === params.get('role')) ?? roles[0];
  if (!shown) return null;
  return (
    <section className="role-phone stack">
      <Select
        aria-label={t('role')}
        value={shown.role.id}
        options={roles.map(({ role }) => ({ value: role.id, label: local(role.names) }))}
        onChange={(id) => setParams({ role: id }, { replace: true })}
      />
      <p className="quiet">{local(shown.role.descriptions)}</p>
      {groups.map((group) => (
        <div className="card" key={group.domain}>
          <h2>{domain(group.domain)}</h2>
          <ul className="role-list">
            {group.permissions.map((permission) => (
              <li key={permission.code}>
                <Held held={permission.code in shown.cells} />
                <span className="anywhere">
                  <PermissionName permission={permission} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** Roles (角色) and what each may do: the permission matrix. */
export function Roles() {
  const { t } = useTranslation('system');
  const may = useMay()('identity.role.manage');
  const [typed, setTyped] = useState('');
  const [editing, setEditing] = useState<Role | 'new'>();
  const roles = api.useQuery('get', '/api/v1/identity/roles', { params: { query: { page_size: 200 } } });
  const matrix = api.useQuery('get', '/api/v1/identity/permission-matrix', { params: { query: { page_size: 200 } } });
  const groups = useMemo(
    () => byDomain((matrix.data?.permissions ?? []).filter((permission) => matches(typed, `${permission.name} ${permission.code}`))),
    [matrix.data, typed],
  );
  const held = useMemo(
    () => (roles.data?.items ?? []).map((role) => ({ role, cells: matrix.data?.rows.find((row) => row.id === role.id)?.cells ?? {} })),
    [roles.data, matrix.data],
  );
  const error = roles.error ?? matrix.error;
  return (
    <>
      <PageHead
        title={t('roles')}
        sub={t('roles_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('role_new')}
            </Button>
          )
        }
      />
      {error ? (
        <ErrorState error={error} retry={() => void Promise.all([roles.refetch(), matrix.refetch()])} />
      ) : !roles.data || !matrix.data ? (
        <Skeleton shape="table" rows={12} />
      ) : (
        <>
          <div className="list-bar">
            <Input
              type="search"
              className="list-search"
              allowClear
              aria-label={t('permission_search')}
              placeholder={t('permission_search')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <Matrix roles={held} groups={groups} onEdit={may ? setEditing : undefined} />
          <OneRole roles={held} groups={groups} />
        </>
      )}
      <RoleForm
        open={editing !== undefined}
        role={editing === 'new' ? undefined : editing}
        permissions={matrix.data?.permissions ?? []}
        onClose={() => setEditing(undefined)}
      />
    </>
  );
}
