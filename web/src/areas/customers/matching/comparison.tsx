import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { masks } from '@/api/masked';
import { useSourceName } from '@/i18n/source';
import { Label } from '@/parts/pill';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { useMay } from '@/session/session';
import { type Line, lines, ordersOf, reach, speaks } from './compare';
import type { Agreement, MatchSide } from './contract';
import { EffectPill, sideNames, useCode } from './words';
import './matching.css';

interface Sides {
  left: MatchSide;
  right: MatchSide;
}

/** How much a field speaks for or against: to the right and to the left of zero. The words stand beside it. */
function WeightBar({ weight, all }: { weight: number; all: Agreement[] }) {
  const width = `${reach(weight, all) * 50}%`;
  const side = weight >= 0 ? 'for' : 'against';
  return (
    <span className="weight-bar" aria-hidden="true">
      <i className={speaks(weight) === 'little' ? `${side} little` : side} style={{ width }} />
    </span>
  );
}

function Value({ side, field }: { side: MatchSide; field: string }) {
  if (masks(side, field)) return <Masked />;
  const value = (side as unknown as { [name: string]: unknown })[field];
  return typeof value === 'string' && value ? <span className="data anywhere">{value}</span> : <Nothing />;
}

/** One field of both; where the reader sees no values, only what they say. */
function LineOf({ line, sides: { left, right }, all }: { line: Line; sides: Sides; all: Agreement[] }) {
  const field = useCode('field');
  const names = sideNames(left, right);
  return (
    <div role="row" className="match-line">
      <div role="rowheader" className="match-field">
        <span className="quiet small">{field(line.field)}</span>
        {line.agreement && (
          <>
            <EffectPill agreement={line.agreement} />
            <WeightBar weight={line.agreement.weight} all={all} />
          </>
        )}
      </div>
      {line.shown && (
        <>
          <div role="cell" data-label={names[0]}>
            <Value side={left} field={line.field} />
          </div>
          <div role="cell" data-label={names[1]}>
            <Value side={right} field={line.field} />
          </div>
        </>
      )}
    </div>
  );
}

/** How much somebody bought; where the comparison does not say it, their own page does. */
function Orders({ side }: { side: MatchSide }) {
  const { t } = useTranslation('customers');
  const may = useMay()('customers.profile.read');
  const told = side.order_count !== undefined;
  const found = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id: side.profile_id } } }, { enabled: may && !told, staleTime: 60_000 });
  const { order_count: count, last_order_at: last } = told ? side : ordersOf(found.data?.orders);
  if (typeof count !== 'number') return <Nothing />;
  return (
    <>
      {t('orders_sum', { count })}
      {last && (
        <span className="quiet small">
          {' '}
          · {t('last_order')} <DateTime at={last} short />
        </span>
      )}
    </>
  );
}

/** Two people side by side: who they are, how they agree field by field, and where they come from. */
export function Comparison({ left, right, agreements = [], stays }: Sides & { agreements?: Agreement[]; stays?: MatchSide | undefined }) {
  const { t } = useTranslation('matching');
  const source = useSourceName();
  const names = sideNames(left, right);
  const about = [
    { id: 'orders', label: t('orders'), of: (side: MatchSide) => <Orders side={side} /> },
    { id: 'source', label: t('source'), of: (side: MatchSide) => source(side.source) },
    { id: 'since', label: t('since'), of: (side: MatchSide) => <DateTime at={side.created_at} /> },
  ];
  const cells = (of: (side: MatchSide) => React.ReactNode) =>
    [left, right].map((side, i) => (
      <div role="cell" key={i} data-label={names[i]}>
        {of(side)}
      </div>
    ));
  return (
    <div role="table" aria-label={t('comparison')} className="match-table">
      <div role="row" className="match-line match-heads">
        <span role="columnheader" className="hidden-text">
          {t('field_is')}
        </span>
        {[left, right].map((side, i) => (
          <div role="columnheader" key={i}>
            <Link to={`/customers/profiles/${side.profile_id}`} className="strong anywhere">
              {names[i]}
            </Link>
            {stays === side && <Label tone="info">{t('stays')}</Label>}
          </div>
        ))}
      </div>
      {lines(left, right, agreements).map((line) => (
        <LineOf key={line.field} line={line} sides={{ left, right }} all={agreements} />
      ))}
      {about.map(({ id, label, of }) => (
        <div role="row" className="match-line" key={id}>
          <div role="rowheader" className="match-field">
            <span className="quiet small">{label}</span>
          </div>
          {cells(of)}
        </div>
      ))}
    </div>
  );
}
