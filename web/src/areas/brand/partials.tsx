import { BlockOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useBrandChoices } from '@/areas/content/words';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { useOpenForm } from '@/parts/open-form';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay, useSession } from '@/session/session';
import { KEY, UsePill } from './words';

interface Values {
  title: string;
  key: string;
  brand_id: string;
  source: string;
}

function NewPartial({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('brand');
  const navigate = useNavigate();
  const brands = useBrandChoices();
  const { session } = useSession();
  const create = api.useMutation('post', '/api/v1/brand/partials', {
    onSuccess: async (made) => {
      await refresh('/api/v1/brand/partials');
      void navigate(`/brand/partials/${made.id}`);
    },
  });
  const save = ({ title, key, brand_id, source }: Values) =>
    create.mutate({ body: { title: title.trim(), key, brand_id, department_id: session?.user.department_id ?? null, sources: { 'zh-Hans': source, 'zh-Hant': source, en: source } } });
  return (
    <FormDrawer<Values> title={t('partial_new')} hint={t('partial_new_hint')} open={open} onClose={onClose} act={t('create')} busy={create.isPending} error={create.error} onFinish={save}>
      <Form.Item name="title" label={t('partial_title')} rules={[{ required: true, whitespace: true, message: t('title_needed') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="brand_id" label={t('brand')} rules={[{ required: true, message: t('brand_needed') }]}>
        <Select options={brands} />
      </Form.Item>
      <Form.Item name="key" label={t('key')} extra={t('partial_key_hint')} rules={[{ required: true, pattern: KEY, message: t('key_hint') }]}>
        <Input />
      </Form.Item>
      <Form.Item name="source" label={t('source')} rules={[{ required: true, whitespace: true, message: t('source_needed') }]}>
        <Input.TextArea rows={6} />
      </Form.Item>
    </FormDrawer>
  );
}

/** The partials (片段): what many mails share, such as a footer. */
export function Partials() {
  const { t } = useTranslation('brand');
  const may = useMay()('brand.partial.write');
  const brands = useBrandChoices();
  const [open, setOpen] = useOpenForm();
  const spec: ListSpec<'/api/v1/brand/partials'> = {
    id: 'partials',
    path: '/api/v1/brand/partials',
    search: t('partials_search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => `/brand/partials/${row.id}`,
    filters: [
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'state', label: t('state_label'), kind: 'choice', options: (['active', 'archived'] as const).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    columns: [
      { id: 'title', label: t('partial_title'), title: true, cell: (row) => row.title },
      { id: 'key', label: t('key'), cell: (row) => <code>{row.key}</code> },
      { id: 'brand', label: t('brand'), cell: (row) => brands.find((one) => one.value === row.brand_id)?.label },
      { id: 'number', label: t('version'), figure: true, cell: (row) => row.number },
      { id: 'updated', label: t('updated'), cell: (row) => <DateTime at={row.updated_at} relative /> },
      { id: 'state', label: t('state_label'), cell: (row) => <UsePill state={row.state} /> },
    ],
    empty: <EmptyState icon={<BlockOutlined />} title={t('partials_empty')} hint={t('partials_empty_hint')} />,
  };
  return (
    <>
      <PageHead
        title={t('partials')}
        sub={t('partials_sub')}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
              {t('partial_new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('partials')} />
      <NewPartial open={open} onClose={() => setOpen(false)} />
    </>
  );
}
