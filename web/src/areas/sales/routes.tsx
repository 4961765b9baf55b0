import type { RouteObject } from 'react-router';
import { client } from '@/api/client';
import type { AreaPage, SearchSource } from '@/frame/area';

/** Orders stand beside the products that they are about. */
export const salesPages: AreaPage[] = [{ id: 'orders', path: '/orders', needs: 'sales.order.read' }];

export const salesRoutes: RouteObject[] = [
  { path: '/orders', lazy: async () => ({ Component: (await import('./orders')).OrdersPage }) },
  { path: '/orders/:id', lazy: async () => ({ Component: (await import('./order')).OrderPage }) },
];

export const salesSearches: SearchSource[] = [
  {
    id: 'orders',
    needs: 'sales.order.read',
    find: async (q, signal) => {
      const { data } = await client.GET('/api/v1/sales/orders', { params: { query: { number: q, page_size: 5 } }, signal });
      return (data?.items ?? []).map((order) => ({ id: order.id, title: order.number, note: order.store ?? undefined, to: `/orders/${order.id}` }));
    },
  },
];
