import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { Grant } from '@/api/schema';
import { refresh } from '@/api/query';
import { useDepartmentChoices } from '@/areas/people/choices';
import { useLocal } from '@/i18n/use-local';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { useRoleChoices } from './role-choices';

const SCOPES = ['company', 'department', 'own'] as const;

interface Values {
  role_id: string;
  scope: Grant['scope'];
  department_id?: string;
  reason?: string;
}

function NewGrant({ userId, open, onClose }: { userId: string; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('system');
  const [form] = Form.useForm<Values>();
  const { done } = useNotice();
  const roles = useRoleChoices();
  const departments = useDepartmentChoices();
  const scope = Form.useWatch('scope', form);
  const give = api.useMutation('post', '/api/v1/identity/users/{id}/grants', {
    onSuccess: async () => {
      done(t('grant.given'));
      onClose();
      await refresh('/api/v1/identity/users', '/api/v1/system/audit');
    },
  });
  return (
    <FormDrawer<Values>
      title={t('grant.new')}
      open={open}
      onClose={onClose}
      onFinish={(body) => give.mutate({ params: { path: { id: userId } }, body })}
      act={t('grant.give')}
      busy={give.isPending}
      error={give.error}
      initial={{ scope: 'company' }}
      form={form}
    >
      <Form.Item name="role_id" label={t('role')} rules={[{ required: true, message: t('grant.role_needed') }]}>
        <Select options={roles} />
      </Form.Item>
      <Form.Item name="scope" label={t('grant.scope')}>
        <Select options={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))} />
      </Form.Item>
      {scope === 'department' && (
        <Form.Item name="department_id" label={t('department')} rules={[{ required: true, message: t('grant.department_needed') }]}>
          <Select options={departments} />
        </Form.Item>
      )}
      <Form.Item name="reason" label={t('reason')}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

/** What somebody may do: the roles, each with how far it reaches. */
export function Grants({ userId }: { userId: string }) {
  const { t } = useTranslation('system');
  const local = useLocal();
  const { done, failed } = useNotice();
  const may = useMay()('identity.grant.manage');
  const departments = useDepartmentChoices();
  const [giving, setGiving] = useState(false);
  const grants = api.useQuery('get', '/api/v1/identity/users/{id}/grants', { params: { path: { id: userId } } });
  const revoke = api.useMutation('delete', '/api/v1/identity/users/{id}/grants/{grant_id}', {
    onSuccess: async () => {
      done(t('grant.revoked'));
      await refresh('/api/v1/identity/users', '/api/v1/system/audit');
    },
    onError: failed,
  });
  if (grants.isPending) return <Skeleton rows={3} />;
  if (grants.isError) return <ErrorState error={grants.error} retry={() => void grants.refetch()} />;
  const reach = (grant: Grant) => {
    const department = departments.find((choice) => choice.value === grant.department_id)?.label;
    return department ? `${t(`scope.${grant.scope}`)} · ${department}` : t(`scope.${grant.scope}`);
  };
  return (
    <section className="card stack" aria-label={t('grant.title')}>
      {grants.data.items.length === 0 && <p className="quiet">{t('grant.none')}</p>}
      <ul className="plain-list">
        {grants.data.items.map((grant) => {
          const name = local(grant.role_names) ?? grant.role_code;
          return (
            <li key={grant.id} className="row">
              <span className="strong">{name}</span>
              <Label tone="info">{reach(grant)}</Label>
              {grant.expires_at && (
                <span className="small quiet">
                  {t('grant.until')} <DateTime at={grant.expires_at} />
                </span>
              )}
              <span className="grow small quiet">{grant.reason}</span>
              {may && (
                <Button
                  size="small"
                  aria-label={`${t('grant.revoke')}${t('common:colon')}${name}`}
                  onClick={() => revoke.mutate({ params: { path: { id: userId, grant_id: grant.id } } })}
                >
                  {t('grant.revoke')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {may && (
        <div>
          <Button icon={<PlusOutlined />} onClick={() => setGiving(true)}>
            {t('grant.new')}
          </Button>
          <NewGrant userId={userId} open={giving} onClose={() => setGiving(false)} />
        </div>
      )}
    </section>
  );
}
