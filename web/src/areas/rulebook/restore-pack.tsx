import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { PackRow } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

/** Lets the shipped version run again. */
export function RestorePack({ pack }: { pack: PackRow }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const [open, setOpen] = useState(false);
  const restore = api.useMutation('post', '/api/v1/rulebook/packs/{id}/restore', {
    onSuccess: async () => {
      done(t('pack_restored'));
      setOpen(false);
      await refresh('/api/v1/rulebook');
    },
  });
  const act = t(String(pack.origin) === 'own' ? 'pack_remove' : 'pack_restore');
  return (
    <>
      <Button onClick={() => setOpen(true)}>{act}</Button>
      <FormDrawer<{ reason: string }>
        title={act}
        open={open}
        onClose={() => setOpen(false)}
        act={act}
        busy={restore.isPending}
        error={restore.error}
        onFinish={({ reason }) => restore.mutate({ params: { path: { id: pack.id } }, body: { reason: reason.trim() } })}
      >
        <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
