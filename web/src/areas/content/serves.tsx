import { Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView } from '@/api/schema';
import { RECORDS, useAsked } from '@/areas/records/api';
import type { Detail, Page, Row } from '@/areas/records/types';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';

const KEPT = { staleTime: 60_000 };

interface Values {
  campaign_id?: string | null;
  plan_id?: string | null;
}

/** The campaign or plan that content is written for. */
export function ServesFields() {
  const { t } = useTranslation('content');
  const may = useMay();
  const campaigns = api.useQuery('get', '/api/v1/campaigns/campaigns', { params: { query: { page_size: 200 } } }, { ...KEPT, enabled: may('campaigns.campaign.read') });
  const plans = useAsked<Page<Row>>(`${RECORDS}/{type}`, { params: { path: { type: 'plan' }, query: { view: 'in_force', page_size: 200 } } }, { ...KEPT, enabled: may('records.plan.read') });
  return (
    <>
      <Form.Item name="campaign_id" label={t('for_campaign')}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={(campaigns.data?.items ?? []).map((row) => ({ value: row.id, label: row.name }))} />
      </Form.Item>
      <Form.Item name="plan_id" label={t('for_plan')} extra={t('serves_hint')}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={(plans.data?.items ?? []).map((row) => ({ value: row.id, label: `${row.number} ${row.title}` }))} />
      </Form.Item>
    </>
  );
}

/** Says in one line what an item serves, and lets its writers say it. */
export function Serves({ item }: { item: ContentView }) {
  const { t } = useTranslation('content');
  const may = useMay();
  const { done } = useNotice();
  const [open, setOpen] = useState(false);
  const campaign = api.useQuery('get', '/api/v1/campaigns/campaigns/{id}', { params: { path: { id: item.campaign_id ?? '' } } }, { ...KEPT, enabled: Boolean(item.campaign_id) && may('campaigns.campaign.read') });
  const plan = useAsked<Detail>(`${RECORDS}/{type}/{id}`, { params: { path: { type: 'plan', id: item.plan_id ?? '' } } }, { ...KEPT, enabled: Boolean(item.plan_id) && may('records.plan.read') });
  const save = api.useMutation('patch', '/api/v1/brand/contents/{id}', {
    onSuccess: async () => {
      setOpen(false);
      done(t('serves_saved'));
      await refresh('/api/v1/brand');
    },
  });
  const links = [
    item.campaign_id && <Link key="campaign" to={`/campaigns/${item.campaign_id}`}>{campaign.data?.name ?? t('campaign')}</Link>,
    item.plan_id && <Link key="plan" to={`/records/plan/${item.plan_id}`}>{plan.data?.title ?? t('for_plan')}</Link>,
  ].filter(Boolean);
  const change = may('brand.content.write') && item.state !== 'archived';
  return (
    <span className="row">
      <span className="quiet">{t('serves')}</span>
      {links.length > 0 ? links : <span className="warn">{t('serves_nothing')}</span>}
      {change && (
        <button type="button" className="plain-button link" onClick={() => setOpen(true)}>
          {t('serves_change')}
        </button>
      )}
      <FormDrawer<Values>
        title={t('serves_title')}
        open={open}
        onClose={() => setOpen(false)}
        act={t('common:save')}
        busy={save.isPending}
        error={save.error}
        initial={{ campaign_id: item.campaign_id ?? null, plan_id: item.plan_id ?? null }}
        onFinish={({ campaign_id, plan_id }) => save.mutate({ params: { path: { id: item.id }, header: ifMatch(item) }, body: { campaign_id: campaign_id ?? null, plan_id: plan_id ?? null } })}
      >
        <ServesFields />
      </FormDrawer>
    </span>
  );
}
