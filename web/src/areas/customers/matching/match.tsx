import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { MATCH_DECIDE, useDistinct, useMergeMatch } from './calls';
import { older } from './compare';
import { Comparison } from './comparison';
import type { MatchCandidate } from './contract';
import { useKeys } from './keys';
import { ReasonField } from './reason';
import { useStep } from './step';
import { DecidedBy, MatchPill, sideName, useCode, useLikely } from './words';
import './matching.css';

/** The way to the neighbours in the list. */
function Steps({ step }: { step: (by: 1 | -1) => void }) {
  const { t } = useTranslation('matching');
  return (
    <span className="row nowrap">
      <Button type="text" size="small" icon={<UpOutlined />} aria-label={t('previous')} title={t('previous_key')} onClick={() => step(-1)} />
      <Button type="text" size="small" icon={<DownOutlined />} aria-label={t('next')} title={t('next_key')} onClick={() => step(1)} />
    </span>
  );
}

/** Decides about two people, then goes on to the next two. */
function Decide({ row, steps }: { row: MatchCandidate; steps: ReturnType<typeof useStep> }) {
  const { t } = useTranslation('matching');
  const { done, failed } = useNotice();
  const [asking, setAsking] = useState(false);
  const stays = older(row.left, row.right);
  const went = (said: string) => () => {
    done(said);
    steps.on();
  };
  const merge = useMergeMatch(row, { onDone: went(t('merged', { name: sideName(stays) })), onFailed: failed });
  // A drawer says what was refused; where the row changed meanwhile it is drawn anew, and the drawer is gone with it.
  const distinct = useDistinct(row, { onDone: went(t('told_apart')), onFailed: (error) => asProblem(error).stale && failed(error) });
  const join = () => !merge.isPending && merge.mutate();
  useKeys(asking ? {} : { m: join, d: () => setAsking(true) });
  return (
    <div className="match-acts stack-tight">
      <p className="small quiet">{t('stays_why', { name: sideName(stays) })}</p>
      <div className="row">
        <Button type="primary" loading={merge.isPending} onClick={join} aria-keyshortcuts="M">
          {t('same_person')} <kbd className="desk-only">M</kbd>
        </Button>
        <Button disabled={merge.isPending} onClick={() => setAsking(true)} aria-keyshortcuts="D">
          {t('different_people')} <kbd className="desk-only">D</kbd>
        </Button>
      </div>
      <FormDrawer<{ reason: string }>
        title={t('different_people')}
        hint={t('different_hint')}
        open={asking}
        onClose={() => setAsking(false)}
        onFinish={({ reason }) => distinct.mutate(reason.trim())}
        act={t('different_act')}
        busy={distinct.isPending}
        error={distinct.error}
      >
        <ReasonField />
      </FormDrawer>
    </div>
  );
}

/** Two people who may be one: how they compare, and what becomes of it. */
export function Match({ row }: { row: MatchCandidate }) {
  const { t } = useTranslation('matching');
  const may = useMay()(MATCH_DECIDE);
  const likely = useLikely();
  const foundBy = useCode('found_by');
  const steps = useStep(row.id);
  const whole = useRef<HTMLParagraphElement>(null);
  const open = row.state === 'open';
  useKeys({ j: () => steps.step(1), k: () => steps.step(-1) });
  useEffect(() => {
    // The panel stays while its content goes on: reading goes on with it.
    if (!document.activeElement?.closest('.peek')) whole.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="stack match">
      <div className="stack-tight">
        <div className="row">
          <MatchPill state={row.state} />
          <span className="grow" />
          <Steps step={steps.step} />
        </div>
        <p className="match-whole" ref={whole} tabIndex={-1}>
          {t('likely', { share: likely(row.probability) })}
        </p>
        <p className="small quiet">
          {foundBy(row.rule)} · {t('found')} <DateTime at={row.found_at} short time />
        </p>
      </div>
      <Comparison left={row.left} right={row.right} agreements={row.agreements} stays={open ? older(row.left, row.right) : undefined} />
      {row.agreements.length > 0 && <p className="small quiet">{t('effect_hint')}</p>}
      {!open && (
        <Facts
          facts={[
            { id: 'decided', label: t('decided'), value: row.decided_at && <DecidedBy by={row.decided_by} name={row.decided_by_name} at={row.decided_at} /> },
            { id: 'reason', label: t('reason'), value: row.reason && <span className="data">{row.reason}</span> },
          ]}
        />
      )}
      {row.state === 'merged' && <p className="small quiet">{t('undo_where')}</p>}
      {open && (may ? <Decide row={row} steps={steps} /> : <p className="match-note">{t('decide_not_allowed')}</p>)}
    </div>
  );
}
