import { Form, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PrivacyFlags, SetFlags } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { useMay } from '@/session/session';
import { PRIVACY_READ, useFlags, useSetFlags } from './calls';
import { ReasonField } from './reason';
import './privacy.css';

/** What a person does not want to be done with their data, where they are worked with. */
export function FlagsNote({ id }: { id: string }) {
  const { t } = useTranslation('privacy');
  const may = useMay()(PRIVACY_READ);
  const { data } = useFlags(id, may);
  if (!data || !(data.restricted_since ?? data.no_automated_since ?? data.erased_at)) return null;
  const lines = [
    { at: data.erased_at, text: t('flag_note.erased') },
    { at: data.restricted_since, text: t('flag_note.restricted') },
    { at: data.no_automated_since, text: t('flag_note.no_automated_decisions') },
  ];
  return (
    <div className="privacy-note privacy-warn" role="status">
      {lines.map(
        ({ at, text }) =>
          at && (
            <p key={text}>
              {text} · <DateTime at={at} />
            </p>
          ),
      )}
    </div>
  );
}

type Values = Required<SetFlags>;

function FlagsForm({ id, flags, open, onClose }: { id: string; flags: PrivacyFlags; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const { done } = useNotice();
  const set = useSetFlags(id);
  const before = { restricted: Boolean(flags.restricted_since), no_automated: Boolean(flags.no_automated_since) };
  const send = ({ restricted, no_automated, reason }: Values) =>
    set.mutate(
      { ...(restricted === before.restricted ? {} : { restricted }), ...(no_automated === before.no_automated ? {} : { no_automated }), reason: reason.trim() },
      {
        onSuccess: () => {
          done(t('flags_saved'));
          onClose();
        },
      },
    );
  return (
    <FormDrawer<Values> title={t('flags')} hint={t('flags_hint')} open={open} onClose={onClose} onFinish={send} act={t('common:save')} busy={set.isPending} error={set.error} initial={before}>
      <Form.Item name="restricted" label={t('flag.restricted')} valuePropName="checked" extra={t('flag_means.restricted')}>
        <Switch />
      </Form.Item>
      <Form.Item name="no_automated" label={t('flag.no_automated_decisions')} valuePropName="checked" extra={t('flag_means.no_automated_decisions')}>
        <Switch />
      </Form.Item>
      <ReasonField />
    </FormDrawer>
  );
}

/** Sets or lifts what may be done with somebody's data (使用限制), without a request. */
export function Flags({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }) {
  const flags = useFlags(id, open);
  if (!open) return null;
  if (flags.isPending) return <Skeleton rows={1} />;
  if (flags.isError) return <ErrorState error={flags.error} retry={() => void flags.refetch()} />;
  return <FlagsForm key={flags.data.version} id={id} flags={flags.data} open={open} onClose={onClose} />;
}
