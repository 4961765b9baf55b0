import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { masks } from '@/api/masked';
import { LANGUAGES, type Language } from '@/format/language';
import { useFormat } from '@/format/use-format';
import { OWN_NAMES } from '@/frame/menus';
import { useSourceName } from '@/i18n/source';
import { StatePill } from '@/parts/pill';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Masked, Nothing } from '@/parts/values';
import { Table } from '@/patterns/list/table';
import { useFacts } from './calls';
import type { ProfileFact } from './contract';
import { NodeWords, useCode } from './words';

/** Further attributes are named by whoever told them. */
const OWN = 'attributes.';

/** A value as people say it; codes that have words are said by them. */
function useValueWords(): (fact: ProfileFact) => string | undefined {
  const { t, i18n } = useTranslation('customers');
  const format = useFormat();
  return ({ field, value }) => {
    if (value === null || value === undefined || value === '') return undefined;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return format.number(value, 6);
    if (typeof value !== 'string') return JSON.stringify(value);
    if (field === 'language' && LANGUAGES.includes(value as Language)) return OWN_NAMES[value as Language];
    const key = `${field}.${value}`;
    return ['age_band', 'income_band'].includes(field) && i18n.exists(`customers:${key}`) ? t(key) : value;
  };
}

/** Where each field of a person came from (字段来源): what counts now and what was told before. */
export function FieldOrigins({ id }: { id: string }) {
  const { t } = useTranslation('matching');
  const field = useCode('field');
  const words = useValueWords();
  const source = useSourceName();
  const facts = useFacts(id);
  const nodes = api.useQuery('get', '/api/v1/customers/profiles/{id}/nodes', { params: { path: { id } } });
  if (facts.isPending) return <Skeleton shape="table" />;
  if (facts.isError) return <ErrorState error={facts.error} retry={() => void facts.refetch()} />;
  if (facts.data.items.length === 0) return <EmptyState title={t('no_facts')} hint={t('no_facts_hint')} />;
  const nodeOf = (fact: ProfileFact) => nodes.data?.items.find((node) => node.id === fact.node_id);
  const value = (fact: ProfileFact) => (masks(fact, 'value') ? <Masked /> : <span className="data anywhere">{words(fact) ?? <span className="quiet">{t('emptied')}</span>}</span>);
  const called = (fact: ProfileFact) => (fact.field.startsWith(OWN) ? fact.field.slice(OWN.length) : field(fact.field));
  const named = (fact: ProfileFact) => (fact.field.startsWith(OWN) ? <span className="data anywhere">{called(fact)}</span> : called(fact));
  const rows = facts.data.items.map((fact, i) => ({ ...fact, key: String(i) }));
  return (
    <div className="stack-tight">
      <p className="small quiet">{t('facts_hint')}</p>
      <section className="card list-card">
        <Table
          label={t('facts')}
          rows={rows}
          rowKey={(row) => row.key}
          rowName={called}
          linkOf={() => undefined}
          onOpen={() => undefined}
          columns={[
            { id: 'field', label: t('field_is'), title: true, cell: named },
            { id: 'value', label: t('value'), cell: value },
            { id: 'source', label: t('source'), cell: (row) => source(row.source) },
            { id: 'told', label: t('told_at'), cell: (row) => <DateTime at={row.told_at} short time /> },
            { id: 'node', label: t('told_about'), cell: (row) => { const node = nodeOf(row); return node ? <span><NodeWords node={node} /></span> : <Nothing />; } },
            { id: 'current', label: t('counts'), cell: (row) => <StatePill tone={row.is_current ? 'good' : 'quiet'}>{t(row.is_current ? 'counts_now' : 'counted_before')}</StatePill> },
          ]}
        />
      </section>
    </div>
  );
}
