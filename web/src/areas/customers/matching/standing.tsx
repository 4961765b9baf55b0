import { SearchOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { MATCH_DECIDE, useModel, useSearch, useSearching } from './calls';
import type { MatchModel } from './contract';
import { useLikely } from './words';
import { Weights } from './weights';
import './matching.css';

/** Begins a search and says when it has ended. */
function SearchButton() {
  const { t } = useTranslation('matching');
  const { done, failed } = useNotice();
  const may = useMay()(MATCH_DECIDE);
  const running = useSearching();
  const search = useSearch({ onDone: (ended) => done(t(ended ? 'search_done' : 'search_long')), onFailed: failed });
  return (
    <Act icon={<SearchOutlined />} loading={running} why={may ? undefined : t('search_not_allowed')} onClick={() => search.mutate()}>
      {t(running ? 'searching' : 'search')}
    </Act>
  );
}

/** From which probability on who decides: the rule or somebody. */
function Thresholds({ model }: { model: MatchModel }) {
  const { t } = useTranslation('matching');
  const likely = useLikely();
  return (
    <>
      <div>
        <dt>{t('review_from')}</dt>
        <dd>{likely(model.review_from)}</dd>
      </div>
      <div>
        <dt>{t('auto_from')}</dt>
        <dd>{typeof model.auto_from === 'number' ? likely(model.auto_from) : t('never_auto')}</dd>
      </div>
    </>
  );
}

function Figures({ model }: { model: MatchModel }) {
  const { t } = useTranslation('matching');
  const format = useFormat();
  const figures = [
    { id: 'records', value: model.records },
    { id: 'pairs_compared', value: model.pairs_compared },
    { id: 'candidates', value: model.candidates },
    { id: 'merged_by_rule', value: model.merged_by_rule },
  ];
  return (
    <dl className="match-standing" aria-label={t('standing')}>
      <div>
        <dt>{t('trained_at')}</dt>
        <dd>{model.trained_at ? <DateTime at={model.trained_at} relative /> : t('never_searched')}</dd>
      </div>
      {model.trained_at &&
        figures.map(({ id, value }) => (
          <div key={id}>
            <dt>{t(id)}</dt>
            <dd title={format.number(value)} className="data">
              {format.compact(value)}
            </dd>
          </div>
        ))}
      <Thresholds model={model} />
    </dl>
  );
}

/** When duplicates were looked for last and what came of it, with the way to look again and to see what counted. */
export function Standing() {
  const { t } = useTranslation('matching');
  const [open, setOpen] = useState(false);
  const { data, error } = useModel();
  // The list below says which permission is missing.
  if (error) return asProblem(error).status === 403 ? null : <ProblemNote error={error} />;
  if (!data) return <Skeleton rows={1} />;
  return (
    <section className="match-model" aria-label={t('standing')}>
      <Figures model={data} />
      <div className="row">
        <SearchButton />
        <Button onClick={() => setOpen(true)}>{t('weights')}</Button>
      </div>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('weights')} size={600} destroyOnHidden>
        <Weights model={data} />
      </Drawer>
    </section>
  );
}
