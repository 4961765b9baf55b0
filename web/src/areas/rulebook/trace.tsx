import { Segmented } from 'antd';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import type { TraceMap, TraceNode } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { chainOf, edgesOf, LEVELS } from './trace-map';
import './trace.css';

/** Where the lines of a chain run, measured from the cards that it joins. */
function useLines(nodes: TraceNode[], drawn: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const [paths, setPaths] = useState<string[]>([]);
  useLayoutEffect(() => {
    const frame = box.current;
    if (!frame || !drawn) {
      setPaths([]);
      return undefined;
    }
    const measure = () => {
      const origin = frame.getBoundingClientRect();
      const at = (id: string) => frame.querySelector(`[data-node="${id}"]`)?.getBoundingClientRect();
      const found = edgesOf(nodes).flatMap(({ from, to }) => {
        const [a, b] = [at(from), at(to)];
        if (!a || !b) return [];
        const same = Math.abs(a.left - b.left) < 4;
        const [x1, y1] = [a.right - origin.left, a.top + a.height / 2 - origin.top];
        const [x2, y2] = [(same ? b.right : b.left) - origin.left, b.top + b.height / 2 - origin.top];
        const bend = same ? x1 + 22 : (x1 + x2) / 2;
        return [`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`];
      });
      setPaths(found);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame);
    return () => observer.disconnect();
  }, [nodes, drawn]);
  return { box, paths };
}

function Card({ node, chosen, to }: { node: TraceNode; chosen: boolean; to: string }) {
  const { t } = useTranslation('rulebook');
  return (
    <li className={chosen ? 'trace-card trace-chosen' : 'trace-card'} data-node={node.id}>
      <Link to={to} aria-current={chosen ? 'true' : undefined} preventScrollReset>
        {node.title}
      </Link>
      <span className="row small quiet">
        <span>{t(`trace_kind.${node.kind}`)}</span>
        {node.state_title && <span>{node.state_title}</span>}
        {node.orphan && <StatePill tone="warn">{t('trace_orphan')}</StatePill>}
      </span>
      {chosen && (
        <span className="row small">
          <Link to={node.link}>{t('trace_open')}</Link>
          {node.up_elsewhere > 0 && <span className="quiet">{t('trace_elsewhere', { count: node.up_elsewhere })}</span>}
        </span>
      )}
    </li>
  );
}

function Picture({ nodes, chosen }: { nodes: TraceNode[]; chosen: TraceNode | undefined }) {
  const { t } = useTranslation('rulebook');
  const format = useFormat();
  const { box, paths } = useLines(nodes, chosen !== undefined);
  return (
    <div className="trace" ref={box}>
      <svg className="trace-lines" aria-hidden="true">
        {paths.map((path) => (
          <path key={path} d={path} />
        ))}
      </svg>
      {LEVELS.map((level) => {
        const here = nodes.filter((node) => String(node.level) === level);
        return (
          <section key={level} className="trace-level" aria-labelledby={`trace-${level}`}>
            <h2 id={`trace-${level}`}>
              {t(`trace_level.${level}`)} <span className="quiet">{format.number(here.length)}</span>
            </h2>
            {here.length === 0 ? (
              <p className="quiet small">{t('trace_none')}</p>
            ) : (
              <ul className="trace-cards">
                {here.map((node) => (
                  <Card key={node.id} node={node} chosen={node.id === chosen?.id} to={node.id === chosen?.id ? '?' : `?at=${node.id}`} />
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </div>
  );
}

/** Clauses that nothing measures yet. */
function Uncovered() {
  const { t } = useTranslation('rulebook');
  const found = api.useQuery('get', '/api/v1/rulebook/clauses', { params: { query: { status: 'uncovered' as never, page_size: 50 } } });
  if (found.isPending) return <Skeleton rows={3} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return (
    <section className="card stack-tight" aria-labelledby="trace-uncovered">
      <h2 id="trace-uncovered">{t('trace_uncovered')}</h2>
      {found.data.items.length === 0 ? (
        <p className="quiet">{t('trace_uncovered_none')}</p>
      ) : (
        <ul className="stack-tight">
          {found.data.items.map((clause) => (
            <li key={clause.id}>
              <Link to={`/rulebook/clauses/${clause.id}`}>
                {clause.id} {clause.title}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {found.data.next_cursor && <Link to="/rulebook/clauses?status=uncovered">{t('trace_uncovered_all')}</Link>}
    </section>
  );
}

function Shown({ map }: { map: TraceMap }) {
  const { t } = useTranslation('rulebook');
  const [params, setParams] = useSearchParams();
  const chosen = map.nodes.find((node) => node.id === params.get('at'));
  const orphansOnly = !chosen && params.get('show') === 'orphans';
  const orphans = map.nodes.filter((node) => node.orphan);
  const chain = chosen && chainOf(map.nodes, chosen.id);
  const nodes = chain ? map.nodes.filter((node) => chain.has(node.id)) : orphansOnly ? orphans : map.nodes;
  return (
    <div className="stack">
      <div className="row">
        <Segmented
          aria-label={t('trace_show')}
          value={orphansOnly ? 'orphans' : chosen ? 'chain' : 'all'}
          onChange={(show) => setParams(show === 'orphans' ? { show } : {})}
          options={[
            { value: 'all', label: t('trace_all') },
            { value: 'orphans', label: t('trace_orphans', { count: orphans.length }) },
            ...(chosen ? [{ value: 'chain', label: t('trace_chain') }] : []),
          ]}
        />
        <span className="quiet small">{t(chosen ? 'trace_hint_chain' : 'trace_hint')}</span>
      </div>
      {map.cut.length > 0 && <p className="warn small">{t('trace_cut', { kinds: map.cut.map((kind) => t(`trace_kind.${kind}`)).join(t('trace_and')) })}</p>}
      {nodes.length === 0 ? <EmptyState title={t(orphansOnly ? 'trace_orphans_none' : 'trace_empty')} hint={t(orphansOnly ? 'trace_orphans_none_hint' : 'trace_empty_hint')} /> : <Picture nodes={nodes} chosen={chosen} />}
      <Uncovered />
    </div>
  );
}

/** The traceability map (追溯图): from content to the goal and back, with what leads nowhere. */
export function Traceability() {
  const { t } = useTranslation('rulebook');
  const map = api.useQuery('get', '/api/v1/rulebook/trace');
  return (
    <>
      <PageHead title={t('trace')} sub={t('trace_sub')} />
      {map.isPending ? <Skeleton shape="table" rows={8} /> : map.isError ? <ErrorState error={map.error} retry={() => void map.refetch()} /> : <Shown map={map.data} />}
    </>
  );
}
