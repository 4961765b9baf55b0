import { CameraOutlined } from '@ant-design/icons';
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { Colleague } from '../sources/words';
import { SEGMENT_EDIT, SNAPSHOTS, useFreeze } from './calls';

/** The bounds that the server keeps. */
const REASON = { min: 2, max: 300 };

/** Who was in a segment at a moment (人群快照), for good: frozen by hand or for a send. */
export function Snapshots({ id, archived }: { id: string; archived: boolean }) {
  const { t } = useTranslation('segments');
  const format = useFormat();
  const { done } = useNotice();
  const may = useMay()(SEGMENT_EDIT);
  const [open, setOpen] = useState(false);
  const freeze = useFreeze(id);
  const close = () => {
    freeze.reset();
    setOpen(false);
  };
  const button = (
    <Act icon={<CameraOutlined />} why={!may ? t('snapshots.may_not') : archived ? t('snapshots.archived') : undefined} onClick={() => setOpen(true)}>
      {t('snapshots.freeze')}
    </Act>
  );
  const spec: ListSpec<typeof SNAPSHOTS> = {
    id: 'segment_snapshots',
    path: SNAPSHOTS,
    pathParams: { id },
    rowKey: (row) => row.id,
    rowName: (row) => format.date(row.created_at, { time: true }),
    columns: [
      { id: 'at', label: t('snapshots.at'), title: true, cell: (row) => <DateTime at={row.created_at} short time /> },
      { id: 'why', label: t('snapshots.why'), cell: (row) => (row.reason ? <span className="data anywhere">{row.reason}</span> : t('snapshots.for_send')) },
      { id: 'count', label: t('count'), figure: true, cell: (row) => <Link to={`/customers/profiles?snapshot_id=${row.id}`}>{format.number(row.count)}</Link> },
      { id: 'version', label: t('version'), figure: true, cell: (row) => t('version_is', { number: row.version_number }) },
      { id: 'until', label: t('snapshots.until'), wide: true, cell: (row) => <DateTime at={row.watermark} short time /> },
      { id: 'by', label: t('snapshots.by'), wide: true, cell: (row) => (row.created_by ? <Colleague id={row.created_by} /> : t('snapshots.by_product')) },
    ],
    empty: (
      <EmptyState icon={<CameraOutlined />} title={t('snapshots.empty')} hint={t('snapshots.empty_hint')}>
        {button}
      </EmptyState>
    ),
  };
  return (
    <>
      <List spec={spec} label={t('snapshots.title')} tools={button} />
      <FormDrawer<{ reason: string }>
        title={t('snapshots.freeze')}
        hint={t('snapshots.hint')}
        open={open}
        onClose={close}
        act={t('snapshots.act')}
        busy={freeze.isPending}
        error={freeze.error}
        onFinish={({ reason }) =>
          freeze.mutate(reason.trim(), {
            onSuccess: ({ count }) => {
              done(t('snapshots.done', { count, shown: format.number(count) }));
              close();
            },
          })
        }
      >
        <Form.Item name="reason" label={t('snapshots.why')} rules={[{ required: true, whitespace: true, min: REASON.min, message: t('snapshots.why_needed') }]}>
          <Input maxLength={REASON.max} placeholder={t('snapshots.why_hint')} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
