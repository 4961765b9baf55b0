import { Button, Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormat } from '@/format/use-format';
import { Skeleton } from '@/parts/skeleton';
import { ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { useReplay } from './metric-api';
import type { MetricDetail, MetricReplay } from './metric-types';
import { MetricPill, useMetricValue } from './metric-words';

const NAMES = ['near', 'over', 'clears_by', 'for_samples'] as const;
type Proposed = { [name in (typeof NAMES)[number]]?: number | null };

function Answer({ metric, replay }: { metric: MetricDetail; replay: MetricReplay }) {
  const { t } = useTranslation('metrics');
  const format = useFormat();
  const value = useMetricValue();
  return (
    <section className="card stack" aria-label={t('replay_found')}>
      <p className="strong">{t('replay_says', { count: replay.firings, over: replay.over, samples: replay.samples })}</p>
      <Facts
        facts={[
          { id: 'from', label: t('replay_from'), value: replay.from ? <DateTime at={replay.from} /> : undefined },
          { id: 'open', label: t('replay_open'), value: format.duration(replay.open_minutes * 60_000) },
        ]}
      />
      {replay.fired.length > 0 && (
        <table className="tile-table">
          <thead>
            <tr>
              <th scope="col">{t('replay_at')}</th>
              <th scope="col">{t('state_is')}</th>
              <th scope="col">{t('replay_worst')}</th>
              <th scope="col">{t('replay_cleared')}</th>
            </tr>
          </thead>
          <tbody>
            {replay.fired.map((one) => (
              <tr key={one.at}>
                <td>
                  <DateTime at={one.at} short time />
                </td>
                <td>
                  <MetricPill state={one.level} />
                </td>
                <td>{value(metric.unit, one.value)}</td>
                <td>{one.cleared_at ? <DateTime at={one.cleared_at} short time /> : <Nothing />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Tries other limits on the stored samples before anybody changes the real ones; what is tried stands in the address. */
export function Replay({ metric }: { metric: MetricDetail }) {
  const { t } = useTranslation('metrics');
  const [params, setParams] = useSearchParams();
  const asked = Object.fromEntries(NAMES.flatMap((name) => (params.get(name) ? [[name, Number(params.get(name))]] : []))) as { [name: string]: number };
  const some = Object.keys(asked).length > 0;
  const replay = useReplay(metric.id, asked, some);
  const now: Proposed = { near: metric.limits?.near?.value ?? null, over: metric.limits?.over?.value ?? null, clears_by: metric.limits?.clears_by ?? 0, for_samples: metric.limits?.for_samples ?? 1 };
  const send = (proposed: Proposed) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const name of NAMES) {
          const value = proposed[name];
          if (typeof value === 'number') after.set(name, String(value));
          else after.delete(name);
        }
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <div className="stack">
      <Form<Proposed> className="card replay-form" layout="vertical" requiredMark={false} initialValues={{ ...now, ...asked }} onFinish={send}>
        <p className="quiet">{t('replay_hint')}</p>
        <div className="row replay-fields">
          {NAMES.map((name) => (
            <Form.Item key={name} name={name} label={t(`replay_field.${name}`)}>
              <InputNumber {...(name === 'for_samples' ? { min: 1, max: 100, precision: 0 } : name === 'clears_by' ? { min: 0 } : {})} />
            </Form.Item>
          ))}
        </div>
        <Button type="primary" htmlType="submit">
          {t('replay_run')}
        </Button>
      </Form>
      {some && (replay.isPending ? <Skeleton rows={4} /> : replay.isError ? <ErrorState error={replay.error} retry={() => void replay.refetch()} /> : <Answer metric={metric} replay={replay.data} />)}
    </div>
  );
}
