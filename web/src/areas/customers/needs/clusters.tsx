import { MessageOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { masks } from '@/api/masked';
import type { NeedCluster, NeedKind, NeedTrend } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Peek } from '@/frame/peek';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Masked } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { useCluster, useClusters } from './calls';
import { TRENDS } from './contract';
import { MakeInsight } from './make';
import { Picture } from './picture';
import { clusterName, TrendPill, UnmetPill } from './words';

/** Examples on a card; all of them stand in the panel. */
const EXAMPLES = 3;
/** Bubbles say something where there are some to compare. */
const PICTURE_FROM = 3;

function Words({ words }: { words: string[] }) {
  return (
    <span className="row need-words data">
      {words.map((word) => (
        <Label key={word}>{word}</Label>
      ))}
    </span>
  );
}

function Examples({ of, most }: { of: NeedCluster; most?: number }) {
  const { t } = useTranslation('needs');
  if (masks(of, 'examples')) return <Masked />;
  const examples = (of.examples ?? []).slice(0, most);
  if (examples.length === 0) return null;
  return (
    <ul className="need-examples data" aria-label={t('examples')}>
      {examples.map((text) => (
        <li key={text} className="anywhere">
          {t('quoted', { text })}
        </li>
      ))}
    </ul>
  );
}

function useCounts(): (of: NeedCluster) => string {
  const { t } = useTranslation('needs');
  const format = useFormat();
  return ({ count, people, texts, kind }) =>
    [t(kind === 'search' ? 'searched' : 'said', { count, shown: format.number(count) }), t('by_people', { count: people, shown: format.number(people) }), t('texts_are', { count: texts, shown: format.number(texts) })].join(' · ');
}

function Card({ cluster, to }: { cluster: NeedCluster; to: string }) {
  const { t } = useTranslation('needs');
  const counts = useCounts();
  const name = clusterName(cluster);
  return (
    <li className={`card need-card${cluster.unmet ? ' need-unmet' : ''}`}>
      <div className="row">
        {cluster.unmet && <UnmetPill />}
        <TrendPill of={cluster} />
      </div>
      <h3>
        <Link to={to} preventScrollReset className="data anywhere">
          {name}
        </Link>
      </h3>
      <p className="small quiet">{counts(cluster)}</p>
      <Examples of={cluster} most={EXAMPLES} />
      {cluster.unmet && <p className="small">{t('unmet_says', { count: cluster.unanswered })}</p>}
      <div className="need-foot">
        <MakeInsight of="need" id={cluster.id} named={name} small />
      </div>
    </li>
  );
}

/** One cluster beside the list, also one of an earlier run that an insight came from. */
function ClusterPeek({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const found = useCluster(id);
  const cluster = found.data;
  if (!cluster) {
    return (
      <Peek title={t('need')} onClose={onClose}>
        {found.isError ? <ErrorState error={found.error} retry={() => void found.refetch()} /> : <Skeleton rows={6} />}
      </Peek>
    );
  }
  return (
    <Peek title={clusterName(cluster)} onClose={onClose}>
      <div className="stack">
        <div className="row">
          {cluster.unmet && <UnmetPill />}
          <TrendPill of={cluster} />
        </div>
        <Words words={cluster.words} />
        <Facts
          facts={[
            { id: 'kind', label: t('kind_is'), value: t(`kind.${cluster.kind}`) },
            { id: 'count', label: t('now_axis'), value: format.number(cluster.count) },
            { id: 'before', label: t('before_axis'), value: format.number(cluster.previous_count) },
            { id: 'people', label: t('people'), value: format.number(cluster.people) },
            { id: 'texts', label: t('texts'), value: format.number(cluster.texts) },
            ...(cluster.kind === 'search' ? [{ id: 'unanswered', label: t('unanswered'), value: format.number(cluster.unanswered) }] : []),
            { id: 'computed', label: t('computed'), value: <DateTime at={cluster.computed_at} time /> },
          ]}
        />
        <section className="stack-tight">
          <h3>{t('examples')}</h3>
          <Examples of={cluster} />
          <p className="small quiet">{t('examples_hint')}</p>
        </section>
        <div>
          <MakeInsight of="need" id={cluster.id} named={clusterName(cluster)} />
        </div>
      </div>
    </Peek>
  );
}

/** What people search for, or say, in clusters. */
export function Clusters({ kind, begun }: { kind: NeedKind; begun: boolean }) {
  const { t } = useTranslation('needs');
  const [params, setParams] = useSearchParams();
  const show = params.get('show') ?? 'all';
  const trend = TRENDS.find((one) => one === show);
  const unmet = kind === 'search' && show === 'unmet';
  const found = useClusters({ kind, unmet: unmet || undefined, trend });
  const clusters = found.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (name: string, value: string | undefined) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { preventScrollReset: true },
    );
  const addressOf = (id: string) => {
    const after = new URLSearchParams(params);
    after.set('peek', id);
    return `?${after}`;
  };
  const peek = params.get('peek');
  const shows = [
    { value: 'all', label: t('show.all') },
    ...(kind === 'search' ? [{ value: 'unmet', label: t('show.unmet') }] : []),
    ...(['new', 'rising'] satisfies NeedTrend[]).map((value) => ({ value, label: t(`trend.${value}`) })),
  ];
  const body = () => {
    if (found.isPending) return <Skeleton rows={8} />;
    if (found.isError && clusters.length === 0) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
    if (clusters.length === 0 && show !== 'all') {
      return (
        <EmptyState title={t(unmet ? 'none_unmet' : 'none_shown')} hint={t(unmet ? 'none_unmet_hint' : 'none_shown_hint')}>
          <Button onClick={() => set('show', undefined)}>{t('show.all')}</Button>
        </EmptyState>
      );
    }
    if (clusters.length === 0) return <EmptyState icon={kind === 'search' ? <SearchOutlined /> : <MessageOutlined />} title={t(`none.${kind}`)} hint={t(begun ? `none_hint.${kind}` : 'not_begun')} />;
    return (
      <>
        {clusters.length >= PICTURE_FROM && (
          <section className="card stack-tight">
            <Picture clusters={clusters} onPick={(one) => set('peek', one.id)} />
            <p className="small quiet">{t('picture_hint')}</p>
          </section>
        )}
        <h2 className="hidden-text">{t(`kind.${kind}`)}</h2>
        <ul className="need-cards" aria-label={t(`kind.${kind}`)}>
          {clusters.map((cluster) => (
            <Card key={cluster.id} cluster={cluster} to={addressOf(cluster.id)} />
          ))}
        </ul>
        {found.hasNextPage && (
          <div>
            <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('common:list.load_more')}
            </Button>
          </div>
        )}
      </>
    );
  };
  return (
    <div className={`stack${found.isPlaceholderData ? ' stale' : ''}`}>
      <div>
        <Segmented aria-label={t('show.label')} value={trend ?? (unmet ? 'unmet' : 'all')} options={shows} onChange={(value) => set('show', value === 'all' ? undefined : value)} />
      </div>
      {body()}
      {peek && <ClusterPeek key={peek} id={peek} onClose={() => set('peek', undefined)} />}
    </div>
  );
}
