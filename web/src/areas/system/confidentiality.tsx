import { Button, Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { refresh } from '@/api/query';
import type { ConfidentialAreas } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { useNotice } from '@/parts/notice';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState, ProblemNote } from '@/parts/states';
import { DateTime } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useMay } from '@/session/session';

const AREAS = '/api/v1/identity/confidential-areas';
const TESTS = '/api/v1/identity/encryption-tests';

function Areas() {
  const { t } = useTranslation('operations');
  const { done } = useNotice();
  const may = useMay()('identity.device.manage');
  const areas = api.useQuery('get', AREAS);
  const permissions = api.useQuery('get', '/api/v1/system/permissions', {}, { staleTime: 300_000 });
  const save = api.useMutation('put', AREAS, {
    onSuccess: async () => {
      done(t('areas_saved'));
      await refresh('/api/v1/identity', '/api/v1/system/permissions');
    },
  });
  if (areas.isPending) return <Skeleton rows={4} />;
  if (areas.isError) return <ErrorState error={areas.error} retry={() => void areas.refetch()} />;
  const options = (permissions.data?.items ?? []).map((one) => ({ value: one.code, label: one.name }));
  const names = new Map(options.map((one) => [one.value, one.label]));
  return (
    <section className="card stack" aria-labelledby="areas">
      <h2 id="areas">{t('areas')}</h2>
      <p className="quiet">{t('areas_hint')}</p>
      {may ? (
        <Form<ConfidentialAreas> layout="vertical" requiredMark={false} initialValues={areas.data} onFinish={(body) => save.mutate({ body })}>
          <Form.Item name="patterns" label={t('areas_patterns')} extra={t('areas_pattern_hint')}>
            <Select mode="tags" options={options} optionFilterProp="label" />
          </Form.Item>
          <div className="stack">
            <ProblemNote error={save.error} />
            <div>
              <Button type="primary" htmlType="submit" loading={save.isPending}>
                {t('common:save')}
              </Button>
            </div>
          </div>
        </Form>
      ) : (
        <ul className="plain-list">
          {areas.data.patterns.map((pattern) => (
            <li key={pattern}>{names.get(pattern) ?? <code>{pattern}</code>}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Tests() {
  const { t, i18n } = useTranslation('operations');
  const { done, failed } = useNotice();
  const tests = api.useQuery('get', TESTS);
  const run = api.useMutation('post', TESTS, {
    onSuccess: async () => {
      done(t('tests_run'));
      await refresh(TESTS);
    },
    onError: failed,
  });
  const subject = (code: string) => (i18n.exists(`operations:test_subject.${code}`) ? t(`test_subject.${code}`) : code);
  return (
    <section className="card list-card" aria-labelledby="tests">
      <div className="row list-pad">
        <h2 id="tests" className="grow">
          {t('tests')}
        </h2>
        <Button loading={run.isPending} onClick={() => run.mutate({})}>
          {t('tests_now')}
        </Button>
      </div>
      {tests.isPending ? (
        <Skeleton shape="table" rows={4} />
      ) : tests.isError ? (
        <ErrorState error={tests.error} retry={() => void tests.refetch()} />
      ) : tests.data.items.length === 0 ? (
        <EmptyState title={t('tests_none')} hint={t('tests_none_hint')} />
      ) : (
        <Table
          label={t('tests')}
          rows={tests.data.items}
          rowKey={(row) => row.id}
          rowName={(row) => subject(row.subject)}
          linkOf={() => undefined}
          onOpen={() => undefined}
          columns={[
            { id: 'subject', label: t('test_of'), title: true, cell: (row) => subject(row.subject) },
            { id: 'at', label: t('test_at'), cell: (row) => <DateTime at={row.at} time /> },
            { id: 'detail', label: t('test_detail'), wide: true, cell: (row) => row.detail },
            { id: 'passed', label: t('state'), cell: (row) => <StatePill tone={row.passed ? 'good' : 'bad'}>{t(row.passed ? 'test_passed' : 'test_failed')}</StatePill> },
          ]}
        />
      )}
    </section>
  );
}

/** Confidential areas (涉密范围) and whether encryption does what it should. */
export function Confidentiality() {
  const { t } = useTranslation('operations');
  const may = useMay()('identity.device.manage');
  return (
    <>
      <PageHead title={t('confidentiality')} sub={t('confidentiality_sub')} />
      <div className="stack">
        <Areas />
        {may && <Tests />}
      </div>
    </>
  );
}
