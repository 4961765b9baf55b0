import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSchema } from '@/areas/records/api';
import { useFields } from '@/areas/records/fields';
import type { RecordSchema } from '@/areas/records/types';
import { FieldValue, RecordState } from '@/areas/records/value';
import { Skeleton } from '@/parts/skeleton';
import type { DashboardTile, TileList } from './metric-types';
import '@/areas/records/records.css';

interface RowsProps {
  schema: RecordSchema;
  list: TileList;
  title: string;
}

function Rows({ schema, list, title }: RowsProps) {
  const { t } = useTranslation('records');
  const fields = useFields(schema);
  const keys = list.columns.map((column) => column.key).filter((key) => key !== schema.named_by && key !== 'title');
  const columns = keys.flatMap((key) => fields.find((field) => field.key === key) ?? []);
  const name = schema.fields.find((field) => field.key === schema.named_by)?.title ?? t('common_field.title');
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard too
    <div className="tile-scroll" tabIndex={0} role="region" aria-label={t('metrics:list_of', { title })}>
      <table className="tile-table">
        <thead>
          <tr>
            <th scope="col">{name}</th>
            {columns.map((field) => (
              <th key={field.key} scope="col">
                {field.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.records.map((row) => (
            <tr key={row.id}>
              <td>
                <Link to={`/records/${row.type_id}/${row.id}`}>{row.title}</Link>
              </td>
              {columns.map((field) => (
                <td key={field.key}>{field.key === 'state' ? <RecordState row={row} /> : field.key === 'number' ? row.number : <FieldValue row={row} field={field} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Some records, with the way to all of them. */
export function ListTile({ tile, list }: { tile: DashboardTile; list: TileList }) {
  const { t } = useTranslation('metrics');
  const schema = useSchema(list.type_id);
  const query = new URLSearchParams({ ...(list.view ? { view: list.view } : {}), ...(list.filter ? { filter: list.filter } : {}) });
  return (
    <>
      <div className="row">
        <h2 className="grow">{tile.title}</h2>
        <Link to={`/records/${list.type_id}?${query}`} aria-label={t('all_of', { title: tile.title })}>
          {t('all')}
        </Link>
      </div>
      {list.records.length === 0 ? <p className="quiet">{t('no_records')}</p> : schema.data ? <Rows schema={schema.data} list={list} title={tile.title} /> : <Skeleton rows={3} />}
    </>
  );
}
