import { Button, Form, Input, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { TierDefinition, TierRule } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime, Money } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay, useSession } from '@/session/session';
import { RANKED, TierFields } from './tier-form';
import { Moves, TierChart } from './tier-preview';
import './customers.css';

function Apply({ rule, definition, moved, open, onClose }: { rule: TierRule; definition: TierDefinition; moved: number; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const { done } = useNotice();
  const act = api.useMutation('put', '/api/v1/customers/tier-rule', {
    onSuccess: async () => {
      done(t('applied'));
      onClose();
      await refresh('/api/v1/customers');
    },
  });
  return (
    <FormDrawer<{ reason: string }>
      title={t('apply')}
      hint={t('apply_means', { count: moved, shown: format.number(moved) })}
      open={open}
      onClose={onClose}
      act={t('apply')}
      busy={act.isPending}
      error={act.error}
      onFinish={({ reason }) => act.mutate({ params: { header: ifMatch(rule) }, body: { definition, reason } })}
    >
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, min: 5, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function Rule({ rule }: { rule: TierRule }) {
  const { t } = useTranslation('tiers');
  const may = useMay()('customers.tier.edit');
  const { session } = useSession();
  const [draft, setDraft] = useState(rule.definition);
  const [applying, setApplying] = useState(false);
  const same = JSON.stringify(draft) === JSON.stringify(rule.definition);
  const now = api.useQuery('post', '/api/v1/customers/tier-rule/preview', { body: { definition: rule.definition } });
  const trial = api.useMutation('post', '/api/v1/customers/tier-rule/preview');
  const tried = trial.data && JSON.stringify(trial.variables.body.definition) === JSON.stringify(draft) ? trial.data : undefined;
  const moved = tried?.moves.reduce((sum, move) => sum + move.count, 0) ?? 0;
  const why = !may ? t('no_right') : same ? t('unchanged') : tried ? undefined : t('try_first');
  return (
    <div className="two-one">
      <section className="card stack" aria-labelledby="rule">
        <h2 id="rule">{t('rule')}</h2>
        <p className="quiet">{t('rule_hint')}</p>
        <TierFields value={draft} currency={session?.currency ?? ''} readOnly={!may} onChange={setDraft} />
        <ProblemNote error={trial.error} />
        {may && (
          <div className="row">
            <Act type={tried ? 'default' : 'primary'} why={same ? t('unchanged') : undefined} loading={trial.isPending} onClick={() => trial.mutate({ body: { definition: draft } })}>
              {t('try')}
            </Act>
            <Act type={tried ? 'primary' : 'default'} why={why} onClick={() => setApplying(true)}>
              {t('apply')}
            </Act>
            {!same && <Button onClick={() => setDraft(rule.definition)}>{t('undo')}</Button>}
          </div>
        )}
        {tried && <Moves preview={tried} />}
        <Apply rule={rule} definition={draft} moved={moved} open={applying} onClose={() => setApplying(false)} />
      </section>
      <section className="card stack" aria-label={t('distribution')}>
        {now.isPending ? <Skeleton rows={6} /> : now.isError ? <ErrorState error={now.error} retry={() => void now.refetch()} /> : <TierChart now={now.data.now} after={tried?.after} />}
        {now.data?.watermark && (
          <p className="quiet small">
            {t('watermark')} <DateTime at={now.data.watermark} />
          </p>
        )}
      </section>
    </div>
  );
}

function History() {
  const { t } = useTranslation('tiers');
  const { session } = useSession();
  const history = api.useQuery('get', '/api/v1/customers/tier-rule/history');
  if (history.isPending) return <Skeleton rows={4} />;
  if (history.isError) return <ErrorState error={history.error} retry={() => void history.refetch()} />;
  return (
    <ol className="card plain-list">
      {history.data.items.map((row) => (
        <li key={row.id} className="stack-tight">
          <div className="row">
            <span className="strong">{t('rule_n', { number: row.version })}</span>
            <span className="quiet small">
              <DateTime at={row.created_at} time />
            </span>
            <span>{row.reason === 'default' ? t('first_rule') : row.reason}</span>
          </div>
          <ul className="quiet small">
            {RANKED.map((tier) => (
              <li key={tier}>
                {t('customers:tier_is', { tier: tier.toUpperCase() })} · {t('said', { window: row.definition.window_days, recency: row.definition[tier].recency_days, orders: row.definition[tier].order_count })}{' '}
                <Money value={session ? { amount_minor: row.definition[tier].total_minor, currency: session.currency } : null} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function Runs() {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const { done, failed } = useNotice();
  const may = useMay()('customers.tier.edit');
  const run = api.useMutation('post', '/api/v1/customers/tier-runs', {
    onSuccess: async () => {
      done(t('run_asked'));
      await refresh('/api/v1/customers/tier-runs');
    },
    onError: failed,
  });
  const spec: ListSpec<'/api/v1/customers/tier-runs'> = {
    id: 'tier-runs',
    path: '/api/v1/customers/tier-runs',
    rowKey: (row) => row.id,
    rowName: (row) => row.happened_at,
    columns: [
      { id: 'at', label: t('run_at'), title: true, cell: (row) => <DateTime at={row.happened_at} time /> },
      { id: 'cause', label: t('cause_label'), cell: (row) => t(`cause.${row.cause}`) },
      { id: 'rule', label: t('rule'), cell: (row) => t('rule_n', { number: row.rule_number }) },
      { id: 'changed', label: t('changed'), figure: true, cell: (row) => format.number(row.changed) },
      ...(['a', 'b', 'c', 'd'] as const).map((tier) => ({
        id: tier,
        label: t('customers:tier_is', { tier: tier.toUpperCase() }),
        figure: true,
        cell: (row: { tier_a: number; tier_b: number; tier_c: number; tier_d: number }) => format.number(row[`tier_${tier}`]),
      })),
    ],
    empty: <EmptyState title={t('no_runs')} hint={t('no_runs_hint')} />,
  };
  const tools = may && (
    <Button loading={run.isPending} onClick={() => run.mutate({})}>
      {t('run_now')}
    </Button>
  );
  return <List spec={spec} label={t('runs')} tools={tools} />;
}

/** The tiers (等级): the rule, what another rule would change, and what was computed when. */
export function Tiers() {
  const { t } = useTranslation('tiers');
  const [params, setParams] = useSearchParams();
  const rule = api.useQuery('get', '/api/v1/customers/tier-rule');
  if (rule.isPending) return <Skeleton shape="record" />;
  if (rule.isError) return <ErrorState error={rule.error} retry={() => void rule.refetch()} />;
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      <Tabs
        activeKey={params.get('tab') ?? 'rule'}
        onChange={(tab) => setParams(tab === 'rule' ? {} : { tab })}
        destroyOnHidden
        items={[
          { key: 'rule', label: t('rule'), children: <Rule key={rule.data.version} rule={rule.data} /> },
          { key: 'runs', label: t('runs'), children: <Runs /> },
          { key: 'history', label: t('history'), children: <History /> },
        ]}
      />
    </>
  );
}
