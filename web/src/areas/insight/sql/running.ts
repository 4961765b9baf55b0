import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import { type Question, runSql } from './calls';
import type { SqlResult, Values } from './contract';
import { type Place, placeIn } from './place';

/** What was asked: the text and what stood for its names, so that a file holds what the screen shows. */
export interface Asked {
  sql: string;
  values: Values;
}

/** A question on its way, its last answer, and where it is at fault. */
export function useRunning() {
  const [answer, setAnswer] = useState<{ asked: Asked; result: SqlResult }>();
  const [fault, setFault] = useState<{ sql: string; place: Place }>();
  const [way, setWay] = useState<AbortController>();
  const run = useMutation({ mutationFn: ({ question, signal }: { question: Question; asked: Asked; signal: AbortSignal }) => runSql(question, signal) });
  const start = (question: Question, asked: Asked) => {
    const control = new AbortController();
    setWay(control);
    setFault(undefined);
    run.mutate(
      { question, asked, signal: control.signal },
      {
        onSuccess: (result) => setAnswer({ asked, result }),
        onError: (error) => {
          const place = placeIn(asProblem(error).args);
          if (place) setFault({ sql: asked.sql, place });
        },
      },
    );
  };
  const stop = () => {
    way?.abort();
    run.reset();
  };
  return { answer, fault, start, stop, busy: run.isPending, error: run.error };
}
