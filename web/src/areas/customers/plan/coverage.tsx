import { ClusterOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useCoverage } from './calls';
import { COVERAGE_STATES } from './contract';
import { standing, withGaps } from './quality';
import type { CoverageCell, SourceCoverage } from '@/api/schema';
import { COVERAGE_TONES, CoveragePill, ModePill } from './words';
import './plan.css';

/** One kind of data of one source; the cell opens what the source brought. */
function Cell({ row, cell }: { row: SourceCoverage; cell: CoverageCell }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  return (
    <td data-label={t(`data.${cell.data}`)} className={`coverage-cell coverage-${COVERAGE_TONES[cell.state]}`}>
      <Link to={`/customers/sources/${row.source_id}?tab=days`}>
        <span className="hidden-text">{t('coverage.cell', { source: row.name, data: t(`data.${cell.data}`) })}</span>
        <CoveragePill state={cell.state} />
        {cell.state !== 'none' && (
          <span className="small coverage-figures">
            {t('coverage.events', { shown: format.compact(cell.events_7d) })}
            <br />
            {cell.last_at ? <DateTime at={cell.last_at} relative /> : t('coverage.never')}
          </span>
        )}
      </Link>
    </td>
  );
}

function CoverageTable({ rows }: { rows: SourceCoverage[] }) {
  const { t } = useTranslation('plan');
  return (
    // What scrolls sideways is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="card coverage" tabIndex={0} role="region" aria-label={t('coverage.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('source')}</th>
            {(rows[0]?.cells ?? []).map((cell) => (
              <th key={cell.data} scope="col">
                {t(`data.${cell.data}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.source_id}>
              <th scope="row">
                <Link to={`/customers/sources/${row.source_id}`} className="data anywhere">
                  {row.name}
                </Link>
                <div className="small quiet">{t(`sources:kind_name.${row.kind}`)}</div>
                <ModePill mode={row.plan} />
              </th>
              {row.cells.map((cell) => (
                <Cell key={cell.data} row={row} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the words and colours mean, and how many cells are of each. */
function Legend({ rows }: { rows: SourceCoverage[] }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const counts = standing(rows);
  return (
    <dl className="card coverage-legend" aria-label={t('coverage.legend')}>
      {COVERAGE_STATES.map((state) => (
        <div key={state}>
          <dt>
            <CoveragePill state={state} /> <span className="strong">{format.number(counts[state])}</span>
          </dt>
          <dd className="small quiet">{t(`coverage.means.${state}`)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Matrix({ rows }: { rows: SourceCoverage[] }) {
  const { t } = useTranslation('plan');
  const [params, setParams] = useSearchParams();
  const gaps = params.get('show') === 'gaps';
  const shown = gaps ? withGaps(rows) : rows;
  return (
    <div className="stack">
      <Segmented
        aria-label={t('coverage.show')}
        value={gaps ? 'gaps' : 'all'}
        options={[
          { value: 'all', label: t('coverage.all') },
          { value: 'gaps', label: t('coverage.gaps') },
        ]}
        onChange={(show) => setParams(show === 'gaps' ? { show } : {}, { replace: true })}
      />
      {shown.length === 0 ? <EmptyState title={t('coverage.no_gaps')} hint={t('coverage.no_gaps_hint')} /> : <CoverageTable rows={shown} />}
      <Legend rows={rows} />
    </div>
  );
}

/** Data coverage (数据覆盖): which source brings which kind of data, and which should and does not. */
export function Coverage() {
  const { t } = useTranslation('plan');
  const found = useCoverage();
  return (
    <>
      <PageHead title={t('coverage.title')} sub={t('coverage.sub')} />
      {found.isPending ? (
        <Skeleton shape="table" rows={8} />
      ) : found.isError && !found.data ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : (found.data?.items ?? []).length === 0 ? (
        <EmptyState icon={<ClusterOutlined />} title={t('coverage.empty')} hint={t('coverage.empty_hint')}>
          <Link to="/customers/sources?new=1">{t('sources:new')}</Link>
        </EmptyState>
      ) : (
        <Matrix rows={found.data?.items ?? []} />
      )}
    </>
  );
}
