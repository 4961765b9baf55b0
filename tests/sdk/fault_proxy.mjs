// Stands between the SDKs and the product, one port per SDK, and does to their requests what faults.mjs deals.
// Bodies pass unchanged. After the first half it kills the product once while requests are under way.
//
// node fault_proxy.mjs PRODUCT_URL PRODUCT_PID SEED PORTS_FILE
// Control port: POST /half/SDK answers once every SDK has sent its first half; GET /report says what was done.

import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import http from "node:http";
import { setTimeout as after } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { Faults, PATIENT, SDKS, randomOf } from "./faults.mjs";

const [productUrl, productPid, seed, portsFile] = process.argv.slice(2);
const product = new URL(productUrl);
const random = randomOf(seed);
const RETRY_AFTER_SECONDS = 1;
const SLOW_MS = 300;
const AWAY_POLL_MS = 100;
const OWN_ID = /bw-[a-z]+-[a-z]+-\d{4}/g;

function newLog(kinds) {
  const faults = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  // tried, kept: how often an event was sent to the product, and how often the product said that it has it.
  return { requests: 0, away: 0, faults, tried: {}, kept: {}, refused: [] };
}

const logs = Object.fromEntries(Object.entries(SDKS).map(([sdk, kinds]) => [sdk, newLog(kinds)]));

// The kill comes a few requests after the barrier, a few milliseconds into one.
const kill = { countdown: 5 + Math.floor(random() * 10), delayMs: Math.floor(random() * 5), open: false, done: false };

function countForward() {
  if (!kill.open || kill.done) return;
  kill.countdown -= 1;
  if (kill.countdown > 0) return;
  kill.done = true;
  setTimeout(() => process.kill(Number(productPid), "SIGKILL"), kill.delayMs);
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function ownIds(url, body) {
  const plain = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
  return [...new Set(`${url} ${plain.toString("utf8")}`.match(OWN_ID) ?? [])];
}

/** Sends a request to the product; returns its answer, or null where it gave none. */
function forward(request) {
  const { log, ids, method, url, headers, body } = request;
  for (const id of ids) log.tried[id] = (log.tried[id] ?? 0) + 1;
  return new Promise((resolve) => {
    const passed = { ...headers, host: product.host, "content-length": body.length, connection: "close" };
    delete passed["transfer-encoding"];
    const { hostname, port } = product;
    const sent = http.request({ hostname, port, method, path: url, headers: passed, agent: false });
    sent.on("error", () => resolve(null));
    sent.on("finish", countForward);
    sent.on("response", async (answer) => {
      const text = await read(answer).catch(() => null);
      if (text === null) return resolve(null);
      if (answer.statusCode < 300) for (const id of ids) log.kept[id] = (log.kept[id] ?? 0) + 1;
      // Too many requests is an honest answer, anything else that is no success is a fault of the product.
      else if (answer.statusCode !== 429) log.refused.push(`${method} ${url.split("?")[0]} ${answer.statusCode} ${text}`);
      resolve({ status: answer.statusCode, headers: answer.headers, body: text });
    });
    sent.end(body);
  });
}

async function forwardUntilAnswered(request) {
  for (;;) {
    const answer = await forward(request);
    if (answer) return answer;
    await after(AWAY_POLL_MS);
  }
}

async function answerOf(request) {
  const answer = await (PATIENT.has(request.sdk) ? forwardUntilAnswered(request) : forward(request));
  if (answer) return answer;
  request.log.away += 1;
  request.faults.failed(request.ids);
  return { status: 503, headers: {}, body: "" };
}

function reply(response, { status, headers, body }) {
  const kept = ["content-type", "retry-after"].filter((name) => headers[name]);
  response.writeHead(status, Object.fromEntries(kept.map((name) => [name, headers[name]])));
  response.end(body);
}

const ACTS = {
  pass: async (request, response) => reply(response, await answerOf(request)),
  429: async (_, response) => reply(response, { status: 429, headers: { "retry-after": RETRY_AFTER_SECONDS }, body: "" }),
  500: async (_, response) => reply(response, { status: 500, headers: {}, body: "" }),
  503: async (_, response) => reply(response, { status: 503, headers: {}, body: "" }),
  cut_before: async (_, response) => response.destroy(),
  cut_after: async (request, response) => {
    await forward(request);
    response.destroy();
  },
  late: async (request, response) => {
    await once(response, "close");
    await forward(request);
  },
  slow: async (request, response) => {
    await after(SLOW_MS);
    reply(response, await answerOf(request));
  },
  replay: async (request, response) => {
    const [answer] = await Promise.all([answerOf(request), forward(request)]);
    reply(response, answer);
  },
};

function serveSdk(sdk) {
  const log = logs[sdk];
  const faults = new Faults(sdk, seed);
  return async (incoming, response) => {
    const body = await read(incoming).catch(() => null);
    if (body === null) return;
    const ids = ownIds(incoming.url, body);
    const fault = faults.next(ids);
    log.requests += 1;
    if (fault !== "pass") log.faults[fault] += 1;
    const { method, url, headers } = incoming;
    await ACTS[fault]({ sdk, log, faults, ids, method, url, headers, body }, response);
  };
}

const waiting = new Map();

function control(incoming, response) {
  if (incoming.url === "/report") return response.end(JSON.stringify({ killed: kill.done, sdks: logs }));
  waiting.set(incoming.url.replace("/half/", ""), response);
  if (Object.keys(SDKS).every((sdk) => waiting.has(sdk))) {
    kill.open = true;
    for (const held of waiting.values()) held.end();
  }
}

async function listen(handler) {
  // No connection is closed while an SDK might just be using it again: only dealt faults may befall them.
  const server = http.createServer({ keepAliveTimeout: 300_000 }, handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

const ports = { control: await listen(control) };
for (const sdk of Object.keys(SDKS)) ports[sdk] = await listen(serveSdk(sdk));
writeFileSync(`${portsFile}.part`, JSON.stringify(ports));
renameSync(`${portsFile}.part`, portsFile);
