import { Analytics } from "@segment/analytics-node";
import { gaveUp, key, run, segmentCall, url } from "./common.mjs";

const analytics = new Analytics({
  writeKey: key,
  host: url,
  path: "/v1/batch",
  flushAt: 10,
  flushInterval: 200,
  maxRetries: 10,
  httpRequestTimeout: 1000,
});
const delivered = [];

await run("segment-node", {
  send(number, id) {
    const [kind, name, message] = segmentCall(number, id);
    delivered.push(new Promise((resolve) => analytics[kind](message, (error) => (error ? gaveUp(error) : resolve()))));
    return { kind, name };
  },
  drain: () => Promise.all(delivered),
});
await analytics.closeAndFlush();
