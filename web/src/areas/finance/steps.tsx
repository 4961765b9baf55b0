import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ifMatch, send } from '@/api/client';
import { refresh } from '@/api/query';
import type { Offer, StepRow } from '@/api/schema';
import { Because } from '@/areas/system/decide';
import { Act } from '@/parts/act';
import { useNotice } from '@/parts/notice';
import { DateTime } from '@/parts/values';

interface StepsProps {
  offers: Offer[];
  /** Address of the thing; a step is a verb behind it. */
  path: string;
  row: { version: number };
}

const WITH_REASON = ['return', 'reject'];

/** What may be done next with a budget or an adjustment; a step that is refused says why. */
export function Steps({ offers, path, row }: StepsProps) {
  const { t } = useTranslation('finance');
  const { done, failed } = useNotice();
  const [asking, setAsking] = useState<Offer>();
  const act = useMutation({
    mutationFn: async ({ offer, reason }: { offer: Offer; reason?: string }) => {
      await send('POST', `${path}/${offer.action}`, reason ? { reason } : {}, ifMatch(row));
      return offer;
    },
    onSuccess: async (offer) => {
      setAsking(undefined);
      done(t('did', { action: offer.title }));
      await refresh('/api/v1/governance', '/api/v1/rulebook/task');
    },
    onError: failed,
  });
  return (
    <>
      {offers.map((offer, i) => (
        <Act
          key={offer.action}
          type={i === 0 && offer.allowed ? 'primary' : 'default'}
          loading={act.isPending && act.variables.offer.action === offer.action}
          why={offer.allowed ? undefined : (offer.reason ?? t('not_now'))}
          onClick={() => (WITH_REASON.includes(offer.action) ? setAsking(offer) : act.mutate({ offer }))}
        >
          {offer.title}
        </Act>
      ))}
      <Because title={asking?.title ?? ''} open={Boolean(asking)} busy={act.isPending} error={act.error} onClose={() => setAsking(undefined)} onGive={(reason) => asking && act.mutate({ offer: asking, reason })} />
    </>
  );
}

/** Who did what on the way, in order. */
export function History({ steps }: { steps: StepRow[] }) {
  const { t } = useTranslation('finance');
  return (
    <section className="card" aria-label={t('history')}>
      <ol className="stack">
        {steps.map((step) => (
          <li key={step.position}>
            {t(`step.${step.action}`)} · {step.actor_name} · <DateTime at={step.at} time />
            {typeof step.facts === 'object' && step.facts && 'reason' in step.facts && <div className="quiet">{String(step.facts.reason)}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}
