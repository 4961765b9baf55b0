import { NotificationOutlined } from '@ant-design/icons';
import { client } from '@/api/client';
import type { Area } from '@/frame/area';

export const campaigns: Area = {
  id: 'campaigns',
  icon: <NotificationOutlined />,
  worksIn: ['campaigns.campaign.write', 'campaigns.campaign.launch'],
  pages: [
    { id: 'campaigns', path: '/campaigns', needs: 'campaigns.campaign.read' },
    { id: 'contact_door', path: '/contact-door', needs: 'campaigns.contact.read' },
  ],
  routes: [
    { path: '/campaigns', lazy: async () => ({ Component: (await import('./campaigns')).Campaigns }) },
    { path: '/campaigns/new', lazy: async () => ({ Component: (await import('./new')).NewCampaign }) },
    { path: '/contact-door', lazy: async () => ({ Component: (await import('./contact-door')).ContactDoor }) },
    { path: '/campaigns/:id', lazy: async () => ({ Component: (await import('./campaign')).CampaignPage }) },
  ],
  creations: [{ id: 'campaign', to: '/campaigns/new', needs: 'campaigns.campaign.write' }],
  searches: [
    {
      id: 'campaigns',
      needs: 'campaigns.campaign.read',
      find: async (q, signal) => {
        const { data } = await client.GET('/api/v1/campaigns/campaigns', { params: { query: { q, page_size: 5 } }, signal });
        return (data?.items ?? []).map((row) => ({ id: row.id, title: row.name, to: `/campaigns/${row.id}` }));
      },
    },
  ],
};
