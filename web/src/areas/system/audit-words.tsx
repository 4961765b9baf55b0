import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/draft';

/** What an entry of the audit log says, in words where we have them. */
export function useAuditWords(): (entry: Pick<AuditEntry, 'noun' | 'action'>) => string {
  const { t, i18n } = useTranslation('audit');
  const word = (group: string, code: string) => (i18n.exists(`audit:${group}.${code}`) ? t(`${group}.${code}`) : code);
  return (entry) => t('did', { action: word('action', entry.action), noun: word('noun', entry.noun.replace('.', '_')) });
}

type Values = Record<string, unknown>;

function said(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Fields that every change touches and that tell a reader nothing. */
const BOOKKEEPING = new Set(['version', 'updated_at']);

/** Fields that an act changed, with what they were. */
export function changedFields(before: Values | null, after: Values | null): { field: string; was: string; is: string }[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => !BOOKKEEPING.has(name));
  return names
    .map((field) => ({ field, was: said(before?.[field]), is: said(after?.[field]) }))
    .filter(({ was, is }) => was !== is);
}

/** What an entry changed, field by field. */
export function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const fields = changedFields(entry.before, entry.after);
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
              <code>{field}</code>
            </td>
            <td>{was}</td>
            <td>{is}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
