import { useMutation } from '@tanstack/react-query';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Campaign } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { AudienceFields, type CampaignValues, inputOf, PurposeFields, valuesOf } from './form';
import { useCurrency } from './words';
import './campaigns.css';

/** Changes a draft. */
export function EditCampaign({ campaign, open, onClose }: { campaign: Campaign; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const { done } = useNotice();
  const currency = useCurrency();
  const [form] = Form.useForm<CampaignValues>();
  const save = useMutation({
    mutationFn: async (values: CampaignValues) =>
      client.PATCH('/api/v1/campaigns/campaigns/{id}', { params: { path: { id: campaign.id } }, headers: ifMatch(campaign), body: await inputOf(values, currency) }),
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/campaigns', '/api/v1/system/audit');
    },
  });
  return (
    <FormDrawer<CampaignValues>
      title={t('edit_title')}
      open={open}
      onClose={onClose}
      onFinish={(values) => save.mutate(values)}
      act={t('common:save')}
      busy={save.isPending}
      error={save.error}
      form={form}
      initial={valuesOf(campaign, currency)}
    >
      <PurposeFields fixedBrand />
      <AudienceFields />
    </FormDrawer>
  );
}
