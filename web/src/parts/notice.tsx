import { App, Button } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useProblemText } from './states';

interface Notice {
  /** Says what was done, with a way back where there is one. */
  done: (text: string, undo?: () => void | Promise<unknown>) => void;
  /** Says what was refused. */
  failed: (error: unknown) => void;
}

/** Tells the notices of this visit apart. */
let count = 0;

/** Short words at the edge of the screen about an act. */
export function useNotice(): Notice {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const text = useProblemText();
  const failed = useCallback((error: unknown) => void message.error(text(asProblem(error)), 6), [message, text]);
  const done = useCallback(
    (said: string, undo?: () => void | Promise<unknown>) => {
      count += 1;
      const key = `notice-${count}`;
      const takeBack = () => {
        message.destroy(key);
        Promise.resolve(undo?.()).catch(failed);
      };
      const content = undo ? (
        <span className="row notice">
          {said}
          <Button type="link" size="small" onClick={takeBack}>
            {t('undo')}
          </Button>
        </span>
      ) : (
        said
      );
      void message.success({ key, content, duration: undo ? 8 : 3 });
    },
    [message, t, failed],
  );
  return { done, failed };
}
