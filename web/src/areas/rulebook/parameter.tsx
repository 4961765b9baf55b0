import { Button, Form, Input, InputNumber, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, ifMatch } from '@/api/client';
import { refresh } from '@/api/query';
import type { Parameter } from '@/api/schema';
import { Person } from '@/parts/avatar';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Record } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { ClauseLinks } from './parameters';
import { useParameterValue } from './words';
import './rulebook.css';

interface Values {
  value: unknown;
  reason: string;
}

function Change({ parameter, open, onClose }: { parameter: Parameter; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('rulebook');
  const { done } = useNotice();
  const show = useParameterValue();
  const change = api.useMutation('put', '/api/v1/rulebook/parameters/{key}', {
    onSuccess: async (row) => {
      done(t('parameter_changed', { title: row.title, value: show(row, row.value) }));
      onClose();
      await refresh('/api/v1/rulebook');
    },
  });
  const kind = String(parameter.kind).toLowerCase();
  const whole = ['integer', 'minutes', 'days'].includes(kind);
  const figure = whole || ['decimal', 'percent'].includes(kind);
  const bounds = { ...(typeof parameter.minimum === 'number' ? { min: parameter.minimum } : {}), ...(typeof parameter.maximum === 'number' ? { max: parameter.maximum } : {}) };
  return (
    <FormDrawer<Values>
      title={parameter.title}
      open={open}
      onClose={onClose}
      hint={parameter.text}
      act={t('change')}
      busy={change.isPending}
      error={change.error}
      initial={{ value: parameter.value }}
      onFinish={({ value, reason }) =>
        change.mutate({ params: { path: { key: parameter.key }, header: ifMatch(parameter) }, body: { value: value as never, reason: reason.trim() } })
      }
    >
      <Form.Item name="value" label={t('value')} valuePropName={kind === 'boolean' ? 'checked' : 'value'} rules={[{ required: true, message: t('value_needed') }]}>
        {kind === 'boolean' ? <Switch /> : figure ? <InputNumber {...bounds} {...(whole ? { precision: 0 } : {})} {...(kind === 'percent' ? { suffix: '%' } : parameter.unit ? { suffix: parameter.unit } : {})} /> : <Input maxLength={200} />}
      </Form.Item>
      <Form.Item name="reason" label={t('reason')} extra={t('reason_hint')} rules={[{ required: true, whitespace: true, message: t('reason_needed') }]}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  );
}

function History({ parameter }: { parameter: Parameter }) {
  const { t } = useTranslation('rulebook');
  const value = useParameterValue();
  const changes = api.useQuery('get', '/api/v1/rulebook/parameters/{key}/history', { params: { path: { key: parameter.key } } });
  if (changes.isPending) return <Skeleton rows={3} />;
  if (changes.isError) return <ErrorState error={changes.error} retry={() => void changes.refetch()} />;
  if (changes.data.items.length === 0) return <EmptyState title={t('never_changed')} />;
  return (
    <section className="card">
      <ul className="plain-list">
        {changes.data.items.map((one) => (
          <li key={one.id} className="stack-tight">
            <div className="row">
              <Person name={one.changed_by ? one.changed_by_name : t('by_pack')} />
              <span className="quiet">
                <DateTime at={one.at} time />
              </span>
              <span>
                {one.before !== null && one.before !== undefined && (
                  <>
                    <del className="quiet">{value(parameter, one.before)}</del> →{' '}
                  </>
                )}
                <span className="strong">{value(parameter, one.after)}</span>
              </span>
            </div>
            {one.changed_by && one.reason && <p className="quiet">{one.reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One policy parameter: its value, the clauses it serves, and who changed it why. */
export function ParameterPage() {
  const { t } = useTranslation('rulebook');
  const { key = '' } = useParams();
  const may = useMay();
  const value = useParameterValue();
  const [changing, setChanging] = useState(false);
  const found = api.useQuery('get', '/api/v1/rulebook/parameters/{key}', { params: { path: { key } } });
  if (found.isPending) return <Skeleton shape="record" />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  const parameter = found.data;
  const bounds = [parameter.minimum, parameter.maximum].map((bound) => (typeof bound === 'number' ? value(parameter, bound) : '–')).join(' … ');
  return (
    <>
      <Record
        title={parameter.title}
        crumbs={[{ label: t('frame:area.rulebook'), to: '/rulebook' }, { label: t('parameters'), to: '/rulebook/parameters' }]}
        state={<StatePill tone={parameter.changed ? 'info' : 'quiet'}>{t(parameter.changed ? 'changed' : 'as_default')}</StatePill>}
        sub={parameter.text}
        actions={
          may('rulebook.parameter.change') && (
            <Button type="primary" onClick={() => setChanging(true)}>
              {t('change')}
            </Button>
          )
        }
        facts={[
          { id: 'value', label: t('value'), value: <span className="strong">{value(parameter, parameter.value)}</span> },
          { id: 'default', label: t('default'), value: value(parameter, parameter.default) },
          { id: 'bounds', label: t('bounds'), value: bounds },
          { id: 'serves', label: t('serves'), value: <ClauseLinks clauses={parameter.clauses} /> },
          { id: 'key', label: t('key'), value: <code>{parameter.key}</code> },
          { id: 'updated', label: t('updated'), value: <DateTime at={parameter.updated_at} time /> },
        ]}
        tabs={[{ id: 'history', label: t('history'), content: <History parameter={parameter} /> }]}
      />
      <Change key={parameter.version} parameter={parameter} open={changing} onClose={() => setChanging(false)} />
    </>
  );
}
