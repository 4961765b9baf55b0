import { DownOutlined, EyeOutlined } from '@ant-design/icons';
import { Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import type { OrderSummary, Profile, Suppression } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { FormDrawer } from '@/parts/form-drawer';
import { SecretBanner } from '@/parts/secret-banner';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Consents } from './consents';
import { MATCH_DECIDE } from './matching/calls';
import { FieldOrigins } from './matching/facts';
import { MergeWith } from './matching/merge-with';
import { Merges } from './matching/merges';
import { Orders } from './orders';
import { PRIVACY_MANAGE } from './privacy/calls';
import { Flags, FlagsNote } from './privacy/on-customer';
import { NewRequest } from './privacy/request-form';
import { ProfileEdit } from './profile-edit';
import { ScoresOfProfile } from './scores/profile-scores';
import { Timeline } from './timeline';
import { nameOf, TierLabel, useProfileFacts } from './words';
import './customers.css';

function UnmaskForm({ id, open, onClose, onShown }: { id: string; open: boolean; onClose: () => void; onShown: (row: Profile) => void }) {
  const { t } = useTranslation('customers');
  const act = api.useMutation('post', '/api/v1/customers/profiles/{id}/unmask', {
    onSuccess: (row) => {
      onShown(row);
      onClose();
    },
  });
  return (
    <FormDrawer<{ reason: string }>
      title={t('unmask')}
      hint={t('unmask_hint')}
      open={open}
      onClose={onClose}
      act={t('unmask_act')}
      busy={act.isPending}
      error={act.error}
      onFinish={(body) => act.mutate({ params: { path: { id } }, body })}
    >
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function Totals({ orders }: { orders: OrderSummary[] }) {
  const { t } = useTranslation('customers');
  return orders.map((sum) => (
    <span key={sum.currency}>
      {t('orders_sum', { count: sum.order_count })} · <Money value={{ amount_minor: sum.total_minor, currency: sum.currency }} /> · {t('last_order')} <DateTime at={sum.last_at} />
    </span>
  ));
}

function Suppressed({ rows }: { rows: Suppression[] }) {
  const { t } = useTranslation('customers');
  const active = rows.filter((row) => !row.lifted_at);
  if (active.length === 0) return null;
  return (
    <div className="problem-note" role="status">
      <div>
        {active.map((row) => (
          <p key={row.id}>
            {t('suppressed', { channel: t(`channel_name.${row.channel}`), reason: t(`suppression_reason.${row.reason}`) })} · <DateTime at={row.happened_at} />
          </p>
        ))}
      </div>
    </div>
  );
}

function InSegments({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const local = useLocal();
  const segments = api.useQuery('get', '/api/v1/customers/profiles/{id}/segments', { params: { path: { id } } });
  if (segments.isPending) return <Skeleton />;
  if (segments.isError) return <ErrorState error={segments.error} retry={() => void segments.refetch()} />;
  if (segments.data.items.length === 0) return <EmptyState title={t('no_segments')} />;
  return (
    <ul className="card plain-list">
      {segments.data.items.map((row) => (
        <li key={row.id}>
          <Link to={`/customers/segments/${row.id}?person=${id}`} className="strong">
            {row.name}
          </Link>
          <div className="quiet small data">{local(row.in_words)}</div>
        </li>
      ))}
    </ul>
  );
}

function TierChanges({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const changes = api.useQuery('get', '/api/v1/customers/profiles/{id}/tier-changes', { params: { path: { id } } });
  if (changes.isPending) return <Skeleton />;
  if (changes.isError) return <ErrorState error={changes.error} retry={() => void changes.refetch()} />;
  if (changes.data.items.length === 0) return <EmptyState title={t('no_tier_changes')} />;
  return (
    <ol className="card plain-list">
      {changes.data.items.map((row) => (
        <li key={row.run_id} className="row">
          <DateTime at={row.happened_at} />
          <TierLabel tier={row.from_tier} />
          <span aria-hidden="true">→</span>
          <TierLabel tier={row.to_tier} />
          <span className="quiet small">
            {t('orders_sum', { count: row.order_count })} · {t('last_order')} <DateTime at={row.last_order_at} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** One person (客户档案): what is known, what they bought, what they agreed to, and what happened when. */
export function CustomerPage() {
  const { t } = useTranslation('customers');
  const { id = '' } = useParams();
  const may = useMay();
  const facts = useProfileFacts();
  const [asking, setAsking] = useState(false);
  const [editing, setEditing] = useState(false);
  const [more, setMore] = useState<'merge' | 'request' | 'flags'>();
  const [unmasked, setUnmasked] = useState<Profile>();
  const profile = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id } } });
  if (profile.isPending) return <Skeleton shape="record" />;
  if (profile.isError) return <ErrorState error={profile.error} retry={() => void profile.refetch()} />;
  const row = profile.data;
  const shown = unmasked?.id === row.id ? unmasked : row;
  const further = [
    ...(may(MATCH_DECIDE) ? [{ key: 'merge', label: t('matching:merge_with') }] : []),
    ...(may(PRIVACY_MANAGE)
      ? [
          { key: 'request', label: t('privacy:start_request') },
          { key: 'flags', label: t('privacy:flags_act') },
        ]
      : []),
  ];
  const closeMore = () => setMore(undefined);
  const hides = Boolean((shown as { masked?: string[] }).masked?.length);
  return (
    <>
      <Record
        title={nameOf(shown)}
        crumbs={[{ label: t('title'), to: '/customers/profiles' }]}
        state={<TierLabel tier={row.tier} />}
        sub={<Totals orders={row.orders ?? []} />}
        facts={facts(shown)}
        actions={
          <>
            {hides && may('customers.profile.unmask') && (
              <Button icon={<EyeOutlined />} onClick={() => setAsking(true)}>
                {t('unmask')}
              </Button>
            )}
            {may('customers.profile.edit') && <Button onClick={() => setEditing(true)}>{t('common:edit')}</Button>}
            {further.length > 0 && (
              <Dropdown menu={{ items: further, onClick: ({ key }) => setMore(key as typeof more) }} trigger={['click']} placement="bottomRight">
                <Button>
                  {t('matching:more')} <DownOutlined aria-hidden="true" />
                </Button>
              </Dropdown>
            )}
          </>
        }
        notes={
          <>
            <SecretBanner called={t('common:secret_customer')} />
            <Suppressed rows={row.suppressions} />
            <FlagsNote id={row.id} />
          </>
        }
        tabs={[
          { id: 'timeline', label: t('timeline'), content: <Timeline id={id} /> },
          { id: 'orders', label: t('orders'), content: <Orders id={id} /> },
          { id: 'consents', label: t('consents'), content: <Consents id={id} rows={row.consents} /> },
          { id: 'scores', label: t('scores:tab'), content: <ScoresOfProfile id={id} /> },
          { id: 'segments', label: t('segments'), content: <InSegments id={id} /> },
          { id: 'tier', label: t('tier_changes'), content: <TierChanges id={id} /> },
          { id: 'merges', label: t('matching:tab_merges'), content: <Merges id={id} /> },
          { id: 'facts', label: t('matching:tab_facts'), content: <FieldOrigins id={id} /> },
        ]}
      />
      <ProfileEdit key={row.version} profile={row} open={editing} onClose={() => setEditing(false)} />
      <MergeWith key={`merge/${id}`} profile={row} open={more === 'merge'} onClose={closeMore} />
      <NewRequest profileId={row.id} open={more === 'request'} onClose={closeMore} />
      <Flags id={row.id} open={more === 'flags'} onClose={closeMore} />
      <UnmaskForm id={id} open={asking} onClose={() => setAsking(false)} onShown={setUnmasked} />
    </>
  );
}
