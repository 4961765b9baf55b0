import { CheckOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { Fragment, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { PermissionInfo, Role } from '@/api/draft';
import { matches } from '@/frame/match';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import '@/patterns/list/list.css';
import './system.css';

interface Group {
  domain: string;
  permissions: PermissionInfo[];
}

function byDomain(permissions: PermissionInfo[]): Group[] {
  const groups = new Map<string, PermissionInfo[]>();
  for (const permission of permissions) groups.set(permission.domain, [...(groups.get(permission.domain) ?? []), permission]);
  return [...groups].map(([domain, list]) => ({ domain, permissions: list }));
}

function Held({ held }: { held: boolean }) {
  const { t } = useTranslation('system');
  return (
    <>
      {held ? <CheckOutlined className="good" aria-hidden="true" /> : <span aria-hidden="true" className="quiet">·</span>}
      <span className="hidden-text">{t(held ? 'granted' : 'not_granted')}</span>
    </>
  );
}

function Matrix({ roles, groups }: { roles: Role[]; groups: Group[] }) {
  const { t } = useTranslation('system');
  return (
    // The table scrolls in both directions, so it has to be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="card matrix" tabIndex={0} role="region" aria-label={t('matrix')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('permission')}</th>
            {roles.map((role) => (
              <th scope="col" key={role.id} title={role.description}>
                <span className="role-name">{role.name}</span>
                <span className="small quiet">{t('holders', { count: role.holders })}</span>
                <br />
                <Label>{t(`clearance.${role.clearance}`)}</Label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group.domain}>
              <tr className="group">
                <th scope="rowgroup" colSpan={roles.length + 1}>
                  {t(`domain.${group.domain}`)}
                </th>
              </tr>
              {group.permissions.map((permission) => (
                <tr key={permission.code}>
                  <th scope="row">
                    {permission.name}
                    <code>{permission.code}</code>
                  </th>
                  {roles.map((role) => (
                    <td key={role.id}>
                      <Held held={role.permissions.includes(permission.code)} />
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
function OneRole({ roles, groups }: { roles: Role[]; groups: Group[] }) {
  const { t } = useTranslation('system');
  const [params, setParams] = useSearchParams();
  const role = roles.find((one) => one.id === params.get('role')) ?? roles[0];
  if (!role) return null;
  return (
    <section className="role-phone stack">
      <Select
        aria-label={t('role')}
        value={role.id}
        options={roles.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(id) => setParams({ role: id }, { replace: true })}
      />
      <p className="quiet">{role.description}</p>
      {groups.map((group) => (
        <div className="card" key={group.domain}>
          <h2>{t(`domain.${group.domain}`)}</h2>
          <ul className="role-list">
            {group.permissions.map((permission) => (
              <li key={permission.code}>
                <Held held={role.permissions.includes(permission.code)} />
                <span className="anywhere">
                  {permission.name}
                  <code>{permission.code}</code>
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
  const [typed, setTyped] = useState('');
  const roles = api.useQuery('get', '/api/v1/identity/roles', { params: { query: { page_size: 200 } } });
  const permissions = api.useQuery('get', '/api/v1/identity/permissions');
  const groups = useMemo(
    () => byDomain((permissions.data?.items ?? []).filter((permission) => matches(typed, `${permission.name} ${permission.code}`))),
    [permissions.data, typed],
  );
  const error = roles.error ?? permissions.error;
  return (
    <>
      <PageHead title={t('roles')} sub={t('roles_sub')} />
      <div className="list-bar">
        <Input type="search" className="list-search" allowClear aria-label={t('permission_search')} placeholder={t('permission_search')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      {error ? (
        <ErrorState error={error} retry={() => void Promise.all([roles.refetch(), permissions.refetch()])} />
      ) : !roles.data || !permissions.data ? (
        <Skeleton shape="table" rows={12} />
      ) : (
        <>
          <Matrix roles={roles.data.items} groups={groups} />
          <OneRole roles={roles.data.items} groups={groups} />
        </>
      )}
    </>
  );
}
