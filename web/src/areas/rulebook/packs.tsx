import { ContainerOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '@/api/client';
import type { PackRow } from '@/api/schema';
import { PageHead } from '@/parts/head';
import { Skeleton } from '@/parts/skeleton';
import { EmptyState, ErrorState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';
import { Facts } from '@/patterns/record/record';
import { useMay } from '@/session/session';
import { Changes } from './pack-editor';
import { RestorePack } from './restore-pack';

function Versions({ pack }: { pack: PackRow }) {
  const { t } = useTranslation('rulebook');
  const may = useMay();
  const origin = String(pack.origin);
  const versions = api.useQuery('get', '/api/v1/rulebook/packs/{id}/versions', { params: { path: { id: pack.id } } });
  return (
    <div className="stack">
      <p>{pack.summary}</p>
      <Facts
        facts={[
          { id: 'label', label: t('version'), value: pack.label },
          { id: 'origin', label: t('pack_origin'), value: t(`origin.${origin}`) },
          ...(pack.changed_by_name ? [{ id: 'by', label: t('pack_changed_by'), value: `${pack.changed_by_name}: ${pack.reason ?? ''}` }] : []),
          { id: 'applied', label: t('applied'), value: <DateTime at={pack.applied_at} time /> },
          { id: 'hash', label: t('hash'), value: <code className="anywhere">{pack.content_hash}</code> },
        ]}
      />
      <div className="row">
        <Link to={`/rulebook/packs/${pack.id}/files`}>{t('pack_edit')}</Link>
        {origin !== 'shipped' && may('rulebook.pack.apply') && <RestorePack pack={pack} />}
      </div>
      {pack.conflicts.length > 0 && (
        <>
          <h3>{t('pack_conflicts')}</h3>
          <p className="quiet">{t('pack_conflicts_hint')}</p>
          <Changes changes={pack.conflicts} />
        </>
      )}
      <h3>{t('versions')}</h3>
      {versions.isPending ? (
        <Skeleton rows={2} />
      ) : versions.isError ? (
        <ErrorState error={versions.error} />
      ) : (
        <ul className="plain-list">
          {versions.data.items.map((one) => (
            <li key={one.id} className="row">
              <span className="strong">{one.label}</span>
              <span className="quiet">
                <DateTime at={one.created_at} time />
              </span>
              <code title={one.content_hash}>{one.content_hash.slice(0, 12)}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The packs (制度包): from which files the rulebook runs. */
export function Packs() {
  const { t } = useTranslation('rulebook');
  const spec: ListSpec<'/api/v1/rulebook/packs'> = {
    id: 'packs',
    path: '/api/v1/rulebook/packs',
    rowKey: (row) => row.id,
    rowName: (row) => row.title,
    peek: (row) => <Versions pack={row} />,
    columns: [
      { id: 'title', label: t('pack'), title: true, cell: (row) => row.title },
      { id: 'summary', label: t('about'), wide: true, cell: (row) => row.summary },
      { id: 'document', label: t('document'), cell: (row) => row.document ?? <Nothing /> },
      { id: 'label', label: t('version'), cell: (row) => row.label },
      { id: 'origin', label: t('pack_origin'), cell: (row) => t(`origin.${String(row.origin)}`) },
      { id: 'applied', label: t('applied'), cell: (row) => <DateTime at={row.applied_at} relative /> },
    ],
    empty: <EmptyState icon={<ContainerOutlined />} title={t('packs_empty')} />,
  };
  return (
    <>
      <PageHead title={t('packs')} sub={t('packs_sub')} />
      <List spec={spec} label={t('packs')} />
    </>
  );
}
