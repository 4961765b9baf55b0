import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useNotice } from '@/parts/notice';
import { Conflict } from '@/parts/states';
import { savedNow, useChangeQuery } from './calls';
import type { NewQuery, QueryChart, SavedQuery } from './contract';
import { same } from './writing';

/** What is kept of a query, without what the server says about it. */
export const bodyOf = ({ name, description, sql, chart, parameters, sharing, people }: NewQuery): NewQuery => ({ name, description, sql, chart, parameters, sharing, people });

/** Saves changes of a query on the version that was read; where somebody was faster, both are there to choose from. */
export function useSaving(onSaved: (saved: SavedQuery) => void) {
  const { t } = useTranslation('sql');
  const { done, failed } = useNotice();
  const [clash, setClash] = useState<{ mine: NewQuery; theirs: SavedQuery }>();
  const change = useChangeQuery();
  const save = (body: NewQuery, { id, version }: Pick<SavedQuery, 'id' | 'version'>, closes?: () => void) =>
    change.mutate(
      { body, id, version },
      {
        onSuccess: (saved) => {
          setClash(undefined);
          done(t('saved'));
          onSaved(saved);
          closes?.();
        },
        onError: (error) => {
          if (!asProblem(error).stale) return;
          // The form makes room for the choice between both.
          closes?.();
          savedNow(id).then((theirs) => setClash({ mine: body, theirs })).catch(failed);
        },
      },
    );
  const stale = change.error ? asProblem(change.error).stale : false;
  return { save, busy: change.isPending, error: stale ? undefined : change.error, clash, drop: () => setClash(undefined), reset: change.reset };
}

type Saving = ReturnType<typeof useSaving>;

function ChartWords({ of }: { of: QueryChart }) {
  const { t } = useTranslation('sql');
  return <>{[t(`chart.${of.kind}`), of.x, ...of.y, of.series].filter(Boolean).join(' · ')}</>;
}

/** The query as it reads now beside what was to be saved. */
export function Clash({ saving, onTheirs }: { saving: Saving; onTheirs: (theirs: SavedQuery) => void }) {
  const { t } = useTranslation('sql');
  if (!saving.clash) return null;
  const { mine, theirs } = saving.clash;
  const take = () => {
    saving.drop();
    onTheirs(theirs);
  };
  const differs = (one: Partial<NewQuery>) => !same({ ...mine, ...one }, mine);
  const people = (one: NewQuery) => (one.sharing === 'people' ? t('sharing_people', { count: one.people.length }) : t(`sharing.${one.sharing}`));
  return (
    <Conflict
      fields={[
        { name: t('name'), mine: mine.name, theirs: theirs.name, differs: mine.name !== theirs.name },
        { name: t('description'), mine: mine.description, theirs: theirs.description, differs: mine.description !== theirs.description },
        { name: t('statement'), mine: <pre className="sql-text">{mine.sql}</pre>, theirs: <pre className="sql-text">{theirs.sql}</pre>, differs: differs({ sql: theirs.sql }) },
        { name: t('as_chart'), mine: <ChartWords of={mine.chart} />, theirs: <ChartWords of={theirs.chart} />, differs: differs({ chart: theirs.chart }) },
        { name: t('parameters'), mine: mine.parameters.map((one) => one.name).join(' · '), theirs: theirs.parameters.map((one) => one.name).join(' · '), differs: differs({ parameters: theirs.parameters }) },
        { name: t('sharing_is'), mine: people(mine), theirs: people(theirs), differs: people(mine) !== people(theirs) },
      ]}
      onMine={() => saving.save(mine, theirs)}
      onTheirs={take}
    />
  );
}
