interface Patience {
  tries: number;
  /** Waits before each question. */
  pause: () => Promise<void>;
}

/** Asks again and again until the answer is what is waited for; undefined where patience ends first. */
export async function until<T>(read: () => Promise<T>, wanted: (answer: T) => boolean, { tries, pause }: Patience): Promise<T | undefined> {
  for (let i = 0; i < tries; i += 1) {
    await pause();
    const answer = await read();
    if (wanted(answer)) return answer;
  }
  return undefined;
}
