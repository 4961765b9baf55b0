import type { SourceKind } from './contract';

/** What a sender needs to know. */
export interface Address {
  endpoint: string;
  writeKey: string;
}

/** Stands in for what was not shown yet. */
export const UNKNOWN: Address = { endpoint: 'ENDPOINT', writeKey: 'WRITE_KEY' };

/** An address without the stroke at its end, so that paths can follow. */
export function withoutStroke(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}

/** The web tag (网站采集代码) for the head of every page. */
export function tagSnippet({ endpoint, writeKey }: Address): string {
  return `<script async src="${endpoint}/tag.js" data-write-key="${writeKey}"></script>`;
}

/** One event by hand: the write key is the user name, without a password. */
export function curlSnippet({ endpoint, writeKey }: Address, kind: SourceKind): string {
  const event = kind === 'app' ? { userId: 'u-1001', event: 'App Opened', properties: { version: '3.2.0' } } : { userId: 'u-1001', event: 'Order Completed', properties: { order_id: 'A-7', total: 129.5, currency: 'CNY' } };
  return [`curl ${endpoint}/v1/track`, `-u '${writeKey}:'`, "-H 'Content-Type: application/json'", `-d '${JSON.stringify(event)}'`].join(' \\\n  ');
}

/** SDKs that send here as they are, each with the line that says where. */
export function sdkSnippets({ endpoint, writeKey }: Address): { name: string; code: string }[] {
  return [
    { name: 'Segment', code: `new Analytics({ writeKey: '${writeKey}', host: '${endpoint}' })` },
    { name: 'RudderStack', code: `new Analytics('${writeKey}', { dataPlaneUrl: '${endpoint}' })` },
    { name: 'PostHog', code: `new PostHog('${writeKey}', { host: '${endpoint}' })` },
    { name: 'Snowplow', code: `newTracker({ namespace: 'site', appId: '${writeKey}' }, { endpoint: '${endpoint}' })` },
    { name: 'Matomo', code: `new MatomoTracker('${writeKey}', '${endpoint}/matomo.php')` },
  ];
}
