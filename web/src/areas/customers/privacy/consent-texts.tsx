import { FileTextOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentTextVersion, NewConsentText } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Colleague } from '../sources/words';
import { CHANNELS, PURPOSES, useBrandChoices } from '../words';
import { CONSENT_TEXTS, PRIVACY_MANAGE, useMake } from './calls';
import { useNow } from './now';

/** Whether people are shown it now. */
function ShownPill({ row }: { row: ConsentTextVersion }) {
  const { t } = useTranslation('privacy');
  const now = useNow();
  if (row.valid_until && Date.parse(row.valid_until) <= now) return <StatePill tone="quiet">{t('text_past')}</StatePill>;
  return Date.parse(row.valid_from) > now ? <StatePill tone="info">{t('text_ahead')}</StatePill> : <StatePill tone="good">{t('text_now')}</StatePill>;
}

type Values = Omit<NewConsentText, 'valid_from'> & { valid_from?: Dayjs | null };

function NewText({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const brands = useBrandChoices();
  const make = useMake(CONSENT_TEXTS);
  const send = ({ valid_from, brand_id, version, text, ...rest }: Values) =>
    make.mutate(
      { ...rest, brand_id: brand_id ?? null, version: version.trim(), text: text.trim(), valid_from: valid_from?.toISOString() ?? null },
      {
        onSuccess: () => {
          done(t('text_made'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<Values> title={t('new_text')} hint={t('new_text_hint')} open={open} onClose={onClose} onFinish={send} act={t('new_text_act')} busy={make.isPending} error={make.error} initial={{ purpose: 'marketing', channel: 'email', language: LANGUAGES[0] }}>
      <Form.Item name="purpose" label={t('customers:purpose')}>
        <Select options={PURPOSES.map((value) => ({ value, label: t(`customers:purpose_name.${value}`) }))} />
      </Form.Item>
      <Form.Item name="channel" label={t('customers:channel')}>
        <Select options={CHANNELS.map((value) => ({ value, label: t(`customers:channel_name.${value}`) }))} />
      </Form.Item>
      <Form.Item name="language" label={t('language')}>
        <Select options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))} />
      </Form.Item>
      {brands.length > 0 && (
        <Form.Item name="brand_id" label={t('customers:brand')} extra={t('brand_hint')}>
          <Select allowClear options={brands} />
        </Form.Item>
      )}
      <Form.Item name="version" label={t('version')} extra={t('version_hint')} rules={[{ required: true, whitespace: true, message: t('version_needed') }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="text" label={t('text')} rules={[{ required: true, whitespace: true, message: t('text_needed') }]}>
        <Input.TextArea rows={5} maxLength={5000} />
      </Form.Item>
      <Form.Item name="valid_from" label={t('valid_from')} extra={t('now_when_empty')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}

/** The sentences that people are shown (同意文本), version by version. */
export function ConsentTexts() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const may = useMay()(PRIVACY_MANAGE);
  const [open, setOpen] = useState(false);
  const brands = useBrandChoices();
  const about = (row: ConsentTextVersion) => `${t(`customers:purpose_name.${row.purpose}`)} · ${t(`customers:channel_name.${row.channel}`)}`;
  const language = (code: string) => LANGUAGES.find((one) => one === code);
  const spoken = (code: string) => <span lang={code}>{language(code) ? OWN_NAMES[language(code) ?? LANGUAGES[0]] : code}</span>;
  const brand = (row: ConsentTextVersion) => brands.find((one) => one.value === row.brand_id)?.label ?? (row.brand_id ? row.brand_id.slice(-8) : t('all_brands'));
  const make = may && <Button onClick={() => setOpen(true)}>{t('new_text')}</Button>;
  const spec: ListSpec<typeof CONSENT_TEXTS> = {
    id: 'consent_texts',
    path: CONSENT_TEXTS,
    rowKey: (row) => row.id,
    rowName: (row) => `${about(row)} · ${row.version}`,
    peek: (row) => (
      <div className="stack">
        <ShownPill row={row} />
        <blockquote lang={row.language} className="privacy-quote privacy-words">
          {row.text}
        </blockquote>
        <Facts
          facts={[
            { id: 'version', label: t('version'), value: <span className="data">{row.version}</span> },
            { id: 'language', label: t('language'), value: spoken(row.language) },
            { id: 'brand', label: t('customers:brand'), value: brand(row) },
            { id: 'from', label: t('valid_from'), value: <DateTime at={row.valid_from} time /> },
            { id: 'until', label: t('valid_until'), value: row.valid_until ? <DateTime at={row.valid_until} time /> : t('until_next') },
            { id: 'consents', label: t('statements'), value: format.number(row.consents) },
            { id: 'by', label: t('made_by'), value: row.created_by ? <Colleague id={row.created_by} /> : undefined },
          ]}
        />
      </div>
    ),
    views: [{ id: 'current', label: t('text_now'), params: { current: 'true' } }],
    filters: [
      { id: 'purpose', label: t('customers:purpose'), kind: 'choice', options: PURPOSES.map((value) => ({ value, label: t(`customers:purpose_name.${value}`) })) },
      { id: 'channel', label: t('customers:channel'), kind: 'choice', options: CHANNELS.map((value) => ({ value, label: t(`customers:channel_name.${value}`) })) },
      { id: 'language', label: t('language'), kind: 'choice', options: LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] })) },
      { id: 'current', label: t('text_now_only'), kind: 'flag' },
    ],
    columns: [
      { id: 'about', label: t('customers:purpose'), title: true, cell: about },
      { id: 'language', label: t('language'), cell: (row) => spoken(row.language) },
      { id: 'version', label: t('version'), cell: (row) => <span className="data">{row.version}</span> },
      { id: 'text', label: t('text'), wide: true, cell: (row) => <span lang={row.language} className="data privacy-line">{row.text}</span> },
      { id: 'state', label: t('state_is'), cell: (row) => <ShownPill row={row} /> },
      { id: 'from', label: t('valid_from'), cell: (row) => <DateTime at={row.valid_from} short /> },
      { id: 'brand', label: t('customers:brand'), hidden: true, cell: brand },
      { id: 'consents', label: t('statements'), figure: true, cell: (row) => <span title={format.number(row.consents)}>{format.compact(row.consents)}</span> },
    ],
    empty: (
      <EmptyState icon={<FileTextOutlined />} title={t('texts_empty')} hint={t('texts_empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return (
    <>
      <List spec={spec} label={t('tab.texts')} tools={make} />
      <NewText open={open} onClose={() => setOpen(false)} />
    </>
  );
}
