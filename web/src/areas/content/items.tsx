import { FileTextOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { LANGUAGES, type Language } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { FormDrawer } from '@/parts/form-drawer';
import { PageHead } from '@/parts/head';
import { EmptyState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay, useSession } from '@/session/session';
import { ServesFields } from './serves';
import { ContentState, STATES, useBrandChoices } from './words';

interface Values {
  title: string;
  brand_id: string;
  languages: Language[];
  campaign_id?: string | null;
  plan_id?: string | null;
}

function NewContent({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('content');
  const navigate = useNavigate();
  const brands = useBrandChoices();
  const { session } = useSession();
  const create = api.useMutation('post', '/api/v1/brand/contents', {
    onSuccess: async (item) => {
      await refresh('/api/v1/brand/contents');
      void navigate(`/content/items/${item.id}`);
    },
  });
  return (
    <FormDrawer<Values>
      title={t('new')}
      open={open}
      onClose={onClose}
      act={t('create')}
      busy={create.isPending}
      error={create.error}
      initial={{ languages: [...LANGUAGES] }}
      onFinish={(values) => create.mutate({ body: { ...values, campaign_id: values.campaign_id ?? null, plan_id: values.plan_id ?? null, title: values.title.trim(), kind: 'email', department_id: session?.user.department_id ?? null } })}
    >
      <Form.Item name="title" label={t('title')} rules={[{ required: true, whitespace: true, message: t('title_needed') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="brand_id" label={t('brand')} rules={[{ required: true, message: t('brand_needed') }]}>
        <Select options={brands} />
      </Form.Item>
      <Form.Item name="languages" label={t('languages')} rules={[{ required: true, message: t('languages_needed') }]}>
        <Checkbox.Group options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))} />
      </Form.Item>
      <ServesFields />
    </FormDrawer>
  );
}

/** The content items (内容): what is written, in which languages, and how far it has come. */
export function Items() {
  const { t } = useTranslation('content');
  const may = useMay();
  const { session } = useSession();
  const [params, setParams] = useSearchParams();
  const brands = useBrandChoices();
  const brand = (id: string) => brands.find((one) => one.value === id)?.label;
  const set = (open: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (open) after.set('new', '1');
      else after.delete('new');
      return after;
    });
  const spec: ListSpec<'/api/v1/brand/contents'> = {
    id: 'contents',
    path: '/api/v1/brand/contents',
    search: t('search'),
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    rowLink: (row) => `/content/items/${row.id}`,
    views: [
      ...(session ? [{ id: 'mine', label: t('mine'), params: { owner_id: session.user.id } }] : []),
      ...STATES.slice(0, 4).map((state) => ({ id: state, label: t(`state.${state}`), params: { state } })),
    ],
    filters: [
      { id: 'state', label: t('state_label'), kind: 'choice', options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
      { id: 'brand_id', label: t('brand'), kind: 'choice', options: brands },
      { id: 'language', label: t('language'), kind: 'choice', options: LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] })) },
      { id: 'owner_id', label: t('owner'), kind: 'choice', options: session ? [{ value: session.user.id, label: session.user.name }] : [] },
    ],
    columns: [
      { id: 'title', label: t('title'), title: true, cell: (row) => row.title },
      { id: 'brand', label: t('brand'), cell: (row) => brand(row.brand_id) },
      { id: 'languages', label: t('languages'), wide: true, cell: (row) => row.languages.map((one) => OWN_NAMES[one]).join(' · ') },
      { id: 'number', label: t('version'), figure: true, cell: (row) => row.number },
      { id: 'updated', label: t('updated'), cell: (row) => <DateTime at={row.updated_at} relative /> },
      { id: 'state', label: t('state_label'), cell: (row) => <ContentState state={row.state} /> },
    ],
    empty: <EmptyState icon={<FileTextOutlined />} title={t('empty')} hint={t('empty_hint')} />,
  };
  return (
    <>
      <PageHead
        title={t('contents')}
        sub={t('contents_sub')}
        actions={
          may('brand.content.write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => set(true)}>
              {t('new')}
            </Button>
          )
        }
      />
      <List spec={spec} label={t('contents')} />
      <NewContent open={params.has('new')} onClose={() => set(false)} />
    </>
  );
}
