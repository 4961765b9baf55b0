import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import type { Label, LocalText, PermissionInfo, Role } from '@/api/schema';
import { refresh } from '@/api/query';
import { LocalTextFields, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

const CLEARANCES: Label[] = ['public', 'internal', 'personal', 'secret'];

interface Values {
  code: string;
  names: Partial<LocalText>;
  descriptions?: Partial<LocalText>;
  clearance: Label;
  permissions: string[];
}

interface RoleFormProps {
  role?: Role | undefined;
  permissions: PermissionInfo[];
  open: boolean;
  onClose: () => void;
}

/** Makes a role, or changes the one given. A pattern such as `brand.*` holds for what comes later, too. */
export function RoleForm({ role, permissions, open, onClose }: RoleFormProps) {
  const { t } = useTranslation('system');
  const { done } = useNotice();
  const options = {
    onSuccess: async () => {
      done(t('role_saved'));
      onClose();
      await refresh('/api/v1/identity/');
    },
  };
  const create = api.useMutation('post', '/api/v1/identity/roles', options);
  const update = api.useMutation('patch', '/api/v1/identity/roles/{id}', options);
  const act = role ? update : create;
  const save = ({ code, names, descriptions, clearance, permissions: held }: Values) => {
    const body = { names: wholeText(names), descriptions: wholeText(descriptions), clearance, permissions: held };
    if (role) update.mutate({ params: { path: { id: role.id }, header: ifMatch(role) }, body });
    else create.mutate({ body: { code, ...body } });
  };
  return (
    <FormDrawer<Values>
      title={t(role ? 'role_edit' : 'role_new')}
      {...(role?.built_in ? { hint: t('role_built_in') } : {})}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={role ?? { clearance: 'internal', permissions: [] }}
    >
      <LocalTextFields name="names" label={t('role_name')} needed={t('role_name_needed')} />
      {!role && (
        <Form.Item name="code" label={t('role_code')} extra={t('code_hint')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{1,39}$/, message: t('code_hint') }]}>
          <Input />
        </Form.Item>
      )}
      <LocalTextFields name="descriptions" label={t('role_description')} />
      <Form.Item name="clearance" label={t('clearance_label')} extra={t('clearance_hint')}>
        <Select options={CLEARANCES.map((value) => ({ value, label: t(`clearance.${value}`) }))} />
      </Form.Item>
      <Form.Item name="permissions" label={t('permission')} extra={t('permissions_hint')} rules={[{ required: true, message: t('permissions_needed') }]}>
        <Select mode="tags" options={permissions.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} />
      </Form.Item>
    </FormDrawer>
  );
}
