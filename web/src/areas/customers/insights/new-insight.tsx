import { Form, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '@/api/client';
import type { InsightEvidence, InsightKind } from '@/api/schema';
import { FormDrawer } from '@/parts/form-drawer';
import { useNotice } from '@/parts/notice';
import { useMay } from '@/session/session';
import { useSegmentChoices } from '../words';
import { insightAt, useMakeInsight } from './calls';
import { InsightFields } from './fields';

interface Values {
  title: string;
  finding: string;
  kind: InsightKind;
  segment_id?: string | null;
  department_id?: string | null;
  from: 'observation' | 'sql' | 'segment';
  query_id?: string;
  evidence_segment_id?: string;
}

const QUERY_READ = 'insight.query.read';

/** The saved queries that the reader can refer to; the one that led here is among them, however many there are. */
function useQueries(id: string | undefined) {
  const enabled = useMay()(QUERY_READ);
  const { data } = api.useQuery('get', '/api/v1/insight/queries', { params: { query: { page_size: 100 } } }, { enabled, staleTime: 60_000 });
  const one = api.useQuery('get', '/api/v1/insight/queries/{id}', { params: { path: { id: id ?? '' } } }, { enabled: enabled && id !== undefined, staleTime: 60_000 });
  const all = data?.items ?? [];
  return one.data && !all.some((row) => row.id === id) ? [one.data, ...all] : all;
}

/** What it came from, so that whoever reads it can look again. */
function EvidenceFields({ begin }: { begin: string | undefined }) {
  const { t } = useTranslation('insights');
  const form = Form.useFormInstance<Values>();
  const from = Form.useWatch('from', form) ?? 'observation';
  const queries = useQueries(begin);
  const segments = useSegmentChoices();
  const options = (['observation', ...(queries.length > 0 ? ['sql' as const] : []), 'segment'] as const).map((value) => ({ value, label: t(`evidence.${value}`) }));
  return (
    <>
      <Form.Item name="from" label={t('evidence_is')} extra={t(`evidence_hint.${from}`)}>
        <Radio.Group options={options} />
      </Form.Item>
      {from === 'sql' && (
        <Form.Item name="query_id" label={t('evidence.sql')} rules={[{ required: true, message: t('evidence_needed') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={queries.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
      )}
      {from === 'segment' && (
        <Form.Item name="evidence_segment_id" label={t('evidence.segment')} rules={[{ required: true, message: t('evidence_needed') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={segments} notFoundContent={t('common:list.none')} />
        </Form.Item>
      )}
    </>
  );
}

interface NewInsightProps {
  open: boolean;
  onClose: () => void;
  /** What it is made of, where the page knows. */
  of?: { evidence: InsightEvidence; kind: InsightKind; title: string } | undefined;
  /** What the form begins with, such as the saved query or the segment that led here. */
  begin?: { query_id?: string | undefined; segment_id?: string | undefined };
}

/** The fields of the form that are known by what led here. */
function begun({ query_id, segment_id }: NonNullable<NewInsightProps['begin']>): Partial<Values> {
  if (query_id) return { from: 'sql', query_id };
  return segment_id ? { from: 'segment', evidence_segment_id: segment_id, segment_id } : { from: 'observation' };
}

/** Writes an insight down; it is a draft until it is sent. */
export function NewInsight({ open, onClose, of, begin = {} }: NewInsightProps) {
  const { t } = useTranslation('insights');
  const { done } = useNotice();
  const navigate = useNavigate();
  const make = useMakeInsight();
  const queries = useQueries(begin.query_id);
  const evidenceOf = ({ from, query_id, evidence_segment_id }: Values): InsightEvidence => {
    if (of) return of.evidence;
    const query = queries.find(({ id }) => id === query_id);
    if (from === 'sql' && query) return { type: 'sql', query_id: query.id, sql: query.sql, values: Object.fromEntries(query.parameters.map((one) => [one.name, one.default ?? null])) as Record<string, never> };
    if (from === 'segment' && evidence_segment_id) return { type: 'segment', segment_id: evidence_segment_id };
    return { type: 'observation' };
  };
  const send = (values: Values) => {
    const { title, finding, kind, segment_id, department_id } = values;
    make.mutate(
      { title: title.trim(), finding: finding.trim(), kind, evidence: evidenceOf(values), segment_id: segment_id ?? null, department_id: department_id ?? null },
      {
        onSuccess: (made) => {
          done(t('made'));
          void navigate(insightAt(made.id));
        },
      },
    );
  };
  return (
    <FormDrawer<Values> title={t('new')} hint={t('new_hint')} open={open} onClose={onClose} onFinish={send} act={t('new_act')} busy={make.isPending} error={make.error} initial={{ kind: of?.kind ?? 'behaviour', ...(of ? { title: of.title } : {}), ...begun(begin) }}>
      <InsightFields />
      {!of && <EvidenceFields begin={begin.query_id} />}
    </FormDrawer>
  );
}
