import createClient, { type Middleware } from 'openapi-fetch';
import createQuery from 'openapi-react-query';
import { currentLanguage } from '@/i18n';
import type { paths } from './schema';
import { asProblem, problemOf } from './problem';

/** Says the reader's language, proves that our own page asks, and turns every failure into a `Problem`. */
const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', currentLanguage());
    if (request.method !== 'GET') request.headers.set('X-Brandwright', '1');
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
    return response;
  },
  onError({ error }) {
    return asProblem(error);
  },
};

/** The server, typed by its own document. */
export const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' });
client.use(manners);

/** The server as queries and mutations. */
export const api = createQuery(client);

/** What an answer holds; one that is a refusal was thrown before. */
export async function told<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Does what a task's card says: a request that the server itself described. */
export async function send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<void> {
  const request = client.request as unknown as (method: string, path: string, init: object) => Promise<unknown>;
  await request(method.toLowerCase(), path, { body, headers });
}

/** The header that says which version of a row a change was made on. */
export function ifMatch(row: { version: number }): { 'If-Match': string } {
  return { 'If-Match': `"${row.version}"` };
}
