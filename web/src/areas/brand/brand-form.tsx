import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Brand, LocalText } from '@/api/schema';
import { LocalTextFields, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { KEY } from './words';

interface Values {
  key: string;
  names: Partial<LocalText>;
  sender_names: Partial<LocalText>;
  sender_address: string;
  link_domains: string[];
}

/** Makes a brand, or changes its names and its sender. */
export function BrandForm({ brand, open, onClose }: { brand?: Brand; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('brand');
  const { done } = useNotice();
  const navigate = useNavigate();
  const after = async (saved: Brand) => {
    done(t('brand_saved'));
    onClose();
    await refresh('/api/v1/brand');
    if (!brand) void navigate(`/brand/brands/${saved.id}`);
  };
  const create = api.useMutation('post', '/api/v1/brand/brands', { onSuccess: after });
  const change = api.useMutation('patch', '/api/v1/brand/brands/{id}', { onSuccess: after });
  const act = brand ? change : create;
  const save = ({ key, names, sender_names, sender_address, link_domains }: Values) => {
    const body = { names: wholeText(names), sender_names: wholeText(sender_names), sender_address: sender_address.trim(), link_domains };
    if (brand) change.mutate({ params: { path: { id: brand.id }, header: ifMatch(brand) }, body });
    else create.mutate({ body: { key, ...body } });
  };
  return (
    <FormDrawer<Values>
      title={t(brand ? 'brand_edit' : 'brand_new')}
      {...(brand ? { hint: t('brand_edit_hint') } : {})}
      open={open}
      onClose={onClose}
      onFinish={save}
      act={t('common:save')}
      busy={act.isPending}
      error={act.error}
      initial={brand ?? { link_domains: [] }}
    >
      <LocalTextFields name="names" label={t('brand_name')} needed={t('name_needed')} />
      {!brand && (
        <Form.Item name="key" label={t('key')} extra={t('key_hint')} rules={[{ required: true, pattern: KEY, message: t('key_hint') }]}>
          <Input />
        </Form.Item>
      )}
      <LocalTextFields name="sender_names" label={t('sender_name')} needed={t('name_needed')} />
      <Form.Item name="sender_address" label={t('sender_address')} extra={t('sender_hint')} rules={[{ required: true, type: 'email', message: t('address_needed') }]}>
        <Input type="email" />
      </Form.Item>
      <Form.Item name="link_domains" label={t('link_domains')} extra={t('link_domains_hint')}>
        <Select mode="tags" options={[]} tokenSeparators={[',', ' ']} notFoundContent={null} />
      </Form.Item>
    </FormDrawer>
  );
}
