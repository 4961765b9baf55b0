import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/schema';

/** What an entry of the audit log says, in words where we have them. */
export function useAuditWords(): (entry: Pick<AuditEntry, 'noun' | 'action' | 'row_count'>) => string {
  const { t, i18n } = useTranslation('audit');
  const known = (group: string, code: string) => (i18n.exists(`audit:${group}.${code}`) ? t(`${group}.${code}`) : undefined);
  return (entry) => {
    // Types of records and their steps come from packs; the record itself says what it is.
    const ofPack = entry.noun.startsWith('record.');
    const noun = known('noun', ofPack ? 'record' : entry.noun.replace('.', '_')) ?? entry.noun;
    const action = known('action', entry.action) ?? (ofPack ? t('action.step') : entry.action);
    const said = t('did', { action, noun });
    return entry.row_count === 1 ? said : t('did_many', { said, count: entry.row_count });
  };
}

/** One field that an act touched; `was` is absent where the entry only states facts. */
export interface Change {
  field: string;
  was?: string;
  is: string;
}

/** Fields that every change touches and that tell a reader nothing. */
const BOOKKEEPING = new Set(['version', 'updated_at', 'created_at', 'id']);

function said(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What an entry changed: `{field: [before, after]}`, or other facts. */
export function changesOf(changes: unknown): Change[] {
  if (changes === null || changes === undefined) return [];
  if (typeof changes !== 'object' || Array.isArray(changes)) return [{ field: '', is: said(changes) }];
  return Object.entries(changes)
    .filter(([field]) => !BOOKKEEPING.has(field))
    .map(([field, value]) => (Array.isArray(value) && value.length === 2 ? { field, was: said(value[0]), is: said(value[1]) } : { field, is: said(value) }));
}

/** What an entry changed, field by field. */
export function Changes({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation('audit');
  const fields = changesOf(entry.changes);
  if (fields.length === 0) return null;
  return (
    <table className="conflict-table">
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('was')}</th>
          <th scope="col">{t('is')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ field, was, is }) => (
          <tr key={field}>
            <td>
              {i18n.exists(`evidence:column.${field}`) ? t(`evidence:column.${field}`) : <code>{field}</code>}
            </td>
            <td className="anywhere">{was}</td>
            <td className="anywhere">{is}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
