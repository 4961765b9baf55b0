import { AlertOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { LEAKS, leakAt } from './calls';
import { LEAK_STATES } from './contract';
import { LeakClockPill, LeakPill } from './words';

/** Data that got into the wrong hands (泄露事件). */
export function Leaks({ make }: { make: ReactNode }) {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  const states = LEAK_STATES.map((value) => ({ value, label: t(`leak_state.${value}`) }));
  const spec: ListSpec<typeof LEAKS> = {
    id: 'leaks',
    path: LEAKS,
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => leakAt(row.id),
    views: states.map(({ value, label }) => ({ id: value, label, params: { state: value } })),
    filters: [{ id: 'state', label: t('state_is'), kind: 'choice', options: states }],
    columns: [
      { id: 'title', label: t('leak'), title: true, cell: (row) => <span className="data anywhere">{row.title}</span> },
      { id: 'number', label: t('number'), cell: (row) => <span className="data nowrap">{row.number}</span> },
      { id: 'clock', label: t('authority_clock'), cell: (row) => <LeakClockPill leak={row} /> },
      { id: 'affected', label: t('affected'), figure: true, cell: (row) => format.number(row.affected_count) },
      { id: 'fields', label: t('fields'), wide: true, cell: (row) => row.fields.map((field) => t(`data.${field}`)).join(t('common:list.and')) },
      { id: 'state', label: t('state_is'), cell: (row) => <LeakPill state={row.state} /> },
      { id: 'discovered', label: t('discovered_at'), wide: true, cell: (row) => <DateTime at={row.discovered_at} short time /> },
    ],
    empty: (
      <EmptyState icon={<AlertOutlined />} title={t('leaks_empty')} hint={t('leaks_empty_hint')}>
        {make}
      </EmptyState>
    ),
  };
  return <List spec={spec} label={t('tab.leaks')} />;
}
