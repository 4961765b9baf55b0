import { FileTextOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import type { Area } from '@/frame/area';

export const content: Area = {
  id: 'content',
  icon: <FileTextOutlined />,
  worksIn: ['brand.content.write', 'brand.content.approve', 'brand.content.release'],
  pages: [
    { id: 'items', path: '/content/items', needs: 'brand.content.read' },
    { id: 'releases', path: '/content/releases', needs: 'brand.release.read' },
  ],
  routes: [
    { path: '/content/items', lazy: async () => ({ Component: (await import('./items')).Items }) },
    { path: '/content/items/:id', lazy: async () => ({ Component: (await import('./item')).ItemPage }) },
    { path: '/content/releases', lazy: async () => ({ Component: (await import('./releases')).Releases }) },
  ],
  creations: [{ id: 'content', to: '/content/items?new=1', needs: 'brand.content.write' }],
  searches: [
    {
      id: 'contents',
      needs: 'brand.content.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/brand/contents', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((item) => ({ id: item.id, title: item.title, to: `/content/items/${item.id}` }));
      },
    },
  ],
};
