import { DownloadOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { ColumnMenu, Search, ViewTabs } from '@/patterns/list/bar';
import { useColumns } from '@/patterns/list/columns';
import { ExportMenu } from '@/patterns/list/export';
import { useListState } from '@/patterns/list/state';
import { type Narrowed, RECORDS, useSchema } from './api';
import { Board } from './board';
import { Calendar } from './calendar';
import { useRecordColumns } from './columns';
import { Conditions } from './conditions';
import { useFields } from './fields';
import { Gantt } from './gantt';
import { Matrix } from './matrix';
import { useMay } from '@/session/session';
import { RowsView } from './rows-view';
import { TimelineView } from './timeline-view';
import { Tree } from './tree';
import type { RecordSchema, RecordView } from './types';
import { useNames } from './names';
import { noteType } from './recent';
import './records.css';

const CONDITIONS = ['filter'];
/** What narrows the file that a list is saved to. */
const EXPORTED = ['view', 'filter', 'search', 'sort'] as const;
/** May bring records in from a file. */
const IMPORT = 'tabular.import.run';

export interface ViewProps {
  schema: RecordSchema;
  view: RecordView | undefined;
  query: Narrowed;
  /** True where somebody set conditions: then an empty view is no empty type. */
  narrowed: boolean;
  onClear: () => void;
}

/** Kinds of views that show rows in another shape than a table. */
const SHAPES: { [kind: string]: (props: ViewProps) => React.ReactNode } = {
  board: (props) => <Board {...props} />,
  calendar: (props) => <Calendar {...props} />,
  gantt: (props) => <Gantt {...props} />,
  matrix: (props) => <Matrix {...props} />,
  timeline: (props) => <TimelineView {...props} />,
};

function Listed({ schema }: { schema: RecordSchema }) {
  useEffect(() => noteType(schema.id), [schema.id]);
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const may = useMay();
  const { state, set } = useListState(CONDITIONS);
  const fields = useFields(schema);
  const names = useNames();
  const view = schema.views.find((one) => one.id === state.view);
  const columns = useRecordColumns(schema, view);
  const { visible, isShown, toggle } = useColumns(`record.${schema.id}.${view?.id ?? 'all'}`, columns);
  const filter = state.filters.filter;
  const sort = state.sort ?? view?.sort ?? undefined;
  const query: Narrowed = useMemo(() => ({ view: view?.id, filter, search: state.q || undefined, sort: state.sort }), [view?.id, filter, state.q, state.sort]);
  const narrowed = Boolean(filter) || state.q !== '';
  const search = useCallback((q: string) => set({ q: q.trim() || undefined }), [set]);
  const clear = () => set({ q: undefined, filter: undefined });
  const choose = (id: string | undefined) => set({ view: id, q: undefined, filter: undefined, sort: undefined, month: undefined }, true);
  const views = schema.views.map((one) => ({ id: one.id, label: one.title, params: {} }));
  const shape = view && SHAPES[view.kind];
  const shown: ViewProps = { schema, view, query, narrowed, onClear: clear };
  const name = schema.plural || schema.title;
  return (
    <>
      <PageHead
        title={name}
        sub={schema.summary}
        actions={
          schema.can_write && (
            <>
              {may(IMPORT) && <Link to={`/imports/new?noun=record.${schema.id}`}>{t('import')}</Link>}
              <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(`/records/${schema.id}/new`)}>
                {t('new_of', { type: schema.title })}
              </Button>
            </>
          )
        }
      />
      {views.length > 0 && <ViewTabs views={views} current={view?.id} onChoose={(one) => choose(one?.id)} />}
      <div className="list-bar">
        <Search words={t('search_in', { name })} value={state.q} onSearch={search} />
        <Conditions fields={fields} type={schema.id} filter={filter} names={names} onSet={(next) => set({ filter: next })} />
        {narrowed && (
          <Button type="link" size="small" onClick={clear}>
            {t('common:list.clear')}
          </Button>
        )}
        <span className="list-tools">
          <ExportMenu path={`${RECORDS}/${schema.id}/export`} filters={EXPORTED} query={query} icon={<DownloadOutlined />} />
          {!shape && <ColumnMenu columns={columns} isShown={isShown} toggle={toggle} />}
        </span>
      </div>
      {shape ? shape(shown) : view?.kind === 'tree' ? <Tree {...shown} columns={visible} /> : <RowsView {...shown} columns={visible} sort={sort} onSort={(next) => set({ sort: next })} />}
    </>
  );
}

/** All records of a type (台账), in the ways that its type offers. */
export function Records() {
  const { type = '' } = useParams();
  const schema = useSchema(type);
  if (schema.isPending) return <Skeleton shape="table" rows={10} />;
  if (schema.isError) return <ErrorState error={schema.error} retry={() => void schema.refetch()} />;
  return <Listed key={type} schema={schema.data} />;
}
