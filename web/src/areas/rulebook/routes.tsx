import { ReadOutlined } from '@ant-design/icons';
import { redirect } from 'react-router';
import { client } from '@/api/client';
import type { Area } from '@/frame/area';

export const rulebook: Area = {
  id: 'rulebook',
  icon: <ReadOutlined />,
  worksIn: ['rulebook.clause.read', 'rulebook.parameter.change'],
  pages: [
    { id: 'coverage', path: '/rulebook/coverage', needs: 'rulebook.clause.read' },
    { id: 'clauses', path: '/rulebook/clauses', needs: 'rulebook.clause.read' },
    { id: 'controls', path: '/rulebook/controls', needs: 'rulebook.clause.read' },
    { id: 'parameters', path: '/rulebook/parameters', needs: 'rulebook.parameter.read' },
    { id: 'machines', path: '/rulebook/machines', needs: 'rulebook.clause.read' },
    { id: 'trace', path: '/rulebook/traceability', needs: 'rulebook.clause.read' },
    { id: 'bottlenecks', path: '/rulebook/bottlenecks', needs: 'rulebook.clause.read' },
    { id: 'tasks', path: '/rulebook/tasks', needs: 'rulebook.clause.read' },
    { id: 'posters', path: '/rulebook/posters', needs: 'rulebook.clause.read' },
    { id: 'packs', path: '/rulebook/packs', needs: 'rulebook.pack.read' },
  ],
  routes: [
    {
      path: '/rulebook',
      Component: () => null,
      // Figures elsewhere open the clauses behind them by this address.
      loader: ({ request }) => {
        const { search } = new URL(request.url);
        return redirect(search ? `/rulebook/clauses${search}` : '/rulebook/coverage');
      },
    },
    { path: '/rulebook/coverage', lazy: async () => ({ Component: (await import('./coverage')).Coverage }) },
    { path: '/rulebook/clauses', lazy: async () => ({ Component: (await import('./clauses')).Clauses }) },
    { path: '/rulebook/clauses/:id', lazy: async () => ({ Component: (await import('./clause')).ClausePage }) },
    { path: '/rulebook/runs/:id', lazy: async () => ({ Component: (await import('./run')).RunPage }) },
    { path: '/rulebook/parameters', lazy: async () => ({ Component: (await import('./parameters')).Parameters }) },
    { path: '/rulebook/parameters/:key', lazy: async () => ({ Component: (await import('./parameter')).ParameterPage }) },
    { path: '/rulebook/controls', lazy: async () => ({ Component: (await import('./controls')).Controls }) },
    { path: '/rulebook/machines', lazy: async () => ({ Component: (await import('./machines')).Machines }) },
    { path: '/rulebook/traceability', lazy: async () => ({ Component: (await import('./trace')).Traceability }) },
    { path: '/rulebook/bottlenecks', lazy: async () => ({ Component: (await import('./bottlenecks')).Bottlenecks }) },
    { path: '/rulebook/tasks', lazy: async () => ({ Component: (await import('./tasks')).Tasks }) },
    { path: '/approvals/:id', lazy: async () => ({ Component: (await import('./approval')).ApprovalPage }) },
    { path: '/approvals', loader: () => redirect('/') },
    { path: '/rulebook/packs/:id/files', lazy: async () => ({ Component: (await import('./pack-editor')).PackEditor }) },
    { path: '/rulebook/posters', lazy: async () => ({ Component: (await import('./posters')).Posters }) },
    { path: '/rulebook/packs', lazy: async () => ({ Component: (await import('./packs')).Packs }) },
  ],
  searches: [
    {
      id: 'clauses',
      needs: 'rulebook.clause.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/rulebook/clauses', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((clause) => ({
          id: clause.id,
          title: `${clause.id} ${clause.title}`,
          note: clause.department_title,
          to: `/rulebook/clauses/${clause.id}`,
        }));
      },
    },
  ],
};
