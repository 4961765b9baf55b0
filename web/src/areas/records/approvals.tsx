import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { MoveApproval } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { ApprovalPanel, ApprovalPill, useReason } from '@/parts/approval/approval';
import { Person } from '@/parts/avatar';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import type { Detail, RecordSchema } from './types';

/** Approvals of one record that its page shows; older ones are in its timeline. */
const SHOWN = 20;

/** The approvals that were asked for about a record, latest first. */
export function useApprovals(schema: RecordSchema, row: Detail) {
  const may = useMay()('rulebook.approval.read');
  const query = { box: may ? ('all' as const) : ('asked' as const), subject_noun: `record.${schema.id}`, subject_id: row.id, page_size: SHOWN };
  return api.useQuery('get', '/api/v1/rulebook/approvals', { params: { query } });
}

function Bound({ schema, approval }: { schema: RecordSchema; approval: MoveApproval }) {
  const { t } = useTranslation('records');
  const state = (id: string) => schema.states.find((one) => one.id === id)?.title ?? id;
  return (
    <>
      <Facts
        facts={[
          { id: 'asked', label: t('approval:asked_by'), value: <Person name={approval.requested_by_name} /> },
          { id: 'at', label: t('approval:asked_at'), value: <DateTime at={approval.requested_at} time /> },
          { id: 'way', label: t('approval_way'), value: `${state(approval.from_state)} → ${state(approval.to_state)}` },
          ...(approval.rejected_state ? [{ id: 'else', label: t('approval_else'), value: state(approval.rejected_state) }] : []),
        ]}
      />
      {approval.state === 'pending' && <p className="quiet small">{t('approval_bound', { version: approval.subject_version })}</p>}
    </>
  );
}

function One({ schema, approval }: { schema: RecordSchema; approval: MoveApproval }) {
  return (
    <ApprovalPanel id={approval.id}>
      <Bound schema={schema} approval={approval} />
    </ApprovalPanel>
  );
}

/** Why the last approval came to nothing, as long as the record still stands where that left it. */
function CameToNothing({ row, approval }: { row: Detail; approval: MoveApproval }) {
  const { t } = useTranslation('records');
  const local = useLocal();
  const reason = useReason()(approval);
  const left = approval.state === 'rejected' ? (approval.rejected_state ?? approval.from_state) : approval.from_state;
  if (row.ended || row.state !== left || !['rejected', 'voided'].includes(approval.state)) return null;
  return (
    <section className="card row" aria-label={t('approval_last')}>
      <ApprovalPill state={approval.state} />
      <span className="grow anywhere">
        {t('approval_came', { action: local(approval.action_names) })}
        {reason && ` ${t('approval:because', { reason })}`}
      </span>
      <Link to="?tab=approvals">{t('approval_see')}</Link>
    </section>
  );
}

/** The approval that a record waits for, decided where the record is read. */
export function RunningApproval({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const found = useApprovals(schema, row);
  const running = found.data?.items.find((one) => one.state === 'pending');
  const last = found.data?.items[0];
  if (running) return <One schema={schema} approval={running} />;
  return last ? <CameToNothing row={row} approval={last} /> : null;
}

/** Every approval of a record that is over: who decided what, and why. */
export function PastApprovals({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const found = useApprovals(schema, row);
  if (found.isPending) return <Skeleton rows={6} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const past = found.data.items.filter((one) => one.state !== 'pending');
  if (past.length === 0) return <p className="quiet">{t('approvals_none')}</p>;
  return (
    <div className="stack">
      {past.map((approval) => (
        <One key={approval.id} schema={schema} approval={approval} />
      ))}
    </div>
  );
}
