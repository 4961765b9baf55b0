import { useMutation } from '@tanstack/react-query';
import { DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '@/api/client';
import { refresh } from '@/api/query';
import type { LocalText } from '@/api/schema';
import { useBrandChoices } from '@/areas/content/words';
import { LocalTextFields, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useSession } from '@/session/session';
import { PictureField } from './picture-field';
import { KEY } from './words';

/** The words and rights of an asset, as forms hold them. */
export interface AssetWords {
  title: string;
  alt_texts?: Partial<LocalText>;
  rights_note?: string;
  rights_until?: Dayjs | null;
}

interface Values extends AssetWords {
  brand_id: string;
  key: string;
}

/** What every asset needs to be told about: title, words for those who do not see it, rights. */
export function AssetFields() {
  const { t } = useTranslation('brand');
  return (
    <>
      <Form.Item name="title" label={t('asset_title')} rules={[{ required: true, whitespace: true, message: t('title_needed') }]}>
        <Input maxLength={200} />
      </Form.Item>
      <LocalTextFields name="alt_texts" label={t('alt_texts')} needed={t('alt_needed')} />
      <Form.Item name="rights_note" label={t('rights_note')} extra={t('rights_note_hint')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <Form.Item name="rights_until" label={t('rights_until')} extra={t('rights_until_hint')}>
        <DatePicker style={{ width: '100%' }} />
      </Form.Item>
    </>
  );
}

/** Takes a picture into the library. */
export function NewAsset({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('brand');
  const { done } = useNotice();
  const navigate = useNavigate();
  const { session } = useSession();
  const brands = useBrandChoices();
  const [file, setFile] = useState<File>();
  const send = useMutation({
    mutationFn: async ({ rights_until, alt_texts, ...values }: Values) => {
      const asset = { ...values, alt_texts: wholeText(alt_texts), rights_until: rights_until?.endOf('day').toISOString() ?? null, department_id: session?.user.department_id ?? null };
      const { data } = await client.POST('/api/v1/brand/assets', {
        body: { asset, file: '' },
        bodySerializer: () => {
          const form = new FormData();
          form.set('asset', new Blob([JSON.stringify(asset)], { type: 'application/json' }));
          if (file) form.set('file', file);
          return form;
        },
      });
      return data;
    },
    onSuccess: async (made) => {
      done(t('asset_made'));
      await refresh('/api/v1/brand/assets');
      if (made) void navigate(`/brand/assets/${made.id}`);
    },
  });
  return (
    <FormDrawer<Values> title={t('asset_new')} open={open} onClose={onClose} act={t('upload')} busy={send.isPending} error={send.error} onFinish={(values) => file && send.mutate(values)}>
      <Form.Item name="file" label={t('file')} rules={[{ validator: () => (file ? Promise.resolve() : Promise.reject(new Error(t('file_needed')))) }]}>
        <PictureField file={file} onFile={setFile} />
      </Form.Item>
      <Form.Item name="brand_id" label={t('brand')} rules={[{ required: true, message: t('brand_needed') }]}>
        <Select options={brands} />
      </Form.Item>
      <Form.Item name="key" label={t('key')} extra={t('asset_key_hint')} rules={[{ required: true, pattern: KEY, message: t('key_hint') }]}>
        <Input />
      </Form.Item>
      <AssetFields />
    </FormDrawer>
  );
}
