import { PostHog } from "posthog-node";
import { gaveUp, key, run, url } from "./common.mjs";

const posthog = new PostHog(key, {
  host: url,
  flushAt: 10,
  maxBatchSize: 10,
  flushInterval: 200,
  // Its three retries are over within ten seconds, however long the product is away.
  fetchRetryCount: 60,
  fetchRetryDelay: 300,
  requestTimeout: 1000,
});
let delivered = 0;
posthog.on("flush", (messages) => (delivered += messages.length));
posthog.on("error", gaveUp);

const capture = (kind, name, event, properties) => (distinctId) => {
  posthog.capture({ distinctId, event, properties });
  return { kind, name };
};
const CALLS = [
  capture("track", "订单完成", "订单完成", { total: 129.5, currency: "CNY" }),
  capture("page", "首页", "$pageview", { $current_url: "https://shop.example.com/", title: "首页" }),
  capture("screen", "Cart", "$screen", { $screen_name: "Cart" }),
  (distinctId) => {
    posthog.identify({ distinctId, properties: { email: `${distinctId}@example.com`, plan: "专业版" } });
    return { kind: "identify" };
  },
  (distinctId) => {
    posthog.groupIdentify({ groupType: "company", groupKey: "company-7", properties: { name: "青竹茶业" }, distinctId });
    return { kind: "group" };
  },
  (distinctId, number) => {
    posthog.alias({ distinctId, alias: `visitor-${number}` });
    return { kind: "alias" };
  },
  (distinctId) => {
    posthog.setPersonProperties({ distinctId, properties: { plan: "标准版" } });
    return { kind: "identify" };
  },
];

await run("posthog-node", {
  send: (number, id) => CALLS[number % CALLS.length](id, number),
  async drain(count) {
    while (delivered < count) await posthog.flush();
  },
});
await posthog.shutdown();
