// What all senders for Node share: arguments, ids, the two halves, and the list of what was sent.

import { writeFileSync } from "node:fs";

export const [url, key, controlUrl, out] = process.argv.slice(2);
const HALF = 100;

/** Sends both halves; `send` gets an event's number and its own id and returns what the product should make of it. */
export async function run(sdk, { send, drain }) {
  const sent = [];
  for (const half of [0, 1]) {
    for (let number = half * HALF; number < (half + 1) * HALF; number += 1) {
      const id = `bw-${sdk}-${String(number).padStart(4, "0")}`;
      sent.push({ id, ...send(number, id) });
    }
    await drain(sent.length);
    if (half === 0) await fetch(`${controlUrl}/half/${sdk}`, { method: "POST" });
  }
  writeFileSync(out, JSON.stringify(sent));
}

/** Ends the sender: no SDK may give up within its retries. */
export function gaveUp(reason) {
  console.error("gave up:", reason);
  process.exit(1);
}

const CALLS = [
  (id) => ["identify", "", { userId: id, traits: { email: `${id}@example.com`, plan: "专业版" } }],
  (id) => ["track", "订单完成", { userId: id, event: "订单完成", properties: { total: 129.5, currency: "CNY" } }],
  (id) => ["page", "首页", { anonymousId: id, name: "首页", properties: { url: "https://shop.example.com/" } }],
  (id) => ["track", "Product Viewed", { anonymousId: id, event: "Product Viewed", properties: { sku: "茶-250g" } }],
  (id) => ["screen", "Cart", { anonymousId: id, name: "Cart", properties: { items: 3 } }],
  (id) => ["group", "", { userId: id, groupId: "company-7", traits: { name: "青竹茶业" } }],
  (id, number) => ["alias", "", { userId: id, previousId: `visitor-${number}` }],
];

/** Returns a call of the Segment specification: kind, name as it is stored, message. */
export function segmentCall(number, id) {
  return CALLS[number % CALLS.length](id, number);
}
