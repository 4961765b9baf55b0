import { PlusOutlined, TagsOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLocal } from '@/i18n/use-local';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { BrandForm } from './brand-form';
import { UsePill } from './words';

/** The brands (品牌): what they are called and who their mails come from. */
export function Brands() {
  const { t } = useTranslation('brand');
  const local = useLocal();
  const may = useMay()('brand.brand.write');
  const [open, setOpen] = useOpenForm();
  const spec: ListSpec<'/api/v1/brand/brands'> = {
    id: 'brands',
    path: '/api/v1/brand/brands',
    rowKey: (row) => row.id,
    rowName: (row) => local(row.names) ?? row.key,
    rowLink: (row) => `/brand/brands/${row.id}`,
    columns: [
      { id: 'name', label: t('brand_name'), title: true, cell: (row) => local(row.names) },
      { id: 'sender', label: t('sender_name'), cell: (row) => local(row.sender_names) },
      { id: 'address', label: t('sender_address'), cell: (row) => <span className="anywhere">{row.sender_address}</span> },
      { id: 'domains', label: t('link_domains'), wide: true, cell: (row) => (row.link_domains.length ? row.link_domains.join(t('common:list.or')) : t('any_domain')) },
      { id: 'updated', label: t('updated'), cell: (row) => <DateTime at={row.updated_at} relative /> },
      { id: 'state', label: t('state_label'), cell: (row) => <UsePill state={row.state} /> },
    ],
    empty: <EmptyState icon={<TagsOutlined />} title={t('brands_empty')} hint={t('brands_empty_hint')} />,
  };
  return (
    <>
      <PageHead
        title={t('brands')}
        sub={t('brands_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
              {t('brand_new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('brands')} />
      <BrandForm open={open} onClose={() => setOpen(false)} />
    </>
  );
}
