import { expect, test } from 'vitest';
import { curlSnippet, sdkSnippets, tagSnippet, withoutStroke } from './snippets';

const address = { endpoint: withoutStroke('https://events.example.com/'), writeKey: 'k1' };

test('the tag is one element that names its address and its key', () => {
  expect(tagSnippet(address)).toBe('<script async src="https://events.example.com/tag.js" data-write-key="k1"></script>');
});

test('by hand the key is the user name, and the event is JSON', () => {
  const said = curlSnippet(address, 'server');
  expect(said).toContain("-u 'k1:'");
  expect(said.startsWith('curl https://events.example.com/v1/track ')).toBe(true);
  expect(JSON.parse(/-d '(.*)'$/s.exec(said)?.[1] ?? '')).toMatchObject({ userId: 'u-1001', event: 'Order Completed' });
});

test('every SDK is told the address and the key', () => {
  for (const { name, code } of sdkSnippets(address)) {
    expect(code, name).toContain("'k1'");
    expect(code, name).toContain('https://events.example.com');
  }
});
