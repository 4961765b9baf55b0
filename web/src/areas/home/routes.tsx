import { HomeOutlined } from '@ant-design/icons';
import type { Area } from '@/frame/area';

export const home: Area = {
  id: 'home',
  icon: <HomeOutlined />,
  worksIn: [],
  pages: [{ id: 'my_work', path: '/' }],
  routes: [{ path: '/', lazy: async () => ({ Component: (await import('./my-work')).MyWork }) }],
};
