import { IdcardOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, ifMatch } from '@/api/client';
import type { LocalText, Position } from '@/api/schema';
import { refresh } from '@/api/query';
import { useLocal } from '@/i18n/use-local';
import { LocalTextFields, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { EmptyState } from '@/parts/states';
import { List } from '@/patterns/list/list';
import type { Column, ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { useDepartmentChoices } from './choices';

interface Values {
  department_id: string;
  names: Partial<LocalText>;
}

function PositionForm({ position, open, onClose }: { position?: Position | undefined; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('people');
  const { done } = useNotice();
  const departments = useDepartmentChoices();
  const options = {
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/identity/positions');
    },
  };
  const create = api.useMutation('post', '/api/v1/identity/positions', options);
  const update = api.useMutation('put', '/api/v1/identity/positions/{id}', options);
  const act = position ? update : create;
  const save = ({ department_id, names }: Values) => {
    if (position) update.mutate({ params: { path: { id: position.id }, header: ifMatch(position) }, body: { names: wholeText(names) } });
    else create.mutate({ body: { department_id, names: wholeText(names) } });
  };
  return (
    <FormDrawer<Values>
      title={t(position ? 'position_edit' : 'position_new')}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={position ?? {}}
    >
      <LocalTextFields name="names" label={t('name')} needed={t('name_needed')} />
      {!position && (
        <Form.Item name="department_id" label={t('department')} rules={[{ required: true, message: t('department_needed') }]}>
          <Select options={departments} />
        </Form.Item>
      )}
    </FormDrawer>
  );
}

function useSpec(onEdit: ((row: Position) => void) | undefined): ListSpec<'/api/v1/identity/positions'> {
  const { t } = useTranslation('people');
  const local = useLocal();
  const departments = useDepartmentChoices();
  const name = (row: Position) => local(row.names) ?? row.id;
  const edit: Column<Position> = {
    id: 'edit',
    label: t('common:edit'),
    buttons: true,
    figure: true,
    cell: (row) => (
      <Button size="small" type="text" aria-label={`${t('common:edit')}${t('common:colon')}${name(row)}`} onClick={() => onEdit?.(row)}>
        {t('common:edit')}
      </Button>
    ),
  };
  return {
    id: 'positions',
    path: '/api/v1/identity/positions',
    rowKey: (row) => row.id,
    rowName: name,
    filters: [{ id: 'department_id', label: t('department'), kind: 'choice', options: departments }],
    columns: [
      { id: 'name', label: t('position'), title: true, cell: name },
      { id: 'department', label: t('department'), cell: (row) => local(row.department_names) },
      { id: 'people', label: t('people'), figure: true, cell: (row) => <Link to={`/system/users?department_id=${row.department_id}`}>{row.people}</Link> },
      ...(onEdit ? [edit] : []),
    ],
    empty: <EmptyState icon={<IdcardOutlined />} title={t('positions_empty')} hint={t('positions_empty_hint')} />,
  };
}

/** The positions (岗位) of the company. */
export function Positions() {
  const { t } = useTranslation('people');
  const may = useMay()('identity.department.manage');
  const [editing, setEditing] = useState<Position | 'new'>();
  const spec = useSpec(may ? setEditing : undefined);
  return (
    <>
      <PageHead
        title={t('positions')}
        sub={t('positions_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {t('position_new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('positions')} />
      <PositionForm open={editing !== undefined} position={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
    </>
  );
}
