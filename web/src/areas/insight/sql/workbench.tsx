import { CaretRightOutlined, CodeOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { asProblem } from '@/api/problem';
import type { SqlTable } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { Acts } from './acts';
import { useSaved, useTables } from './calls';
import { fitted, guess } from './charts';
import type { SavedQuery } from './contract';
import { Editor, type EditorHandle } from './editor';
import { EXAMPLES } from './examples';
import { ParameterFields } from './parameter-fields';
import { valuesOf } from './parameters';
import { Result } from './result';
import { useRunning } from './running';
import { Clash, useSaving } from './saving';
import { RefreshTables, Tables } from './tables';
import { SharingPill } from './words';
import { same, useWriting } from './writing';
import './sql.css';

/** How many rows may be asked for, and how many usually are. */
const LIMITS = [100, 1_000, 10_000];
const USUAL_LIMIT = 1_000;
/** The element that says what is wrong with the question. */
const FAULT = 'sql-fault';

function Examples({ onTake }: { onTake: (sql: string) => void }) {
  const { t } = useTranslation('sql');
  return (
    <section className="card">
      <EmptyState icon={<CodeOutlined />} title={t('empty')} hint={t('empty_hint')}>
        {EXAMPLES.map(({ id, sql }) => (
          <Button key={id} onClick={() => onTake(sql)}>
            {t(`example.${id}`)}
          </Button>
        ))}
      </EmptyState>
    </section>
  );
}

/** What is wrong with the question, and the way to the place. */
function Refusal({ error, onGo }: { error: unknown; onGo: (() => void) | undefined }) {
  const { t } = useTranslation('sql');
  if (!error) return null;
  return (
    <div className="stack-tight" id={FAULT}>
      <ProblemNote error={error} />
      <div className="row">
        {onGo && (
          <Button size="small" onClick={onGo}>
            {t('go')}
          </Button>
        )}
        {asProblem(error).code === 'insight.query.not_copied' && <RefreshTables />}
      </div>
    </div>
  );
}

function Bench({ saved, tables }: { saved: SavedQuery | undefined; tables: SqlTable[] }) {
  const { t } = useTranslation('sql');
  const format = useFormat();
  const [params] = useSearchParams();
  const editor = useRef<EditorHandle>(null);
  const writing = useWriting(saved);
  const running = useRunning();
  const saving = useSaving(writing.settle);
  const [limit, setLimit] = useState(USUAL_LIMIT);
  const { base, sql, write, parameters } = writing;
  const { answer, busy, error } = running;
  const chosen = writing.chart;
  const chart = useMemo(() => (answer ? (chosen ? fitted(chosen, answer.result) : guess(answer.result)) : (chosen ?? { kind: 'table' as const, y: [] })), [answer, chosen]);
  const nothing = sql.trim() === '';
  const ask = () => {
    if (nothing || busy) return;
    const values = valuesOf(parameters);
    // What stands saved is asked as such; what was changed is a question of one's own.
    const asSaved = base && same({ sql, parameters: base.parameters, chart: base.chart }, base) && parameters.length === base.parameters.length;
    running.start(asSaved ? { id: base.id, limit, values } : { sql, limit, values }, { sql, values });
  };
  const started = useRef(false);
  useEffect(() => {
    if (started.current || params.get('run') !== '1') return;
    started.current = true;
    ask();
  });
  const fault = running.fault?.sql === sql ? running.fault.place : undefined;
  return (
    <>
      <PageHead
        title={base?.name ?? t('title')}
        {...(base ? { crumbs: [{ label: t('queries'), to: '/insight/queries' }, { label: base.name }], state: <SharingPill of={base} /> } : {})}
        sub={base ? base.description : t('sub')}
        actions={<Acts writing={writing} saving={saving} chart={chart} asked={answer?.asked} />}
      />
      <div className="sql-bench">
        <Tables tables={tables} onInsert={(name) => editor.current?.insert(name)} />
        <div className="stack">
          <Clash saving={saving} onTheirs={writing.begin} />
          <section className="card stack" aria-label={t('statement')}>
            <Editor ref={editor} value={sql} onChange={write} onRun={ask} fault={fault} faultId={error ? FAULT : undefined} />
            {parameters.length > 0 && <ParameterFields parameters={parameters} onChange={writing.fill} />}
            <Refusal error={error ?? saving.error} onGo={fault && (() => editor.current?.go(fault))} />
            <div className="row">
              <Act type="primary" icon={<CaretRightOutlined />} loading={busy} why={nothing ? t('nothing_to_run') : undefined} onClick={ask}>
                {t('run')}
              </Act>
              {busy && <Button onClick={running.stop}>{t('stop')}</Button>}
              <Select aria-label={t('limit')} value={limit} options={LIMITS.map((value) => ({ value, label: t('limit_is', { count: value, shown: format.number(value) }) }))} onChange={setLimit} />
              {base && writing.changed && (
                <Button type="text" onClick={() => writing.begin(base)}>
                  {t('undo_changes')}
                </Button>
              )}
              <span id="sql-keys" className="quiet small grow">
                {t('keys')}
              </span>
            </div>
          </section>
          {answer && error && <p className="quiet small">{t('earlier')}</p>}
          {answer ? <Result key={answer.result.columns.map(({ name }) => name).join('/')} title={base?.name ?? t('result')} result={answer.result} chart={chart} onChart={writing.setChart} /> : busy ? <Skeleton shape="table" /> : nothing && <Examples onTake={(text) => (write(text), editor.current?.focus())} />}
        </div>
      </div>
    </>
  );
}

/** The SQL workbench (SQL 工作台): questions about the tables that the reader may see. */
export function SqlWorkbench() {
  const [params] = useSearchParams();
  const id = params.get('query') ?? undefined;
  const tables = useTables();
  const saved = useSaved(id);
  if (tables.isPending || (id && saved.isPending)) return <Skeleton shape="record" />;
  if (tables.isError && !tables.data) return <ErrorState error={tables.error} retry={() => void tables.refetch()} />;
  if (id && saved.isError && !saved.data) return <ErrorState error={saved.error} retry={() => void saved.refetch()} />;
  return <Bench key={id ?? 'new'} saved={id ? saved.data : undefined} tables={tables.data.items} />;
}
