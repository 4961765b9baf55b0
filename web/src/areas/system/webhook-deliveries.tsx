import { SendOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { WebhookEndpoint } from '@/api/schema';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';

const PATH = '/api/v1/rulebook/webhook-deliveries';
const STATES = ['intent', 'attempting', 'sent', 'failed', 'unknown', 'suppressed'] as const;
const TONES: { [state: string]: Tone } = { intent: 'info', attempting: 'info', sent: 'good', failed: 'bad', unknown: 'warn', suppressed: 'quiet' };

type Delivery = RowOf<typeof PATH>;

/** What a delivery is about: a notice, something else that happened, or a test. */
function useAbout() {
  const { t } = useTranslation('notifications');
  return (row: Delivery) => (row.kind ? t(`kind.${row.kind}`) : t(row.event_type ? 'segment_change' : 'test'));
}

function DeliveryView({ row }: { row: Delivery }) {
  const { t } = useTranslation('notifications');
  const { done, failed } = useNotice();
  const again = api.useMutation('post', `${PATH}/{id}/redeliver`, {
    onSuccess: async () => {
      done(t('sent_again'));
      await refresh(PATH);
    },
    onError: failed,
  });
  const about = useAbout();
  const state = String(row.state);
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state'), value: <StatePill tone={TONES[state] ?? 'quiet'}>{t(`delivery.${state}`)}</StatePill> },
          { id: 'hook', label: t('hook'), value: row.endpoint_name },
          { id: 'kind', label: t('kind_label'), value: about(row) },
          { id: 'attempts', label: t('attempts'), value: row.attempts },
          { id: 'due', label: t('next_try'), value: state === 'intent' && <DateTime at={row.due_at} time /> },
          { id: 'settled', label: t('settled'), value: row.settled_at && <DateTime at={row.settled_at} time /> },
          { id: 'detail', label: t('answer'), value: row.detail && <code className="anywhere">{row.detail}</code> },
          { id: 'id', label: t('delivery_id'), value: <code className="anywhere">{row.id}</code> },
        ]}
      />
      {['failed', 'unknown'].includes(state) && (
        <div>
          <p className="small quiet">{t(`again_hint.${state}`)}</p>
          <Button loading={again.isPending} onClick={() => again.mutate({ params: { path: { id: row.id } } })}>
            {t('again')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What was sent to webhooks, and what they said. */
export function Deliveries({ hooks }: { hooks: WebhookEndpoint[] }) {
  const { t } = useTranslation('notifications');
  const about = useAbout();
  const spec: ListSpec<typeof PATH> = {
    id: 'webhook_deliveries',
    path: PATH,
    rowKey: (row) => row.id,
    rowName: (row) => row.endpoint_name,
    peek: (row) => <DeliveryView row={row} />,
    views: [
      { id: 'failed', label: t('delivery.failed'), params: { state: 'failed' } },
      { id: 'unknown', label: t('delivery.unknown'), params: { state: 'unknown' } },
    ],
    filters: [
      { id: 'state', label: t('state'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`delivery.${value}`) })) },
      { id: 'endpoint_id', label: t('hook'), kind: 'choice', options: hooks.map((hook) => ({ value: hook.id, label: hook.name })) },
    ],
    columns: [
      { id: 'hook', label: t('hook'), title: true, cell: (row) => row.endpoint_name },
      { id: 'kind', label: t('kind_label'), cell: about },
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.created_at} relative /> },
      { id: 'attempts', label: t('attempts'), wide: true, cell: (row) => row.attempts },
      { id: 'settled', label: t('settled'), wide: true, cell: (row) => (row.settled_at ? <DateTime at={row.settled_at} short time /> : <Nothing />) },
      { id: 'state', label: t('state'), cell: (row) => <StatePill tone={TONES[String(row.state)] ?? 'quiet'}>{t(`delivery.${row.state}`)}</StatePill> },
    ],
    empty: <EmptyState icon={<SendOutlined />} title={t('deliveries_none')} hint={t('deliveries_none_hint')} />,
  };
  return <List spec={spec} label={t('deliveries')} />;
}
