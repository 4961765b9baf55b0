import { DeleteOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Erasure } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Colleague } from '../sources/words';
import { ERASURES, PRIVACY_ERASE, requestAt } from './calls';
import { proofOf } from './contract';
import { ActDrawer, ReasonField } from './reason';
import { ErasurePill } from './words';

/** Lets somebody in again who came back of their own will. */
function Readmit({ row }: { row: Erasure }) {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_ERASE);
  const [open, setOpen] = useState(false);
  if (!may || row.readmitted_at) return null;
  return (
    <div className="row">
      <Button onClick={() => setOpen(true)}>{t('readmit')}</Button>
      <ActDrawer path={`${ERASURES}/{id}/readmit`} row={row} open={open} onClose={() => setOpen(false)} title={t('readmit')} hint={t('readmit_hint')} button={t('readmit')} done={t('readmit_done')}>
        <Form.Item name="proof" label={t('readmit_proof')} extra={t('readmit_proof_hint')} rules={[{ required: true, whitespace: true, min: 5, message: t('reason_needed', { min: 5 }) }]}>
          <Input maxLength={500} />
        </Form.Item>
        <ReasonField />
      </ActDrawer>
    </div>
  );
}

function Hits({ of }: { of: Erasure }) {
  const format = useFormat();
  const hits = proofOf(of).verification?.hits;
  return typeof hits === 'number' ? format.number(hits) : <Nothing />;
}

function Shown({ row }: { row: Erasure }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const hits = proofOf(row).verification?.hits;
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'step', label: t('state_is'), value: <ErasurePill step={row.step} /> },
          { id: 'cause', label: t('cause_is'), value: t(`cause.${row.cause}`) },
          { id: 'request', label: t('request'), value: row.request_id ? <Link to={requestAt(row.request_id)}>{t('to_request')}</Link> : undefined },
          { id: 'reason', label: t('reason'), value: <span className="data anywhere">{row.reason}</span> },
          { id: 'by', label: t('erased_by'), value: row.erased_by ? <Colleague id={row.erased_by} /> : undefined },
          { id: 'at', label: t('erased_at'), value: <DateTime at={row.erased_at} time /> },
          { id: 'finished', label: t('finished_at'), value: row.finished_at ? <DateTime at={row.finished_at} time /> : undefined },
          { id: 'nodes', label: t('nodes'), value: format.number(row.nodes) },
          { id: 'events', label: t('lake_events'), value: format.number(row.lake_events) },
          { id: 'hits', label: t('hits'), value: typeof hits === 'number' ? format.number(hits) : undefined },
          { id: 'readmitted', label: t('readmitted_at'), value: row.readmitted_at ? <DateTime at={row.readmitted_at} time /> : undefined },
          { id: 'because', label: t('readmitted_because'), value: row.readmitted_because ? <span className="data anywhere">{row.readmitted_because}</span> : undefined },
        ]}
      />
      <Readmit row={row} />
    </div>
  );
}

/** Who was erased (删除记录): by number, because nothing else is left. */
export function Erasures() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const name = (row: Erasure) => t('customer_is', { id: row.profile_id.slice(-8) });
  const spec: ListSpec<typeof ERASURES> = {
    id: 'erasures',
    path: ERASURES,
    rowKey: (row) => row.id,
    rowName: name,
    peek: (row) => <Shown row={row} />,
    columns: [
      { id: 'who', label: t('customer'), title: true, cell: (row) => <span className="data">{name(row)}</span> },
      { id: 'at', label: t('erased_at'), cell: (row) => <DateTime at={row.erased_at} short time /> },
      { id: 'cause', label: t('cause_is'), cell: (row) => t(`cause.${row.cause}`) },
      { id: 'step', label: t('state_is'), cell: (row) => <ErasurePill step={row.step} /> },
      { id: 'hits', label: t('hits'), figure: true, cell: (row) => <Hits of={row} /> },
      { id: 'events', label: t('lake_events'), figure: true, wide: true, cell: (row) => format.number(row.lake_events) },
      { id: 'reason', label: t('reason'), wide: true, cell: (row) => <span className="data anywhere">{row.reason}</span> },
      { id: 'back', label: t('readmitted'), hidden: true, cell: (row) => (row.readmitted_at ? <StatePill tone="info">{t('readmitted')}</StatePill> : <Nothing />) },
    ],
    empty: <EmptyState icon={<DeleteOutlined />} title={t('erasures_empty')} hint={t('erasures_empty_hint')} />,
  };
  return <List spec={spec} label={t('tab.erasures')} />;
}
