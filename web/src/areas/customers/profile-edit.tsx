import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { masks } from '@/api/masked';
import { refresh } from '@/api/query';
import type { Profile, ProfilePatch } from '@/api/schema';
import { LANGUAGES } from '@/format/language';
import { OWN_NAMES } from '@/frame/menus';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

const TEXTS = ['name', 'email', 'mobile', 'city', 'district', 'address'] as const;

/** Corrects what is known about a person; fields that the reader may not see stay as they are. */
export function ProfileEdit({ profile, open, onClose }: { profile: Profile; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const { done } = useNotice();
  const save = api.useMutation('patch', '/api/v1/customers/profiles/{id}', {
    onSuccess: async () => {
      done(t('profile_saved'));
      onClose();
      await refresh('/api/v1/customers');
    },
  });
  const shown = TEXTS.filter((field) => !masks(profile, field));
  const send = (values: ProfilePatch) => {
    const texts = Object.fromEntries(shown.map((field) => [field, values[field]?.trim() || null]));
    save.mutate({
      params: { path: { id: profile.id }, header: ifMatch(profile) },
      body: { ...texts, language: values.language ?? null, household_size: values.household_size ?? null, children: values.children ?? null } as ProfilePatch,
    });
  };
  const { household_size, children, language } = profile;
  const initial = { ...Object.fromEntries(shown.map((field) => [field, profile[field]])), household_size, children, language } as Partial<ProfilePatch>;
  return (
    <FormDrawer<ProfilePatch> title={t('profile_edit')} open={open} onClose={onClose} onFinish={send} act={t('common:save')} busy={save.isPending} error={save.error} initial={initial}>
      {shown.map((field) => (
        <Form.Item key={field} name={field} label={t(field)}>
          <Input maxLength={200} />
        </Form.Item>
      ))}
      <Form.Item name="language" label={t('language')}>
        <Select allowClear options={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value] }))} />
      </Form.Item>
      <Form.Item name="household_size" label={t('household')}>
        <InputNumber min={1} max={30} />
      </Form.Item>
      <Form.Item name="children" label={t('children')}>
        <InputNumber min={0} max={30} />
      </Form.Item>
    </FormDrawer>
  );
}
