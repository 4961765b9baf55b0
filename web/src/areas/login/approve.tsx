import { CheckCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, client } from '@/api/client';
import type { ApprovalLinkView } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { Door } from './door';
import { useLinkToken } from './token';

interface Words {
  comment?: string;
  code?: string;
}

function Asked({ link }: { link: ApprovalLinkView }) {
  const { t } = useTranslation('approval');
  const local = useLocal();
  return (
    <Facts
      facts={[
        { id: 'thing', label: t('thing'), value: link.subject_title },
        { id: 'action', label: t('action'), value: local(link.action_names) },
        { id: 'step', label: t('step_name'), value: local(link.step_names) },
        { id: 'version', label: t('version'), value: link.subject_version },
        { id: 'asked', label: t('asked_by'), value: link.requested_by_name },
        { id: 'at', label: t('asked_at'), value: <DateTime at={link.requested_at} time /> },
        { id: 'until', label: t('link_until'), value: <DateTime at={link.expires_at} time /> },
      ]}
    />
  );
}

/** Decides by a mail's link; opening the page shows what it would decide, a button does it. */
export function Approve() {
  const { t } = useTranslation('approval');
  const token = useLinkToken();
  const shown = useQuery({
    queryKey: ['approval-link', token],
    queryFn: async () => (await client.POST('/api/v1/rulebook/approval-links/show', { body: { token } })).data,
    retry: false,
  });
  const decide = api.useMutation('post', '/api/v1/rulebook/approval-links/use', { onSettled: () => void shown.refetch() });
  const link = shown.data;
  if (shown.isPending) return <Skeleton shape="record" />;
  if (!link) {
    return (
      <Door title={t('link_title')}>
        <ErrorState error={shown.error} />
      </Door>
    );
  }
  const { decision, refusal } = link;
  return (
    <Door title={t('link_title')} hint={t('link_hint')}>
      <section className="card stack">
        <Asked link={link} />
        {decide.isSuccess ? (
          <EmptyState icon={<CheckCircleOutlined />} title={t(`decided.${decision}`)} hint={t('link_done')}>
            <Link to="/">{t('to_product')}</Link>
          </EmptyState>
        ) : refusal ? (
          <EmptyState title={t(`refusal.${refusal.split('.').at(-1)}`)} hint={t('link_over_hint')}>
            <Link to="/">{t('to_product')}</Link>
          </EmptyState>
        ) : (
          <Form<Words>
            layout="vertical"
            requiredMark={false}
            onFinish={({ comment, code }) => decide.mutate({ body: { token, comment: comment?.trim() || null, code: code?.trim() || null } })}
          >
            <Form.Item name="comment" label={t('comment')} rules={decision === 'reject' ? [{ required: true, whitespace: true, message: t('comment_needed') }] : []}>
              <Input.TextArea rows={2} maxLength={1000} />
            </Form.Item>
            {link.asks_code && (
              <Form.Item name="code" label={t('code')} extra={t('code_hint')} rules={[{ required: true, whitespace: true, message: t('code_needed') }]}>
                <Input inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
              </Form.Item>
            )}
            <div className="stack">
              <ProblemNote error={decide.error} />
              <Button type="primary" htmlType="submit" block danger={decision === 'reject'} loading={decide.isPending}>
                {t(decision)}
              </Button>
            </div>
          </Form>
        )}
      </section>
    </Door>
  );
}
