import { CheckOutlined, ClearOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorklistItem } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { asProblem } from '@/api/problem';
import { masks } from '@/api/masked';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ProblemNote } from '@/parts/states';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import { useListState } from '@/patterns/list/state';
import type { Column, ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { useConfirm, useFind, useIgnore, useStanding, WORKLIST, WORKLIST_EDIT } from './calls';
import { PROBLEMS, WORKLIST_STATES } from './contract';
import { ItemPill, ProblemLabel, useItemName } from './words';
import './worklist.css';

const REASON_MAX = 300;

/** How many people are sound, and how many have which problem; a card narrows the list to its problem. */
function Standing({ searching }: { searching: boolean }) {
  const { t } = useTranslation('worklist');
  const format = useFormat();
  const { state, set } = useListState(['problem', 'state']);
  const { data, error } = useStanding(searching);
  // The list below says which permission is missing.
  if (error) return asProblem(error).status === 403 ? null : <ProblemNote error={error} />;
  if (!data) return <Skeleton rows={2} />;
  return (
    <section className="stack-tight" aria-label={t('standing')}>
      <p>
        <strong className="worklist-sound">{format.percent(data.sound / 100)}</strong> {t('sound_says', { count: data.people, shown: format.number(data.people) })}
      </p>
      <ul className="worklist-cards">
        {data.problems.map(({ problem, open, ignored, fixed }) => {
          const chosen = state.filters.problem === problem;
          return (
            <li key={problem}>
              <button type="button" className="plain-button worklist-card" aria-pressed={chosen} onClick={() => set({ problem: chosen ? undefined : problem, view: undefined }, true)}>
                <span>{t(`problem.${problem}`)}</span>
                <strong className={open > 0 ? undefined : 'good'}>{format.number(open)}</strong>
                <span className="small quiet">{t('card_rest', { ignored: format.number(ignored), fixed: format.number(fixed) })}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Lets something be, with a reason for whoever asks later. */
function LetBe({ item }: { item: WorklistItem }) {
  const { t } = useTranslation('worklist');
  const { done, failed } = useNotice();
  const name = useItemName();
  const [open, setOpen] = useState(false);
  const act = useIgnore(item);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('let_be')} <span className="hidden-text">{name(item)}</span>
      </Button>
      <FormDrawer<{ reason: string }>
        title={t('let_be')}
        hint={t('let_be_hint', { problem: t(`problem.${item.problem}`), name: name(item) })}
        open={open}
        onClose={() => setOpen(false)}
        act={t('let_be_act')}
        busy={act.isPending}
        error={act.error}
        onFinish={({ reason }) =>
          act.mutate(
            { reason: reason.trim() },
            {
              onSuccess: () => {
                done(t('is_let_be'));
                setOpen(false);
              },
              onError: (error) => {
                if (!asProblem(error).stale) return;
                setOpen(false);
                failed(error);
              },
            },
          )
        }
      >
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={REASON_MAX} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}

function StillHolds({ item }: { item: WorklistItem }) {
  const { t } = useTranslation('worklist');
  const { done, failed } = useNotice();
  const name = useItemName();
  const act = useConfirm(item);
  return (
    <Button size="small" icon={<CheckOutlined />} loading={act.isPending} onClick={() => act.mutate(undefined, { onSuccess: () => done(t('confirmed')), onError: failed })}>
      {t('still_holds')} <span className="hidden-text">{name(item)}</span>
    </Button>
  );
}

function Items() {
  const { t } = useTranslation('worklist');
  const may = useMay()(WORKLIST_EDIT);
  const name = useItemName();
  const { state } = useListState(['state']);
  const decided = state.filters.state !== undefined && state.filters.state !== 'open';
  const acts: Column<WorklistItem>[] = may
    ? [
        {
          id: 'acts',
          label: t('next_step'),
          buttons: true,
          cell: (row) =>
            row.state === 'open' && (
              <span className="row">
                {row.problem === 'stale' && <StillHolds item={row} />}
                <LetBe item={row} />
              </span>
            ),
        },
      ]
    : [];
  const spec: ListSpec<typeof WORKLIST> = {
    id: 'worklist',
    path: WORKLIST,
    rowKey: (row) => row.id,
    rowName: name,
    rowLink: (row) => `/customers/profiles/${row.profile_id}`,
    filters: [
      { id: 'problem', label: t('problem_is'), kind: 'choice', options: PROBLEMS.map((value) => ({ value, label: t(`problem.${value}`) })) },
      { id: 'state', label: t('state_is'), kind: 'choice', options: WORKLIST_STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    columns: [
      { id: 'name', label: t('person'), title: true, cell: name },
      { id: 'problem', label: t('problem_is'), cell: (row) => <ProblemLabel problem={row.problem} /> },
      { id: 'value', label: t('value'), cell: (row) => (masks(row, 'value') ? <Masked /> : row.value ? <span className="data anywhere">{row.value}</span> : <Nothing />) },
      { id: 'found', label: t('found'), cell: (row) => <DateTime at={row.found_at} relative /> },
      { id: 'state', label: t('state_is'), hidden: true, cell: (row) => <ItemPill state={row.state} /> },
      ...(decided ? [{ id: 'reason', label: t('reason'), wide: true, cell: (row: WorklistItem) => (row.reason ? <span className="data anywhere">{row.reason}</span> : <Nothing />) } satisfies Column<WorklistItem>] : []),
      ...acts,
    ],
    empty: <EmptyState icon={<ClearOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
  return <List spec={spec} label={t('title')} />;
}

/** Worklist (数据整理): what is wrong with what is known about people, mended or let be. */
export function Worklist() {
  const { t } = useTranslation('worklist');
  const { done, failed } = useNotice();
  const may = useMay()(WORKLIST_EDIT);
  const { find, searching } = useFind();
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          <Act icon={<SearchOutlined />} loading={find.isPending} why={may ? undefined : t('not_allowed')} onClick={() => find.mutate(undefined, { onSuccess: () => done(t('looking')), onError: failed })}>
            {t('look_now')}
          </Act>
        }
      />
      <div className="stack">
        <Standing searching={searching} />
        <div>
          <Items />
        </div>
      </div>
    </>
  );
}
