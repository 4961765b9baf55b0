"""What both senders for Python share: arguments, ids, the two halves, and the list of what was sent."""

import json
import os
import sys
import urllib.request

URL, KEY, CONTROL_URL, OUT = sys.argv[1:]
HALF = 100
ORDER = {"total": 129.5, "currency": "CNY"}


def call(number, event_id):
    """Returns a call of the Segment specification: kind, name as it is stored, arguments."""
    return (
        ("identify", "", {"user_id": event_id, "traits": {"email": f"{event_id}@example.com", "plan": "专业版"}}),
        ("track", "订单完成", {"user_id": event_id, "event": "订单完成", "properties": dict(ORDER)}),
        ("page", "首页", {"anonymous_id": event_id, "name": "首页", "properties": {"url": "https://shop.example.com/"}}),
        ("track", "Product Viewed", {"anonymous_id": event_id, "event": "Product Viewed", "properties": {"sku": "茶-250g"}}),
        ("screen", "Cart", {"anonymous_id": event_id, "name": "Cart", "properties": {"items": 3}}),
        ("group", "", {"user_id": event_id, "group_id": "company-7", "traits": {"name": "青竹茶业"}}),
        ("alias", "", {"user_id": event_id, "previous_id": f"visitor-{number}"}),
    )[number % 7]


def gave_up(error, events):
    """Ends the sender: no SDK may give up within its retries."""
    print(f"gave up {len(events)} events: {error!r}", file=sys.stderr, flush=True)
    # It is called in the thread that sends; an exception would end only that one.
    os._exit(1)


def run(sdk, client):
    """Sends both halves with a client of the Segment kind."""
    sent = []
    for half in (0, 1):
        for number in range(half * HALF, (half + 1) * HALF):
            event_id = f"bw-{sdk}-{number:04}"
            kind, name, arguments = call(number, event_id)
            getattr(client, kind)(**arguments)
            sent.append({"id": event_id, "kind": kind, "name": name})
        client.flush()
        if half == 0:
            urllib.request.urlopen(f"{CONTROL_URL}/half/{sdk}", data=b"").read()
    client.shutdown()
    with open(OUT, "w", encoding="utf-8") as file:
        json.dump(sent, file)
