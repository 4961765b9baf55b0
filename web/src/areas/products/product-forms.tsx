import { DatePicker, Form, Input, InputNumber, Radio } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { LocalText, Product, ProductState } from '@/api/schema';
import { LocalTextFields, wholeText } from '@/parts/fields';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

/** Unit prices are held in millionths. */
const MICRO = 1_000_000;

interface DrawerProps {
  product: Product;
  open: boolean;
  onClose: () => void;
}

interface Words {
  names: Partial<LocalText>;
  department?: string;
  category?: string;
  package_size?: string;
  state: ProductState;
}

/** Changes a product; what it was is kept. */
export function ProductEdit({ product, open, onClose }: DrawerProps) {
  const { t } = useTranslation('products');
  const { done } = useNotice();
  const save = api.useMutation('patch', '/api/v1/catalog/products/{id}', {
    onSuccess: async () => {
      done(t('saved'));
      onClose();
      await refresh('/api/v1/catalog');
    },
  });
  const send = ({ names, department, category, package_size, state }: Words) =>
    save.mutate({
      params: { path: { id: product.id }, header: ifMatch(product) },
      body: { names: wholeText(names), department: department ?? '', category: category ?? '', package_size: package_size ?? '', state },
    });
  const { names, department, category, package_size, state } = product;
  return (
    <FormDrawer<Words>
      title={t('edit')}
      open={open}
      onClose={onClose}
      onFinish={send}
      act={t('common:save')}
      busy={save.isPending}
      error={save.error}
      initial={{ names, department: department ?? '', category: category ?? '', package_size: package_size ?? '', state }}
    >
      <LocalTextFields name="names" label={t('name')} needed={t('name_needed')} />
      <Form.Item name="department" label={t('department')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="category" label={t('category')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="package_size" label={t('size')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="state" label={t('state_is')}>
        <Radio.Group options={(['active', 'discontinued'] as const).map((value) => ({ value, label: t(`state.${value}`) }))} />
      </Form.Item>
    </FormDrawer>
  );
}

interface PriceValues {
  price: number;
  valid_from?: Dayjs | null;
}

/** Sets a price from a day on; earlier prices stay as they were. */
export function PriceForm({ product, open, onClose }: DrawerProps) {
  const { t } = useTranslation('products');
  const { done } = useNotice();
  const set = api.useMutation('post', '/api/v1/catalog/products/{id}/prices', {
    onSuccess: async () => {
      done(t('price_set'));
      onClose();
      await refresh('/api/v1/catalog');
    },
  });
  return (
    <FormDrawer<PriceValues>
      title={t('price_new')}
      hint={t('price_hint')}
      open={open}
      onClose={onClose}
      act={t('price_new')}
      busy={set.isPending}
      error={set.error}
      onFinish={({ price, valid_from }) => set.mutate({ params: { path: { id: product.id } }, body: { price: Math.round(price * MICRO), valid_from: valid_from?.startOf('day').toISOString() ?? null } })}
    >
      <Form.Item name="price" label={t('price')} rules={[{ required: true, message: t('price_needed') }]}>
        <InputNumber min={0.01} step={0.1} precision={2} suffix={product.currency} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="valid_from" label={t('valid_from')} extra={t('valid_from_hint')}>
        <DatePicker style={{ width: '100%' }} />
      </Form.Item>
    </FormDrawer>
  );
}
