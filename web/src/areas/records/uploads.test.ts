import { expect, test } from 'vitest';
import { arrived, track } from './uploads';

test('whoever asks waits until the files have arrived', async () => {
  let land = () => {};
  const steps: string[] = [];
  void track(new Promise<void>((resolve) => (land = resolve)).then(() => void steps.push('landed')));
  const asked = arrived().then(() => steps.push('sent'));
  land();
  await asked;
  expect(steps).toEqual(['landed', 'sent']);
  await arrived();
});

test('a file that did not arrive is said, once', async () => {
  const lost = track(Promise.reject(new Error('lost')));
  await expect(arrived()).rejects.toThrow('lost');
  await lost.catch(() => {});
  await arrived();
});
