import { useMutation } from '@tanstack/react-query';
import { Button, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { client } from '@/api/client';
import { refresh } from '@/api/query';
import { PageHead } from '@/parts/head';
import { ProblemNote } from '@/parts/states';
import { useFormat } from '@/format/use-format';
import { useTargets } from './words';
import './imports.css';

/** Kinds of rows up to this many stand open side by side. */
const OPEN_MAX = 8;

/** The first step of an import: which file, and what it holds. */
export function NewImport() {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const format = useFormat();
  const [params, setParams] = useSearchParams();
  const [file, setFile] = useState<File>();
  const targets = useTargets();
  const allowed = targets.filter((target) => target.allowed);
  const noun = allowed.find((target) => target.noun === params.get('noun'))?.noun ?? allowed[0]?.noun;
  const send = useMutation({
    mutationFn: async () => {
      if (!file || !noun) throw new Error('sent without a file');
      const { data } = await client.POST('/api/v1/tabular/imports', {
        params: { query: { noun, file_name: file.name } },
        body: [],
        bodySerializer: () => file,
        headers: { 'Content-Type': 'application/octet-stream' },
      });
      return data;
    },
    onSuccess: async (made) => {
      await refresh('/api/v1/tabular/imports');
      if (made) void navigate(`/imports/${made.id}`);
    },
  });
  return (
    <>
      <PageHead title={t('new')} crumbs={[{ label: t('title'), to: '/imports' }]} sub={t('new_sub')} />
      <section className="card stack import-upload" aria-label={t('new')}>
        <div className="stack-tight">
          <span className="strong" id="import-noun">
            {t('noun')}
          </span>
          {targets.length > OPEN_MAX ? (
            <Select
              aria-label={t('noun')}
              showSearch={{ optionFilterProp: 'label' }}
              value={noun ?? null}
              options={targets.map((target) => ({ value: target.noun, label: target.title, disabled: !target.allowed }))}
              onChange={(value: string) => setParams({ noun: value })}
              style={{ maxWidth: 420 }}
            />
          ) : (
            <Radio.Group aria-labelledby="import-noun" value={noun} options={targets.map((target) => ({ value: target.noun, label: target.title, disabled: !target.allowed }))} onChange={(event) => setParams({ noun: event.target.value as string })} />
          )}
          {targets.length > allowed.length && <p className="small quiet">{t('not_allowed')}</p>}
        </div>
        <label
          className="import-drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            setFile(event.dataTransfer.files[0]);
          }}
        >
          <input type="file" className="hidden-text" accept=".csv,.tsv,.txt,.xlsx,.gz,.zip" onChange={(event) => setFile(event.target.files?.[0])} />
          <span className="strong anywhere">{file ? file.name : t('choose_file')}</span>
          <span className="small quiet">{file ? format.bytes(file.size) : t('file_hint')}</span>
        </label>
        <ProblemNote error={send.error} />
        <div className="row">
          <Button type="primary" disabled={!file || !noun} loading={send.isPending} onClick={() => send.mutate()}>
            {t('upload')}
          </Button>
        </div>
      </section>
    </>
  );
}
