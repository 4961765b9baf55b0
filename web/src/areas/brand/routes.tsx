import { TagsOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import type { Area } from '@/frame/area';

export const brand: Area = {
  id: 'brand',
  icon: <TagsOutlined />,
  worksIn: ['brand.brand.write', 'brand.asset.write', 'brand.content.approve'],
  pages: [
    { id: 'brands', path: '/brand/brands', needs: 'brand.brand.read' },
    { id: 'assets', path: '/brand/assets', needs: 'brand.asset.read' },
    { id: 'partials', path: '/brand/partials', needs: 'brand.partial.read' },
    { id: 'word_pack', path: '/brand/words', needs: 'brand.content.read' },
  ],
  routes: [
    { path: '/brand/brands', lazy: async () => ({ Component: (await import('./brands')).Brands }) },
    { path: '/brand/brands/:id', lazy: async () => ({ Component: (await import('./brand')).BrandPage }) },
    { path: '/brand/assets', lazy: async () => ({ Component: (await import('./assets')).Assets }) },
    { path: '/brand/assets/:id', lazy: async () => ({ Component: (await import('./asset')).AssetPage }) },
    { path: '/brand/partials', lazy: async () => ({ Component: (await import('./partials')).Partials }) },
    { path: '/brand/partials/:id', lazy: async () => ({ Component: (await import('./partial')).PartialPage }) },
    { path: '/brand/words', lazy: async () => ({ Component: (await import('./word-pack')).Words }) },
  ],
  creations: [{ id: 'asset', to: '/brand/assets?new=1', needs: 'brand.asset.write' }],
  searches: [
    {
      id: 'assets',
      needs: 'brand.asset.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/brand/assets', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((asset) => ({ id: asset.id, title: asset.title, note: asset.key, to: `/brand/assets/${asset.id}` }));
      },
    },
  ],
};
