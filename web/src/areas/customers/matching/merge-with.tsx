import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { ProfileDetail } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ProblemNote } from '@/parts/states';
import { CustomerSelect } from '../customer-select';
import { useMergeWith } from './calls';
import { older, sideOf } from './compare';
import { Comparison } from './comparison';
import { ReasonField } from './reason';
import { sideName } from './words';

function Compared({ profile, other }: { profile: ProfileDetail; other: string }) {
  const { t } = useTranslation('matching');
  const found = api.useQuery('get', '/api/v1/customers/profiles/{id}', { params: { path: { id: other } } });
  if (found.isPending) return <Skeleton rows={5} />;
  if (found.isError) return <ProblemNote error={found.error} />;
  const [left, right] = [sideOf(profile), sideOf(found.data)];
  const stays = older(left, right);
  return (
    <div className="stack-tight match-with">
      <Comparison left={left} right={right} stays={stays} />
      <p className="small quiet">{t('stays_why', { name: sideName(stays) })}</p>
    </div>
  );
}

interface Values {
  with: string;
  reason: string;
}

/** Joins a person with another one, on the word of whoever knows them. */
export function MergeWith({ profile, open, onClose }: { profile: ProfileDetail; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('matching');
  const { done, failed } = useNotice();
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const other = Form.useWatch('with', form);
  const merge = useMergeWith(profile, {
    onDone: (kept) => {
      done(t('merged_with'));
      onClose();
      if (kept.id !== profile.id) void navigate(`/customers/profiles/${kept.id}`, { replace: true });
    },
    onFailed: (error) => asProblem(error).stale && failed(error),
  });
  const another = { validator: (_: unknown, id: string | undefined) => (id === profile.id ? Promise.reject(new Error(t('same_customer'))) : Promise.resolve()) };
  return (
    <FormDrawer<Values>
      title={t('merge_with')}
      hint={t('merge_with_hint')}
      form={form}
      open={open}
      onClose={onClose}
      act={t('merge')}
      busy={merge.isPending}
      error={merge.error}
      onFinish={(values) => merge.mutate({ with: values.with, reason: values.reason.trim() })}
    >
      <Form.Item name="with" label={t('other_customer')} rules={[{ required: true, message: t('customer_needed') }, another]}>
        <CustomerSelect value={other ?? null} onChange={(id) => form.setFieldsValue({ with: id } as never)} />
      </Form.Item>
      {other && other !== profile.id && <Compared profile={profile} other={other} />}
      <ReasonField />
    </FormDrawer>
  );
}
