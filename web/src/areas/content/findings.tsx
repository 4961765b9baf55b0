import { useTranslation } from 'react-i18next';
import type { ContentFinding } from '@/api/schema';
import { OWN_NAMES } from '@/frame/menus';
import { StatePill, type Tone } from '@/parts/pill';

const TONES: { [severity: string]: Tone } = { serious: 'bad', warning: 'warn', info: 'info' };

/** What was found, how grave it is, and where. */
export function Findings({ findings }: { findings: ContentFinding[] }) {
  const { t, i18n } = useTranslation('content');
  const field = (name: string) => (i18n.exists(`content:field.${name}`) ? t(`field.${name}`) : name);
  return (
    <ul className="plain-list">
      {findings.map((one, i) => (
        <li key={`${one.code}-${one.language ?? ''}-${one.place?.line ?? i}-${one.place?.column ?? i}`} className="stack-tight">
          <div className="row">
            <StatePill tone={TONES[one.severity] ?? 'info'}>{t(`severity.${one.severity}`)}</StatePill>
            <span className="small quiet">
              {[one.language && OWN_NAMES[one.language], one.place && field(one.place.field), one.place && t('line', { line: one.place.line, column: one.place.column })].filter(Boolean).join(' · ')}
            </span>
          </div>
          <p>{one.message || one.code}</p>
          {one.place?.excerpt && <code className="anywhere excerpt">{one.place.excerpt}</code>}
        </li>
      ))}
    </ul>
  );
}
