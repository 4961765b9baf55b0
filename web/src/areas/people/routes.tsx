import { TeamOutlined } from '@ant-design/icons';
import type { Area } from '@/frame/area';

export const people: Area = {
  id: 'people',
  icon: <TeamOutlined />,
  worksIn: ['identity.department.manage', 'identity.user.manage'],
  pages: [
    { id: 'organisation', path: '/people/organisation' },
    { id: 'departments', path: '/people/departments' },
    { id: 'scope', path: '/people/scope' },
    { id: 'positions', path: '/people/positions' },
    { id: 'workload', path: '/people/workload' },
    { id: 'handovers', path: '/people/handovers' },
  ],
  routes: [
    { path: '/people/organisation', lazy: async () => ({ Component: (await import('./organisation')).Organisation }) },
    { path: '/people/departments', lazy: async () => ({ Component: (await import('./departments')).Departments }) },
    { path: '/people/scope', lazy: async () => ({ Component: (await import('./scope')).Scope }) },
    { path: '/people/positions', lazy: async () => ({ Component: (await import('./positions')).Positions }) },
    { path: '/people/workload', lazy: async () => ({ Component: (await import('./workload')).Workload }) },
    { path: '/people/handovers', lazy: async () => ({ Component: (await import('./handovers')).Handovers }) },
    { path: '/people/handovers/:id', lazy: async () => ({ Component: (await import('./handover')).HandoverPage }) },
  ],
};
