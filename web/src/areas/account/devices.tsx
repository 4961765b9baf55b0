import { LaptopOutlined, MobileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import { queries, refresh } from '@/api/query';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';

/** Systems that are carried in a hand. */
const HANDHELD = /iOS|iPadOS|Android|HarmonyOS/;

/** Where I am signed in; any of it can be ended from here. */
export function Devices() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const navigate = useNavigate();
  const devices = api.useQuery('get', '/api/v1/identity/sessions');
  const end = api.useMutation('delete', '/api/v1/identity/sessions/{id}', {
    onSuccess: async () => {
      done(t('device_ended'));
      await refresh('/api/v1/identity/sessions');
    },
    onError: failed,
  });
  const endAll = api.useMutation('delete', '/api/v1/identity/sessions', {
    onSuccess: () => {
      void navigate('/login');
      queries.clear();
    },
    onError: failed,
  });
  const rows = devices.data?.items ?? [];
  return (
    <section className="card" aria-labelledby="devices">
      <div className="row">
        <h2 id="devices" className="grow">
          {t('devices')}
        </h2>
        <Button size="small" danger loading={endAll.isPending} onClick={() => endAll.mutate({})}>
          {t('end_all')}
        </Button>
      </div>
      {devices.isPending && <Skeleton rows={4} />}
      {devices.isError && <ErrorState error={devices.error} retry={() => void devices.refetch()} />}
      <ul className="devices">
        {rows.map((device) => (
          <li key={device.id}>
            <span aria-hidden="true">{HANDHELD.test(device.device_name) ? <MobileOutlined /> : <LaptopOutlined />}</span>
            <div className="grow">
              <div className="row">
                <span className="strong">{device.device_name}</span>
                {device.current && <Label tone="good">{t('this_device')}</Label>}
              </div>
              <div className="small quiet">
                {device.address} · {t('last_seen')} <DateTime at={device.last_seen_at} relative />
              </div>
            </div>
            {!device.current && (
              <Button size="small" aria-label={`${t('end')}${t('common:colon')}${device.device_name}`} onClick={() => end.mutate({ params: { path: { id: device.id } } })}>
                {t('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
