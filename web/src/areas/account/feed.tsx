import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { refresh } from '@/api/query';
import type { CalendarFeed as Feed } from '@/api/schema';
import { ask, useAsked } from '@/areas/records/api';
import { Copy } from '@/parts/copy';
import { useNotice } from '@/parts/notice';
import { ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';

const FEED = '/api/v1/rulebook/calendar-feed';

/** The address of a feed as a calendar program takes it. */
const whole = (url: string) => new URL(url, location.origin).href;

/** My calendar for other programs: one secret address, made anew or ended at will. */
export function CalendarFeed() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const [address, setAddress] = useState<string>();
  const feed = useAsked<Feed>(FEED);
  const make = useMutation({
    mutationFn: () => ask<Feed>('post', FEED),
    onSuccess: async (made) => {
      setAddress(made.url ? whole(made.url) : undefined);
      await refresh(FEED);
    },
    onError: failed,
  });
  const end = useMutation({
    mutationFn: () => ask<unknown>('delete', FEED),
    onSuccess: async () => {
      setAddress(undefined);
      done(t('feed.ended'));
      await refresh(FEED);
    },
    onError: failed,
  });
  const active = feed.data?.active ?? false;
  return (
    <section className="card stack" aria-labelledby="calendar-feed">
      <div className="row">
        <h2 id="calendar-feed" className="grow">
          {t('feed.title')}
        </h2>
        <Button size="small" loading={make.isPending} onClick={() => make.mutate()}>
          {t(active ? 'feed.renew' : 'feed.make')}
        </Button>
        {active && (
          <Button size="small" loading={end.isPending} onClick={() => end.mutate()}>
            {t('feed.end')}
          </Button>
        )}
      </div>
      <p className="quiet">{t('feed.hint')}</p>
      <ProblemNote error={feed.error} />
      {address && (
        <div className="recovery secret" role="status">
          <p>{t('feed.secret')}</p>
          <code className="anywhere">{address}</code>
          <div className="row">
            <Copy text={address} />
            <Button size="small" onClick={() => setAddress(undefined)}>
              {t('token.kept')}
            </Button>
          </div>
        </div>
      )}
      {active && (
        <p className="small quiet">
          {t('feed.made')} <DateTime at={feed.data?.created_at} time /> · {t('feed.read')} {feed.data?.read_at ? <DateTime at={feed.data.read_at} relative /> : t('feed.never')}
        </p>
      )}
    </section>
  );
}
