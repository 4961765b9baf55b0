import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import type { Consent, ConsentEvent, RecordConsent } from '@/api/schema';
import { refresh } from '@/api/query';
import { useSourceName } from '@/i18n/source';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { CHANNELS, ConsentPill, PURPOSES, useBrandChoices } from './words';

type Values = Pick<RecordConsent, 'brand_id' | 'channel' | 'purpose' | 'state' | 'source' | 'reason'>;

function RecordForm({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const brands = useBrandChoices();
  const { done } = useNotice();
  const act = api.useMutation('post', '/api/v1/customers/profiles/{id}/consents', {
    onSuccess: async () => {
      done(t('consent_recorded'));
      onClose();
      await refresh('/api/v1/customers/profiles');
    },
  });
  const needed = [{ required: true, message: t('needed') }];
  return (
    <FormDrawer<Values>
      title={t('consent_record')}
      hint={t('consent_record_hint')}
      open={open}
      onClose={onClose}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={{ channel: 'email', purpose: 'marketing', state: 'withdrawn' }}
      onFinish={(body) => act.mutate({ params: { path: { id } }, body })}
    >
      <Form.Item name="state" label={t('consent')} rules={needed}>
        <Select options={(['granted', 'withdrawn'] as const).map((value) => ({ value, label: t(`consent_state.${value}`) }))} />
      </Form.Item>
      <Form.Item name="brand_id" label={t('brand')} rules={needed}>
        <Select options={brands} />
      </Form.Item>
      <Form.Item name="channel" label={t('channel')} rules={needed}>
        <Select options={CHANNELS.map((value) => ({ value, label: t(`channel_name.${value}`) }))} />
      </Form.Item>
      <Form.Item name="purpose" label={t('purpose')} rules={needed}>
        <Select options={PURPOSES.map((value) => ({ value, label: t(`purpose_name.${value}`) }))} />
      </Form.Item>
      <Form.Item name="source" label={t('consent_source')} extra={t('consent_source_hint')} rules={[{ required: true, whitespace: true, message: t('needed') }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason')}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

/** What proves a statement: who said it, where, under which sentence. */
function Proof({ row, brand }: { row: ConsentEvent; brand: string | undefined }) {
  const { t } = useTranslation('customers');
  const source = useSourceName();
  return (
    <Facts
      facts={[
        { id: 'state', label: t('consent'), value: <ConsentPill state={row.state} /> },
        { id: 'brand', label: t('brand'), value: brand },
        { id: 'text', label: t('consent_text'), value: row.text },
        { id: 'version', label: t('consent_version'), value: row.text_version && <span className="data">{row.text_version}</span> },
        { id: 'source', label: t('consent_source'), value: source(row.source) },
        { id: 'given', label: t('given_by'), value: t(`given.${row.given_by}`) },
        { id: 'reason', label: t('reason'), value: row.reason },
        { id: 'at', label: t('when'), value: <DateTime at={row.happened_at} time /> },
        { id: 'recorded', label: t('recorded_at'), value: <DateTime at={row.recorded_at} time /> },
        { id: 'ip', label: t('ip_hash'), value: row.ip_hash && <code className="anywhere">{row.ip_hash}</code> },
      ]}
    />
  );
}

function useEvents(id: string, brandOf: (id: string) => string | undefined): ListSpec<'/api/v1/customers/profiles/{id}/consent-events'> {
  const { t } = useTranslation('customers');
  const source = useSourceName();
  return {
    id: 'consent-events',
    path: '/api/v1/customers/profiles/{id}/consent-events',
    pathParams: { id },
    rowKey: (row) => row.id,
    rowName: (row) => `${t(`purpose_name.${row.purpose}`)} · ${t(`channel_name.${row.channel}`)}`,
    peek: (row) => <Proof row={row} brand={brandOf(row.brand_id)} />,
    columns: [
      { id: 'what', label: t('about'), title: true, cell: (row) => `${t(`purpose_name.${row.purpose}`)} · ${t(`channel_name.${row.channel}`)}` },
      { id: 'state', label: t('consent'), cell: (row) => <ConsentPill state={row.state} /> },
      { id: 'brand', label: t('brand'), cell: (row) => brandOf(row.brand_id) ?? <Nothing /> },
      { id: 'source', label: t('consent_source'), cell: (row) => source(row.source) },
      { id: 'given', label: t('given_by'), wide: true, cell: (row) => t(`given.${row.given_by}`) },
      { id: 'version', label: t('consent_version'), wide: true, cell: (row) => (row.text_version ? <span className="data">{row.text_version}</span> : <Nothing />) },
      { id: 'at', label: t('when'), cell: (row) => <DateTime at={row.happened_at} time /> },
    ],
    empty: <EmptyState title={t('no_consents')} />,
  };
}

/** What a person agreed to as it stands, and the statements that prove it. */
export function Consents({ id, rows }: { id: string; rows: Consent[] }) {
  const { t } = useTranslation('customers');
  const may = useMay();
  const brands = useBrandChoices();
  const [recording, setRecording] = useState(false);
  const brandOf = (brand: string) => brands.find((choice) => choice.value === brand)?.label;
  const spec = useEvents(id, brandOf);
  return (
    <div className="stack">
      <section className="card stack-tight" aria-labelledby="consents-now">
        <div className="row">
          <h2 id="consents-now" className="grow">
            {t('consents_now')}
          </h2>
          {may('customers.consent.record') && (
            <Button size="small" icon={<PlusOutlined />} onClick={() => setRecording(true)}>
              {t('consent_record')}
            </Button>
          )}
        </div>
        {rows.length === 0 ? (
          <p className="quiet">{t('no_consents')}</p>
        ) : (
          <ul className="plain-list">
            {rows.map((row) => (
              <li key={row.id} className="row">
                <ConsentPill state={row.state} />
                <span className="grow">
                  {t(`purpose_name.${row.purpose}`)} · {t(`channel_name.${row.channel}`)}
                  <span className="quiet small"> · {brandOf(row.brand_id)}</span>
                </span>
                <span className="quiet small">
                  <DateTime at={row.happened_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <div className="stack-tight">
        <h2>{t('consent_history')}</h2>
        <List spec={spec} label={t('consent_history')} />
      </div>
      <RecordForm id={id} open={recording} onClose={() => setRecording(false)} />
    </div>
  );
}
