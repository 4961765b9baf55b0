import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client } from '@/api/client';
import type { ContentView, Variant } from '@/api/schema';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { useMay } from '@/session/session';
import { Findings } from './findings';

/** Waits for a pause in the typing before the mail is drawn again. */
const TYPING_PAUSE_MS = 500;

/** Where receivers fetch pictures: by their contents' hash, on the public origin, which this page may not load from. */
const PUBLIC_PICTURE = /https?:\/\/[^"'\s)]+\/([0-9a-f]{64})\.\w+/g;

/** The pictures of a brand, by the hash of their contents. */
function usePictures(brandId: string): Map<string, string> {
  const may = useMay()('brand.asset.read');
  const { data } = api.useQuery('get', '/api/v1/brand/assets', { params: { query: { brand_id: brandId, page_size: 200 } } }, { staleTime: 60_000, enabled: may });
  return new Map((data?.items ?? []).map((asset) => [asset.blob_hash, `/api/v1/brand/assets/${asset.id}/file?number=${asset.number}`]));
}

/** Has the pictures of a mail come from our own library. */
function pictured(html: string, pictures: Map<string, string>): string {
  return html.replaceAll(PUBLIC_PICTURE, (address: string, hash: string) => pictures.get(hash) ?? address);
}

/** The page's policy holds inside the frame as well: a mail's own styles need the nonce. */
function styled(html: string): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return nonce ? html.replaceAll('<style', `<style nonce="${nonce}"`) : html;
}

function useLate<T>(value: T): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(value), TYPING_PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return late;
}

/** The mail as one receiver would get it, saved or not. */
export function Preview({ item, variant }: { item: ContentView; variant: Variant }) {
  const { t } = useTranslation('content');
  const local = useLocal();
  const pictures = usePictures(item.brand_id);
  const [persona, setPersona] = useState<string>();
  const late = useLate(variant);
  const catalogue = api.useQuery('get', '/api/v1/brand/variables', {}, { staleTime: 600_000 });
  const preview = useQuery({
    queryKey: ['post', '/api/v1/brand/preview', item.brand_id, item.department_id, late, persona],
    queryFn: async ({ signal }) =>
      (await client.POST('/api/v1/brand/preview', { body: { brand_id: item.brand_id, department_id: item.department_id ?? null, variant: late, persona: persona ?? null }, signal })).data,
    placeholderData: keepPreviousData,
  });
  const people = (catalogue.data?.personas ?? []).map((one) => ({ value: one.key, label: local(one.title) ?? one.key }));
  const mail = preview.data;
  return (
    <div className="stack">
      <div className="row">
        <span className="quiet">{t('as')}</span>
        <Select className="persona" aria-label={t('as')} value={persona ?? mail?.persona ?? null} options={people} onChange={(key: string | null) => setPersona(key ?? undefined)} />
      </div>
      {preview.isPending ? (
        <Skeleton rows={8} />
      ) : preview.isError ? (
        <ErrorState error={preview.error} retry={() => void preview.refetch()} />
      ) : mail ? (
        <>
          <div className="mail-head">
            <p className="strong anywhere">{mail.subject}</p>
            <p className="small quiet anywhere">
              {`${mail.sender_name} <${mail.sender_address}>`}
            </p>
            {mail.preheader && <p className="small quiet anywhere">{mail.preheader}</p>}
          </div>
          {mail.html ? <iframe className="mail" sandbox="allow-same-origin" srcDoc={styled(pictured(mail.html, pictures))} title={t('preview')} /> : <EmptyState title={t('no_preview')} hint={t('no_preview_hint')} />}
          {mail.findings.length > 0 && <Findings findings={mail.findings} />}
        </>
      ) : null}
    </div>
  );
}
