import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api } from '@/api/client';
import { useGoodsName } from '@/i18n/goods';
import { useLocal } from '@/i18n/use-local';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { PriceForm, ProductEdit } from './product-forms';
import { Price, ProductStatePill, useProductFacts } from './words';

function Prices({ id }: { id: string }) {
  const { t } = useTranslation('products');
  const spec: ListSpec<'/api/v1/catalog/products/{id}/prices'> = {
    id: 'prices',
    path: '/api/v1/catalog/products/{id}/prices',
    pathParams: { id },
    rowKey: (row) => row.id,
    rowName: (row) => row.valid_from,
    columns: [
      { id: 'from', label: t('valid_from'), title: true, cell: (row) => <DateTime at={row.valid_from} /> },
      { id: 'to', label: t('valid_to'), cell: (row) => <DateTime at={row.valid_to} /> },
      { id: 'price', label: t('price'), figure: true, cell: (row) => <Price micro={row.price} currency={row.currency} /> },
      { id: 'purchase', label: t('purchase_price'), figure: true, field: 'purchase_price', cell: (row) => <Price micro={row.purchase_price} currency={row.currency} /> },
    ],
    empty: <EmptyState title={t('no_prices')} hint={t('no_prices_hint')} />,
  };
  return <List spec={spec} label={t('prices')} />;
}

function Versions({ id }: { id: string }) {
  const { t } = useTranslation('products');
  const goods = useGoodsName();
  const local = useLocal();
  const spec: ListSpec<'/api/v1/catalog/products/{id}/versions'> = {
    id: 'product-versions',
    path: '/api/v1/catalog/products/{id}/versions',
    pathParams: { id },
    rowKey: (row) => String(row.version),
    rowName: (row) => String(row.version),
    columns: [
      { id: 'version', label: t('version'), title: true, cell: (row) => row.version },
      { id: 'name', label: t('name'), cell: (row) => local(row.snapshot.names) || row.snapshot.sku },
      { id: 'department', label: t('department'), cell: (row) => goods(row.snapshot.department) },
      { id: 'state', label: t('state_is'), cell: (row) => <ProductStatePill state={row.snapshot.state} /> },
      { id: 'replaced', label: t('replaced'), cell: (row) => <DateTime at={row.replaced_at} time /> },
    ],
    empty: <EmptyState title={t('no_versions')} />,
  };
  return <List spec={spec} label={t('versions')} />;
}

/** One product: its names, its prices over time, what it was before. */
export function ProductPage() {
  const { t } = useTranslation('products');
  const { id = '' } = useParams();
  const local = useLocal();
  const facts = useProductFacts();
  const may = useMay();
  const [open, setOpen] = useState<'edit' | 'price'>();
  const close = () => setOpen(undefined);
  const product = api.useQuery('get', '/api/v1/catalog/products/{id}', { params: { path: { id } } });
  if (product.isPending) return <Skeleton shape="record" />;
  if (product.isError) return <ErrorState error={product.error} retry={() => void product.refetch()} />;
  const row = product.data;
  return (
    <>
      <Record
        title={local(row.names) || row.sku}
        crumbs={[{ label: t('title'), to: '/products' }]}
        state={<ProductStatePill state={row.state} />}
        facts={facts(row)}
        actions={
          <>
            {may('catalog.price.edit') && <Button onClick={() => setOpen('price')}>{t('price_new')}</Button>}
            {may('catalog.product.edit') && <Button onClick={() => setOpen('edit')}>{t('common:edit')}</Button>}
          </>
        }
        tabs={[
          { id: 'prices', label: t('prices'), content: <Prices id={id} /> },
          { id: 'versions', label: t('versions'), content: <Versions id={id} /> },
        ]}
      />
      <ProductEdit key={`edit-${row.version}`} product={row} open={open === 'edit'} onClose={close} />
      <PriceForm key={`price-${row.version}`} product={row} open={open === 'price'} onClose={close} />
    </>
  );
}
