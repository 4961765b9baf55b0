import { Button, Input, Segmented, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView, Variant } from '@/api/schema';
import type { Language } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { Act } from '@/parts/act';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Editor } from '@/patterns/editor/editor';
import { Preflight } from './preflight';
import { Preview } from './preview';
import { Reviews } from './reviews';
import { Serves } from './serves';
import { Steps, whyNot } from './steps';
import { Versions } from './versions';
import { ContentState } from './words';
import './content.css';

const FIELDS = ['subject', 'preheader', 'sender_name', 'sender_address'] as const;

function blank(language: Language): Variant {
  return { language, subject: '', preheader: '', sender_name: '', sender_address: '', mjml: '' };
}

interface WordsProps {
  variant: Variant;
  readOnly: boolean;
  onChange: (variant: Variant) => void;
}

function Words({ variant, readOnly, onChange }: WordsProps) {
  const { t } = useTranslation('content');
  return (
    <div className="stack">
      <div className="content-fields">
        {FIELDS.map((name) => (
          <label key={name} className="stack-tight">
            <span className="quiet small">{t(`field.${name}`)}</span>
            <Input
              lang={variant.language}
              readOnly={readOnly}
              maxLength={name === 'sender_address' ? 254 : name === 'sender_name' ? 120 : 200}
              placeholder={name.startsWith('sender') ? t('of_brand') : ''}
              value={variant[name] ?? ''}
              onChange={(event) => onChange({ ...variant, [name]: event.target.value })}
            />
          </label>
        ))}
      </div>
      <label className="stack-tight">
        <span className="quiet small">{t('field.mjml')}</span>
        <textarea className="mjml" lang={variant.language} spellCheck={false} readOnly={readOnly} value={variant.mjml ?? ''} onChange={(event) => onChange({ ...variant, mjml: event.target.value })} />
      </label>
    </div>
  );
}

function Desk({ item }: { item: ContentView }) {
  const { t } = useTranslation('content');
  const { done } = useNotice();
  const [params, setParams] = useSearchParams();
  const [draft, setDraft] = useState<Variant[]>(item.current.variants);
  const [language, setLanguage] = useState<Language>(item.languages[0] ?? 'zh-Hans');
  const changed = JSON.stringify(draft) !== JSON.stringify(item.current.variants);
  const variant = draft.find((one) => one.language === language) ?? blank(language);
  const why = whyNot(item, 'save');
  const save = api.useMutation('post', '/api/v1/brand/contents/{id}/versions', {
    onSuccess: async (saved) => {
      done(t('saved', { number: saved.current.number }));
      await refresh('/api/v1/brand');
    },
  });
  const change = (next: Variant) => setDraft((before) => [...before.filter((one) => one.language !== next.language), next]);
  const tabs = [
    { key: 'preview', label: t('preview'), children: <Preview item={item} variant={variant} /> },
    { key: 'preflight', label: t('preflight'), children: <Preflight item={item} changed={changed} /> },
    { key: 'review', label: t('review'), children: <Reviews item={item} /> },
    { key: 'versions', label: t('versions'), children: <Versions item={item} /> },
  ];
  return (
    <Editor
      head={
        <PageHead
          title={item.title}
          crumbs={[{ label: t('frame:area.content'), to: '/content/items' }]}
          state={<ContentState state={item.state} />}
          sub={<Serves item={item} />}
          actions={<Steps item={item} changed={changed} />}
        />
      }
      versions={
        <>
          <Segmented aria-label={t('language')} value={language} onChange={setLanguage} options={item.languages.map((value) => ({ value, label: <span lang={value}>{OWN_NAMES[value]}</span> }))} />
          <span className="quiet small">
            {t('version_n', { number: item.current.number })} · <DateTime at={item.current.created_at} relative />
          </span>
          {changed && <span className="warn small">{t('unsaved')}</span>}
          {changed && <Button onClick={() => setDraft(item.current.variants)}>{t('discard')}</Button>}
          <Act
            type={changed ? 'primary' : 'default'}
            loading={save.isPending}
            why={why ? t(`why_not.${why}`) : changed ? undefined : t('nothing_changed')}
            onClick={() => save.mutate({ params: { path: { id: item.id }, header: ifMatch(item) }, body: { variants: draft } })}
          >
            {t('save')}
          </Act>
        </>
      }
      left={
        <div className="card stack">
          <ProblemNote error={save.error} />
          {item.state === 'approved' && changed && <p className="warn">{t('voids')}</p>}
          <Words variant={variant} readOnly={Boolean(why)} onChange={change} />
        </div>
      }
      right={
        <div className="card">
          <Tabs activeKey={params.get('tab') ?? 'preview'} onChange={(tab) => setParams({ tab }, { replace: true, preventScrollReset: true })} items={tabs} destroyOnHidden />
        </div>
      }
      leftLabel={t('source')}
      rightLabel={t('truth')}
    />
  );
}

/** One content item: its words left; preview, pre-flight, review and versions right. */
export function ItemPage() {
  const { id = '' } = useParams();
  const item = api.useQuery('get', '/api/v1/brand/contents/{id}', { params: { path: { id } } });
  if (item.isPending) return <Skeleton shape="record" />;
  if (item.isError) return <ErrorState error={item.error} retry={() => void item.refetch()} />;
  return <Desk key={item.data.version_id} item={item.data} />;
}
