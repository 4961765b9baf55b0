import { ApiOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { NewWebhookEndpoint, WebhookEndpoint } from '@/api/schema';
import { KINDS } from '@/areas/account/kinds';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { Copy } from '@/parts/copy';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Deliveries } from './webhook-deliveries';
import './system.css';

const PATH = '/api/v1/rulebook/webhooks';
const FORMATS = ['json', 'slack', 'teams', 'wecom', 'feishu', 'dingtalk'] as const;

type Change = Omit<NewWebhookEndpoint, 'format'>;

function Fields() {
  const { t } = useTranslation('notifications');
  return (
    <>
      <Form.Item name="name" label={t('hook_name')} rules={[{ required: true, whitespace: true, message: t('hook_name_needed') }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="url" label={t('hook_url')} rules={[{ required: true, pattern: /^https?:\/\/\S+$/, message: t('hook_url_needed') }]}>
        <Input inputMode="url" maxLength={1000} />
      </Form.Item>
      <Form.Item name="kinds" label={t('hook_kinds')}>
        <Select mode="multiple" placeholder={t('hook_all')} options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      </Form.Item>
      <Form.Item name="language" label={t('hook_language')}>
        <Select options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))} />
      </Form.Item>
    </>
  );
}

function Enter({ open, onClose, onSecret }: { open: boolean; onClose: () => void; onSecret: (secret: string) => void }) {
  const { t, i18n } = useTranslation('notifications');
  const { done } = useNotice();
  const enter = api.useMutation('post', PATH, {
    onSuccess: async (made) => {
      onClose();
      if (made.format === 'json' && made.secret) onSecret(made.secret);
      else done(t('hook_made'));
      await refresh(PATH);
    },
  });
  return (
    <FormDrawer<NewWebhookEndpoint> title={t('hook_new')} open={open} onClose={onClose} onFinish={(body) => enter.mutate({ body })} act={t('hook_new')} busy={enter.isPending} error={enter.error} hint={t('hook_hint')} initial={{ format: 'json', kinds: [], language: i18n.language as NewWebhookEndpoint['language'] & string }}>
      <Form.Item name="format" label={t('hook_format')}>
        <Select options={FORMATS.map((value) => ({ value, label: t(`format.${value}`) }))} />
      </Form.Item>
      <Fields />
    </FormDrawer>
  );
}

function Edit({ hook, onClose }: { hook: WebhookEndpoint; onClose: () => void }) {
  const { t } = useTranslation('notifications');
  const { done } = useNotice();
  const edit = useMutation({
    mutationFn: async (body: Change) => client.PATCH(`${PATH}/{id}`, { params: { path: { id: hook.id }, header: ifMatch(hook) }, body }),
    onSuccess: async () => {
      done(t('kept'));
      onClose();
      await refresh(PATH);
    },
  });
  return (
    <FormDrawer<Change> title={hook.name} open onClose={onClose} onFinish={(body) => edit.mutate(body)} act={t('keep')} busy={edit.isPending} error={edit.error} initial={{ name: hook.name, url: hook.url, kinds: hook.kinds, language: hook.language }}>
      <Fields />
    </FormDrawer>
  );
}

function Hook({ hook }: { hook: WebhookEndpoint }) {
  const { t } = useTranslation('notifications');
  const { done, failed } = useNotice();
  const [editing, setEditing] = useState(false);
  const onSuccess = () => refresh(PATH, '/api/v1/rulebook/webhook-deliveries');
  const turn = useMutation({
    mutationFn: async (active: boolean) => client.PATCH(`${PATH}/{id}`, { params: { path: { id: hook.id }, header: ifMatch(hook) }, body: { active } }),
    onSuccess,
    onError: failed,
  });
  const test = api.useMutation('post', `${PATH}/{id}/test`, {
    onSuccess: async () => {
      done(t('hook_tested'));
      await onSuccess();
    },
    onError: failed,
  });
  return (
    <li className="hook">
      <div className="grow">
        <div className="row">
          <span className="strong anywhere">{hook.name}</span>
          <Label>{t(`format.${hook.format}`)}</Label>
        </div>
        <div className="small quiet anywhere data">{hook.url.replace(/\?.*$/, '?…')}</div>
        <div className="small quiet">{hook.kinds.length ? hook.kinds.map((kind) => t(`kind.${kind}`)).join(' · ') : t('hook_all')}</div>
      </div>
      <div className="row">
        <Switch checked={hook.active} loading={turn.isPending} aria-label={t('hook_active', { name: hook.name })} onChange={(active) => turn.mutate(active)} />
        <Button size="small" disabled={!hook.active} loading={test.isPending} onClick={() => test.mutate({ params: { path: { id: hook.id } } })}>
          {t('hook_test')}
        </Button>
        <Button size="small" onClick={() => setEditing(true)}>
          {t('hook_edit')}
        </Button>
      </div>
      {editing && <Edit hook={hook} onClose={() => setEditing(false)} />}
    </li>
  );
}

/** Webhooks (事件推送): programs of others that are told what people are told, and what became of each delivery. */
export function Webhooks() {
  const { t } = useTranslation('notifications');
  const [entering, setEntering] = useState(false);
  const [secret, setSecret] = useState<string>();
  const hooks = api.useQuery('get', PATH);
  const enter = (
    <Button type="primary" onClick={() => setEntering(true)}>
      {t('hook_new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('hooks')} sub={t('hooks_sub')} actions={enter} />
      <section className="card" aria-label={t('hooks')}>
        {hooks.isPending ? (
          <Skeleton rows={3} />
        ) : hooks.isError ? (
          <ErrorState error={hooks.error} retry={() => void hooks.refetch()} />
        ) : hooks.data.items.length === 0 ? (
          <EmptyState icon={<ApiOutlined />} title={t('hooks_none')} hint={t('hook_hint')} />
        ) : (
          <ul className="hooks">
            {hooks.data.items.map((hook) => (
              <Hook key={hook.id} hook={hook} />
            ))}
          </ul>
        )}
      </section>
      <Deliveries hooks={hooks.data?.items ?? []} />
      <Enter open={entering} onClose={() => setEntering(false)} onSecret={setSecret} />
      <Modal open={secret !== undefined} title={t('hook_secret')} footer={null} onCancel={() => setSecret(undefined)} destroyOnHidden>
        <div className="stack">
          <p>{t('hook_secret_hint')}</p>
          <code className="anywhere">{secret}</code>
          <div>
            <Copy text={secret ?? ''} />
          </div>
        </div>
      </Modal>
    </>
  );
}
