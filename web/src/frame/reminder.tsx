import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Button, Modal } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { SecrecyReminder } from '@/api/schema';
import { ProblemNote } from '@/parts/states';
import { useSession } from '@/session/session';

function useReminder(occasion: SecrecyReminder['occasion'], due: boolean) {
  const { mutate: show, data, error } = api.useMutation('post', '/api/v1/identity/secrecy-reminders');
  const confirm = api.useMutation('post', '/api/v1/identity/secrecy-reminders/{id}/confirm', {
    onSuccess: () => refresh('/api/v1/identity/session'),
  });
  useEffect(() => {
    if (due) show({ body: { occasion } });
  }, [due, occasion, show]);
  const act = () => data && confirm.mutate({ params: { path: { id: data.id } } });
  return { reminder: data, act, busy: confirm.isPending, error: error ?? confirm.error };
}

function Rules({ reminder }: { reminder: SecrecyReminder }) {
  return (
    <ul className="reminder-rules">
      {reminder.rules?.map((rule) => (
        <li key={rule.clause_id}>
          <span className="strong">{rule.title}</span>
          <p className="small quiet">
            {rule.text} <span className="nowrap">{rule.clause_id}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** The reminder of secrecy that comes back: whoever signs in reads it and confirms it before they go on. */
export function PeriodReminder() {
  const { t } = useTranslation('frame');
  const { session } = useSession();
  const due = session?.secrecy.reminder_due ?? false;
  const { reminder, act, busy, error } = useReminder('period', due);
  return (
    <Modal
      open={due && Boolean(reminder)}
      title={t('reminder.title')}
      closable={false}
      keyboard={false}
      footer={
        <Button type="primary" loading={busy} onClick={act}>
          {t('reminder.confirm')}
        </Button>
      }
    >
      <p>{t('reminder.says')}</p>
      {reminder && <Rules reminder={reminder} />}
      <ProblemNote error={error} />
    </Modal>
  );
}

/** The first confidential record of a session says once more what holds for it. */
export function RecordReminder() {
  const { t } = useTranslation('frame');
  const { session } = useSession();
  const due = session ? !session.secrecy.confirmed && !session.secrecy.reminder_due : false;
  const { reminder, act, busy, error } = useReminder('record', due);
  if (!due || !reminder) return null;
  return (
    <section className="card reminder" role="alert" aria-label={t('reminder.title')}>
      <SafetyCertificateOutlined aria-hidden="true" />
      <div className="grow">
        <p className="strong">{t('reminder.record')}</p>
        <details>
          <summary className="small">{t('reminder.rules')}</summary>
          <Rules reminder={reminder} />
        </details>
        <ProblemNote error={error} />
      </div>
      <Button size="small" type="primary" loading={busy} onClick={act}>
        {t('reminder.confirm')}
      </Button>
    </section>
  );
}
