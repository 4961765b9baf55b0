import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Chart } from '@/parts/chart/chart';
import { useMode } from '@/theme/mode';
import { palettes } from '@/theme/palette';
import { mix } from '@/theme/contrast';
import { linkOf } from './groups';
import type { DashboardTile, TileCell, TileGroups } from './metric-types';

interface GroupsTileProps {
  tile: DashboardTile;
  groups: TileGroups;
}

const distinct = (cells: TileCell[], of: (cell: TileCell) => [string, string]) => [...new Map(cells.map(of))];

/** Two fields against each other; the stronger the ground, the greater the figure, which is written on it as well. */
function Heat({ tile, groups }: GroupsTileProps) {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const { mode } = useMode();
  const { card, link } = palettes[mode];
  const rows = distinct(groups.cells, (cell) => [cell.by_value ?? '', cell.by_title]);
  const columns = distinct(groups.cells, (cell) => [cell.across_value ?? '', cell.across_title ?? t('figure')]);
  const most = Math.max(1, ...groups.cells.map((cell) => Math.abs(cell.value ?? cell.records)));
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide one is scrolled by keyboard too
    <div className="tile-scroll" tabIndex={0} role="region" aria-label={t('heat_of', { title: tile.title })}>
      <table className="heat">
        <thead>
          <tr>
            <td className="small quiet">{groups.by_title}</td>
            {columns.map(([key, title]) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, title]) => (
            <tr key={key}>
              <th scope="row">{title}</th>
              {columns.map(([column]) => {
                const cell = groups.cells.find((one) => (one.by_value ?? '') === key && (one.across_value ?? '') === column);
                // Never so strong that the figure on it could not be read.
                const ground = cell ? mix(card, link, 0.05 + 0.22 * (Math.abs(cell.value ?? cell.records) / most)) : undefined;
                return (
                  <td key={column} className="figure" style={ground ? { background: ground } : undefined}>
                    {cell && (
                      <Link to={linkOf(groups, cell)} aria-label={`${title} ${cell.across_title ?? ''} ${format.number(cell.value ?? cell.records, 1)}`}>
                        {format.number(cell.value ?? cell.records, 1)}
                      </Link>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bars({ tile, groups }: GroupsTileProps) {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const navigate = useNavigate();
  const rows = distinct(groups.cells, (cell) => [cell.by_value ?? '', cell.by_title]);
  const columns = distinct(groups.cells, (cell) => [cell.across_value ?? '', cell.across_title ?? t('figure')]);
  const at = (row: string, column: string) => groups.cells.find((cell) => (cell.by_value ?? '') === row && (cell.across_value ?? '') === column);
  const figure = (row: string, column: string) => {
    const cell = at(row, column);
    return cell ? (cell.value ?? cell.records) : null;
  };
  const open = (series: number, index: number) => {
    const cell = at(rows[index]?.[0] ?? '', columns[series]?.[0] ?? '');
    if (cell) void navigate(linkOf(groups, cell));
  };
  return (
    <Chart
      title={tile.title}
      summary={t('bars_say', { count: rows.length, by: groups.by_title })}
      height={Math.max(140, rows.length * 30 + 40)}
      onPick={open}
      option={{
        grid: { right: 48 },
        ...(columns.length > 1 ? { legend: {} } : {}),
        xAxis: { type: 'value', minInterval: 1 },
        yAxis: { type: 'category', inverse: true, data: rows.map(([, title]) => title) },
        series: columns.map(([key, name]) => ({ type: 'bar', name, stack: 'all', barMaxWidth: 20, data: rows.map(([row]) => figure(row, key)), label: { show: columns.length === 1, position: 'right' } })),
      }}
      table={{
        head: [groups.by_title, ...columns.map(([, title]) => title)],
        rows: rows.map(([row, title]) => [title, ...columns.map(([column]) => figure(row, column))]),
        show: [String, ...columns.map(() => (cell: unknown) => (cell === null ? '–' : format.number(Number(cell), 1)))],
      }}
    />
  );
}

/** Records by one field or two; every figure opens them. */
export function GroupsTile({ tile, groups }: GroupsTileProps) {
  const { t } = useTranslation('metrics');
  if (groups.cells.length === 0) {
    return (
      <>
        <h2>{tile.title}</h2>
        <p className="quiet">{t('no_records')}</p>
      </>
    );
  }
  if (tile.shows === 'bars') return <Bars tile={tile} groups={groups} />;
  return (
    <>
      <h2>{tile.title}</h2>
      <Heat tile={tile} groups={groups} />
    </>
  );
}
