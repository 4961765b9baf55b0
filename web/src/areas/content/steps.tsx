import { Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { ContentView } from '@/api/schema';
import { Act } from '@/parts/act';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';

const STEPS = ['archive', 'submit', 'withdraw', 'return', 'approve'] as const;
type Step = (typeof STEPS)[number];

/** Reasons that we have words for; the text keys hold no dots. */
const REASONS: { [code: string]: string } = {
  'brand.action.no_permission': 'no_permission',
  'brand.action.not_now': 'not_now',
  'brand.review.own_work': 'own_work',
  'brand.review.preflight_blocked': 'blocked',
  'brand.review.preflight_stale': 'stale',
  'brand.release.not_approved': 'not_approved',
};

/** Why a step cannot be taken, as the end of a text key. */
export function whyNot(item: ContentView, action: string): string | undefined {
  const found = item.actions.find((one) => one.action === action);
  if (found?.allowed) return undefined;
  return REASONS[found?.reason ?? ''] ?? 'not_now';
}

/** Next steps of an item; one that makes no sense in this state is left out, one that is refused says why. */
export function Steps({ item, changed }: { item: ContentView; changed: boolean }) {
  const { t } = useTranslation('content');
  const { done } = useNotice();
  const [step, setStep] = useState<Step>();
  const options = {
    onSuccess: async () => {
      if (step) done(t(`done.${step}`, { title: item.title }));
      setStep(undefined);
      await refresh('/api/v1/brand', '/api/v1/rulebook/task');
    },
  };
  const verbs = {
    submit: api.useMutation('post', '/api/v1/brand/contents/{id}/submit', options),
    withdraw: api.useMutation('post', '/api/v1/brand/contents/{id}/withdraw', options),
    return: api.useMutation('post', '/api/v1/brand/contents/{id}/return', options),
    approve: api.useMutation('post', '/api/v1/brand/contents/{id}/approve', options),
    archive: api.useMutation('post', '/api/v1/brand/contents/{id}/archive', options),
  };
  const take = (words: string) => {
    const path = { params: { path: { id: item.id }, header: ifMatch(item) } };
    if (step === 'archive') verbs.archive.mutate(path);
    else if (step === 'submit') verbs.submit.mutate({ ...path, body: { message: words } });
    else if (step === 'return') verbs.return.mutate({ ...path, body: { reason: words } });
    else if (step) verbs[step].mutate({ ...path, body: { reason: words } });
  };
  const shown = STEPS.filter((one) => !['not_now', 'no_permission'].includes(whyNot(item, one) ?? ''));
  return (
    <>
      {shown.map((one) => {
        const why = whyNot(item, one);
        const said = why ? t(`why_not.${why}`) : changed ? t('save_first') : undefined;
        return (
          <Act key={one} type={one === 'submit' || one === 'approve' ? 'primary' : 'default'} why={said} onClick={() => setStep(one)}>
            {t(`step.${one}`)}
          </Act>
        );
      })}
      <FormDrawer<{ words?: string }>
        title={step ? t(`step.${step}`) : ''}
        open={step !== undefined}
        onClose={() => setStep(undefined)}
        hint={step ? t(`means.${step}`) : ''}
        act={step ? t(`step.${step}`) : ''}
        busy={Object.values(verbs).some((verb) => verb.isPending)}
        error={step ? verbs[step].error : undefined}
        onFinish={({ words }) => take(words?.trim() ?? '')}
      >
        {step !== 'archive' && (
          <Form.Item name="words" label={t(step === 'submit' ? 'message' : 'reason')} rules={step === 'return' ? [{ required: true, whitespace: true, message: t('reason_needed') }] : []}>
            <Input.TextArea rows={3} maxLength={500} />
          </Form.Item>
        )}
      </FormDrawer>
    </>
  );
}
