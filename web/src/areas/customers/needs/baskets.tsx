import { ShoppingCartOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { BasketPattern, NeedRun } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Peek } from '@/frame/peek';
import { Chart } from '@/parts/chart/chart';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { Foot } from '@/patterns/list/bar';
import { Table } from '@/patterns/list/table';
import { Facts } from '@/patterns/record/record';
import { usePatterns } from './calls';
import { MakeInsight } from './make';
import { usePatternNames, usePatternSentence } from './words';

/** Bars of the picture. */
const BARS = 10;
const BAR_PX = 30;

function Bars({ patterns, onPick }: { patterns: BasketPattern[]; onPick: (one: BasketPattern) => void }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const names = usePatternNames();
  const shown = patterns.slice(0, BARS);
  const called = (row: BasketPattern) => names(row).join(' + ');
  const times = (cell: unknown) => t('times', { shown: format.number(Number(cell), 1) });
  const [first] = shown;
  return (
    <Chart
      title={t('lift_title')}
      summary={first ? t('lift_says', { pair: called(first), times: format.number(first.lift, 1) }) : ''}
      height={shown.length * BAR_PX + 40}
      option={{
        grid: { right: 56 },
        xAxis: { type: 'value', min: 0, axisLabel: { formatter: (value: number) => format.number(value) } },
        yAxis: { type: 'category', inverse: true, data: shown.map(called), axisLabel: { width: 150, overflow: 'truncate' } },
        series: [{ type: 'bar', name: t('lift'), barMaxWidth: 18, cursor: 'pointer', data: shown.map(({ lift }) => lift), label: { show: true, position: 'right', formatter: ({ value }) => times(value) }, tooltip: { valueFormatter: times } }],
      }}
      table={{ head: [t('pair'), t('lift')], rows: shown.map((row) => [called(row), row.lift]), show: [String, times] }}
      onPick={(_, i) => {
        const row = shown[i];
        if (row) onPick(row);
      }}
    />
  );
}

function Pattern({ row }: { row: BasketPattern }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const sentence = usePatternSentence();
  const [first, second] = usePatternNames()(row);
  const each = (name: string, category: string | null | undefined) => <span className="data anywhere">{[name, category].filter(Boolean).join(' · ')}</span>;
  return (
    <div className="stack">
      <p className="data">{sentence(row)}</p>
      <Facts
        facts={[
          { id: 'first', label: t('first'), value: each(first, row.first_category) },
          { id: 'second', label: t('second'), value: each(second, row.second_category) },
          { id: 'baskets', label: t('baskets_both'), value: format.number(row.baskets) },
          { id: 'people', label: t('people'), value: format.number(row.people) },
          { id: 'support', label: t('support'), value: format.percent(row.support, 2) },
          { id: 'confidence', label: t('confidence'), value: format.percent(row.confidence) },
          { id: 'reverse', label: t('reverse_confidence'), value: format.percent(row.reverse_confidence) },
          { id: 'lift', label: t('lift'), value: t('times', { shown: format.number(row.lift, 2) }) },
        ]}
      />
      <dl className="need-meaning small">
        {(['support', 'confidence', 'lift'] as const).map((what) => (
          <div key={what}>
            <dt>{t(what)}</dt>
            <dd>{t(`means.${what}`)}</dd>
          </div>
        ))}
      </dl>
      <div>
        <MakeInsight of="basket" id={row.id} named={`${first} + ${second}`} />
      </div>
    </div>
  );
}

/** Products that are bought together (购物篮组合), and what the figures mean. */
export function Baskets({ run }: { run: NeedRun | null | undefined }) {
  const { t } = useTranslation('needs');
  const format = useFormat();
  const names = usePatternNames();
  const sentence = usePatternSentence();
  const [params, setParams] = useSearchParams();
  const found = usePatterns();
  const patterns = found.data?.pages.flatMap((page) => page.items) ?? [];
  const address = (id: string | undefined) => {
    const after = new URLSearchParams(params);
    if (id) after.set('peek', id);
    else after.delete('peek');
    return after;
  };
  const open = (id: string | undefined) => setParams(address(id), { preventScrollReset: true });
  const peeked = patterns.find(({ id }) => id === params.get('peek'));
  if (found.isPending) return <Skeleton rows={8} />;
  if (found.isError && patterns.length === 0) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (patterns.length === 0) return <EmptyState icon={<ShoppingCartOutlined />} title={t('none.basket')} hint={t(run ? 'none_hint.basket' : 'not_begun')} />;
  return (
    <div className="stack">
      <p className="quiet">{t('lift_means')}</p>
      <section className="card">
        <Bars patterns={patterns} onPick={(row) => open(row.id)} />
      </section>
      <section className="card list-card">
        <Table<BasketPattern>
          label={t('tab.baskets')}
          rows={patterns}
          rowKey={(row) => row.id}
          rowName={(row) => names(row).join(' + ')}
          linkOf={(row) => `?${address(row.id)}`}
          onOpen={(row) => open(row.id)}
          current={peeked?.id}
          columns={[
            { id: 'pair', label: t('pair'), title: true, cell: (row) => <span className="data anywhere">{names(row).join(' + ')}</span> },
            { id: 'says', label: t('says'), wide: true, cell: (row) => <span className="data small quiet">{sentence(row)}</span> },
            { id: 'lift', label: t('lift'), figure: true, cell: (row) => <span className="strong nowrap">{t('times', { shown: format.number(row.lift, 1) })}</span> },
            { id: 'confidence', label: t('confidence'), figure: true, cell: (row) => format.percent(row.confidence, 0) },
            { id: 'baskets', label: t('baskets_both'), figure: true, cell: (row) => format.number(row.baskets) },
            { id: 'people', label: t('people'), figure: true, cell: (row) => format.number(row.people) },
          ]}
        />
      </section>
      <Foot count={patterns.length} more={found.hasNextPage} loading={found.isFetchingNextPage} onMore={() => void found.fetchNextPage()} />
      {peeked && (
        <Peek title={names(peeked).join(' + ')} onClose={() => open(undefined)}>
          <Pattern row={peeked} />
        </Peek>
      )}
    </div>
  );
}
