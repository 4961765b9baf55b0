import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtTag } from './harness';

test('the built tag weighs less than 5 KB over the wire', async () => {
  expect(gzipSync(await builtTag()).length).toBeLessThan(5000);
});

test('the built tag needs nothing that a strict content security policy refuses', async () => {
  const code = await builtTag();
  expect(code).toContain('/v1/batch');
  expect(code).not.toMatch(/\beval\s*\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createElement|\.style\b/);
});

test('the built tag is one classic script in the words of ES2018', async () => {
  const code = await builtTag();
  expect(code).not.toMatch(/\bimport\b|\bexport\b|catch\s*\{|\?\?|\?\.[^\d]|\.flat\(|\.at\(|replaceAll|fromEntries|#\w+\s*[=;(]/);
  expect(code).toMatch(/^\(?(function|\(\)\s*=>)/);
});
