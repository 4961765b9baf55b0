import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { Checked, DryRun, ObjectChange, PackDiff, PackFault, PackFiles } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { useMay } from '@/session/session';
import './rulebook.css';

type Files = { [path: string]: string };

/** A file with the numbers of its lines; those at fault are marked. */
function Source({ path, text, faults, onChange }: { path: string; text: string; faults: PackFault[]; onChange: (text: string) => void }) {
  const { t } = useTranslation('rulebook');
  const lines = text.split('\n').length;
  const marked = new Set(faults.map((fault) => fault.line));
  return (
    <div className="source">
      <pre className="source-lines" aria-hidden="true">
        {Array.from({ length: lines }, (_, place) => (
          <span key={place} className={marked.has(place + 1) ? 'source-fault' : undefined}>
            {`${place + 1}\n`}
          </span>
        ))}
      </pre>
      <textarea aria-label={t('pack_source', { path })} value={text} rows={lines + 1} spellCheck={false} wrap="off" onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

function Faults({ faults, onOpen }: { faults: PackFault[]; onOpen: (path: string) => void }) {
  return (
    <ul className="plain-list">
      {faults.map((fault) => {
        const path = fault.file.slice(fault.file.indexOf('/') + 1);
        return (
          <li key={`${fault.file}:${fault.line}:${fault.message}`} className="stack-tight">
            <button type="button" className="plain-button" onClick={() => onOpen(path)}>
              <code>{`${path}:${fault.line}`}</code>
            </button>
            <span>{fault.message}</span>
          </li>
        );
      })}
    </ul>
  );
}

function short(value: unknown): string {
  const text = value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const TONES = { added: 'good', removed: 'bad', changed: 'info' } as const;

/** What differs, object by object. */
export function Changes({ changes }: { changes: ObjectChange[] }) {
  const { t } = useTranslation('rulebook');
  if (changes.length === 0) return <EmptyState title={t('pack_same')} />;
  return (
    <ul className="plain-list">
      {changes.map((change) => {
        const kind = String(change.change) as keyof typeof TONES;
        return (
          <li key={`${change.file} ${change.id}`} className="stack-tight">
            <div className="row">
              <StatePill tone={TONES[kind]}>{t(`pack_change.${kind}`)}</StatePill>
              <code>{change.id || change.file}</code>
              <span className="quiet">{change.file}</span>
            </div>
            {change.values.map((value) => (
              <p key={value.path} className="anywhere">
                <code>{value.path}</code> <del className="quiet">{short(value.before)}</del> → <span className="strong">{short(value.after)}</span>
              </p>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function Would({ said }: { said: DryRun }) {
  const { t } = useTranslation('rulebook');
  const status = (of: unknown) => (of ? t(`common:verdict.${String(of)}`) : '–');
  return (
    <div className="stack">
      <h3>{t('pack_clauses', { count: said.clauses.length })}</h3>
      <ul className="plain-list">
        {said.clauses.map((turn) => (
          <li key={turn.clause_id}>
            <Link to={`/rulebook/clauses/${turn.clause_id}`}>{turn.clause_id}</Link> {turn.title}: {status(turn.before)} → <span className="strong">{status(turn.after)}</span>
          </li>
        ))}
      </ul>
      <h3>{t('pack_parameters', { count: said.parameters.length })}</h3>
      <ul className="plain-list">
        {said.parameters.map((turn) => (
          <li key={turn.key} className="anywhere">
            <code>{turn.key}</code> {short(turn.before)} → <span className="strong">{short(turn.after)}</span>
          </li>
        ))}
      </ul>
      {said.machines.length > 0 && <h3>{t('machines')}</h3>}
      <ul className="plain-list">
        {said.machines.map((turn) => (
          <li key={turn.machine_id}>{t('pack_machine', { machine: turn.machine_id, version: turn.after, count: turn.open_on_older })}</li>
        ))}
      </ul>
    </div>
  );
}

interface ActsProps {
  id: string;
  files: Files;
  onFaults: (faults: PackFault[]) => void;
  onOpen: (path: string) => void;
}

type Answer = { checked: Checked } | { diff: PackDiff } | { would: DryRun };

/** Checks, compares, tries and applies what stands in the editor. */
function Acts({ id, files, onFaults, onOpen }: ActsProps) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const may = useMay();
  const [answer, setAnswer] = useState<Answer>();
  const [applying, setApplying] = useState(false);
  const request = { params: { path: { id } }, body: { files } };
  const faulty = (faults: PackFault[]) => {
    onFaults(faults);
    return faults.length > 0;
  };
  const check = api.useMutation('post', '/api/v1/rulebook/packs/{id}/check', {
    onSuccess: (checked) => {
      faulty(checked.faults);
      setAnswer({ checked });
    },
  });
  const diff = api.useMutation('post', '/api/v1/rulebook/packs/{id}/diff', { onSuccess: (found) => setAnswer({ diff: found }) });
  const dryRun = api.useMutation('post', '/api/v1/rulebook/packs/{id}/dry-run', {
    onSuccess: (would) => setAnswer(faulty(would.faults) ? { checked: { sound: false, faults: would.faults } } : { would }),
  });
  const apply = api.useMutation('post', '/api/v1/rulebook/packs/{id}/apply', {
    onSuccess: async (row) => {
      done(t('pack_applied', { title: row.title }));
      setApplying(false);
      await refresh('/api/v1/rulebook');
    },
  });
  const trying = may('rulebook.pack.apply');
  return (
    <section className="card stack">
      <div className="row">
        <Button loading={check.isPending} onClick={() => check.mutate(request)}>
          {t('pack_check')}
        </Button>
        <Button loading={diff.isPending} onClick={() => diff.mutate(request)}>
          {t('pack_diff')}
        </Button>
        {trying && (
          <>
            <Button loading={dryRun.isPending} onClick={() => dryRun.mutate(request)}>
              {t('pack_dry_run')}
            </Button>
            <Button type="primary" onClick={() => setApplying(true)}>
              {t('pack_apply')}
            </Button>
          </>
        )}
      </div>
      <ProblemNote error={check.error ?? diff.error ?? dryRun.error} />
      <div aria-live="polite">
        {answer && 'checked' in answer && (answer.checked.sound ? <StatePill tone="good">{t('pack_sound')}</StatePill> : <Faults faults={answer.checked.faults} onOpen={onOpen} />)}
        {answer && 'diff' in answer && <Changes changes={answer.diff.changes} />}
        {answer && 'would' in answer && <Would said={answer.would} />}
      </div>
      <FormDrawer<{ reason: string }>
        title={t('pack_apply')}
        open={applying}
        onClose={() => setApplying(false)}
        hint={t('pack_apply_hint')}
        act={t('pack_apply')}
        busy={apply.isPending}
        error={apply.error}
        onFinish={({ reason }) => apply.mutate({ params: { path: { id } }, body: { files, reason: reason.trim() } })}
      >
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </FormDrawer>
    </section>
  );
}

function Editor({ pack }: { pack: PackFiles }) {
  const { t } = useTranslation('rulebook');
  const [files, setFiles] = useState<Files>(pack.files);
  const paths = Object.keys(files);
  const [path, setPath] = useState(paths.includes('clauses.yaml') ? 'clauses.yaml' : (paths[0] ?? 'pack.yaml'));
  const [faults, setFaults] = useState<PackFault[]>([]);
  const here = faults.filter((fault) => fault.file === `${pack.id}/${path}`);
  return (
    <div className="two-one">
      <section className="card stack">
        <label className="row">
          {t('file')}
          <Select value={path} onChange={setPath} options={paths.map((value) => ({ value, label: value }))} style={{ minWidth: 220 }} />
        </label>
        <Source path={path} text={files[path] ?? ''} faults={here} onChange={(text) => setFiles({ ...files, [path]: text })} />
      </section>
      <Acts id={pack.id} files={files} onFaults={setFaults} onOpen={setPath} />
    </div>
  );
}

/** The files of a pack, with what checking, comparing and trying them says. */
export function PackEditor() {
  const { t } = useTranslation('rulebook');
  const { id = '' } = useParams();
  const found = api.useQuery('get', '/api/v1/rulebook/packs/{id}/files', { params: { path: { id } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return (
    <>
      <PageHead title={id} sub={t('pack_editor_sub')} crumbs={[{ label: t('frame:area.rulebook'), to: '/rulebook' }, { label: t('packs'), to: '/rulebook/packs' }]} />
      <Editor key={found.data.content_hash} pack={found.data} />
    </>
  );
}
