import { useTranslation } from 'react-i18next';
import type { Loss } from '@/api/schema';
import { useFormat } from '@/format/use-format';
import { StatePill } from '@/parts/pill';
import { DateTime } from '@/parts/values';
import { Facts } from '@/patterns/record/record';
import { there } from './backup-words';

const MINUTE_MS = 60_000;

/** The report on a loss, filled in from what was recorded; before it is sent, as it would be now. */
export function LossReport({ loss }: { loss: Loss }) {
  const { t } = useTranslation('backups');
  const format = useFormat();
  const { report } = loss;
  const result = loss.restored?.result;
  const sound = report?.sound ?? (result ? result.differences.length === 0 : undefined);
  const changes = report?.changes_since;
  const took = report?.restore_ms ?? result?.took_ms;
  const rows = report?.rows ?? result?.rows;
  const files = report?.files ?? result?.files;
  const risk = report?.at_risk_minutes ?? (loss.taken_at ? Math.max(0, Math.floor((Date.parse(loss.noticed_at) - Date.parse(loss.taken_at)) / MINUTE_MS)) : undefined);
  return (
    <Facts
      facts={[
        { id: 'what', label: t('loss.what'), value: loss.what },
        { id: 'cause', label: t('loss.cause'), value: loss.cause },
        { id: 'noticed', label: t('loss.noticed_at'), value: <DateTime at={loss.noticed_at} time /> },
        { id: 'by', label: t('loss.noticed_by'), value: loss.noticed_by },
        { id: 'backup', label: t('of_backup'), value: loss.taken_at && <DateTime at={loss.taken_at} time /> },
        { id: 'risk', label: t('loss.at_risk'), value: there(risk) ? format.duration(risk * MINUTE_MS) : null },
        { id: 'changes', label: t('loss.changes_since'), value: there(changes) ? format.number(changes) : null },
        { id: 'sound', label: t('loss.outcome'), value: there(sound) ? <StatePill tone={sound ? 'good' : 'bad'}>{t(sound ? 'loss.all_back' : 'loss.not_all_back')}</StatePill> : null },
        { id: 'rows', label: t('loss.brought_back'), value: there(rows) ? t('loss.rows_files', { rows: format.number(rows), files: format.number(files ?? 0) }) : null },
        { id: 'took', label: t('rto'), value: there(took) ? format.duration(took) : null },
        { id: 'findings', label: t('loss.findings'), value: loss.findings },
        { id: 'to', label: t('loss.superior'), value: loss.superior_name },
        { id: 'from', label: t('loss.reported_by'), value: loss.created_by_name },
        { id: 'reported', label: t('loss.reported_at'), value: loss.reported_at && <DateTime at={loss.reported_at} time /> },
        { id: 'seen', label: t('loss.acknowledged_at'), value: loss.acknowledged_at && <DateTime at={loss.acknowledged_at} time /> },
        { id: 'note', label: t('loss.note'), value: loss.acknowledgement },
      ].filter((fact) => there(fact.value))}
    />
  );
}
