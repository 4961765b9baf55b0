import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { Control } from '@/api/schema';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';

/** Measures a control now instead of at its next turn. */
export function Evaluate({ control }: { control: Control }) {
  const { t } = useTranslation('rulebook');
  const { done, failed } = useNotice();
  const may = useMay();
  const evaluate = api.useMutation('post', '/api/v1/rulebook/controls/{id}/evaluate', {
    onSuccess: async (run) => {
      done(run.why || t('evaluated'));
      await refresh('/api/v1/rulebook');
    },
    onError: failed,
  });
  if (!may('rulebook.control.evaluate') || !control.connected) return null;
  return (
    <Button size="small" loading={evaluate.isPending} onClick={() => evaluate.mutate({ params: { path: { id: control.id } } })}>
      {t('evaluate')}
    </Button>
  );
}
