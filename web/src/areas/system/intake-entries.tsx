import { InboxOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Intake, IntakeEntry } from '@/api/schema';
import { StatePill, type Tone } from '@/parts/pill';
import { EmptyState } from '@/parts/states';
import { DateTime, Nothing } from '@/parts/values';
import { List } from '@/patterns/list/list';
import type { ListSpec } from '@/patterns/list/types';

const PATH = '/api/v1/rulebook/intake-entries';
const OUTCOMES = ['opened', 'known', 'refused'] as const;
const TONES: { [outcome: string]: Tone } = { opened: 'good', known: 'quiet', refused: 'bad' };

/** Why something was refused, and which fields were at fault. */
function Why({ entry }: { entry: IntakeEntry }) {
  const { t, i18n } = useTranslation();
  if (!entry.code) return <Nothing />;
  const said = i18n.exists(`errors:${entry.code}`) ? t(`errors:${entry.code}`) : entry.code;
  return (
    <span className="stack-tight">
      <span>{said}</span>
      {entry.fields.length > 0 && <code className="small anywhere">{entry.fields.join(', ')}</code>}
    </span>
  );
}

/** What came to intakes, newest first. */
export function IntakeEntries({ intakes }: { intakes: Intake[] }) {
  const { t } = useTranslation('intakes');
  const of = (entry: IntakeEntry) => intakes.find((intake) => intake.id === entry.intake_id);
  const spec: ListSpec<typeof PATH> = {
    id: 'intake_entries',
    path: PATH,
    rowKey: (entry) => entry.id,
    rowName: (entry) => of(entry)?.name ?? entry.id,
    views: [{ id: 'refused', label: t('outcome.refused'), params: { outcome: 'refused' } }],
    filters: [
      { id: 'outcome', label: t('outcome_is'), kind: 'choice', options: OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })) },
      { id: 'intake_id', label: t('intake'), kind: 'choice', options: intakes.map((intake) => ({ value: intake.id, label: intake.name })) },
    ],
    columns: [
      { id: 'intake', label: t('intake'), title: true, cell: (entry) => of(entry)?.name ?? <Nothing /> },
      { id: 'at', label: t('at'), cell: (entry) => <DateTime at={entry.at} short time /> },
      { id: 'kind', label: t('kind_is'), wide: true, cell: (entry) => t(`kind.${entry.kind}`) },
      { id: 'outcome', label: t('outcome_is'), cell: (entry) => <StatePill tone={TONES[entry.outcome] ?? 'quiet'}>{t(`outcome.${entry.outcome}`)}</StatePill> },
      { id: 'why', label: t('why'), cell: (entry) => <Why entry={entry} /> },
      { id: 'record', label: t('record'), cell: (entry) => (entry.record_id && of(entry) ? <Link to={`/records/${of(entry)?.opens}/${entry.record_id}`}>{t('open_record')}</Link> : <Nothing />) },
    ],
    empty: <EmptyState icon={<InboxOutlined />} title={t('entries_none')} hint={t('entries_none_hint')} />,
  };
  return <List spec={spec} label={t('entries')} />;
}
