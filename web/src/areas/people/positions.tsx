import { IdcardOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { PageHead } from '@/parts/head';
import { Label } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useDepartmentChoices } from './choices';

/** The positions of the company and the roles that come with them. */
export function Positions() {
  const { t } = useTranslation('people');
  const departments = useDepartmentChoices();
  const spec: ListSpec<'/api/v1/identity/positions'> = {
    id: 'positions',
    path: '/api/v1/identity/positions',
    search: t('positions_search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.name,
    filters: [{ id: 'department_id', label: t('department'), kind: 'choice', options: departments }],
    columns: [
      { id: 'name', label: t('position'), title: true, sort: 'name', cell: (row) => row.name },
      { id: 'department', label: t('department'), cell: (row) => row.department_name },
      {
        id: 'roles',
        label: t('roles'),
        cell: (row) => (
          <span className="row">
            {row.roles.map((role) => (
              <Label key={role.id}>{role.name}</Label>
            ))}
          </span>
        ),
      },
      { id: 'people', label: t('people'), figure: true, cell: (row) => row.people },
    ],
    empty: <EmptyState icon={<IdcardOutlined />} title={t('positions_empty')} hint={t('positions_empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('positions')} sub={t('positions_sub')} />
      <List spec={spec} label={t('positions')} />
    </>
  );
}
