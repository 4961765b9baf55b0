import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { NotificationChoice, NotificationChoices, NotificationQuietHours } from '@/api/schema';
import { useNotice } from '@/parts/notice';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState, ProblemNote } from '@/parts/states';

const PATH = '/api/v1/rulebook/notification-choices';
const CHANNELS = ['in_app', 'mail', 'webhook'] as const;
const DIGESTS = ['none', 'daily', 'weekly'] as const;

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function minutes(text: string): number {
  const [hour = '0', minute = '0'] = text.split(':');
  return Number(hour) * 60 + Number(minute);
}

function Row({ choice, onChange }: { choice: NotificationChoice; onChange: (change: Partial<NotificationChoice>) => void }) {
  const { t } = useTranslation('notifications');
  const urgent = choice.kind === 'alert';
  return (
    <fieldset className="choice">
      <legend>{t(`kind.${choice.kind}`)}</legend>
      <p className="small quiet">{t(`kind_hint.${choice.kind}`)}</p>
      <div className="row">
        {CHANNELS.map((channel) => (
          <Checkbox key={channel} checked={choice[channel]} onChange={(event) => onChange({ [channel]: event.target.checked })}>
            {t(`channel.${channel}`)}
          </Checkbox>
        ))}
        {urgent ? (
          <span className="small quiet">{t('at_once')}</span>
        ) : (
          <Select
            aria-label={t('digest_of', { kind: t(`kind.${choice.kind}`) })}
            className="choice-digest"
            disabled={!choice.mail}
            value={choice.digest}
            options={DIGESTS.map((value) => ({ value, label: t(`digest.${value}`) }))}
            onChange={(digest) => onChange({ digest })}
          />
        )}
      </div>
    </fieldset>
  );
}

function Quiet({ own, company, onChange }: { own: NotificationQuietHours | null; company: NotificationQuietHours; onChange: (own: NotificationQuietHours | null) => void }) {
  const { t } = useTranslation('notifications');
  const hours = own ?? company;
  return (
    <fieldset className="choice">
      <legend>{t('quiet')}</legend>
      <p className="small quiet">{t('quiet_hint', { from: clock(company.from), to: clock(company.to) })}</p>
      <div className="row">
        <Checkbox checked={own !== null} onChange={(event) => onChange(event.target.checked ? company : null)}>
          {t('quiet_own')}
        </Checkbox>
        <Input type="time" className="choice-time" aria-label={t('quiet_from')} disabled={!own} value={clock(hours.from)} onChange={(event) => onChange({ ...hours, from: minutes(event.target.value) })} />
        <span aria-hidden="true">–</span>
        <Input type="time" className="choice-time" aria-label={t('quiet_to')} disabled={!own} value={clock(hours.to)} onChange={(event) => onChange({ ...hours, to: minutes(event.target.value) })} />
      </div>
    </fieldset>
  );
}

function Editor({ known }: { known: NotificationChoices }) {
  const { t } = useTranslation('notifications');
  const { done } = useNotice();
  const [choices, setChoices] = useState(known.choices);
  const [quiet, setQuiet] = useState<NotificationQuietHours | null>(known.quiet_hours ?? null);
  const [hour, setHour] = useState(known.digest_hour);
  const keep = api.useMutation('put', PATH, {
    onSuccess: async () => {
      done(t('kept'));
      await refresh(PATH);
    },
  });
  const change = (kind: NotificationChoice['kind'], part: Partial<NotificationChoice>) => setChoices(choices.map((choice) => (choice.kind === kind ? { ...choice, ...part } : choice)));
  return (
    <>
      {choices.map((choice) => (
        <Row key={choice.kind} choice={choice} onChange={(part) => change(choice.kind, part)} />
      ))}
      <fieldset className="choice">
        <legend>{t('digest_hour')}</legend>
        <Select
          aria-label={t('digest_hour')}
          className="choice-digest"
          value={hour}
          options={Array.from({ length: 24 }, (_, value) => ({ value, label: clock(value * 60) }))}
          onChange={setHour}
        />
      </fieldset>
      <Quiet own={quiet} company={known.company_quiet_hours} onChange={setQuiet} />
      <ProblemNote error={keep.error} />
      <div>
        <Button loading={keep.isPending} onClick={() => keep.mutate({ body: { choices, quiet_hours: quiet, digest_hour: hour } })}>
          {t('keep')}
        </Button>
      </div>
    </>
  );
}

/** How I want to be told: where, how often, and when not. */
export function Choices() {
  const { t } = useTranslation('notifications');
  const known = api.useQuery('get', PATH);
  return (
    <section className="card stack" aria-labelledby="notifications">
      <h2 id="notifications">{t('choices')}</h2>
      {known.isPending ? <Skeleton rows={5} /> : known.isError ? <ErrorState error={known.error} retry={() => void known.refetch()} /> : <Editor known={known.data} />}
    </section>
  );
}
