// Serves dist/ with the headers of the real server and made-up answers, to look at pages before their API exists.
// For developers only: it is neither shipped nor used by tests. `DIST=gallery` shows the parts and patterns alone
// (built by `vite build --config dev/gallery.config.ts`).
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { answer } from './answers.mjs';

const dist = path.resolve(import.meta.dirname, process.env.DIST ?? '../dist');
const index = existsSync(path.join(dist, 'index.html')) ? 'index.html' : 'dev/gallery.html';
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

function page(response) {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': TYPES['.html'],
    'content-security-policy': `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`,
  });
  response.end(readFileSync(path.join(dist, index), 'utf8').replace('__CSP_NONCE__', nonce));
}

function api(request, response, url) {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { status, json } = answer(request.method, url, body ? JSON.parse(body) : undefined, request.headers);
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type });
    response.end(JSON.stringify(json));
  });
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/api/')) return api(request, response, url);
  const file = path.join(dist, url.pathname);
  if (url.pathname !== '/' && file.startsWith(dist) && existsSync(file)) {
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    return response.end(readFileSync(file));
  }
  return page(response);
}).listen(Number(process.env.PORT ?? 4173), '127.0.0.1', () => console.log('fixture ready'));
