import { BellOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { Notification } from '@/api/schema';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useSession } from '@/session/session';
import './bell.css';

const COUNT = '/api/v1/rulebook/notification-count';
const LIST = '/api/v1/rulebook/notifications';
/** More than this is "many". */
const MANY = 99;

/** Marks notifications as read, here and in the figure on the bell. */
export function useReading() {
  const { failed } = useNotice();
  const onSuccess = () => refresh(COUNT, LIST);
  const one = api.useMutation('post', '/api/v1/rulebook/notifications/{id}/read', { onSuccess, onError: failed });
  const all = api.useMutation('post', '/api/v1/rulebook/notification-count/read', { onSuccess, onError: failed });
  return {
    read: (id: string) => one.mutate({ params: { path: { id } } }),
    readAll: () => all.mutate({}),
    busy: all.isPending,
  };
}

function Panel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('notifications');
  const navigate = useNavigate();
  const { read, readAll, busy } = useReading();
  const unread = api.useQuery('get', LIST, { params: { query: { unread: true, page_size: 20 } } });
  const rows = unread.data?.items ?? [];
  const open = (row: Notification) => {
    read(row.id);
    onClose();
    void navigate(row.link);
  };
  return (
    <div className="stack">
      {unread.isPending ? (
        <Skeleton rows={4} />
      ) : unread.isError ? (
        <ErrorState error={unread.error} retry={() => void unread.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<BellOutlined />} title={t('none')} hint={t('none_hint')} />
      ) : (
        <ul className="bell-list">
          {rows.map((row) => (
            <li key={row.id}>
              <button type="button" className="plain-button" onClick={() => open(row)}>
                <span className="anywhere">{row.title}</span>
                <small className="quiet">
                  {t(`kind.${row.kind}`)} · <DateTime at={row.created_at} relative />
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        {rows.length > 0 && (
          <Button loading={busy} onClick={readAll}>
            {t('read_all')}
          </Button>
        )}
        <Link to="/notifications" onClick={onClose}>
          {t('see_all')}
        </Link>
        <Link to="/account#notifications" onClick={onClose}>
          {t('choose')}
        </Link>
      </div>
    </div>
  );
}

/** The bell: how much I was told and have not read, and what it is. */
export function Bell() {
  const { t } = useTranslation('notifications');
  const { session } = useSession();
  const [open, setOpen] = useState(false);
  const { data } = api.useQuery('get', COUNT, {}, { enabled: Boolean(session), refetchInterval: 60_000 });
  if (!session) return null;
  const count = data?.unread ?? 0;
  const shown = count > MANY ? `${MANY}+` : String(count);
  return (
    <>
      <Button type="text" className="bell" icon={<BellOutlined />} aria-label={t('bell', { shown })} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {count > 0 && (
          <span className="nav-badge" aria-hidden="true">
            {shown}
          </span>
        )}
      </Button>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('title')} size={400} destroyOnHidden>
        <Panel onClose={() => setOpen(false)} />
      </Drawer>
    </>
  );
}
