import { ApartmentOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { Department, Position } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { Person } from '@/parts/avatar';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Responsibilities } from './responsibilities';
import './people.css';

interface BoxProps {
  department: Department;
  all: Department[];
  positions: Position[];
}

/** A department with its head and its posts, and below it those that belong to it. */
function Box({ department, all, positions }: BoxProps) {
  const { t } = useTranslation('people');
  const local = useLocal();
  const below = all.filter((one) => one.parent_id === department.id);
  const posts = positions.filter((one) => one.department_id === department.id);
  return (
    <li>
      <div className="card org-box stack-tight">
        <span className="strong">{local(department.names)}</span>
        {department.head_name ? <Person name={department.head_name} /> : <span className="quiet small">{t('no_head')}</span>}
        <span className="quiet small">{t('people_n', { count: department.people })}</span>
        {posts.length > 0 && <span className="small">{posts.map((post) => local(post.names)).join(t('common:list.and'))}</span>}
      </div>
      {below.length > 0 && (
        <ul>
          {below.map((one) => (
            <Box key={one.id} department={one} all={all} positions={positions} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The organisation (组织): departments as they belong together, and who answers for what. */
export function Organisation() {
  const { t } = useTranslation('people');
  const departments = api.useQuery('get', '/api/v1/identity/departments', { params: { query: { page_size: 200 } } });
  const positions = api.useQuery('get', '/api/v1/identity/positions', { params: { query: { page_size: 200 } } });
  const all = departments.data?.items ?? [];
  const ids = new Set(all.map((one) => one.id));
  const top = all.filter((one) => !one.parent_id || !ids.has(one.parent_id));
  return (
    <>
      <PageHead title={t('organisation')} sub={t('organisation_sub')} actions={<Link to="/people/departments">{t('as_list')}</Link>} />
      {departments.isPending ? (
        <Skeleton shape="tiles" rows={4} />
      ) : departments.isError ? (
        <ErrorState error={departments.error} retry={() => void departments.refetch()} />
      ) : top.length === 0 ? (
        <EmptyState icon={<ApartmentOutlined />} title={t('departments_empty')} hint={t('departments_empty_hint')} />
      ) : (
        <div className="stack">
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide chart is scrolled by keyboard too */}
          <div className="org" tabIndex={0} role="region" aria-label={t('organisation')}>
            <ul>
              {top.map((one) => (
                <Box key={one.id} department={one} all={all} positions={positions.data?.items ?? []} />
              ))}
            </ul>
          </div>
          <Responsibilities />
        </div>
      )}
    </>
  );
}
