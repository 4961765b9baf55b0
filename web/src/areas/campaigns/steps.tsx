import { App, Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMutation } from '@tanstack/react-query';
import { client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Campaign } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { useNamesOf } from './choices';
import { EditCampaign } from './edit';
import { isIn } from './words';

type Plain = 'prepare' | 'edit' | 'test' | 'launch' | 'resume';
type WithReason = 'pause' | 'cancel';
type Open = WithReason | 'schedule' | 'change';

const AT = '/api/v1/campaigns/campaigns/{id}';

/** Does one step on the version that the reader saw. */
async function step(row: Campaign, which: Plain): Promise<unknown> {
  const init = { params: { path: { id: row.id } }, headers: ifMatch(row) };
  switch (which) {
    case 'prepare':
      return client.POST(`${AT}/prepare`, init);
    case 'edit':
      return client.POST(`${AT}/edit`, init);
    case 'test':
      return client.POST(`${AT}/test`, init);
    case 'launch':
      return client.POST(`${AT}/launch`, init);
    case 'resume':
      return client.POST(`${AT}/resume`, init);
  }
}

function useAfter(row: Campaign) {
  const { t } = useTranslation('campaigns');
  const { done } = useNotice();
  return async (did: string) => {
    done(t(`did.${did}`, { name: row.name }));
    await refresh('/api/v1/campaigns', '/api/v1/system/audit');
  };
}

function ReasonDrawer({ row, which, onClose }: { row: Campaign; which: WithReason | undefined; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const after = useAfter(row);
  const act = useMutation({
    mutationFn: async (body: { reason: string }) => {
      const init = { params: { path: { id: row.id } }, headers: ifMatch(row), body };
      return which === 'pause' ? client.POST(`${AT}/pause`, init) : client.POST(`${AT}/cancel`, init);
    },
    onSuccess: async () => {
      onClose();
      await after(which ?? 'pause');
    },
  });
  return (
    <FormDrawer<{ reason: string }>
      title={t(`step.${which ?? 'pause'}`)}
      open={which !== undefined}
      onClose={onClose}
      onFinish={(body) => act.mutate(body)}
      act={t(`step.${which ?? 'pause'}`)}
      busy={act.isPending}
      error={act.error}
      hint={t(`means.${which ?? 'pause'}`)}
    >
      <Form.Item name="reason" label={t('reason_label')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function ScheduleDrawer({ row, open, onClose }: { row: Campaign; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const after = useAfter(row);
  const act = useMutation({
    mutationFn: async ({ at }: { at: Dayjs }) => client.POST(`${AT}/schedule`, { params: { path: { id: row.id } }, headers: ifMatch(row), body: { schedule_at: at.toISOString() } }),
    onSuccess: async () => {
      onClose();
      await after('schedule');
    },
  });
  return (
    <FormDrawer<{ at: Dayjs }> title={t('step.schedule')} open={open} onClose={onClose} onFinish={(body) => act.mutate(body)} act={t('step.schedule')} busy={act.isPending} error={act.error} hint={t('means.schedule')}>
      <Form.Item name="at" label={t('scheduled_for')} rules={[{ required: true, message: t('time_needed') }]}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}

/** Asks before anything leaves the company: how many people, and what follows. */
function useLaunch(row: Campaign, launch: () => Promise<unknown>) {
  const { t } = useTranslation('campaigns');
  const { modal } = App.useApp();
  const format = useFormat();
  const { segment } = useNamesOf(row.segment_id, undefined);
  const people = segment?.member_count;
  return () =>
    void modal.confirm({
      title: t('launch_ask', { name: row.name }),
      content: typeof people === 'number' ? t('launch_means', { people: format.number(people), segment: segment?.name }) : t('launch_means_unknown'),
      okText: t('step.launch'),
      cancelText: t('common:cancel'),
      onOk: launch,
    });
}

/** The next steps of a campaign: those that its state allows, the likely one first. */
export function Steps({ campaign: row }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const may = useMay();
  const { failed } = useNotice();
  const after = useAfter(row);
  const [open, setOpen] = useState<Open>();
  const act = useMutation({
    mutationFn: (which: Plain) => step(row, which),
    onSuccess: (_, which) => after(which),
    onError: failed,
  });
  const launch = useLaunch(row, () => act.mutateAsync('launch').catch(() => undefined));
  const writes = may('campaigns.campaign.write');
  const launches = may('campaigns.campaign.launch');
  const busy = (which: Plain) => act.isPending && act.variables === which;
  const cannotLaunch = launches ? (row.tested_at ? undefined : t('why.untested')) : t('why.no_launch');
  const close = () => setOpen(undefined);
  return (
    <>
      {isIn(row, 'draft') && writes && (
        <>
          <Button onClick={() => setOpen('change')}>{t('common:edit')}</Button>
          <Button type="primary" loading={busy('prepare')} onClick={() => act.mutate('prepare')}>
            {t('step.prepare')}
          </Button>
        </>
      )}
      {isIn(row, 'ready', 'scheduled') && writes && (
        <Button loading={busy('edit')} onClick={() => act.mutate('edit')}>
          {t('step.edit')}
        </Button>
      )}
      {isIn(row, 'ready') && writes && (
        <Button type={row.tested_at ? 'default' : 'primary'} loading={busy('test')} onClick={() => act.mutate('test')}>
          {t('step.test')}
        </Button>
      )}
      {isIn(row, 'ready') && (
        <Act why={cannotLaunch} onClick={() => setOpen('schedule')}>
          {t('step.schedule')}
        </Act>
      )}
      {isIn(row, 'ready', 'scheduled') && (
        <Act type={row.tested_at ? 'primary' : 'default'} why={cannotLaunch} loading={busy('launch')} onClick={launch}>
          {t('step.launch')}
        </Act>
      )}
      {isIn(row, 'running') && launches && <Button onClick={() => setOpen('pause')}>{t('step.pause')}</Button>}
      {isIn(row, 'paused') && launches && (
        <Button type="primary" loading={busy('resume')} onClick={() => act.mutate('resume')}>
          {t('step.resume')}
        </Button>
      )}
      {!isIn(row, 'finished', 'cancelled') && launches && (
        <Button danger onClick={() => setOpen('cancel')}>
          {t('step.cancel')}
        </Button>
      )}
      <ReasonDrawer row={row} which={open === 'pause' || open === 'cancel' ? open : undefined} onClose={close} />
      <ScheduleDrawer row={row} open={open === 'schedule'} onClose={close} />
      <EditCampaign campaign={row} open={open === 'change'} onClose={close} />
    </>
  );
}
