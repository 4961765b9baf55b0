import { redirect, type RouteObject } from 'react-router';
import { client } from '@/api/client';

/** Records name their page by the noun they are of; here is where those pages stand. */
const MOVED: [from: string, to: string][] = [
  ['/content/brands/:id', '/brand/brands/:id'],
  ['/customers/people/:id', '/customers/profiles/:id'],
  ['/customers/orders/:id', '/orders/:id'],
  ['/customers/imports/:id', '/imports/:id?step=receipt'],
  ['/people/access-reviews/:id', '/system/access-reviews/:id'],
  ['/system/account-requests/:id', '/system/account-requests?peek=:id'],
  ['/system/security-cases/:id', '/system/security-cases?peek=:id'],
  ['/system/deletion-requests/:id', '/system/important-changes?peek=:id'],
  ['/tasks/:id', '/rulebook/tasks?peek=:id'],
];

/** Leads on to where a page stands now, with what its address asks for. */
export const moved: RouteObject[] = [
  ...MOVED.map(([from, to]) => ({
    path: from,
    loader: ({ params, request }: { params: { id?: string }; request: Request }) => {
      const target = new URL(to.replace(':id', params.id ?? ''), location.origin);
      for (const [name, value] of new URL(request.url).searchParams) target.searchParams.set(name, value);
      return redirect(target.pathname + target.search);
    },
    Component: () => null,
  })),
  {
    path: '/customers/nodes/:id',
    loader: async ({ params }) => {
      // An identifier has no page; the person that it belongs to now has.
      const { data } = await client.GET('/api/v1/customers/nodes/{node_id}/profile', { params: { path: { node_id: params.id ?? '' } } });
      return redirect(`/customers/profiles/${data?.id ?? ''}`);
    },
    Component: () => null,
  },
];
