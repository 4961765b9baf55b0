import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { WordPackEntry } from '@/api/schema';
import { matches } from '@/frame/match';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import '@/patterns/list/list.css';
import './brand.css';

function Entry({ entry, law }: { entry: WordPackEntry; law: string | undefined }) {
  const { t } = useTranslation('brand');
  const local = useLocal();
  const blocks = entry.severity === 'block';
  return (
    <li className="card word-entry">
      <div className="row">
        <StatePill tone={blocks ? 'bad' : 'warn'}>{t(`severity.${entry.severity}`)}</StatePill>
        <span className="quiet small">{law ?? entry.law}</span>
      </div>
      <ul className="word-terms" aria-label={t('terms')} lang="zh-Hans">
        {entry.terms.map((term) => (
          <li key={term}>{term}</li>
        ))}
      </ul>
      <p>{local(entry.why)}</p>
      <p className="quiet">
        {t('suggestion')}
        {t('common:colon')}
        {local(entry.suggestion)}
      </p>
    </li>
  );
}

/** The word pack (用语规则): what advertising must not say, by which law, and what to say instead. */
export function Words() {
  const { t } = useTranslation('brand');
  const local = useLocal();
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? '';
  const pack = api.useQuery('get', '/api/v1/brand/word-pack', {}, { staleTime: 600_000 });
  if (pack.isPending) return <Skeleton shape="record" />;
  if (pack.isError) return <ErrorState error={pack.error} retry={() => void pack.refetch()} />;
  const { data } = pack;
  const found = data.entries.filter((entry) => matches(q, [...entry.terms, local(entry.why), local(data.laws[entry.law])].join(' ')));
  return (
    <>
      <PageHead title={t('word_pack')} sub={t('word_pack_sub', { title: local(data.title), date: data.date, count: data.entries.length })} />
      <div className="list-bar">
        <Input type="search" className="list-search" allowClear aria-label={t('words_search')} placeholder={t('words_search')} value={q} onChange={(event) => setParams(event.target.value ? { q: event.target.value } : {}, { replace: true })} />
      </div>
      {found.length === 0 ? (
        <EmptyState title={t('common:list.none')} hint={t('common:list.none_hint')} />
      ) : (
        <ul className="stack">
          {found.map((entry) => (
            <Entry key={entry.id} entry={entry} law={local(data.laws[entry.law])} />
          ))}
        </ul>
      )}
    </>
  );
}
