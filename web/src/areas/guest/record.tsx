import { useTranslation } from 'react-i18next';
import { Comments } from '@/areas/records/happened';
import { Steps } from '@/areas/records/steps';
import type { Detail, RecordSchema } from '@/areas/records/types';
import { useFacts } from '@/areas/records/use-facts';
import { useSteps } from '@/areas/records/use-steps';
import { RecordState } from '@/areas/records/value';
import { Work } from '@/areas/records/work';
import { Record } from '@/patterns/record/record';

/** A record as a guest sees it: what it says, what they may do, what was said. */
export function GuestRecordPage({ schema, row }: { schema: RecordSchema; row: Detail }) {
  const { t } = useTranslation('records');
  const { own, common } = useFacts(schema, row);
  const { begin, busy, drawer } = useSteps(schema);
  return (
    <>
      <Record
        title={row.title}
        crumbs={[{ label: t('guest.mine'), to: '/' }, { label: row.number }]}
        state={<RecordState row={row} />}
        actions={<Steps actions={row.actions} busy={busy} onStep={(action) => begin(row, action)} />}
        facts={own}
        under={common}
        tabs={[
          { id: 'work', label: t('tab.work'), content: <Work schema={schema} row={row} /> },
          { id: 'comments', label: row.comments_count ? t('guest.comments_count', { count: row.comments_count }) : t('guest.comments'), content: <Comments schema={schema} row={row} /> },
        ]}
      />
      {drawer}
    </>
  );
}
