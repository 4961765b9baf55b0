import { ApiOutlined, ProjectOutlined } from '@ant-design/icons';
import type { Area } from '@/frame/area';
import { finance } from '../finance/routes';

/** Plans and money (计划与预算): budgets, and the record types that stand there, as the packs declare them. */
export const plans: Area = {
  id: 'plans',
  icon: <ProjectOutlined />,
  worksIn: finance.worksIn,
  pages: [{ id: 'cockpit', path: '/cockpit', needs: 'rulebook.task.read' }, ...finance.pages],
  routes: [
    { path: '/cockpit', lazy: async () => ({ Component: (await import('../plans/cockpit')).CockpitPage }) },
    ...finance.routes,
    { path: '/registers/:area', lazy: async () => ({ Component: (await import('./registers')).Registers }) },
    { path: '/records/:type', lazy: async () => ({ Component: (await import('./list')).Records }) },
    { path: '/records/:type/new', lazy: async () => ({ Component: (await import('./form')).NewRecord }) },
    { path: '/records/:type/:id', lazy: async () => ({ Component: (await import('./record')).RecordPage }) },
  ],
};

/** Channels (渠道): record types alone, like the plans. */
export const channels: Area = { id: 'channels', icon: <ApiOutlined />, worksIn: [], pages: [], routes: [] };
