import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { ClauseDetail, Waiver } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill, type Tone } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';

const SHOWN = ['followed', 'attested', 'insufficient', 'broken'] as const;

type Decision = 'sign' | 'refuse' | 'withdraw';

function Request({ clauseId, open, onClose }: { clauseId: string; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const request = api.useMutation('post', '/api/v1/rulebook/clauses/{id}/waivers', {
    onSuccess: async () => {
      done(t('waiver_requested'));
      onClose();
      await refresh('/api/v1/rulebook');
    },
  });
  return (
    <FormDrawer<{ shown_status: (typeof SHOWN)[number]; reason: string; days: number }>
      title={t('waiver_ask')}
      open={open}
      onClose={onClose}
      hint={t('waiver_hint')}
      act={t('waiver_ask')}
      busy={request.isPending}
      error={request.error}
      initial={{ shown_status: 'followed', days: 90 }}
      onFinish={(values) => request.mutate({ params: { path: { id: clauseId } }, body: { ...values, reason: values.reason.trim() } as never })}
    >
      <Form.Item name="shown_status" label={t('waiver_status')} rules={[{ required: true }]}>
        <Select options={SHOWN.map((value) => ({ value, label: t(`common:verdict.${value}`) }))} />
      </Form.Item>
      <Form.Item name="days" label={t('waiver_days')} rules={[{ required: true, message: t('value_needed') }]}>
        <InputNumber min={1} max={366} precision={0} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={4} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function Decide({ waiver, decision, onClose }: { waiver: Waiver; decision: Decision; onClose: () => void }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const after = {
    onSuccess: async () => {
      done(t(`waiver_done.${decision}`));
      onClose();
      await refresh('/api/v1/rulebook');
    },
  };
  const sign = api.useMutation('post', '/api/v1/rulebook/waivers/{id}/sign', after);
  const refuse = api.useMutation('post', '/api/v1/rulebook/waivers/{id}/refuse', after);
  const withdraw = api.useMutation('post', '/api/v1/rulebook/waivers/{id}/withdraw', after);
  const act = { sign, refuse, withdraw }[decision];
  return (
    <FormDrawer<{ note: string }>
      title={t(`waiver_act.${decision}`)}
      open
      onClose={onClose}
      hint={waiver.reason}
      act={t(`waiver_act.${decision}`)}
      busy={act.isPending}
      error={act.error}
      onFinish={({ note }) => act.mutate({ params: { path: { id: waiver.id }, header: ifMatch(waiver) }, body: { note: note.trim() } })}
    >
      <Form.Item name="note" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function toneOf(waiver: Waiver): Tone {
  if (waiver.standing) return 'warn';
  return String(waiver.state) === 'requested' ? 'info' : 'quiet';
}

function Row({ waiver, onDecide }: { waiver: Waiver; onDecide: (decision: Decision) => void }) {
  const { t } = useTranslation('rulebook');
  const may = useMay();
  const state = String(waiver.state);
  const over = state === 'signed' && !waiver.standing;
  const may_sign = may('rulebook.waiver.sign');
  return (
    <li className="stack-tight">
      <div className="row">
        <StatePill tone={toneOf(waiver)}>{t(`waiver_state.${over ? 'over' : state}`)}</StatePill>
        <span className="strong">{t(`common:verdict.${String(waiver.shown_status)}`)}</span>
      </div>
      <p>{waiver.reason}</p>
      <p className="quiet">
        {t('waiver_by', { name: waiver.requested_by_name })} <DateTime at={waiver.requested_at} />
        {waiver.decided_by_name && (
          <>
            {' · '}
            {t(`waiver_by_${state}`, { name: waiver.decided_by_name })} <DateTime at={waiver.decided_at} />
          </>
        )}
        {waiver.expires_at && (
          <>
            {' · '}
            {t('waiver_until')} <DateTime at={waiver.expires_at} />
          </>
        )}
      </p>
      <div className="row">
        {state === 'requested' && may_sign && (
          <>
            <Button size="small" type="primary" onClick={() => onDecide('sign')}>
              {t('waiver_act.sign')}
            </Button>
            <Button size="small" onClick={() => onDecide('refuse')}>
              {t('waiver_act.refuse')}
            </Button>
          </>
        )}
        {(state === 'requested' || waiver.standing) && (may_sign || may('rulebook.waiver.request')) && (
          <Button size="small" onClick={() => onDecide('withdraw')}>
            {t('waiver_act.withdraw')}
          </Button>
        )}
      </div>
    </li>
  );
}

/** What people said over the derived status of a clause, who signed it and until when. */
export function Waivers({ detail }: { detail: ClauseDetail }) {
  const { t } = useTranslation('rulebook');
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [deciding, setDeciding] = useState<{ waiver: Waiver; decision: Decision }>();
  const { clause, waivers } = detail;
  if (waivers.length === 0 && !may('rulebook.waiver.request')) return null;
  return (
    <section className="card" aria-labelledby="waivers">
      <h2 id="waivers">{t('waivers')}</h2>
      {clause.overridden && <p>{t('waiver_over', { status: t(`common:verdict.${String(clause.derived_status)}`) })}</p>}
      {waivers.length > 0 && (
        <ul className="plain-list">
          {waivers.map((waiver) => (
            <Row key={waiver.id} waiver={waiver} onDecide={(decision) => setDeciding({ waiver, decision })} />
          ))}
        </ul>
      )}
      {may('rulebook.waiver.request') && <Button onClick={() => setAsking(true)}>{t('waiver_ask')}</Button>}
      <Request clauseId={clause.id} open={asking} onClose={() => setAsking(false)} />
      {deciding && <Decide {...deciding} onClose={() => setDeciding(undefined)} />}
    </section>
  );
}
