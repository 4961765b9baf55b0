import { DownloadOutlined, ImportOutlined, ShoppingOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import { useBrandChoices } from '@/areas/customers/words';
import { useGoodsName } from '@/i18n/goods';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { Nothing } from '@/parts/values';
import { ExportMenu } from '@/patterns/list/export';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Price, ProductStatePill, useProductFacts } from './words';

const FILTERS = ['q', 'department', 'category', 'brand_id', 'state'] as const;

function useSpec(): ListSpec<'/api/v1/catalog/products'> {
  const { t } = useTranslation('products');
  const local = useLocal();
  const brands = useBrandChoices();
  const facts = useProductFacts();
  const goods = useGoodsName();
  const { data } = api.useQuery('get', '/api/v1/catalog/departments', {}, { staleTime: 300_000 });
  const departments = data?.items.flatMap((row) => (row.department ? [{ value: row.department, label: goods(row.department) ?? row.department }] : [])) ?? [];
  return {
    id: 'products',
    path: '/api/v1/catalog/products',
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: (row) => local(row.names) || row.sku,
    rowLink: (row) => `/products/${row.id}`,
    peek: (row) => <Facts facts={facts(row)} />,
    filters: [
      { id: 'department', label: t('department'), kind: 'choice', options: departments },
      { id: 'category', label: t('category'), kind: 'text' },
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'state', label: t('state_is'), kind: 'choice', options: (['active', 'discontinued'] as const).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    columns: [
      { id: 'name', label: t('name'), title: true, cell: (row) => local(row.names) || row.sku },
      { id: 'sku', label: t('sku'), cell: (row) => <code>{row.sku}</code> },
      { id: 'department', label: t('department'), cell: (row) => goods(row.department) ?? <Nothing /> },
      { id: 'category', label: t('category'), wide: true, cell: (row) => row.category ?? <Nothing /> },
      { id: 'brand', label: t('brand'), wide: true, cell: (row) => brands.find((brand) => brand.value === row.brand_id)?.label ?? <Nothing /> },
      { id: 'size', label: t('size'), wide: true, cell: (row) => row.package_size ?? <Nothing /> },
      { id: 'price', label: t('price'), figure: true, cell: (row) => <Price micro={row.price} currency={row.currency} /> },
      { id: 'state', label: t('state_is'), cell: (row) => <ProductStatePill state={row.state} /> },
    ],
    empty: <EmptyState icon={<ShoppingOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
}

/** The products (商品) that the company sells. */
export function Products() {
  const { t } = useTranslation('products');
  const may = useMay();
  return (
    <>
      <PageHead
        title={t('title')}
        sub={t('sub')}
        actions={
          may('catalog.product.edit') &&
          may('tabular.import.run') && (
            <Link to="/imports/new?noun=products" className="row nowrap">
              <ImportOutlined aria-hidden="true" /> {t('import')}
            </Link>
          )
        }
      />
      <List spec={useSpec()} label={t('title')} tools={<ExportMenu path="/api/v1/catalog/products/export" filters={FILTERS} icon={<DownloadOutlined />} />} />
    </>
  );
}
