import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Handover } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { HandoverPill } from './handovers';

function Owned({ row }: { row: Handover }) {
  const { t, i18n } = useTranslation('people');
  const format = useFormat();
  const owned = (row.owned ?? []).filter((one) => one.count > 0);
  if (owned.length === 0) return <EmptyState title={t('owns_nothing')} hint={t('owns_nothing_hint')} />;
  const name = (view: string) => (i18n.exists(`evidence:view.${view}`) ? t(`evidence:view.${view}`) : t('evidence:view.other'));
  return (
    <ul className="card plain-list">
      {owned.map((one) => (
        <li key={one.view} className="stack-tight">
          <span className="strong">
            {name(one.view)} · {t('things', { count: one.count, shown: format.number(one.count) })}
          </span>
          <span className="row">
            {one.links.map((link, i) => (
              <Link key={link} to={link}>
                {t('thing_n', { number: i + 1 })}
              </Link>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One hand-over: what a leaver still owns, and the word that somebody else has it now. */
export function HandoverPage() {
  const { t } = useTranslation('people');
  const { id = '' } = useParams();
  const { done } = useNotice();
  const [closing, setClosing] = useState(false);
  const handover = api.useQuery('get', '/api/v1/identity/handovers/{id}', { params: { path: { id } } });
  const complete = api.useMutation('post', '/api/v1/identity/handovers/{id}/complete', {
    onSuccess: async () => {
      done(t('handover_done'));
      setClosing(false);
      await refresh('/api/v1/identity/handovers', '/api/v1/rulebook/task');
    },
  });
  if (handover.isPending) return <Skeleton shape="record" />;
  if (handover.isError) return <ErrorState error={handover.error} retry={() => void handover.refetch()} />;
  const row = handover.data;
  return (
    <>
      <Record
        title={row.user_name}
        crumbs={[{ label: t('handovers'), to: '/people/handovers' }]}
        state={<HandoverPill state={row.state} />}
        sub={t('handover_sub')}
        actions={
          row.state === 'open' && (
            <Button type="primary" onClick={() => setClosing(true)}>
              {t('handover_close')}
            </Button>
          )
        }
        facts={[
          { id: 'manager', label: t('sees_to_it'), value: row.manager_name },
          { id: 'left', label: t('left_at'), value: <DateTime at={row.created_at} time /> },
          { id: 'account', label: t('account'), value: <Link to={`/system/users/${row.user_id}`}>{row.user_name}</Link> },
          { id: 'done', label: t('handed_over'), value: row.done_at && <DateTime at={row.done_at} time /> },
          { id: 'note', label: t('note'), value: row.note },
        ]}
        tabs={[{ id: 'owned', label: t('owned'), content: <Owned row={row} /> }]}
      />
      <FormDrawer<{ note: string }>
        title={t('handover_close')}
        hint={t('handover_hint')}
        open={closing}
        onClose={() => setClosing(false)}
        act={t('handover_close')}
        busy={complete.isPending}
        error={complete.error}
        onFinish={(body) => complete.mutate({ params: { path: { id }, header: ifMatch(row) }, body })}
      >
        <Form.Item name="note" label={t('note')} rules={[{ required: true, whitespace: true, min: 2, message: t('note_needed') }]}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
