/** What metrics and dashboards answer (指标、看板). */
import type { Row } from '@/areas/records/types';
import type * as api from '@/api/schema';

export type { DashboardRow, MetricDetail, MetricLimit, MetricReplay, MetricRow, MetricSample, MetricState, MetricUnit, TileCell, TileGroups } from '@/api/schema';

/** Some records, as every list of records reads them. */
export type TileList = Omit<api.TileList, 'records'> & { records: Row[] };

/** A tile (卡片) with what the reader may see of it. */
export type DashboardTile = Omit<api.DashboardTile, 'list'> & { list?: TileList | null };

/** A dashboard (看板) with its tiles. */
export type DashboardDetail = Omit<api.DashboardDetail, 'tiles'> & { tiles: DashboardTile[] };
