import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { client } from '@/api/client';
import { useNotice } from '@/parts/notice';

const FORMATS = {
  pdf: 'rulebook.pdf',
  xlsx: 'rulebook.xlsx',
  oscal_catalog: 'catalog.json',
  oscal_component: 'component-definition.json',
  oscal_results: 'assessment-results.json',
} as const;

type Format = keyof typeof FORMATS;

/** Saves what the server writes; a plain link would not say the reader's language. */
async function save(format: Format): Promise<void> {
  const { data } = await client.GET('/api/v1/rulebook/export', { params: { query: { format: format as never } }, parseAs: 'blob' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(data as unknown as Blob);
  link.download = FORMATS[format];
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The rulebook with its evidence, to take along. */
export function Exports() {
  const { t } = useTranslation('rulebook');
  const { failed } = useNotice();
  const items = (Object.keys(FORMATS) as Format[]).map((format) => ({ key: format, label: t(`export.${format}`) }));
  return (
    <Dropdown menu={{ items, onClick: ({ key }) => void save(key as Format).catch(failed) }} trigger={['click']}>
      <Button icon={<DownloadOutlined />}>{t('export.act')}</Button>
    </Dropdown>
  );
}
