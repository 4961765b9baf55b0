import { AuditOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/schema';
import { Person } from '@/parts/avatar';
import { Copy } from '@/parts/copy';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { Changes, useAuditWords } from './audit-words';

function Actor({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation('audit');
  const key = `actor.${entry.actor_name.replaceAll(/[. ]/g, '_')}`;
  // What the product does by itself is named after the work.
  const name = entry.actor_kind === 'system' && i18n.exists(`audit:${key}`) ? t(key) : entry.actor_name;
  return <Person name={name} note={entry.actor_kind === 'user' ? undefined : t(`kind.${entry.actor_kind}`)} />;
}

/** Why; what the product does by itself may name a rule or a metric by its id. */
function Reason({ entry }: { entry: AuditEntry }) {
  if (!entry.reason) return <Nothing />;
  return entry.actor_kind === 'system' && /^[a-z0-9_.]+$/.test(entry.reason) ? <code>{entry.reason}</code> : entry.reason;
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const words = useAuditWords();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'at', label: t('at'), value: <DateTime at={entry.at} time weekday /> },
          { id: 'who', label: t('who'), value: <Actor entry={entry} /> },
          { id: 'what', label: t('what'), value: words(entry) },
          { id: 'subject', label: t('subject'), value: entry.noun_id && <code>{entry.noun_id}</code> },
          { id: 'reason', label: t('reason'), value: entry.reason && <Reason entry={entry} /> },
        ]}
      />
      <Changes entry={entry} />
      <div className="row small quiet">
        <code>{entry.request_id}</code>
        <Copy text={entry.request_id} />
      </div>
    </div>
  );
}

/** Kinds of things that a reader asks for; others are found through the row itself. */
const NOUNS = ['identity.user', 'identity.session', 'identity.role', 'identity.grant', 'identity.department', 'brand.content', 'customers.profile', 'customers.segment', 'campaigns.campaign', 'tabular.import', 'rulebook.parameter'];

/** The audit log (审计日志): who did what, when and why; nobody can change it. */
export function Audit() {
  const { t } = useTranslation('audit');
  const words = useAuditWords();
  const spec: ListSpec<'/api/v1/system/audit'> = {
    id: 'audit',
    path: '/api/v1/system/audit',
    rowKey: (row) => String(row.id),
    rowName: (row) => words(row),
    peek: (row) => <Entry entry={row} />,
    filters: [
      { id: 'actor', label: t('who'), kind: 'person' },
      { id: 'noun', label: t('subject'), kind: 'choice', options: NOUNS.map((value) => ({ value, label: t(`noun.${value.replace('.', '_')}`) })) },
      { id: 'from', label: t('from'), kind: 'date' },
      { id: 'to', label: t('to'), kind: 'date' },
    ],
    columns: [
      { id: 'at', label: t('at'), cell: (row) => <DateTime at={row.at} short time /> },
      { id: 'who', label: t('who'), cell: (row) => <Actor entry={row} /> },
      { id: 'what', label: t('what'), title: true, cell: (row) => words(row) },
      { id: 'reason', label: t('reason'), cell: (row) => <Reason entry={row} /> },
      { id: 'request', label: t('request'), hidden: true, cell: (row) => <code>{row.request_id}</code> },
    ],
    empty: <EmptyState icon={<AuditOutlined />} title={t('empty')} />,
  };
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      <List spec={spec} label={t('title')} />
    </>
  );
}
