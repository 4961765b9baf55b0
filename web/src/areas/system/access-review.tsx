import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { AccessReview, AccessReviewDecision, ReviewItem } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { ReviewPill } from './access-reviews';
import { Because } from './decide';
import { RoleLabels } from './user-words';

function Items({ review }: { review: AccessReview }) {
  const { t } = useTranslation('operations');
  const { done } = useNotice();
  const may = useMay()('identity.access_review.decide');
  const [removing, setRemoving] = useState<ReviewItem>();
  const decide = api.useMutation('post', '/api/v1/identity/access-reviews/{id}/items/{item_id}', {
    onSuccess: async (item) => {
      setRemoving(undefined);
      done(t('review_done', { name: item.user_name }));
      await refresh('/api/v1/identity/access-reviews', '/api/v1/identity/users', '/api/v1/rulebook/task');
    },
  });
  const send = (item: ReviewItem, decision: string, reason?: string) =>
    decide.mutate({ params: { path: { id: review.id, item_id: item.id } }, body: { decision: decision as AccessReviewDecision['decision'], ...(reason ? { reason } : {}) } });
  const buttons = (item: ReviewItem) =>
    item.decision ? (
      <StatePill tone={String(item.decision) === 'keep' ? 'good' : 'bad'}>{t(`decision.${item.decision}`)}</StatePill>
    ) : (
      may && (
        <span className="row">
          <Button size="small" onClick={() => send(item, 'keep')}>
            {t('decision.keep')}
          </Button>
          <Button size="small" danger onClick={() => setRemoving(item)}>
            {t('decision.remove')}
          </Button>
        </span>
      )
    );
  return (
    <section className="card list-card">
      <Table
        label={t('review_people')}
        rows={review.items ?? []}
        rowKey={(row) => row.id}
        rowName={(row) => row.user_name}
        linkOf={() => undefined}
        onOpen={() => undefined}
        columns={[
          { id: 'name', label: t('name'), title: true, cell: (row) => <Link to={`/system/users/${row.user_id}`}>{row.user_name}</Link> },
          { id: 'roles', label: t('role'), cell: (row) => <RoleLabels grants={row.grants} /> },
          { id: 'seen', label: t('last_seen'), cell: (row) => <DateTime at={row.last_seen_at} relative /> },
          { id: 'why', label: t('reason'), wide: true, cell: (row) => row.reason },
          { id: 'decide', label: t('decision_label'), cell: buttons },
        ]}
      />
      <Because
        title={t('decision.remove')}
        hint={t('remove_means', { name: removing?.user_name ?? '' })}
        open={removing !== undefined}
        busy={decide.isPending}
        error={decide.error}
        onClose={() => setRemoving(undefined)}
        onGive={(reason) => removing && send(removing, 'remove', reason)}
      />
    </section>
  );
}

/** One access review, decided person by person. */
export function AccessReviewPage() {
  const { t } = useTranslation('operations');
  const local = useLocal();
  const { id = '' } = useParams();
  const review = api.useQuery('get', '/api/v1/identity/access-reviews/{id}', { params: { path: { id } } });
  if (review.isPending) return <Skeleton shape="record" />;
  if (review.isError) return <ErrorState error={review.error} retry={() => void review.refetch()} />;
  const row = review.data;
  const title = t('review_title', { department: local(row.department_names), period: row.period });
  return (
    <Record
      title={title}
      crumbs={[{ label: t('reviews'), to: '/system/access-reviews' }, { label: title }]}
      state={<ReviewPill closed={Boolean(row.closed_at)} />}
      facts={[
        { id: 'reviewer', label: t('reviewer'), value: row.reviewer_name },
        { id: 'due', label: t('due'), value: <DateTime at={row.due_at} /> },
        { id: 'done', label: t('review_decided'), value: t('review_progress', { decided: row.decided_count, all: row.item_count }) },
        { id: 'closed', label: t('ended'), value: row.closed_at && <DateTime at={row.closed_at} time /> },
      ]}
      tabs={[{ id: 'people', label: t('review_people'), content: <Items review={row} /> }]}
    />
  );
}
