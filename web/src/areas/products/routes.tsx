import { ShoppingOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import { salesPages, salesRoutes, salesSearches } from '@/areas/sales/routes';
import type { Area } from '@/frame/area';
import { currentLanguage } from '@/i18n';
import { localText } from '@/i18n/use-local';

export const products: Area = {
  id: 'products',
  icon: <ShoppingOutlined />,
  worksIn: ['catalog.product.read'],
  pages: [{ id: 'products', path: '/products', needs: 'catalog.product.read' }, ...salesPages],
  routes: [
    { path: '/products', lazy: async () => ({ Component: (await import('./products')).Products }) },
    { path: '/products/:id', lazy: async () => ({ Component: (await import('./product')).ProductPage }) },
    ...salesRoutes,
  ],
  searches: [
    {
      id: 'products',
      needs: 'catalog.product.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/catalog/products', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((row) => ({ id: row.id, title: localText(row.names, currentLanguage()) || row.sku, note: row.sku, to: `/products/${row.id}` }));
      },
    },
    ...salesSearches,
  ],
};
