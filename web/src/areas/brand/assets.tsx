import { PictureOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Asset } from '@/api/schema';
import { useBrandChoices } from '@/areas/content/words';
import { useFormat } from '@/format/use-format';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { StatePill } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { NewAsset } from './asset-form';
import { UsePill } from './words';
import './brand.css';

/** Where the present picture of an asset stands; the number tells the browser when it changed. */
export function pictureOf(row: Pick<Asset, 'id' | 'number'>): string {
  return `/api/v1/brand/assets/${row.id}/file?number=${row.number}`;
}

/** Until when an asset may be shown, and whether that is over. */
export function Rights({ row }: { row: Pick<Asset, 'rights_until'> }) {
  const { t } = useTranslation('brand');
  if (!row.rights_until) return <span className="quiet">{t('rights_open')}</span>;
  if (new Date(row.rights_until) < new Date()) return <StatePill tone="bad">{t('rights_over')}</StatePill>;
  return <DateTime at={row.rights_until} />;
}

/** The assets (素材): pictures with their words and their rights. */
export function Assets() {
  const { t } = useTranslation('brand');
  const local = useLocal();
  const format = useFormat();
  const may = useMay()('brand.asset.write');
  const brands = useBrandChoices();
  const [open, setOpen] = useOpenForm();
  const spec: ListSpec<'/api/v1/brand/assets'> = {
    id: 'assets',
    path: '/api/v1/brand/assets',
    search: t('assets_search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => `/brand/assets/${row.id}`,
    views: (['active', 'archived'] as const).map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    filters: [
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'state', label: t('state_label'), kind: 'choice', options: (['active', 'archived'] as const).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    columns: [
      {
        id: 'title',
        label: t('asset_title'),
        title: true,
        cell: (row) => (
          <span className="asset-name">
            <span className="asset-thumb">
              <img src={pictureOf(row)} alt="" loading="lazy" />
            </span>
            {row.title}
          </span>
        ),
      },
      { id: 'alt', label: t('alt_texts'), wide: true, cell: (row) => local(row.alt_texts) || <StatePill tone="warn">{t('alt_missing')}</StatePill> },
      { id: 'brand', label: t('brand'), cell: (row) => brands.find((one) => one.value === row.brand_id)?.label },
      { id: 'size', label: t('size'), wide: true, figure: true, cell: (row) => `${row.width} × ${row.height} · ${format.bytes(row.byte_size)}` },
      { id: 'rights', label: t('rights_until'), cell: (row) => <Rights row={row} /> },
      { id: 'state', label: t('state_label'), cell: (row) => <UsePill state={row.state} /> },
    ],
    empty: (
      <EmptyState icon={<PictureOutlined />} title={t('assets_empty')} hint={t('assets_empty_hint')}>
        {may && (
          <Button type="primary" onClick={() => setOpen(true)}>
            {t('asset_new')}
          </Button>
        )}
      </EmptyState>
    ),
  };
  return (
    <>
      <PageHead
        title={t('assets')}
        sub={t('assets_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
              {t('asset_new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('assets')} />
      <NewAsset open={open} onClose={() => setOpen(false)} />
    </>
  );
}
