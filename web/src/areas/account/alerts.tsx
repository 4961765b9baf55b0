import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { queries, refresh } from '@/api/query';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { DateTime } from '@/parts/values';

/** Sign-ins that were unlike me: was it me? Silent where there was none. */
export function Alerts() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const navigate = useNavigate();
  const alerts = api.useQuery('get', '/api/v1/identity/alerts');
  const mine = api.useMutation('post', '/api/v1/identity/alerts/{id}/me', {
    onSuccess: async () => {
      done(t('alert_thanks'));
      await refresh('/api/v1/identity/alerts', '/api/v1/rulebook/task');
    },
    onError: failed,
  });
  const notMine = api.useMutation('post', '/api/v1/identity/alerts/{id}/not-me', {
    // All sessions have ended, this one as well.
    onSuccess: () => {
      void navigate('/login');
      queries.clear();
    },
    onError: failed,
  });
  const rows = alerts.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="card" aria-labelledby="alerts">
      <h2 id="alerts">{t('alerts')}</h2>
      <ul className="devices">
        {rows.map((alert) => {
          const path = { params: { path: { id: alert.id } } };
          return (
            <li key={alert.id}>
              <div className="grow">
                <div className="row">
                  <span className="strong">{alert.device_name}</span>
                  {alert.reasons.map((reason) => (
                    <StatePill key={String(reason)} tone="warn">
                      {t(`alert_reason.${String(reason)}`)}
                    </StatePill>
                  ))}
                </div>
                <div className="small quiet">
                  {alert.address} · <DateTime at={alert.created_at} time />
                </div>
              </div>
              {alert.answer ? (
                <StatePill tone={alert.answer === 'me' ? 'good' : 'bad'}>{t(`alert_answer.${alert.answer}`)}</StatePill>
              ) : (
                <span className="row">
                  <Button size="small" loading={mine.isPending} onClick={() => mine.mutate(path)}>
                    {t('alert_me')}
                  </Button>
                  <Button size="small" danger loading={notMine.isPending} onClick={() => notMine.mutate(path)}>
                    {t('alert_not_me')}
                  </Button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
