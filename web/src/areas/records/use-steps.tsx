import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { refresh } from '@/api/query';
import { useNotice } from '@/parts/notice';
import { RECORDS, useTake } from './api';
import { StepDrawer } from './steps';
import type { RecordAction, RecordSchema, Row } from './types';

/** Takes steps with records: at once where nothing is asked for, else through the drawer. */
export function useSteps(schema: RecordSchema): { begin: (row: Row, action: RecordAction) => void; busy: boolean; drawer: ReactNode } {
  const { t } = useTranslation('records');
  const { done, failed } = useNotice();
  const take = useTake(schema.id);
  const [asking, setAsking] = useState<{ row: Row; action: RecordAction }>();
  const begin = (row: Row, action: RecordAction) => {
    if (action.fields.length > 0 || action.approval) {
      setAsking({ row, action });
      return;
    }
    take.mutate(
      { row, action: action.action, values: {} },
      {
        onSuccess: () => done(t('taken', { action: action.title, title: row.title })),
        onError: (error) => {
          failed(error);
          if (asProblem(error).stale) void refresh(RECORDS);
        },
      },
    );
  };
  const drawer = asking && <StepDrawer key={asking.row.id + asking.action.action} schema={schema} row={asking.row} action={asking.action} onClose={() => setAsking(undefined)} />;
  return { begin, busy: take.isPending, drawer };
}
