import { LineChartOutlined } from '@ant-design/icons';
import type { Area } from '@/frame/area';

export const insight: Area = {
  id: 'insight',
  icon: <LineChartOutlined />,
  worksIn: ['sales.order.read'],
  pages: [{ id: 'revenue', path: '/insight/revenue', needs: 'sales.order.read' }],
  routes: [{ path: '/insight/revenue', lazy: async () => ({ Component: (await import('./revenue')).Revenue }) }],
};
