import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, client, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Asset } from '@/api/schema';
import { useBrandChoices } from '@/areas/content/words';
import { AuditTrail } from '@/areas/system/audit-trail';
import { LANGUAGES } from '@/format/language';
import { useFormat } from '@/format/use-format';
import { OWN_NAMES } from '@/frame/menus';
import { useLocal } from '@/i18n/use-local';
import { wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { AssetFields, type AssetWords } from './asset-form';
import { pictureOf, Rights } from './assets';
import { PictureField } from './picture-field';
import { UsePill } from './words';
import './brand.css';

function EditWords({ asset, open, onClose }: { asset: Asset; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('brand');
  const { done } = useNotice();
  const act = api.useMutation('patch', '/api/v1/brand/assets/{id}', {
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/brand');
    },
  });
  const save = ({ title, alt_texts, rights_note, rights_until }: AssetWords) =>
    act.mutate({
      params: { path: { id: asset.id }, header: ifMatch(asset) },
      body: { title: title.trim(), alt_texts: wholeText(alt_texts), rights_note: rights_note ?? '', rights_until: rights_until?.endOf('day').toISOString() ?? null },
    });
  return (
    <FormDrawer<AssetWords>
      title={t('asset_edit')}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={{ title: asset.title, alt_texts: asset.alt_texts, rights_note: asset.rights_note, rights_until: asset.rights_until ? dayjs(asset.rights_until) : null }}
    >
      <AssetFields />
    </FormDrawer>
  );
}

function ReplaceFile({ asset, open, onClose }: { asset: Asset; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('brand');
  const { done } = useNotice();
  const [file, setFile] = useState<File>();
  const act = useMutation({
    mutationFn: async (chosen: File) =>
      client.PUT('/api/v1/brand/assets/{id}/file', {
        params: { path: { id: asset.id }, header: ifMatch(asset) },
        body: { file: '' },
        bodySerializer: () => {
          const form = new FormData();
          form.set('file', chosen);
          return form;
        },
      }),
    onSuccess: async () => {
      done(t('replaced'));
      onClose();
      await refresh('/api/v1/brand');
    },
  });
  return (
    <FormDrawer title={t('replace')} hint={t('replace_hint')} open={open} onClose={onClose} onFinish={() => file && act.mutate(file)} act={t('replace')} busy={act.isPending} error={act.error}>
      <PictureField file={file} onFile={setFile} />
      <p />
    </FormDrawer>
  );
}

/** One asset: the picture, its words, and until when it may be used. */
export function AssetPage() {
  const { t } = useTranslation('brand');
  const { id = '' } = useParams();
  const local = useLocal();
  const format = useFormat();
  const may = useMay();
  const { done, failed } = useNotice();
  const brands = useBrandChoices();
  const [open, setOpen] = useState<'words' | 'file'>();
  const asset = api.useQuery('get', '/api/v1/brand/assets/{id}', { params: { path: { id } } });
  const put = api.useMutation('patch', '/api/v1/brand/assets/{id}', { onSuccess: () => refresh('/api/v1/brand'), onError: failed });
  if (asset.isPending) return <Skeleton shape="record" />;
  if (asset.isError) return <ErrorState error={asset.error} retry={() => void asset.refetch()} />;
  const row = asset.data;
  const turn = (state: 'active' | 'archived', on: Asset) => put.mutateAsync({ params: { path: { id }, header: ifMatch(on) }, body: { state } });
  const archive = () => turn('archived', row).then((after) => done(t('archived'), () => turn('active', after)), () => undefined);
  return (
    <>
      <Record
        title={row.title}
        crumbs={[{ label: t('assets'), to: '/brand/assets' }]}
        state={<UsePill state={row.state} />}
        actions={
          may('brand.asset.write') && (
            <>
              {row.state === 'active' ? <Button onClick={() => void archive()}>{t('archive')}</Button> : <Button onClick={() => void turn('active', row)}>{t('restore')}</Button>}
              <Button onClick={() => setOpen('file')}>{t('replace')}</Button>
              <Button type="primary" onClick={() => setOpen('words')}>
                {t('common:edit')}
              </Button>
            </>
          )
        }
        notes={
          <section className="card" aria-label={t('picture')}>
            <div className="asset-picture">
              <img src={pictureOf(row)} alt={local(row.alt_texts) || row.title} />
            </div>
          </section>
        }
        facts={[
          {
            id: 'alt',
            label: t('alt_texts'),
            value: LANGUAGES.filter((language) => row.alt_texts[language]).map((language) => (
              <div key={language} lang={language} title={OWN_NAMES[language]}>
                {row.alt_texts[language]}
              </div>
            )),
          },
          { id: 'brand', label: t('brand'), value: brands.find((one) => one.value === row.brand_id)?.label },
          { id: 'rights', label: t('rights_until'), value: <Rights row={row} /> },
          { id: 'note', label: t('rights_note'), value: row.rights_note || undefined },
          { id: 'size', label: t('size'), value: `${row.width} × ${row.height} · ${format.bytes(row.byte_size)}` },
          { id: 'key', label: t('key'), value: <code>{row.key}</code> },
          { id: 'number', label: t('version'), value: t('version_n', { number: row.number }) },
          { id: 'updated', label: t('updated'), value: <DateTime at={row.updated_at} time /> },
        ]}
        tabs={may('system.audit.read') ? [{ id: 'history', label: t('history'), content: <AuditTrail nounId={row.id} /> }] : []}
      />
      <EditWords key={`words-${row.version}`} asset={row} open={open === 'words'} onClose={() => setOpen(undefined)} />
      <ReplaceFile key={`file-${row.version}`} asset={row} open={open === 'file'} onClose={() => setOpen(undefined)} />
    </>
  );
}
