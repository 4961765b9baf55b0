import { SettingOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import type { Area } from '@/frame/area';
import { currentLanguage } from '@/i18n';
import { localText } from '@/i18n/use-local';

export const system: Area = {
  id: 'system',
  icon: <SettingOutlined />,
  worksIn: ['identity.user.manage', 'identity.role.manage', 'system.audit.read', 'system.backup.manage'],
  pages: [
    { id: 'users', path: '/system/users', needs: 'identity.user.read' },
    { id: 'roles', path: '/system/roles', needs: 'identity.role.read' },
    { id: 'audit', path: '/system/audit', needs: 'system.audit.read' },
  ],
  routes: [
    { path: '/system/users', lazy: async () => ({ Component: (await import('./users')).Users }) },
    { path: '/system/users/:id', lazy: async () => ({ Component: (await import('./user')).UserPage }) },
    { path: '/system/roles', lazy: async () => ({ Component: (await import('./roles')).Roles }) },
    { path: '/system/audit', lazy: async () => ({ Component: (await import('./audit')).Audit }) },
  ],
  creations: [{ id: 'user', to: '/system/users?new=1', needs: 'identity.user.manage' }],
  searches: [
    {
      id: 'users',
      needs: 'identity.user.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/identity/users', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((user) => ({
          id: user.id,
          title: user.name,
          note: user.department_names ? localText(user.department_names, currentLanguage()) : undefined,
          to: `/system/users/${user.id}`,
        }));
      },
    },
  ],
};
