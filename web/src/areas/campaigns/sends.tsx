import { SendOutlined } from '@ant-design/icons';
import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { Campaign, Send } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { customerPath, EVENTS, isIn, SEND_STATES, SendPill, useReasonWords } from './words';

const LANGUAGES = ['zh-Hans', 'zh-Hant', 'en'] as const;

function Settle({ send, onClose }: { send: Send | undefined; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  const { done } = useNotice();
  const settle = api.useMutation('post', '/api/v1/campaigns/sends/{id}/settle', {
    onSuccess: async () => {
      done(t('settled'));
      onClose();
      await refresh('/api/v1/campaigns');
    },
  });
  return (
    <FormDrawer<{ state: Send['state']; reason: string }>
      title={t('settle')}
      open={send !== undefined}
      onClose={onClose}
      onFinish={(body) => send && settle.mutate({ params: { path: { id: send.id } }, body })}
      act={t('settle')}
      busy={settle.isPending}
      error={settle.error}
      hint={t('settle_means')}
    >
      <Form.Item name="state" label={t('settle_as')} rules={[{ required: true, message: t('settle_needed') }]}>
        <Radio.Group options={['sent', 'failed'].map((value) => ({ value, label: t(`send_state.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason_label')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function SendFacts({ send, onSettle }: { send: Send; onSettle: (() => void) | undefined }) {
  const { t } = useTranslation('campaigns');
  const reason = useReasonWords();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state_label'), value: <SendPill state={send.state} /> },
          { id: 'reason', label: t('reason_label'), value: reason(send.reason) },
          { id: 'address', label: t('address'), value: send.address, masked: (send as { masked?: string[] }).masked?.includes('address') ?? false },
          { id: 'language', label: t('language_label'), value: send.language && t(`language.${send.language}`) },
          { id: 'sent', label: t('sent_at'), value: send.sent_at && <DateTime at={send.sent_at} time /> },
          { id: 'tried', label: t('attempts'), value: send.attempts },
          { id: 'reply', label: t('reply'), value: send.reply && <code className="anywhere">{send.reply}</code> },
          { id: 'message', label: t('message_id'), value: <code className="anywhere">{send.message_id}</code> },
        ]}
      />
      <div className="row">
        <Link to={customerPath(send.profile_id)}>{t('customer')}</Link>
        <Link to={`?tab=events&send_id=${send.id}`}>{t('its_events')}</Link>
        <Link to={`/contact-door?profile_id=${send.profile_id}`}>{t('its_decisions')}</Link>
      </div>
      {onSettle && (
        <div className="row">
          <Button onClick={onSettle}>{t('settle')}</Button>
        </div>
      )}
    </div>
  );
}

/** The sends (发送) of a campaign: one row for each message. */
export function Sends({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const may = useMay()('campaigns.send.settle');
  const reason = useReasonWords();
  const [settling, setSettling] = useState<Send>();
  const spec: ListSpec<'/api/v1/campaigns/campaigns/{id}/sends'> = {
    id: 'sends',
    path: '/api/v1/campaigns/campaigns/{id}/sends',
    pathParams: { id: campaign.id },
    rowKey: (row) => row.id,
    rowName: (row) => row.address ?? row.message_id,
    peek: (row) => <SendFacts send={row} onSettle={may && isIn(row, 'unknown') ? () => setSettling(row) : undefined} />,
    filters: [
      { id: 'state', label: t('state_label'), kind: 'choice', options: SEND_STATES.map((value) => ({ value, label: t(`send_state.${value}`) })) },
      { id: 'seen', label: t('seen'), kind: 'choice', options: EVENTS.map((value) => ({ value, label: t(`event.${value}`) })) },
      { id: 'language', label: t('language_label'), kind: 'choice', options: LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) })) },
      { id: 'link', label: t('link_number'), kind: 'text' },
      { id: 'open', label: t('figure.waiting'), kind: 'flag' },
      { id: 'delivered', label: t('figure.delivered'), kind: 'flag' },
      { id: 'raw', label: t('with_scanners'), kind: 'flag' },
    ],
    columns: [
      { id: 'address', label: t('address'), title: true, field: 'address', cell: (row) => row.address ?? <code>{row.message_id.slice(0, 18)}</code> },
      { id: 'state', label: t('state_label'), cell: (row) => <SendPill state={row.state} /> },
      { id: 'reason', label: t('reason_label'), cell: (row) => reason(row.reason) ?? <Nothing /> },
      { id: 'language', label: t('language_label'), cell: (row) => (row.language ? t(`language.${row.language}`) : <Nothing />) },
      { id: 'sent', label: t('sent_at'), cell: (row) => <DateTime at={row.sent_at} short time /> },
      { id: 'attempts', label: t('attempts'), figure: true, hidden: true, cell: (row) => row.attempts },
    ],
    empty: <EmptyState icon={<SendOutlined />} title={t('sends_empty')} hint={t('sends_empty_hint')} />,
  };
  return (
    <>
      <List spec={spec} label={t('tab.sends')} />
      <Settle send={settling} onClose={() => setSettling(undefined)} />
    </>
  );
}
