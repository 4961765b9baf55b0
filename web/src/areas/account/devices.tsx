import { LaptopOutlined, MobileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import { useNotice } from '@/parts/notice';
import { Label } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { deviceName, isHandheld } from './device-name';

/** Where I am signed in; any of it can be ended from here. */
export function Devices() {
  const { t } = useTranslation('account');
  const { done, failed } = useNotice();
  const devices = api.useQuery('get', '/api/v1/identity/sessions');
  const after = (text: string) => async () => {
    done(text);
    await refresh('/api/v1/identity/sessions');
  };
  const end = api.useMutation('delete', '/api/v1/identity/sessions/{id}', { onSuccess: after(t('device_ended')), onError: failed });
  const endOthers = api.useMutation('delete', '/api/v1/identity/sessions', { onSuccess: after(t('others_ended')), onError: failed });
  const rows = devices.data?.items ?? [];
  return (
    <section className="card" aria-labelledby="devices">
      <div className="row">
        <h2 id="devices" className="grow">
          {t('devices')}
        </h2>
        {rows.length > 1 && (
          <Button size="small" danger loading={endOthers.isPending} onClick={() => endOthers.mutate({})}>
            {t('end_others')}
          </Button>
        )}
      </div>
      {devices.isPending && <Skeleton rows={4} />}
      {devices.isError && <ErrorState error={devices.error} retry={() => void devices.refetch()} />}
      <ul className="devices">
        {rows.map((device) => (
          <li key={device.id}>
            <span aria-hidden="true">{isHandheld(device.user_agent) ? <MobileOutlined /> : <LaptopOutlined />}</span>
            <div className="grow">
              <div className="row">
                <span className="strong">{deviceName(device.user_agent)}</span>
                {device.current && <Label tone="good">{t('this_device')}</Label>}
              </div>
              <div className="small quiet">
                {device.ip} · {t('last_seen')} <DateTime at={device.last_seen_at} relative />
              </div>
            </div>
            {!device.current && (
              <Button size="small" aria-label={`${t('end')}${t('common:colon')}${deviceName(device.user_agent)}`} onClick={() => end.mutate({ params: { path: { id: device.id } } })}>
                {t('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
