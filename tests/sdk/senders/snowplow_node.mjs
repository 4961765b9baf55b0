import { setTimeout as after } from "node:timers/promises";
import {
  buildLinkClick,
  buildPageView,
  buildScreenView,
  buildSelfDescribingEvent,
  buildStructEvent,
  newTracker,
} from "@snowplow/node-tracker";
import { gaveUp, key, run, url } from "./common.mjs";

// It keeps what failed but sends it only with the next flush: its user has to flush now and then.
const FLUSH_MS = 200;
const delivered = new Set();
const tracker = newTracker(
  { namespace: "shop", appId: key },
  {
    endpoint: url,
    bufferSize: 10,
    maxPostBytes: 4000,
    connectionTimeout: 1000,
    onRequestSuccess: (payloads) => payloads.forEach((payload) => delivered.add(payload.eid)),
    onRequestFailure: (failure) => failure.willRetry || gaveUp(failure.message),
  },
);
const order = { schema: "iglu:com.example/order_completed/jsonschema/1-0-0", data: { total: 129.5, currency: "CNY" } };
const page = { pageUrl: "https://shop.example.com/", pageTitle: "首页" };
const action = { category: "商店", action: "加入购物车", label: "茶-250g", value: 2 };
// What a schema describes is sent in base64, its name too.
const CALLS = [
  ["page", "首页", () => buildPageView(page)],
  ["track", null, () => buildStructEvent(action)],
  ["track", "order_completed", () => buildSelfDescribingEvent({ event: order })],
  ["screen", "Cart", () => buildScreenView({ name: "Cart", id: "cart" })],
  ["track", "link_click", () => buildLinkClick({ targetUrl: "https://shop.example.com/茶" })],
];

await run("snowplow-node", {
  send(number, id) {
    const [kind, name, build] = CALLS[number % CALLS.length];
    tracker.setUserId(id);
    tracker.track(build());
    return { kind, name };
  },
  async drain(count) {
    while (delivered.size < count) {
      await tracker.flush();
      await after(FLUSH_MS);
    }
  },
});
