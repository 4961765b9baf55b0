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
    { id: 'account_requests', path: '/system/account-requests', needs: 'identity.account_request.create' },
    { id: 'access_reviews', path: '/system/access-reviews', needs: 'identity.access_review.decide' },
    { id: 'security_cases', path: '/system/security-cases', needs: 'identity.security_case.handle' },
    { id: 'devices', path: '/system/devices', needs: 'identity.device.manage' },
    { id: 'confidentiality', path: '/system/confidentiality', needs: 'identity.device.manage' },
    { id: 'four_eyes', path: '/system/important-changes', needs: 'identity.deletion_request.create' },
    { id: 'backups', path: '/system/backups', needs: 'system.backup.read' },
    { id: 'losses', path: '/system/losses', needs: 'system.loss.manage' },
    { id: 'calendars', path: '/system/calendars', needs: 'rulebook.calendar.read' },
    { id: 'health', path: '/system/health', needs: 'system.health.read' },
    { id: 'jobs', path: '/system/jobs', needs: 'system.health.read' },
    { id: 'webhooks', path: '/system/webhooks', needs: 'rulebook.webhook.manage' },
    { id: 'intakes', path: '/system/intakes', needs: 'rulebook.intake.manage' },
    { id: 'mail_drop', path: '/system/mail-drop', needs: 'connect.mail_drop.read' },
  ],
  routes: [
    { path: '/system/users', lazy: async () => ({ Component: (await import('./users')).Users }) },
    { path: '/system/users/:id', lazy: async () => ({ Component: (await import('./user')).UserPage }) },
    { path: '/system/roles', lazy: async () => ({ Component: (await import('./roles')).Roles }) },
    { path: '/system/backups', lazy: async () => ({ Component: (await import('./backups')).Backups }) },
    { path: '/system/losses', lazy: async () => ({ Component: (await import('./losses')).Losses }) },
    { path: '/system/losses/:id', lazy: async () => ({ Component: (await import('./loss')).LossPage }) },
    { path: '/system/audit', lazy: async () => ({ Component: (await import('./audit')).Audit }) },
    { path: '/system/account-requests', lazy: async () => ({ Component: (await import('./account-requests')).AccountRequests }) },
    { path: '/system/access-reviews', lazy: async () => ({ Component: (await import('./access-reviews')).AccessReviews }) },
    { path: '/system/access-reviews/:id', lazy: async () => ({ Component: (await import('./access-review')).AccessReviewPage }) },
    { path: '/system/security-cases', lazy: async () => ({ Component: (await import('./security-cases')).SecurityCases }) },
    { path: '/system/devices', lazy: async () => ({ Component: (await import('./devices')).Devices }) },
    { path: '/system/important-changes', lazy: async () => ({ Component: (await import('./four-eyes')).FourEyes }) },
    { path: '/system/confidentiality', lazy: async () => ({ Component: (await import('./confidentiality')).Confidentiality }) },
    { path: '/system/calendars', lazy: async () => ({ Component: (await import('./calendars')).Calendars }) },
    { path: '/system/calendars/:code', lazy: async () => ({ Component: (await import('./calendar')).CalendarPage }) },
    { path: '/system/health', lazy: async () => ({ Component: (await import('./health')).Health }) },
    { path: '/system/jobs', lazy: async () => ({ Component: (await import('./jobs')).Jobs }) },
    { path: '/system/webhooks', lazy: async () => ({ Component: (await import('./webhooks')).Webhooks }) },
    { path: '/system/intakes', lazy: async () => ({ Component: (await import('./intakes')).Intakes }) },
    { path: '/system/mail-drop', lazy: async () => ({ Component: (await import('./mail-drop')).MailDrop }) },
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
