import { Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Crumb, PageHead } from '@/parts/head';
import { Masked, Nothing } from '@/parts/values';
import './record.css';

export interface Fact {
  id: string;
  label: string;
  value: ReactNode;
  /** The reader may not see it. */
  masked?: boolean;
}

export interface RecordTab {
  id: string;
  label: string;
  content: ReactNode;
}

interface RecordProps {
  title: string;
  crumbs: Crumb[];
  state?: ReactNode;
  sub?: ReactNode;
  /** Next steps that are allowed, the likely one primary. */
  actions?: ReactNode;
  facts: Fact[];
  /** Facts of a second kind, below a line: whom it belongs to, when it was made. */
  under?: Fact[];
  /** What stands above the tabs and is no fact: a warning, a conflict. */
  notes?: ReactNode;
  tabs?: RecordTab[];
}

/** Facts in pairs: the name, then the value. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="record-facts">
      {facts.map((fact) => (
        <div key={fact.id}>
          <dt>{fact.label}</dt>
          <dd>{fact.masked ? <Masked /> : (fact.value ?? <Nothing />)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The record pattern: title, state, next steps, facts, then tabs kept in the address. */
export function Record({ title, crumbs, state, sub, actions, facts, under = [], notes, tabs = [] }: RecordProps) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const wanted = params.get('tab');
  const active = tabs.find((tab) => tab.id === wanted) ?? tabs[0];
  const choose = (id: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (id === tabs[0]?.id) after.delete('tab');
        else after.set('tab', id);
        return after;
      },
      { preventScrollReset: true },
    );
  return (
    <>
      <PageHead title={title} crumbs={crumbs} state={state} sub={sub} actions={actions} />
      <div className="stack">
        {notes}
        {facts.length + under.length > 0 && (
          <section className="card" aria-label={t('record.facts')}>
            {facts.length > 0 && <Facts facts={facts} />}
            {under.length > 0 && (
              <div className={facts.length > 0 ? 'record-under' : undefined}>
                <Facts facts={under} />
              </div>
            )}
          </section>
        )}
        {active && (
          <Tabs
            activeKey={active.id}
            onChange={choose}
            destroyOnHidden
            items={tabs.map((tab) => ({ key: tab.id, label: tab.label, children: tab.content }))}
          />
        )}
      </div>
    </>
  );
}
