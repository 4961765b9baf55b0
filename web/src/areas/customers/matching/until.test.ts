import { expect, it } from 'vitest';
import { until } from './until';

function telling(...answers: (string | null | undefined)[]) {
  let asked = 0;
  const read = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]);
  return { read, times: () => asked };
}
const pause = () => Promise.resolve();

it('waits for another answer and then asks no more', async () => {
  const { read, times } = telling('monday', undefined, 'monday', 'tuesday', 'friday');
  expect(await until(read, (at) => at !== undefined && at !== 'monday', { tries: 10, pause })).toBe('tuesday');
  expect(times()).toBe(4);
});

it('ends where patience ends', async () => {
  const { read, times } = telling('monday');
  expect(await until(read, (at) => at !== 'monday', { tries: 3, pause })).toBeUndefined();
  expect(times()).toBe(3);
});

it('passes on what fails', async () => {
  await expect(until(() => Promise.reject(new Error('gone')), () => true, { tries: 3, pause })).rejects.toThrow('gone');
});
