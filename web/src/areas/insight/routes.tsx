import { LineChartOutlined } from '@ant-design/icons';
import type { Area } from '@/frame/area';

export const insight: Area = {
  id: 'insight',
  icon: <LineChartOutlined />,
  worksIn: ['sales.order.read', 'insight.query.run'],
  pages: [
    { id: 'revenue', path: '/insight/revenue', needs: 'sales.order.read' },
    { id: 'dashboards', path: '/insight/dashboards', needs: 'rulebook.metric.read' },
    { id: 'metrics', path: '/insight/metrics', needs: 'rulebook.metric.read' },
    { id: 'sql', path: '/insight/sql', needs: 'insight.query.run' },
    { id: 'queries', path: '/insight/queries', needs: 'insight.query.read' },
    { id: 'watches', path: '/insight/watches', needs: 'rulebook.watch.read' },
  ],
  routes: [
    { path: '/insight/revenue', lazy: async () => ({ Component: (await import('./revenue')).Revenue }) },
    { path: '/insight/dashboards', lazy: async () => ({ Component: (await import('./dashboards')).Dashboards }) },
    { path: '/insight/dashboards/:id', lazy: async () => ({ Component: (await import('./dashboard')).DashboardPage }) },
    { path: '/insight/metrics', lazy: async () => ({ Component: (await import('./metrics')).Metrics }) },
    { path: '/insight/metrics/:id', lazy: async () => ({ Component: (await import('./metric')).MetricPage }) },
    { path: '/insight/sql', lazy: async () => ({ Component: (await import('./sql/workbench')).SqlWorkbench }) },
    { path: '/insight/queries', lazy: async () => ({ Component: (await import('./sql/queries')).Queries }) },
    { path: '/insight/watches', lazy: async () => ({ Component: (await import('./watches')).Watches }) },
    { path: '/insight/watches/:id', lazy: async () => ({ Component: (await import('./watch')).WatchPage }) },
  ],
  creations: [{ id: 'query', to: '/insight/sql', needs: 'insight.query.run' }],
};
