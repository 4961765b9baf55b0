import { DownloadOutlined } from '@ant-design/icons';
import { Button, Progress, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Import } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { Wizard } from '@/patterns/wizard/wizard';
import { ImportStatePill, useTargets } from './words';
import './imports.css';

const IMPORTS = '/api/v1/tabular/imports';
/** How often a running import is asked how far it is. */
const POLL_MS = 1_000;

const moving = (row: Import | undefined) => row?.state === 'running' || row?.state === 'undoing';

function useCorrect() {
  const { failed } = useNotice();
  return api.useMutation('patch', '/api/v1/tabular/imports/{id}', { onSuccess: () => refresh(IMPORTS), onError: failed });
}

/** What was found out about the file. */
function FileStep({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  return (
    <>
      <Facts
        facts={[
          { id: 'file', label: t('file'), value: row.file_name },
          { id: 'size', label: t('size'), value: format.bytes(row.file_bytes) },
          { id: 'form', label: t('form'), value: row.layout.form === 'xlsx' ? t('form_is.xlsx') : t('form_is.text') },
          { id: 'charset', label: t('charset'), value: row.layout.charset },
          { id: 'separator', label: t('separator'), value: row.layout.separator && t(`separator_is.${row.layout.separator}`) },
          { id: 'sheet', label: t('sheet'), value: row.layout.sheet },
          { id: 'header', label: t('header'), value: t(row.layout.header ? 'header_yes' : 'header_no') },
          { id: 'columns', label: t('columns'), value: row.titles.length },
        ]}
      />
      {row.notes.length > 0 && (
        <ul className="plain-list">
          {row.notes.map((note, i) => (
            <li key={note.code + i}>{note.text ?? note.code}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Preview({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const preview = api.useQuery('get', '/api/v1/tabular/imports/{id}/preview', { params: { path: { id: row.id } } });
  if (preview.isPending) return <Skeleton shape="table" rows={4} />;
  if (preview.isError) return <ProblemNote error={preview.error} />;
  if (!preview.data.rows) return <p className="quiet">{t('rows_hidden')}</p>;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard too
    <div className="import-table" tabIndex={0} role="region" aria-label={t('preview')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('row')}</th>
            {preview.data.titles.map((title, i) => (
              <th scope="col" key={title + i}>
                {title}
              </th>
            ))}
            <th scope="col">{t('result')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.data.rows.map((line) => (
            <tr key={line.number}>
              <th scope="row">{line.number}</th>
              {preview.data.titles.map((title, i) => (
                <td key={title + i}>{line.cells[i]}</td>
              ))}
              <td className={line.problem ? 'bad' : 'good'}>{line.problem ? line.problem.text || line.problem.code : t('fits')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Which column fills which field, and what would become of the first rows. */
function MappingStep({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const target = useTargets().find((one) => one.noun === row.noun);
  const correct = useCorrect();
  const columns = row.titles.map((title, value) => ({ value, label: title || t('column', { number: value + 1 }) }));
  const put = (field: string, column: number | undefined) => {
    const rest = row.columns.filter((use) => use.field !== field);
    const uses = column === undefined ? rest : [...rest, { field, column, title: row.titles[column] ?? null }];
    correct.mutate({ params: { path: { id: row.id }, header: ifMatch(row) }, body: { columns: uses } as never });
  };
  return (
    <>
      <div className="import-table">
        <table aria-label={t('mapping')}>
          <thead>
            <tr>
              <th scope="col">{t('field')}</th>
              <th scope="col">{t('filled_by')}</th>
            </tr>
          </thead>
          <tbody>
            {target?.fields.map((field) => {
              const use = row.columns.find((one) => one.field === field.name);
              return (
                <tr key={field.name}>
                  <th scope="row">
                    {field.title} {field.required && <span className="small quiet">{t('required')}</span>}
                  </th>
                  <td>
                    {use?.constant ?? (
                      <Select size="small" allowClear aria-label={field.title} placeholder={t('not_filled')} style={{ width: 220 }} value={use?.column ?? null} options={columns} disabled={row.state !== 'ready'} onChange={(column: number | null | undefined) => put(field.name, column ?? undefined)} />
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <h2>{t('preview')}</h2>
      <Preview row={row} />
    </>
  );
}

function Rejects({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const spec: ListSpec<'/api/v1/tabular/imports/{id}/rejects'> = {
    id: 'rejects',
    path: '/api/v1/tabular/imports/{id}/rejects',
    pathParams: { id: row.id },
    rowKey: (reject) => `${reject.first_row}-${reject.code}-${reject.field}`,
    rowName: (reject) => String(reject.first_row),
    columns: [
      { id: 'rows', label: t('row'), title: true, cell: (reject) => (reject.first_row === reject.last_row ? reject.first_row : `${reject.first_row}–${reject.last_row}`) },
      { id: 'why', label: t('why'), cell: (reject) => reject.text ?? reject.code },
    ],
    empty: <EmptyState title={t('no_rejects')} />,
  };
  return <List spec={spec} label={t('rejects')} />;
}

/** How far it is, then what was read, stored and rejected. */
function Receipt({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const undo = api.useMutation('post', '/api/v1/tabular/imports/{id}/undo', { onSuccess: () => refresh(IMPORTS) });
  const share = row.file_bytes ? Math.min(100, Math.round((row.bytes_done / row.file_bytes) * 100)) : 0;
  const figures = [
    { id: 'read', value: row.read_count },
    { id: 'stored', value: row.stored_count },
    { id: 'rejected', value: row.rejected_count },
    { id: 'present', value: row.present_count },
    ...(row.undone_count ? [{ id: 'undone', value: row.undone_count }] : []),
  ];
  return (
    <>
      <div role="status">
        <ImportStatePill state={row.state} />
      </div>
      {moving(row) && <Progress percent={share} aria-label={t('progress')} />}
      {row.failure && <p className="bad">{row.failure.text ?? row.failure.code}</p>}
      <dl className="import-figures">
        {figures.map((figure) => (
          <div key={figure.id}>
            <dt>{t(figure.id)}</dt>
            <dd>{format.number(figure.value)}</dd>
          </div>
        ))}
      </dl>
      {row.rejected_count > 0 && <Rejects row={row} />}
      <ProblemNote error={undo.error} />
      <div className="row">
        {row.rejected_count > 0 && (
          <Button icon={<DownloadOutlined />} href={`${IMPORTS}/${row.id}/rejects.csv`} download>
            {t('download_rejects')}
          </Button>
        )}
        {(row.state === 'done' || row.state === 'failed') && row.stored_count > row.undone_count && (
          <Button danger loading={undo.isPending} onClick={() => undo.mutate({ params: { path: { id: row.id }, header: ifMatch(row) } })}>
            {t('undo', { count: row.stored_count })}
          </Button>
        )}
      </div>
    </>
  );
}

/** One import from the file to its receipt. */
export function ImportPage() {
  const { t } = useTranslation('imports');
  const { id = '' } = useParams();
  const found = api.useQuery('get', '/api/v1/tabular/imports/{id}', { params: { path: { id } } }, { refetchInterval: ({ state }) => (moving(state.data) ? POLL_MS : false) });
  const start = api.useMutation('post', '/api/v1/tabular/imports/{id}/start', { onSuccess: () => refresh(IMPORTS) });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const row = found.data;
  const begin = () => (row.state === 'ready' || row.state === 'failed' ? start.mutateAsync({ params: { path: { id }, header: ifMatch(row) } }) : Promise.resolve());
  return (
    <>
      <PageHead title={row.file_name} crumbs={[{ label: t('title'), to: '/imports' }]} state={<ImportStatePill state={row.state} />} />
      <Wizard
        steps={[
          { id: 'file', label: t('step.file'), content: <FileStep row={row} />, next: t('to_mapping') },
          { id: 'mapping', label: t('step.mapping'), content: <MappingStep row={row} />, next: t(row.state === 'ready' ? 'start' : 'to_receipt'), onNext: begin },
          { id: 'receipt', label: t('step.receipt'), content: <Receipt row={row} />, final: true },
        ]}
      />
    </>
  );
}
