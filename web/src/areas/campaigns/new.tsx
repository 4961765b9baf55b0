import { Button, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '@/api/client';
import { refresh } from '@/api/query';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';
import { Facts } from '@/patterns/record/record';
import { Wizard } from '@/patterns/wizard/wizard';
import { useApprovedContents, useBrandChoices, useSegments } from './choices';
import { AudienceFields, type CampaignValues, inputOf, PurposeFields } from './form';
import { minorUnits, useCurrency, useGoalWords } from './words';
import './campaigns.css';

function Summary({ values }: { values: Partial<CampaignValues> }) {
  const { t } = useTranslation('campaigns');
  const format = useFormat();
  const goal = useGoalWords();
  const currency = useCurrency();
  const brand = useBrandChoices().find((row) => row.value === values.brand_id);
  const segment = useSegments().find((row) => row.id === values.segment_id);
  const content = useApprovedContents(values.brand_id).find((row) => row.id === values.content_id);
  const target = values.goal_target ? values.goal_target * (values.goal_metric === 'revenue' ? minorUnits(currency) : 1) : null;
  const people = segment?.member_count;
  return (
    <>
      <Facts
        facts={[
          { id: 'name', label: t('name'), value: values.name },
          { id: 'brand', label: t('brand'), value: brand?.label },
          { id: 'purpose', label: t('purpose_label'), value: values.purpose && t(`purpose.${values.purpose}`) },
          { id: 'goal', label: t('goal'), value: goal({ goal_metric: (values.goal_metric ?? null) as never, goal_target: target }) },
          { id: 'period', label: t('period'), value: values.period && `${format.date(values.period[0].toDate(), { time: true })} – ${format.date(values.period[1].toDate(), { time: true })}` },
          { id: 'segment', label: t('segment'), value: segment && (typeof people === 'number' ? t('segment_option', { name: segment.name, people: format.number(people) }) : segment.name) },
          { id: 'content', label: t('content'), value: content?.title },
        ]}
      />
      <p className="quiet">{t('check_hint')}</p>
    </>
  );
}

/** Makes a campaign: what for, to whom, then a look at the whole. */
export function NewCampaign() {
  const { t } = useTranslation('campaigns');
  const navigate = useNavigate();
  const { done } = useNotice();
  const currency = useCurrency();
  const [form] = Form.useForm<CampaignValues>();
  const values = Form.useWatch<Partial<CampaignValues> | undefined>([], { form, preserve: true }) ?? {};
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const incomplete = !values.name?.trim() ? t('name_needed') : !values.brand_id ? t('brand_needed') : undefined;
  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const all = form.getFieldsValue(true) as CampaignValues;
      const input = await inputOf(all, currency);
      const { data } = await client.POST('/api/v1/campaigns/campaigns', { body: { campaign: { ...input, brand_id: all.brand_id } } });
      await refresh('/api/v1/campaigns');
      done(t('created', { name: all.name }));
      await navigate(`/campaigns/${data?.id ?? ''}`);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <PageHead title={t('new')} crumbs={[{ label: t('title'), to: '/campaigns' }, { label: t('new') }]} />
      <Form<CampaignValues> form={form} layout="vertical" requiredMark={false} preserve initialValues={{ purpose: 'marketing' }} className="campaign-form">
        <Wizard
          steps={[
            { id: 'purpose', label: t('step_purpose'), content: <PurposeFields />, why: incomplete },
            { id: 'audience', label: t('step_audience'), content: <AudienceFields />, why: incomplete },
            {
              id: 'check',
              label: t('step_check'),
              content: (
                <>
                  <Summary values={values} />
                  <ProblemNote error={error} />
                  <div className="row">
                    <Button type="primary" loading={busy} disabled={Boolean(incomplete)} onClick={() => void create()}>
                      {t('create')}
                    </Button>
                  </div>
                </>
              ),
            },
          ]}
        />
      </Form>
    </>
  );
}
