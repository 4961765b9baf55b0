import http from "node:http";
import MatomoTracker from "matomo-tracker";
import { gaveUp, key, run, url } from "./common.mjs";

const BULK = 10;
// Two ways to say which source it is: the site is the key, or any site with the key as the token.
const single = new MatomoTracker(key, `${url}/matomo.php`);
const bulk = new MatomoTracker(1, `${url}/matomo.php`);
const delivered = [];
const collected = [];
for (const tracker of [single, bulk]) tracker.on("error", gaveUp);

// It says nothing of a success and leaves the answer unread; this reads it.
single.agent = {
  get(address, callback) {
    let request;
    delivered.push(
      new Promise((resolve) => {
        request = http.get(address, (answer) => {
          callback(answer);
          answer.resume().on("end", resolve);
        });
      }),
    );
    return request;
  },
};

function sendBulk() {
  const events = collected.splice(0);
  if (events.length > 0) delivered.push(new Promise((resolve) => bulk.trackBulk(events, resolve)));
}

const CALLS = [
  ["page", "首页", { action_name: "首页" }],
  ["track", null, { e_c: "商店", e_a: "加入购物车", e_n: "茶-250g", e_v: 2 }],
  ["track", null, { search: "乌龙茶", search_cat: "茶", search_count: 12 }],
  ["track", null, { link: "https://partner.example.com/" }],
  ["track", null, { idgoal: 0, ec_id: "order", revenue: 129.5 }],
];

await run("matomo-node", {
  send(number, id) {
    const [kind, name, values] = CALLS[number % CALLS.length];
    // Nothing but `rand` tells two equal views of a page from one that was sent twice.
    const event = { ...values, url: "https://shop.example.com/", uid: id, rand: String(number) };
    if (event.ec_id) event.ec_id = `order-${number}`;
    if (Math.floor(number / BULK) % 2 === 0) single.track(event);
    else if (collected.push({ ...event, token_auth: key }) === BULK) sendBulk();
    return { kind, name };
  },
  drain() {
    sendBulk();
    return Promise.all(delivered);
  },
});
