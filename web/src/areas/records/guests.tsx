import { TeamOutlined, UserAddOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '@/api/query';
import type { RecordGuest, RecordGuests } from '@/api/schema';
import { LANGUAGES, type Language } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { Person } from '@/parts/avatar';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { ask, RECORDS, useAsked } from './api';
import type { Detail, RecordSchema } from './types';

const GUESTS = `${RECORDS}/{type}/{id}/guests`;
/** Days that an invitation is offered for at first. */
const OFFERED_DAYS = 30;

interface NewGuest {
  name: string;
  email: string;
  organisation: string;
  language?: Language;
  until: Dayjs;
}

function useGuests(schema: RecordSchema, row: Detail) {
  return useAsked<RecordGuests>(GUESTS, { params: { path: { type: schema.id, id: row.id } } });
}

const again = () => refresh(RECORDS);

/** Invites somebody from outside until a day. */
function Invite({ schema, row, longest, open, onClose }: { schema: RecordSchema; row: Detail; longest: number; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const invite = useMutation({
    mutationFn: ({ until, ...guest }: NewGuest) => ask<RecordGuest>('post', GUESTS, { params: { path: { type: schema.id, id: row.id } }, body: { ...guest, valid_until: until.endOf('day').toISOString() } }),
    onSuccess: (guest) => {
      done(t('guest.invited', { name: guest.name }));
      onClose();
      void again();
    },
  });
  const last = dayjs().add(longest - 1, 'day');
  return (
    <FormDrawer<NewGuest>
      title={t('guest.invite')}
      hint={t('guest.hint')}
      open={open}
      onClose={onClose}
      act={t('guest.send')}
      busy={invite.isPending}
      error={invite.error}
      initial={{ until: dayjs().add(Math.min(OFFERED_DAYS, longest - 1), 'day') }}
      onFinish={(guest) => invite.mutate(guest)}
    >
      <Form.Item name="name" label={t('guest.name')} rules={[{ required: true, whitespace: true, message: t('guest.name_needed') }]}>
        <Input autoComplete="off" maxLength={80} />
      </Form.Item>
      <Form.Item name="email" label={t('guest.email')} rules={[{ required: true, type: 'email', message: t('guest.email_needed') }]}>
        <Input type="email" autoComplete="off" />
      </Form.Item>
      <Form.Item name="organisation" label={t('guest.organisation')} rules={[{ required: true, whitespace: true, message: t('guest.organisation_needed') }]}>
        <Input autoComplete="off" maxLength={120} />
      </Form.Item>
      <Form.Item name="until" label={t('guest.until')} extra={t('guest.until_hint', { count: longest })} rules={[{ required: true, message: t('guest.until_needed') }]}>
        <DatePicker style={{ width: '100%' }} disabledDate={(day) => day.isBefore(dayjs(), 'day') || day.isAfter(last, 'day')} />
      </Form.Item>
      <Form.Item name="language" label={t('guest.language')}>
        <Select allowClear options={LANGUAGES.map((value) => ({ value, label: <span lang={value}>{OWN_NAMES[value]}</span> }))} />
      </Form.Item>
    </FormDrawer>
  );
}

/** Withdraws an invitation, with a reason. */
function Withdraw({ schema, row, guest, onClose }: { schema: RecordSchema; row: Detail; guest: RecordGuest; onClose: () => void }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const withdraw = useMutation({
    mutationFn: (body: { reason: string }) => ask<RecordGuest>('post', `${GUESTS}/{guest}/withdraw`, { params: { path: { type: schema.id, id: row.id, guest: guest.id } }, body }),
    onSuccess: () => {
      done(t('guest.withdrawn', { name: guest.name }));
      onClose();
      void again();
    },
  });
  return (
    <FormDrawer<{ reason: string }> title={t('guest.withdraw')} hint={t('guest.withdraw_hint', { name: guest.name })} open onClose={onClose} act={t('guest.withdraw')} busy={withdraw.isPending} error={withdraw.error} onFinish={(body) => withdraw.mutate(body)}>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: 2, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function GuestRow({ guest, onWithdraw }: { guest: RecordGuest; onWithdraw: (() => void) | undefined }) {
  const { t } = useTranslation('records');
  return (
    <li className="stack-tight">
      <div className="row">
        <Person name={guest.name} />
        <span className="quiet anywhere">{guest.organisation}</span>
        {guest.ended_because ? <StatePill tone="quiet">{t(`guest.end.${guest.ended_because}`)}</StatePill> : <StatePill tone="good">{t('guest.open')}</StatePill>}
        <span className="grow" />
        {onWithdraw && (
          <Button size="small" onClick={onWithdraw} aria-label={t('guest.withdraw_named', { name: guest.name })}>
            {t('guest.withdraw')}
          </Button>
        )}
      </div>
      <dl className="facts small">
        <div className="change-line">
          <dt className="quiet">{t(guest.ended_at ? 'guest.ended' : 'guest.ends')}</dt>
          <dd>
            <DateTime at={guest.ended_at ?? guest.valid_until} time />
          </dd>
        </div>
        <div className="change-line">
          <dt className="quiet">{t('guest.seen')}</dt>
          <dd>{guest.last_access_at ? <DateTime at={guest.last_access_at} relative /> : t('guest.never_seen')}</dd>
        </div>
        <div className="change-line">
          <dt className="quiet">{t('guest.by')}</dt>
          <dd>{guest.invited_by_name || <Nothing />}</dd>
        </div>
        {guest.ended_reason && (
          <div className="change-line">
            <dt className="quiet">{t('reason')}</dt>
            <dd className="anywhere">{guest.ended_reason}</dd>
          </div>
        )}
      </dl>
    </li>
  );
}

/** What guests looked at and took. */
function Log({ accesses }: { accesses: RecordGuests['accesses'] }) {
  const { t } = useTranslation('records');
  return (
    <section className="card stack-tight" aria-labelledby="guest-log">
      <h2 id="guest-log">{t('guest.log')}</h2>
      {accesses.length === 0 ? (
        <p className="quiet">{t('guest.log_none')}</p>
      ) : (
        <ul className="plain-list">
          {accesses.map((one) => (
            <li key={one.id} className="row">
              <Person name={one.user_name} />
              <span>{t(`guest.act.${one.act}`)}</span>
              <span className="quiet">{one.number}</span>
              {one.file_name && <span className="quiet anywhere">{one.file_name}</span>}
              <span className="quiet small">
                <DateTime at={one.at} time />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The guests of a record (外部协作者): who may look from outside, until when, and what they saw. */
export function Guests({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const guests = useGuests(schema, row);
  const [inviting, setInviting] = useState(false);
  const [ending, setEnding] = useState<RecordGuest>();
  if (guests.isPending) return <Skeleton rows={4} />;
  if (guests.isError) return <ErrorState error={guests.error} retry={() => void guests.refetch()} />;
  const { items, accesses, can_invite, longest_days } = guests.data;
  const add = can_invite && (
    <Button icon={<UserAddOutlined aria-hidden="true" />} onClick={() => setInviting(true)}>
      {t('guest.invite')}
    </Button>
  );
  return (
    <div className="stack">
      {items.length === 0 ? (
        <EmptyState icon={<TeamOutlined />} title={t('guest.none')} hint={t('guest.none_hint')}>
          {add}
        </EmptyState>
      ) : (
        <section className="card stack" aria-labelledby="guests">
          <div className="row">
            <h2 id="guests">{t('tab.guests')}</h2>
            <span className="grow" />
            {add}
          </div>
          <ul className="plain-list">
            {items.map((guest) => (
              <GuestRow key={guest.id} guest={guest} onWithdraw={can_invite && !guest.ended_at ? () => setEnding(guest) : undefined} />
            ))}
          </ul>
        </section>
      )}
      {items.length > 0 && <Log accesses={accesses} />}
      <Invite schema={schema} row={row} longest={longest_days} open={inviting} onClose={() => setInviting(false)} />
      {ending && <Withdraw schema={schema} row={row} guest={ending} onClose={() => setEnding(undefined)} />}
    </div>
  );
}
