import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { PartialView } from '@/api/schema';
import { useBrandChoices } from '@/areas/content/words';
import { LANGUAGES, type Language } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Editor } from '@/patterns/editor/editor';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { UsePill } from './words';
import '@/areas/content/content.css';

function Versions({ row }: { row: PartialView }) {
  const { t } = useTranslation('brand');
  const versions = api.useQuery('get', '/api/v1/brand/partials/{id}/versions', { params: { path: { id: row.id } } });
  if (versions.isPending) return <Skeleton rows={3} />;
  if (versions.isError) return <ErrorState error={versions.error} />;
  return (
    <ul className="plain-list">
      {versions.data.items.map((one) => (
        <li key={one.id} className="stack-tight">
          <details>
            <summary>
              <span className="strong">{t('version_n', { number: one.number })}</span>{' '}
              <span className="quiet small">
                <DateTime at={one.created_at} time />
              </span>
            </summary>
            {LANGUAGES.map((language) => (
              <pre key={language} className="diff" lang={language}>
                {one.sources[language]}
              </pre>
            ))}
          </details>
        </li>
      ))}
    </ul>
  );
}

function Desk({ row }: { row: PartialView }) {
  const { t } = useTranslation('brand');
  const { done } = useNotice();
  const may = useMay()('brand.partial.write');
  const brands = useBrandChoices();
  const [language, setLanguage] = useState<Language>('zh-Hans');
  const [sources, setSources] = useState(row.current.sources);
  const changed = JSON.stringify(sources) !== JSON.stringify(row.current.sources);
  const save = api.useMutation('patch', '/api/v1/brand/partials/{id}', {
    onSuccess: async (saved) => {
      done(t('saved_as', { number: saved.number }));
      await refresh('/api/v1/brand');
    },
  });
  return (
    <Editor
      head={<PageHead title={row.title} crumbs={[{ label: t('partials'), to: '/brand/partials' }]} state={<UsePill state={row.state} />} sub={
            <>
              {t('key')} <code>{row.key}</code>
            </>
          } />}
      versions={
        <>
          <Segmented aria-label={t('language')} value={language} onChange={setLanguage} options={LANGUAGES.map((value) => ({ value, label: <span lang={value}>{OWN_NAMES[value]}</span> }))} />
          <span className="quiet small">{t('version_n', { number: row.number })}</span>
          <Act
            type={changed ? 'primary' : 'default'}
            loading={save.isPending}
            why={may ? (changed ? undefined : t('nothing_changed')) : t('not_allowed')}
            onClick={() => save.mutate({ params: { path: { id: row.id }, header: ifMatch(row) }, body: { sources } })}
          >
            {t('save_version')}
          </Act>
        </>
      }
      left={
        <div className="card stack">
          <ProblemNote error={save.error} />
          {changed && row.approved_uses > 0 && <p className="warn">{t('voids', { count: row.approved_uses })}</p>}
          <label className="stack-tight">
            <span className="quiet small">{t('source')}</span>
            <textarea className="mjml" lang={language} spellCheck={false} readOnly={!may} value={sources[language] ?? ''} onChange={(event) => setSources({ ...sources, [language]: event.target.value })} />
          </label>
        </div>
      }
      right={
        <div className="stack">
          <div className="card stack">
            <h2>{t('about')}</h2>
            <Facts
              facts={[
                { id: 'brand', label: t('brand'), value: brands.find((one) => one.value === row.brand_id)?.label },
                { id: 'use', label: t('how_to_use'), value: <code className="anywhere">{`{% include "${row.key}" %}`}</code> },
                { id: 'uses', label: t('approved_uses'), value: <Link to={`/content/items?state=approved&brand_id=${row.brand_id}`}>{t('uses', { count: row.approved_uses })}</Link> },
                { id: 'updated', label: t('updated'), value: <DateTime at={row.updated_at} time /> },
              ]}
            />
          </div>
          <section className="card stack" aria-labelledby="versions">
            <h2 id="versions">{t('versions')}</h2>
            <Versions row={row} />
          </section>
        </div>
      }
      leftLabel={t('write')}
      rightLabel={t('about')}
    />
  );
}

/** One partial: its words in each language, and the content that holds it. */
export function PartialPage() {
  const { id = '' } = useParams();
  const partial = api.useQuery('get', '/api/v1/brand/partials/{id}', { params: { path: { id } } });
  if (partial.isPending) return <Skeleton shape="record" />;
  if (partial.isError) return <ErrorState error={partial.error} retry={() => void partial.refetch()} />;
  return <Desk key={partial.data.version} row={partial.data} />;
}
