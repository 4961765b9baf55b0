import { TeamOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import { importPages, importRoutes } from '@/areas/imports/routes';
import type { Area } from '@/frame/area';
import { insightAt, INSIGHTS } from './insights/calls';

export const customers: Area = {
  id: 'customers',
  icon: <TeamOutlined />,
  worksIn: ['customers.profile.read', 'customers.segment.read', 'customers.privacy.manage'],
  pages: [
    { id: 'profiles', path: '/customers/profiles', needs: 'customers.profile.read' },
    { id: 'matches', path: '/customers/matches', needs: 'customers.match.read' },
    { id: 'worklist', path: '/customers/worklist', needs: 'customers.profile.read' },
    { id: 'segments', path: '/customers/segments', needs: 'customers.segment.read' },
    { id: 'scores', path: '/customers/scores', needs: 'customers.profile.read' },
    { id: 'personas', path: '/customers/personas', needs: 'customers.segment.read' },
    { id: 'needs', path: '/customers/needs', needs: 'customers.need.read' },
    { id: 'insights', path: '/customers/insights', needs: 'customers.insight.read' },
    { id: 'insight_reports', path: '/customers/insight-reports', needs: 'customers.insight_report.read' },
    { id: 'tiers', path: '/customers/tiers', needs: 'customers.tier.read' },
    { id: 'suppressions', path: '/customers/suppressions', needs: 'customers.suppression.read' },
    { id: 'sources', path: '/customers/sources', needs: 'customers.source.read' },
    { id: 'tracking_plan', path: '/customers/plan', needs: 'customers.source.read' },
    { id: 'data_coverage', path: '/customers/coverage', needs: 'customers.source.read' },
    { id: 'quarantine', path: '/customers/quarantine', needs: 'customers.source.read' },
    { id: 'privacy_desk', path: '/customers/privacy', needs: 'customers.privacy.read' },
    ...importPages,
  ],
  routes: [
    { path: '/customers/profiles', lazy: async () => ({ Component: (await import('./customers')).Customers }) },
    { path: '/customers/segments', lazy: async () => ({ Component: (await import('./segments')).Segments }) },
    { path: '/customers/segments/new', lazy: async () => ({ Component: (await import('./segment')).NewSegmentPage }) },
    { path: '/customers/segments/:id', lazy: async () => ({ Component: (await import('./segment')).SegmentPage }) },
    { path: '/customers/profiles/:id', lazy: async () => ({ Component: (await import('./customer')).CustomerPage }) },
    { path: '/customers/matches', lazy: async () => ({ Component: (await import('./matching/matches')).Matches }) },
    { path: '/customers/worklist', lazy: async () => ({ Component: (await import('./worklist/worklist')).Worklist }) },
    { path: '/customers/scores', lazy: async () => ({ Component: (await import('./scores/scores')).Scores }) },
    { path: '/customers/personas', lazy: async () => ({ Component: (await import('./personas/personas')).Personas }) },
    { path: '/customers/personas/:id', lazy: async () => ({ Component: (await import('./personas/persona-set')).PersonaSetPage }) },
    { path: '/customers/needs', lazy: async () => ({ Component: (await import('./needs/needs')).Needs }) },
    { path: '/customers/insights', lazy: async () => ({ Component: (await import('./insights/insights')).Insights }) },
    { path: '/customers/insights/:id', lazy: async () => ({ Component: (await import('./insights/insight')).InsightPage }) },
    { path: '/customers/insight-reports', lazy: async () => ({ Component: (await import('./insight-reports/reports')).InsightReports }) },
    { path: '/customers/insight-reports/:id', lazy: async () => ({ Component: (await import('./insight-reports/report')).InsightReportPage }) },
    { path: '/customers/tiers', lazy: async () => ({ Component: (await import('./tiers')).Tiers }) },
    { path: '/customers/suppressions', lazy: async () => ({ Component: (await import('./suppressions')).Suppressions }) },
    { path: '/customers/sources', lazy: async () => ({ Component: (await import('./sources/sources')).Sources }) },
    { path: '/customers/sources/:id', lazy: async () => ({ Component: (await import('./sources/source')).SourcePage }) },
    { path: '/customers/plan', lazy: async () => ({ Component: (await import('./plan/plan')).TrackingPlan }) },
    { path: '/customers/plan/new', lazy: async () => ({ Component: (await import('./plan/new-planned-event')).NewPlannedEventPage }) },
    { path: '/customers/plan/:id', lazy: async () => ({ Component: (await import('./plan/planned-event')).PlannedEventPage }) },
    { path: '/customers/coverage', lazy: async () => ({ Component: (await import('./plan/coverage')).Coverage }) },
    { path: '/customers/quarantine', lazy: async () => ({ Component: (await import('./sources/quarantine')).Quarantine }) },
    { path: '/customers/privacy', lazy: async () => ({ Component: (await import('./privacy/desk')).PrivacyDesk }) },
    { path: '/customers/privacy/requests/:id', lazy: async () => ({ Component: (await import('./privacy/request')).RequestPage }) },
    { path: '/customers/privacy/leaks/new', lazy: async () => ({ Component: (await import('./privacy/new-leak')).NewLeakPage }) },
    { path: '/customers/privacy/leaks/:id', lazy: async () => ({ Component: (await import('./privacy/leak')).LeakPage }) },
    ...importRoutes,
  ],
  creations: [
    { id: 'segment', to: '/customers/segments/new', needs: 'customers.segment.edit' },
    { id: 'insight', to: '/customers/insights?new=1', needs: 'customers.insight.edit' },
    { id: 'planned_event', to: '/customers/plan/new', needs: 'customers.source.manage' },
    { id: 'subject_request', to: '/customers/privacy?new=1', needs: 'customers.privacy.manage' },
    { id: 'leak', to: '/customers/privacy/leaks/new', needs: 'customers.privacy.manage' },
    { id: 'import', to: '/imports/new', needs: 'tabular.import.run' },
  ],
  searches: [
    {
      id: 'profiles',
      needs: 'customers.profile.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/customers/profiles', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((row) => ({ id: row.id, title: row.name ?? row.member_number ?? row.id, note: row.city ?? undefined, to: `/customers/profiles/${row.id}` }));
      },
    },
    {
      id: 'insights',
      needs: 'customers.insight.read',
      find: async (q, signal) => {
        const { data } = await client.GET(INSIGHTS, { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((row) => ({ id: row.id, title: row.title, to: insightAt(row.id) }));
      },
    },
  ],
};
