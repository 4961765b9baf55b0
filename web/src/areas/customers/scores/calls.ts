import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, client, told } from '@/api/client';
import { refresh } from '@/api/query';
import { until } from '../matching/until';

const SCORES = '/api/v1/customers/scores';
export const SCORE_RUNS = `${SCORES}/models` as const;
const OF_PROFILE = '/api/v1/customers/profiles/{id}/scores';
/** May have scores computed. */
export const SCORE_RECOMPUTE = 'customers.segment.edit';

/** While scores are being computed they are asked for as often as this, and for ten minutes at most. */
const ASK_MS = 2_000;
const TRIES = 300;

/** How people are spread over digits, segments and value tiers. */
export function useDistribution() {
  return api.useQuery('get', `${SCORES}/distribution`, {}, { staleTime: 30_000 });
}

/** One person's scores. */
export function useProfileScores(id: string) {
  return api.useQuery('get', OF_PROFILE, { params: { path: { id } } });
}

const lastRun = async () => (await told(client.GET(SCORE_RUNS, { params: { query: { page_size: 1 } } }))).items[0]?.id;

/** Has scores computed and waits for the end of it; false where that still goes on when patience ends. */
export function useRecompute({ onDone, onFailed }: { onDone: (ended: boolean) => void; onFailed: (error: unknown) => void }) {
  const [running, setRunning] = useState(false);
  const act = useMutation({
    mutationFn: async () => {
      setRunning(true);
      const before = await lastRun();
      await client.POST(`${SCORES}/recompute`);
      const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, ASK_MS));
      return (await until(lastRun, (run) => run !== undefined && run !== before, { tries: TRIES, pause })) !== undefined;
    },
    onSuccess: (ended) => {
      onDone(ended);
      void refresh(SCORES, OF_PROFILE);
    },
    onError: onFailed,
    onSettled: () => setRunning(false),
  });
  return { recompute: () => act.mutate(), running };
}
