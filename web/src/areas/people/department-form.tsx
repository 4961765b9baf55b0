import { Checkbox, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import type { Department, LocalText } from '@/api/schema';
import { refresh } from '@/api/query';
import { LocalTextFields, UserSelect, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useDepartmentChoices } from './choices';

interface Values {
  code: string;
  names: Partial<LocalText>;
  parent_id?: string | null;
  head_id?: string | null;
  in_scope?: boolean;
}

/** Makes a department, or changes the one given. */
export function DepartmentForm({ department, open, onClose }: { department?: Department | undefined; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('people');
  const { done } = useNotice();
  const departments = useDepartmentChoices();
  const options = {
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/identity/departments');
    },
  };
  const create = api.useMutation('post', '/api/v1/identity/departments', options);
  const update = api.useMutation('put', '/api/v1/identity/departments/{id}', options);
  const act = department ? update : create;
  const save = ({ code, names, parent_id, head_id, in_scope }: Values) => {
    const change = { names: wholeText(names), parent_id: parent_id ?? null, head_id: head_id ?? null, in_scope: in_scope ?? true };
    if (department) update.mutate({ params: { path: { id: department.id }, header: ifMatch(department) }, body: change });
    else create.mutate({ body: { code, ...change } });
  };
  return (
    <FormDrawer<Values>
      title={t(department ? 'department_edit' : 'department_new')}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={department ?? { in_scope: true }}
    >
      <LocalTextFields name="names" label={t('name')} needed={t('name_needed')} />
      {!department && (
        <Form.Item name="code" label={t('code')} extra={t('code_hint')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{1,39}$/, message: t('code_hint') }]}>
          <Input />
        </Form.Item>
      )}
      <Form.Item name="parent_id" label={t('parent')}>
        <Select allowClear options={departments.filter((choice) => choice.value !== department?.id)} />
      </Form.Item>
      <Form.Item name="head_id" label={t('head')}>
        <UserSelect known={department?.head_id && department.head_name ? { id: department.head_id, name: department.head_name } : undefined} />
      </Form.Item>
      <Form.Item name="in_scope" valuePropName="checked" extra={t('in_scope_hint')}>
        <Checkbox>{t('in_scope')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
