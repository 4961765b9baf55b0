import { MailOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec, RowOf } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import './mail-drop.css';

type Mail = RowOf<'/api/v1/connect/mail-drop'>;
type Part = 'html' | 'text' | 'headers';

/** What the simulated receiver did, word by word. */
function Behaviour({ mail }: { mail: Mail }) {
  const { t, i18n } = useTranslation('operations');
  if (!mail.simulated_at) return <span className="quiet">{t('not_simulated')}</span>;
  const words = (mail.behaviour ?? '').split(',').map((word) => word.trim()).filter(Boolean);
  if (words.length === 0) return <span className="quiet">{t('behaviour.nothing')}</span>;
  return (
    <span className="row pill-row">
      {words.map((word) => (
        <Label key={word}>{i18n.exists(`operations:behaviour.${word}`) ? t(`behaviour.${word}`) : word}</Label>
      ))}
    </span>
  );
}

function Body({ id }: { id: string }) {
  const { t } = useTranslation('operations');
  const [part, setPart] = useState<Part>('html');
  const mail = api.useQuery('get', '/api/v1/connect/mail-drop/{id}', { params: { path: { id } } });
  if (mail.isPending) return <Skeleton rows={8} />;
  if (mail.isError) return <ErrorState error={mail.error} retry={() => void mail.refetch()} />;
  return (
    <div className="stack">
      <Segmented<Part> value={part} onChange={setPart} aria-label={t('mail_part')} options={(['html', 'text', 'headers'] as const).map((value) => ({ value, label: t(`part.${value}`) }))} />
      {part === 'html' ? (
        // No scripts, no forms, no way out: the message is only looked at.
        <iframe className="mail-body" title={t('part.html')} sandbox="" srcDoc={mail.data.html} />
      ) : (
        <pre className="mail-text">{part === 'text' ? mail.data.text : mail.data.headers.join('\n')}</pre>
      )}
    </div>
  );
}

function Opened({ mail }: { mail: Mail }) {
  const { t } = useTranslation('operations');
  const format = useFormat();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'from', label: t('mail_from'), value: mail.sender },
          { id: 'to', label: t('mail_to'), value: mail.recipient, masked: (mail as { masked?: string[] }).masked?.includes('recipient') ?? false },
          { id: 'at', label: t('mail_at'), value: <DateTime at={mail.received_at} time /> },
          { id: 'did', label: t('simulated'), value: <Behaviour mail={mail} /> },
          { id: 'size', label: t('size'), value: format.bytes(mail.size_bytes) },
        ]}
      />
      <Body id={mail.id} />
    </div>
  );
}

function RunSimulator() {
  const { t } = useTranslation('operations');
  const { done, failed } = useNotice();
  const run = api.useMutation('post', '/api/v1/connect/simulator/run', {
    onSuccess: async () => {
      done(t('simulator_ran'));
      await refresh('/api/v1/connect', '/api/v1/campaigns');
    },
    onError: failed,
  });
  return (
    <Button loading={run.isPending} onClick={() => run.mutate({})}>
      {t('simulator_run')}
    </Button>
  );
}

/** The mail drop (本地邮件箱): messages that were kept here instead of sent, and what simulated receivers did. */
export function MailDrop() {
  const { t } = useTranslation('operations');
  const may = useMay();
  const spec: ListSpec<'/api/v1/connect/mail-drop'> = {
    id: 'mail-drop',
    path: '/api/v1/connect/mail-drop',
    rowKey: (row) => row.id,
    rowName: (row) => row.subject,
    peek: (row) => <Opened key={row.id} mail={row} />,
    filters: [{ id: 'recipient', label: t('mail_to'), kind: 'text' }],
    columns: [
      { id: 'subject', label: t('subject'), title: true, cell: (row) => row.subject || <Nothing /> },
      { id: 'to', label: t('mail_to'), field: 'recipient', cell: (row) => row.recipient },
      { id: 'did', label: t('simulated'), cell: (row) => <Behaviour mail={row} /> },
      { id: 'at', label: t('mail_at'), cell: (row) => <DateTime at={row.received_at} short time /> },
    ],
    empty: <EmptyState icon={<MailOutlined />} title={t('mail_empty')} hint={t('mail_empty_hint')} />,
  };
  return (
    <>
      <PageHead title={t('mail_drop')} sub={t('mail_drop_sub')} actions={may('connect.simulator.run') && <RunSimulator />} />
      <List spec={spec} label={t('mail_drop')} />
    </>
  );
}
