import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PrivacyReason, SubjectRequest, SubjectRequestKind, VerifyRequest } from '@/api/schema';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { CustomerSelect } from '../customer-select';
import { PRIVACY_ERASE, PRIVACY_MANAGE, REQUESTS, useCheck, useDownload } from './calls';
import { GROUNDS, MEANS, resultOf } from './contract';
import { Correct } from './correct';
import { Erase } from './erase';
import { ActDrawer, ReasonField } from './reason';

interface Shown {
  row: SubjectRequest;
  open: boolean;
  onClose: () => void;
}

const DAYS_MAX = 60;

function Verify({ row, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  const [form] = Form.useForm<VerifyRequest>();
  const person = Form.useWatch('profile_id', form);
  return (
    <ActDrawer
      {...shown}
      row={row}
      form={form}
      path={`${REQUESTS}/{id}/verify`}
      title={t('verify')}
      hint={t('verify_hint')}
      button={t('verify_act')}
      done={t('verify_done')}
      initial={{ means: 'reply_to_address', profile_id: row.profile_id ?? null }}
      bodyOf={({ means, profile_id, detail }) => ({ means, profile_id: profile_id ?? null, detail: detail?.trim() || null })}
    >
      <Form.Item name="profile_id" label={t('customer')} rules={[{ required: true, message: t('customer_needed') }]}>
        <CustomerSelect value={person ?? null} onChange={(id) => form.setFieldsValue({ profile_id: id ?? null } as never)} />
      </Form.Item>
      <Form.Item name="means" label={t('means_is')}>
        <Select options={MEANS.map((value) => ({ value, label: t(`means.${value}`) }))} />
      </Form.Item>
      <Form.Item name="detail" label={t('detail')} extra={t('detail_hint')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </ActDrawer>
  );
}

function Refuse({ row, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={row} path={`${REQUESTS}/{id}/refuse`} title={t('refuse')} hint={t('refuse_hint')} button={t('refuse_act')} done={t('refuse_done')} initial={{ ground: row.state === 'open' ? 'identity_unproven' : 'unfounded' }}>
      <Form.Item name="ground" label={t('ground_is')}>
        <Select options={GROUNDS.map((value) => ({ value, label: t(`ground.${value}`) }))} />
      </Form.Item>
      <ReasonField />
    </ActDrawer>
  );
}

function Extend({ row, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={row} path={`${REQUESTS}/{id}/extend`} title={t('extend')} hint={t('extend_hint')} button={t('extend_act')} done={t('extend_done')} initial={{ days: 15 }}>
      <Form.Item name="days" label={t('days')} rules={[{ required: true, message: t('days_needed') }]}>
        <InputNumber min={1} max={DAYS_MAX} precision={0} />
      </Form.Item>
      <ReasonField />
    </ActDrawer>
  );
}

const CARRIED: Partial<Record<SubjectRequestKind, 'compile' | 'object' | 'restrict'>> = { access: 'compile', portability: 'compile', object_automated: 'object', restrict: 'restrict' };

/** Carries out what takes nothing but a reason. */
function CarryOut({ row, act, ...shown }: Shown & { act: 'compile' | 'object' | 'restrict' }) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={row} path={`${REQUESTS}/{id}/${act}`} title={t(`carry.${act}`)} hint={t(`carry_hint.${act}`)} button={t(`carry.${act}`)} done={t(`carry_done.${act}`)}>
      <ReasonField />
    </ActDrawer>
  );
}

function Accept({ row, ...shown }: Shown) {
  const { t } = useTranslation('privacy');
  return (
    <ActDrawer {...shown} row={row} path={`${REQUESTS}/{id}/accept`} title={t('accept')} hint={t('accept_hint')} button={t('accept_act')} done={t('accept_done')}>
      <ReasonField />
    </ActDrawer>
  );
}

/** Hands out the file; the reason is logged. */
export function Download({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const [open, setOpen] = useState(false);
  const download = useDownload(row);
  const send = ({ reason }: PrivacyReason) =>
    download.mutate(
      { reason: reason.trim() },
      {
        onSuccess: () => {
          done(t('download_done'));
          setOpen(false);
        },
      },
    );
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('download')}
      </Button>
      <FormDrawer<PrivacyReason> title={t('download')} hint={t('download_hint')} open={open} onClose={() => setOpen(false)} onFinish={send} act={t('download')} busy={download.isPending} error={download.error}>
        <ReasonField />
      </FormDrawer>
    </>
  );
}

/** What can be done once somebody was erased and something of them was found elsewhere. */
function LeftActs({ row, onAccept }: { row: SubjectRequest; onAccept: () => void }) {
  const { t } = useTranslation('privacy');
  const { done, failed } = useNotice();
  const may = useMay()(PRIVACY_ERASE);
  const check = useCheck(row.id);
  const why = may ? undefined : t('erase_not_allowed');
  return (
    <>
      <Act onClick={onAccept} why={why}>
        {t('accept')}
      </Act>
      <Act type="primary" loading={check.isPending} why={why} onClick={() => check.mutate(undefined, { onSuccess: () => done(t('checked')), onError: failed })}>
        {t('check')}
      </Act>
    </>
  );
}

type Asked = 'verify' | 'refuse' | 'extend' | 'carry' | 'accept';

/** The step that the kind of request asks for. */
function NextStep({ row, onAsk }: { row: SubjectRequest; onAsk: (what: Asked) => void }) {
  const { t } = useTranslation('privacy');
  const may = useMay();
  if (row.state === 'open') {
    return (
      <Button type="primary" onClick={() => onAsk('verify')}>
        {t('verify')}
      </Button>
    );
  }
  if (row.kind === 'erasure') {
    return (
      <Act type="primary" danger why={may(PRIVACY_ERASE) ? undefined : t('erase_not_allowed')} onClick={() => onAsk('carry')}>
        {t('erase')}
      </Act>
    );
  }
  const carried = CARRIED[row.kind];
  return (
    <Button type="primary" onClick={() => onAsk('carry')}>
      {t(carried ? `carry.${carried}` : 'correct')}
    </Button>
  );
}

/** Next steps with a request, those that its state and the reader's permissions allow. */
export function RequestActs({ row }: { row: SubjectRequest }) {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_MANAGE);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const shown = (what: Asked) => ({ row, open: asked === what, onClose: close });
  const result = resultOf(row);
  const erased = result?.kind === 'erasure' ? result : undefined;
  const running = row.state === 'open' || row.state === 'verified';
  const carried = CARRIED[row.kind];
  const file = result?.kind === 'file' && !result.erased;
  return (
    <>
      {may && running && !erased && (
        <>
          <Act onClick={() => setAsked('extend')} why={row.extended_because ? t('extended_already') : undefined}>
            {t('extend')}
          </Act>
          <Button onClick={() => setAsked('refuse')}>{t('refuse')}</Button>
          <NextStep row={row} onAsk={setAsked} />
        </>
      )}
      {running && erased?.step === 'hits_left' && <LeftActs row={row} onAccept={() => setAsked('accept')} />}
      {may && file && <Download row={row} />}
      <Verify {...shown('verify')} />
      <Refuse {...shown('refuse')} />
      <Extend {...shown('extend')} />
      <Accept {...shown('accept')} />
      {carried && <CarryOut {...shown('carry')} act={carried} />}
      {row.kind === 'erasure' && <Erase {...shown('carry')} />}
      {row.kind === 'correction' && asked === 'carry' && <Correct row={row} onClose={close} />}
    </>
  );
}
