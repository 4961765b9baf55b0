import { DownOutlined, FilePdfOutlined } from '@ant-design/icons';
import { Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { RecordReminder } from '@/frame/reminder';
import { SecretBanner } from '@/parts/secret-banner';
import { ApprovalPill } from '@/parts/approval/approval';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { Record } from '@/patterns/record/record';
import { GuestRecordPage } from '@/areas/guest/record';
import { useMay, useSession } from '@/session/session';
import { useArchive, useRecord, useSchema } from './api';
import { PastApprovals, RunningApproval, useApprovals } from './approvals';
import { CampaignsOf, hasCampaigns } from './campaigns-of';
import { CarriedOut, isCarriedOut } from './carried-out';
import { useCrumbs } from './crumbs';
import { EditRecord } from './edit';
import { Evidence } from './evidence';
import { Guests } from './guests';
import { Happened } from './happened';
import { PublicForms } from './public-form';
import { Related } from './related';
import { Steps } from './steps';
import type { Detail, RecordSchema } from './types';
import { useFacts } from './use-facts';
import { useSteps } from './use-steps';
import { RecordState } from './value';
import { Work } from './work';
import './records.css';

function ArchiveDrawer({ schema, row, open, onClose }: { schema: RecordSchema; row: Detail; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('records');
  const { done } = useNotice();
  const navigate = useNavigate();
  const archive = useArchive(schema.id);
  const send = ({ reason }: { reason: string }) =>
    archive.mutate(
      { row, reason: reason.trim() },
      {
        onSuccess: () => {
          done(t('archived', { title: row.title }));
          void navigate(`/records/${schema.id}`);
        },
      },
    );
  return (
    <FormDrawer<{ reason: string }> title={t('archive')} open={open} onClose={onClose} act={t('archive')} hint={t('archive_hint', { title: row.title })} busy={archive.isPending} error={archive.error} onFinish={send}>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

/** What not everybody in the company may see. */
function isConfidential(row: Detail): boolean {
  return row.label === 'personal' || row.label === 'secret' || Boolean(row.secrecy);
}

function Shown({ schema, row, onEdit }: { schema: RecordSchema; row: Detail; onEdit: () => void }) {
  const { t } = useTranslation('records');
  const crumbs = useCrumbs(schema);
  const { own, common } = useFacts(schema, row);
  const { begin, busy, drawer } = useSteps(schema);
  const may = useMay();
  const [archiving, setArchiving] = useState(false);
  const approvals = useApprovals(schema, row);
  const waits = approvals.data?.items.some((one) => one.state === 'pending') ?? false;
  const past = approvals.data?.items.filter((one) => one.state !== 'pending').length ?? 0;
  const open = row.can_write && !row.archived_at;
  const menu = [
    { key: 'edit', label: t('common:edit'), onClick: onEdit },
    { key: 'archive', label: t('archive'), onClick: () => setArchiving(true) },
  ];
  return (
    <>
      <Record
        title={row.title}
        crumbs={[...crumbs, { label: row.number }]}
        state={
          <>
            <RecordState row={row} />
            {waits && <ApprovalPill state="pending" />}
            {row.archived_at && <Label>{t('is_archived')}</Label>}
          </>
        }
        actions={
          <>
            <Steps actions={row.actions} busy={busy} onStep={(action) => begin(row, action)} />
            <Button href={`/api/v1/records/${schema.id}/${row.id}/document`} icon={<FilePdfOutlined aria-hidden="true" />} aria-label={t('document')} title={t('document')} />
            {open && (
              <Dropdown menu={{ items: menu }} trigger={['click']} placement="bottomRight">
                <Button>
                  {t('manage')} <DownOutlined aria-hidden="true" />
                </Button>
              </Dropdown>
            )}
          </>
        }
        notes={
          <>
            {row.secrecy && <SecretBanner called={row.secrecy} />}
            {isConfidential(row) && <RecordReminder />}
            <RunningApproval schema={schema} row={row} />
          </>
        }
        facts={own}
        under={common}
        tabs={[
          { id: 'work', label: t('tab.work'), content: <Work schema={schema} row={row} /> },
          { id: 'related', label: t('tab.related'), content: <Related schema={schema} row={row} /> },
          ...(isCarriedOut(schema) ? [{ id: 'carried', label: t('tab.carried'), content: <CarriedOut schema={schema} row={row} /> }] : []),
          ...(hasCampaigns(schema) && may('campaigns.campaign.read') ? [{ id: 'campaigns', label: t('tab.campaigns'), content: <CampaignsOf schema={schema} row={row} /> }] : []),
          ...((schema.forms ?? []).length > 0 ? [{ id: 'form', label: t('forms:tab'), content: <PublicForms schema={schema} row={row} /> }] : []),
          { id: 'timeline', label: row.comments_count ? t('tab.timeline_count', { count: row.comments_count }) : t('tab.timeline'), content: <Happened schema={schema} row={row} /> },
          ...(schema.guests ? [{ id: 'guests', label: row.guests_count ? t('tab.guests_count', { count: row.guests_count }) : t('tab.guests'), content: <Guests schema={schema} row={row} /> }] : []),
          ...(past > 0 ? [{ id: 'approvals', label: t('tab.approvals', { count: past }), content: <PastApprovals schema={schema} row={row} /> }] : []),
          { id: 'evidence', label: t('tab.evidence'), content: <Evidence clauses={schema.clauses} /> },
        ]}
      />
      {drawer}
      <ArchiveDrawer schema={schema} row={row} open={archiving} onClose={() => setArchiving(false)} />
    </>
  );
}

/** One record (记录): what it says, what can be done with it, what it belongs to, what happened. */
export function RecordPage() {
  const { type = '', id = '' } = useParams();
  const { session } = useSession();
  const [params, setParams] = useSearchParams();
  const schema = useSchema(type);
  const row = useRecord(type, id);
  if (schema.isError) return <ErrorState error={schema.error} retry={() => void schema.refetch()} />;
  if (row.isError) return <ErrorState error={row.error} retry={() => void row.refetch()} />;
  if (schema.isPending || row.isPending) return <Skeleton shape="record" />;
  if (session?.guest) return <GuestRecordPage key={id} schema={schema.data} row={row.data} />;
  const edit = (on: boolean) => setParams(on ? { edit: '1' } : {});
  if (params.has('edit') && row.data.can_write) return <EditRecord key={id} schema={schema.data} row={row.data} onDone={() => edit(false)} />;
  return <Shown key={id} schema={schema.data} row={row.data} onEdit={() => edit(true)} />;
}
