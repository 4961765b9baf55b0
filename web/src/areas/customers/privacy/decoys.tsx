import { AimOutlined, BellOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { masks } from '@/api/masked';
import type { Decoy, DecoyHit, NewDecoy, NewDecoyHit } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { EmptyState } from '@/parts/states';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { DECOY_HITS, DECOYS, useMake } from './calls';
import { HIT_CHANNELS } from './contract';
import { ActDrawer, ReasonField } from './reason';
import { DecoyPill } from './words';

const trimmed = (text: string | null | undefined) => text?.trim() || null;

function Plant({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const [form] = Form.useForm<NewDecoy>();
  const make = useMake(DECOYS);
  const send = ({ label, name, email, mobile }: NewDecoy) =>
    make.mutate(
      { label: label.trim(), name: name.trim(), email: trimmed(email), mobile: trimmed(mobile) },
      {
        onSuccess: () => {
          done(t('decoy_made'));
          onClose();
        },
      },
    );
  const address = { validator: () => (trimmed(form.getFieldValue('email')) || trimmed(form.getFieldValue('mobile')) ? Promise.resolve() : Promise.reject(new Error(t('address_needed')))) };
  return (
    <FormDrawer<NewDecoy> title={t('plant')} hint={t('plant_hint')} form={form} open={open} onClose={onClose} onFinish={send} act={t('plant')} busy={make.isPending} error={make.error}>
      <Form.Item name="label" label={t('decoy_label')} extra={t('decoy_label_hint')} rules={[{ required: true, whitespace: true, message: t('decoy_label_needed') }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="name" label={t('customers:name')} extra={t('decoy_name_hint')} rules={[{ required: true, whitespace: true, message: t('decoy_name_needed') }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="email" label={t('customers:email')} dependencies={['mobile']} rules={[address]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="mobile" label={t('customers:mobile')} extra={t('decoy_address_hint')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDrawer>
  );
}

type HitValues = Omit<NewDecoyHit, 'happened_at' | 'decoy_id'> & { happened_at?: Dayjs | null };

function NewHit({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const make = useMake(DECOY_HITS);
  const send = ({ address, channel, happened_at, sender, note }: HitValues) =>
    make.mutate(
      { address: trimmed(address), channel, happened_at: happened_at?.toISOString() ?? null, sender: trimmed(sender), note: trimmed(note) },
      {
        onSuccess: (hit) => {
          done(t('hit_made', { count: hit.exports_before }));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<HitValues> title={t('new_hit')} hint={t('new_hit_hint')} open={open} onClose={onClose} onFinish={send} act={t('new_hit')} busy={make.isPending} error={make.error} initial={{ channel: 'email' }}>
      <Form.Item name="address" label={t('hit_address')} extra={t('hit_address_hint')} rules={[{ required: true, whitespace: true, message: t('hit_address_needed') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="channel" label={t('hit_channel')}>
        <Select options={HIT_CHANNELS.map((value) => ({ value, label: t(`hit.${value}`) }))} />
      </Form.Item>
      <Form.Item name="sender" label={t('hit_sender')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="happened_at" label={t('happened_at')} extra={t('now_when_empty')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" maxDate={dayjs()} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="note" label={t('hit_note')}>
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </FormDrawer>
  );
}

function DecoyShown({ row }: { row: Decoy }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'state', label: t('state_is'), value: <DecoyPill state={row.state} /> },
          { id: 'name', label: t('customers:name'), value: row.name, masked: masks(row, 'name') },
          { id: 'email', label: t('customers:email'), value: row.email, masked: masks(row, 'email') },
          { id: 'mobile', label: t('customers:mobile'), value: row.mobile, masked: masks(row, 'mobile') },
          { id: 'exports', label: t('decoy_exports'), value: format.number(row.exports) },
          { id: 'hits', label: t('decoy_hits'), value: format.number(row.hits) },
          { id: 'last', label: t('last_hit'), value: row.last_hit_at ? <DateTime at={row.last_hit_at} time /> : undefined },
          { id: 'since', label: t('planted_at'), value: <DateTime at={row.created_at} time /> },
        ]}
      />
      {row.state === 'planted' && (
        <div className="row">
          <Button onClick={() => setOpen(true)}>{t('retire')}</Button>
          <ActDrawer path={`${DECOYS}/{id}/retire`} row={row} open={open} onClose={() => setOpen(false)} title={t('retire')} hint={t('retire_hint')} button={t('retire')} done={t('retire_done')}>
            <ReasonField />
          </ActDrawer>
        </div>
      )}
    </div>
  );
}

/** Which lists held the decoy before it was used: one of them left the company. */
function HitShown({ row }: { row: DecoyHit }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (
    <div className="stack">
      <Facts
        facts={[
          { id: 'channel', label: t('hit_channel'), value: t(`hit.${row.channel}`) },
          { id: 'at', label: t('happened_at'), value: <DateTime at={row.happened_at} time /> },
          { id: 'sender', label: t('hit_sender'), value: row.sender ? <span className="data anywhere">{row.sender}</span> : undefined, masked: masks(row, 'sender') },
          { id: 'note', label: t('hit_note'), value: row.note ? <span className="data anywhere">{row.note}</span> : undefined, masked: masks(row, 'note') },
        ]}
      />
      <h3>{t('hit_exports', { count: row.exports_before, shown: format.number(row.exports_before) })}</h3>
      {row.exports.length === 0 ? (
        <p className="quiet">{t('hit_no_exports')}</p>
      ) : (
        <ol className="plain-list">
          {row.exports.map((one) => (
            <li key={one.id} className="row">
              <span className="data strong grow">{one.actor_name}</span>
              <span className="quiet small">{t('people_are', { count: one.rows, shown: format.number(one.rows) })}</span>
              <DateTime at={one.at} short time />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Hits() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const spec: ListSpec<typeof DECOY_HITS> = {
    id: 'decoy_hits',
    path: DECOY_HITS,
    rowKey: (row) => row.id,
    rowName: (row) => row.label,
    peek: (row) => <HitShown row={row} />,
    columns: [
      { id: 'label', label: t('decoy'), title: true, cell: (row) => <span className="data anywhere">{row.label}</span> },
      { id: 'channel', label: t('hit_channel'), cell: (row) => t(`hit.${row.channel}`) },
      { id: 'at', label: t('happened_at'), cell: (row) => <DateTime at={row.happened_at} short time /> },
      { id: 'sender', label: t('hit_sender'), cell: (row) => (masks(row, 'sender') ? <Masked /> : row.sender ? <span className="data anywhere">{row.sender}</span> : <Nothing />) },
      { id: 'exports', label: t('decoy_exports'), figure: true, cell: (row) => format.number(row.exports_before) },
    ],
    empty: <EmptyState icon={<BellOutlined />} title={t('hits_empty')} hint={t('hits_empty_hint')} />,
  };
  return (
    <section className="stack-tight" aria-labelledby="decoy-hits">
      <h2 id="decoy-hits">{t('decoy_hits')}</h2>
      <List spec={spec} label={t('decoy_hits')} />
    </section>
  );
}

/** Records that stand for nobody (诱饵记录): whoever writes to one has a list that left the company. */
export function Decoys() {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const [asked, setAsked] = useState<'plant' | 'hit'>();
  const close = () => setAsked(undefined);
  const plant = <Button onClick={() => setAsked('plant')}>{t('plant')}</Button>;
  const spec: ListSpec<typeof DECOYS> = {
    id: 'decoys',
    path: DECOYS,
    rowKey: (row) => row.id,
    rowName: (row) => row.label,
    peek: (row) => <DecoyShown key={row.id} row={row} />,
    columns: [
      { id: 'label', label: t('decoy'), title: true, cell: (row) => <span className="data anywhere">{row.label}</span> },
      { id: 'name', label: t('customers:name'), field: 'name', cell: (row) => row.name ?? <Nothing /> },
      { id: 'email', label: t('customers:email'), field: 'email', wide: true, cell: (row) => row.email ?? <Nothing /> },
      { id: 'mobile', label: t('customers:mobile'), field: 'mobile', wide: true, cell: (row) => row.mobile ?? <Nothing /> },
      { id: 'exports', label: t('decoy_exports'), figure: true, cell: (row) => format.number(row.exports) },
      { id: 'hits', label: t('decoy_hits'), figure: true, cell: (row) => <span className={row.hits > 0 ? 'bad strong' : undefined}>{format.number(row.hits)}</span> },
      { id: 'state', label: t('state_is'), cell: (row) => <DecoyPill state={row.state} /> },
    ],
    empty: (
      <EmptyState icon={<AimOutlined />} title={t('decoys_empty')} hint={t('decoys_empty_hint')}>
        {plant}
      </EmptyState>
    ),
  };
  return (
    <div className="stack">
      <div>
        <List
          spec={spec}
          label={t('tab.decoys')}
          tools={
            <>
              <Button onClick={() => setAsked('hit')}>{t('new_hit')}</Button>
              {plant}
            </>
          }
        />
      </div>
      <Hits />
      <Plant open={asked === 'plant'} onClose={close} />
      <NewHit open={asked === 'hit'} onClose={close} />
    </div>
  );
}
