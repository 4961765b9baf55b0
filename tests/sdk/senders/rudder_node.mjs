import Analytics from "@rudderstack/rudder-sdk-node";
import { gaveUp, key, run, segmentCall, url } from "./common.mjs";

// Its three retries are over within two seconds; the product may be away for longer.
const axiosRetryConfig = { retries: 10 };
const analytics = new Analytics(key, { dataPlaneUrl: url, flushAt: 10, flushInterval: 200, axiosRetryConfig, errorHandler: gaveUp });
const delivered = [];

await run("rudder-node", {
  send(number, id) {
    const [kind, name, message] = segmentCall(number, id);
    delivered.push(new Promise((resolve) => analytics[kind](message, (error) => (error ? gaveUp(error) : resolve()))));
    return { kind, name };
  },
  drain: () => Promise.all(delivered),
});
