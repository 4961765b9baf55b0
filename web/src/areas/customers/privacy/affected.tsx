import { DownloadOutlined, TeamOutlined } from '@ant-design/icons';
import { Form, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Leak, NewAffected, ProfileExport } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { useSourceName } from '@/i18n/source';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { ExportMenu } from '@/patterns/list/export';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { useMay } from '@/session/session';
import { CustomerSelect } from '../customer-select';
import { useSources } from '../sources/calls';
import { nameOf, useSegmentChoices } from '../words';
import { AFFECTED, LEAKS, PRIVACY_MANAGE, useExports } from './calls';
import { AFFECTED_BY } from './contract';

/** How people came in that no source of events told about. */
const OTHER_SOURCES = ['import', 'shop', 'staff', 'sample'] as const;

/** An export in words: when, by whom, how many. */
export function useExportWords(): (row: Pick<ProfileExport, 'at' | 'actor_name' | 'rows'>) => string {
  const { t } = useTranslation('privacy');
  const format = useFormat();
  return (row) => t('export_is', { at: format.date(row.at, { time: true, short: true }), who: row.actor_name, shown: format.number(row.rows), count: row.rows });
}

/** Which sources people can have come from. */
function useSourceChoices() {
  const source = useSourceName();
  const sources = useSources(useMay()('customers.source.read'));
  const known = (sources.data?.items ?? []).map(({ name }) => name);
  return [...new Set([...known, ...OTHER_SOURCES])].map((value) => ({ value, label: source(value) }));
}

/** Says who is affected: a whole segment, what a source told, a list that left, or somebody alone. */
export function AffectedFields() {
  const { t } = useTranslation('privacy');
  const form = Form.useFormInstance<NewAffected & { profile_id?: string }>();
  const by = Form.useWatch('by', form) ?? 'segment';
  const person = Form.useWatch('profile_id', form);
  const segments = useSegmentChoices();
  const sources = useSourceChoices();
  const exports = useExports(by === 'export');
  const words = useExportWords();
  const needed = [{ required: true, message: t('affected_needed') }];
  const kept = (exports.data?.items ?? []).filter((row) => row.available);
  return (
    <>
      <Form.Item name="by" label={t('by_is')} extra={t(`by_hint.${by}`)}>
        <Select options={AFFECTED_BY.map((value) => ({ value, label: t(`by.${value}`) }))} />
      </Form.Item>
      {by === 'segment' && (
        <Form.Item name="segment_id" label={t('by.segment')} rules={needed}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={segments} notFoundContent={t('no_segments')} />
        </Form.Item>
      )}
      {by === 'source' && (
        <Form.Item name="source" label={t('by.source')} rules={needed}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={sources} />
        </Form.Item>
      )}
      {by === 'export' && (
        <Form.Item name="export_id" label={t('by.export')} rules={needed}>
          <Select loading={exports.isPending} options={kept.map((row) => ({ value: row.id, label: words(row) }))} notFoundContent={t('no_exports')} />
        </Form.Item>
      )}
      {by === 'profiles' && (
        <Form.Item name="profile_id" label={t('by.profiles')} rules={needed}>
          <CustomerSelect value={person ?? null} onChange={(id) => form.setFieldsValue({ profile_id: id } as never)} />
        </Form.Item>
      )}
    </>
  );
}

/** What the form says, as the server takes it. */
export function affectedOf({ by, segment_id, source, export_id, profile_id }: NewAffected & { profile_id?: string }): NewAffected {
  switch (by) {
    case 'segment':
      return { by, segment_id: segment_id ?? null };
    case 'source':
      return { by, source: source ?? null };
    case 'export':
      return { by, export_id: export_id ?? null };
    case 'profiles':
      return { by, profile_ids: profile_id ? [profile_id] : [] };
  }
}

/** Who is affected (受影响客户), and the list to tell them by. */
export function Affected({ leak, add }: { leak: Leak; add: ReactNode }) {
  const { t } = useTranslation('privacy');
  const may = useMay();
  const spec: ListSpec<typeof AFFECTED> = {
    id: 'leak_people',
    path: AFFECTED,
    pathParams: { id: leak.id },
    rowKey: (row) => row.profile_id,
    rowName: (row) => nameOf({ id: row.profile_id, name: row.name ?? null, member_number: null }),
    rowLink: (row) => `/customers/profiles/${row.profile_id}`,
    columns: [
      { id: 'name', label: t('customers:name'), title: true, field: 'name', cell: (row) => row.name ?? nameOf({ id: row.profile_id, name: null, member_number: null }) },
      { id: 'email', label: t('customers:email'), field: 'email', cell: (row) => row.email ?? <Nothing /> },
      { id: 'mobile', label: t('customers:mobile'), field: 'mobile', cell: (row) => row.mobile ?? <Nothing /> },
      { id: 'by', label: t('by_is'), cell: (row) => t(`by.${row.by}`) },
      { id: 'added', label: t('added_at'), wide: true, cell: (row) => <DateTime at={row.added_at} short time /> },
    ],
    empty: (
      <EmptyState icon={<TeamOutlined />} title={t('affected_empty')} hint={t('affected_empty_hint')}>
        {add}
      </EmptyState>
    ),
  };
  const file = may(PRIVACY_MANAGE) && leak.affected_count > 0;
  return (
    <div className="stack-tight">
      {file && <p className="quiet small">{t('affected_export_hint')}</p>}
      <List spec={spec} label={t('tab.affected')} tools={file && <ExportMenu path={`${LEAKS}/${leak.id}/affected/export`} filters={[]} icon={<DownloadOutlined />} />} />
    </div>
  );
}
