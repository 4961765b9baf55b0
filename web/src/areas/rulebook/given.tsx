import { Button, Form, Input, Radio, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Control } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';

function Sign({ control, open, onClose }: { control: Control; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const sign = api.useMutation('post', '/api/v1/rulebook/controls/{id}/attestations', {
    onSuccess: async () => {
      done(t('signed'));
      onClose();
      await refresh('/api/v1/rulebook');
    },
  });
  return (
    <FormDrawer<{ holds: boolean; note: string; code?: string }>
      title={t('sign')}
      open={open}
      onClose={onClose}
      hint={control.statement}
      act={t('sign')}
      busy={sign.isPending}
      error={sign.error}
      onFinish={({ holds, note, code }) =>
        sign.mutate({ params: { path: { id: control.id } }, body: { holds, note: note.trim(), code: code?.trim(), statement_hash: control.statement_hash ?? '' } })
      }
    >
      <Form.Item name="holds" label={t('sign_answer')} rules={[{ required: true, message: t('value_needed') }]}>
        <Radio.Group
          options={[
            { value: true, label: t('sign_holds') },
            { value: false, label: t('sign_denies') },
          ]}
        />
      </Form.Item>
      <Form.Item name="note" label={t('sign_note')} extra={t('sign_extra')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
      {control.asks_code && (
        <Form.Item name="code" label={t('sign_code')} extra={t('sign_code_hint')} rules={[{ required: true, whitespace: true, message: t('sign_code_needed') }]}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
        </Form.Item>
      )}
    </FormDrawer>
  );
}

function Signatures({ control }: { control: Control }) {
  const { t } = useTranslation('rulebook');
  const found = api.useQuery('get', '/api/v1/rulebook/attestations', { params: { query: { control: control.id, page_size: 5 } } });
  if (!found.data || found.data.items.length === 0) return null;
  return (
    <ul className="plain-list">
      {found.data.items.map((one) => (
        <li key={one.id} className="stack-tight">
          <div className="row">
            <StatePill tone={!one.genuine ? 'bad' : one.holds ? 'info' : 'warn'}>{t(!one.genuine ? 'sign_forged' : one.holds ? 'sign_holds' : 'sign_denies')}</StatePill>
            <span className="strong">{one.signed_by_name}</span>
            <DateTime at={one.signed_at} time />
          </div>
          <p className="quiet">
            {one.note} · {t('waiver_until')} <DateTime at={one.valid_until} />
          </p>
        </li>
      ))}
    </ul>
  );
}

interface Chosen {
  file: { originFileObj?: Blob; name: string }[];
  note: string;
}

function Bring({ control, open, onClose }: { control: Control; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const add = api.useMutation('post', '/api/v1/rulebook/controls/{id}/files', {
    onSuccess: async () => {
      done(t('file_added'));
      onClose();
      await refresh('/api/v1/rulebook');
    },
  });
  return (
    <FormDrawer<Chosen>
      title={t('file_add')}
      open={open}
      onClose={onClose}
      hint={control.statement}
      act={t('file_add')}
      busy={add.isPending}
      error={add.error}
      onFinish={({ file, note }) => {
        const form = new FormData();
        form.append('note', note.trim());
        const [chosen] = file;
        if (chosen?.originFileObj) form.append('file', chosen.originFileObj, chosen.name);
        add.mutate({ params: { path: { id: control.id } }, body: form as never });
      }}
    >
      <Form.Item name="file" label={t('file')} valuePropName="fileList" getValueFromEvent={(event: { fileList: unknown[] }) => event.fileList} rules={[{ required: true, message: t('value_needed') }]}>
        <Upload beforeUpload={() => false} maxCount={1}>
          <Button>{t('file_choose')}</Button>
        </Upload>
      </Form.Item>
      <Form.Item name="note" label={t('file_note')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function Files({ control, mayWithdraw }: { control: Control; mayWithdraw: boolean }) {
  const { t } = useTranslation('rulebook');
  const { done, failed } = useNotice();
  const found = api.useQuery('get', '/api/v1/rulebook/evidence-files', { params: { query: { control: control.id, page_size: 10 } } });
  const withdraw = api.useMutation('post', '/api/v1/rulebook/evidence-files/{id}/withdraw', {
    onSuccess: async () => {
      done(t('file_withdrawn'));
      await refresh('/api/v1/rulebook');
    },
    onError: failed,
  });
  if (!found.data || found.data.items.length === 0) return null;
  return (
    <ul className="plain-list">
      {found.data.items.map((one) => (
        <li key={one.id} className="stack-tight">
          <div className="row">
            <a href={`/api/v1/rulebook/evidence-files/${one.id}/content`} download={one.file_name}>
              {one.file_name}
            </a>
            <code title={one.file_hash}>{one.file_hash.slice(0, 12)}</code>
            {one.withdrawn_at && <StatePill tone="quiet">{t('file_withdrawn')}</StatePill>}
          </div>
          <p className="quiet">
            {one.note} · {one.uploaded_by_name} <DateTime at={one.uploaded_at} /> · {t('waiver_until')} <DateTime at={one.valid_until} />
          </p>
          {!one.withdrawn_at && mayWithdraw && (
            <div className="row">
              <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate({ params: { path: { id: one.id }, header: ifMatch(one) } })}>
                {t('waiver_act.withdraw')}
              </Button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What people sign, or which files they bring, where no row can show it. */
export function Given({ control }: { control: Control }) {
  const { t } = useTranslation('rulebook');
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!control.permission) return null;
  const file = String(control.kind) === 'file';
  const allowed = may(control.permission);
  return (
    <div className="stack-tight">
      <p className="clause-text">{control.statement}</p>
      {file ? <Files control={control} mayWithdraw={allowed} /> : <Signatures control={control} />}
      {allowed && (
        <div className="row">
          <Button onClick={() => setOpen(true)}>{t(file ? 'file_add' : 'sign')}</Button>
        </div>
      )}
      {file ? <Bring control={control} open={open} onClose={() => setOpen(false)} /> : <Sign control={control} open={open} onClose={() => setOpen(false)} />}
    </div>
  );
}
