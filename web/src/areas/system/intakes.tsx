import { InboxOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Modal, Popconfirm, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Intake } from '@/api/schema';
import { useTypes } from '@/areas/records/api';
import { Copy } from '@/parts/copy';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { IntakeEntries } from './intake-entries';
import { EditIntake, INTAKES, NewIntakeForm, turned } from './intake-form';
import './system.css';

function Row({ intake, title, onUrl }: { intake: Intake; title: string; onUrl: (url: string) => void }) {
  const { t } = useTranslation('intakes');
  const { failed } = useNotice();
  const [editing, setEditing] = useState(false);
  const seen = { params: { path: { id: intake.id }, header: ifMatch(intake) } };
  const turn = useMutation({
    mutationFn: async (active: boolean) => client.PUT(`${INTAKES}/{id}`, { ...seen, body: turned(intake, active) }),
    onSuccess: () => refresh(INTAKES),
    onError: failed,
  });
  const renew = useMutation({
    mutationFn: async () => client.POST(`${INTAKES}/{id}/address`, seen),
    onSuccess: async ({ data }) => {
      if (data?.url) onUrl(data.url);
      await refresh(INTAKES);
    },
    onError: failed,
  });
  return (
    <li className="hook">
      <div className="grow">
        <div className="row">
          <span className="strong anywhere">{intake.name}</span>
          <Label>{title}</Label>
        </div>
        <div className="small quiet">{intake.names?.[intake.owner_id]}</div>
        <div className="small quiet">
          {intake.used_at ? (
            <>
              {t('used')}
              <DateTime at={intake.used_at} relative />
            </>
          ) : (
            t('never')
          )}
        </div>
      </div>
      <div className="row">
        <Switch checked={intake.active} loading={turn.isPending} aria-label={t('active', { name: intake.name })} onChange={(active) => turn.mutate(active)} />
        <Popconfirm title={t('renew')} description={t('renew_sure')} okText={t('renew')} cancelText={t('common:cancel')} onConfirm={() => renew.mutate()}>
          <Button size="small" loading={renew.isPending}>
            {t('renew')}
          </Button>
        </Popconfirm>
        <Button size="small" onClick={() => setEditing(true)}>
          {t('edit')}
        </Button>
      </div>
      {editing && <EditIntake intake={intake} onClose={() => setEditing(false)} />}
    </li>
  );
}

/** Intakes (外部来件): addresses to which others send what becomes records, and what became of it. */
export function Intakes() {
  const { t } = useTranslation('intakes');
  const [entering, setEntering] = useState(false);
  const [url, setUrl] = useState<string>();
  const intakes = api.useQuery('get', INTAKES);
  const types = useTypes();
  const title = (id: string) => types.data?.items.find((type) => type.id === id)?.title ?? id;
  const make = (
    <Button type="primary" onClick={() => setEntering(true)}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} actions={make} />
      <section className="card" aria-label={t('title')}>
        {intakes.isPending ? (
          <Skeleton rows={3} />
        ) : intakes.isError ? (
          <ErrorState error={intakes.error} retry={() => void intakes.refetch()} />
        ) : intakes.data.items.length === 0 ? (
          <EmptyState icon={<InboxOutlined />} title={t('none')} hint={t('hint')} />
        ) : (
          <ul className="hooks">
            {intakes.data.items.map((intake) => (
              <Row key={intake.id} intake={intake} title={title(intake.opens)} onUrl={setUrl} />
            ))}
          </ul>
        )}
      </section>
      <IntakeEntries intakes={intakes.data?.items ?? []} />
      <NewIntakeForm open={entering} onClose={() => setEntering(false)} onUrl={setUrl} />
      <Modal open={url !== undefined} title={t('url')} footer={null} onCancel={() => setUrl(undefined)} destroyOnHidden>
        <div className="stack">
          <p>{t('url_hint')}</p>
          <code className="anywhere">{url}</code>
          <div>
            <Copy text={url ?? ''} />
          </div>
        </div>
      </Modal>
    </>
  );
}
