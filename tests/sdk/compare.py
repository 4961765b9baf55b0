"""Compares what the SDKs sent with what the product stored; prints a table, and ends with a message where they differ.

compare.py FOLDER, with sent-SDK.json of each sender, proxy.json, stats.json and stored.jsonl.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

OWN_ID = re.compile(r"bw-([a-z]+-[a-z]+)-\d{4}")
SHOWN_MAX = 5
FAULTS = ("429", "500", "503", "cut_before", "cut_after", "late", "slow", "replay")


def own_id(row):
    """Returns the id that a sender gave an event, from where every SDK lets one say who did it."""
    for field in ("user_id", "anonymous_id"):
        if OWN_ID.fullmatch(row.get(field) or ""):
            return row[field]
    return None


def some(ids):
    """Returns how many there are and the first of them."""
    ids = sorted(ids)
    return f"{len(ids)}: {', '.join(ids[:SHOWN_MAX])}{' ...' if len(ids) > SHOWN_MAX else ''}"


def differences(sent, rows, proxy):
    """Yields what is wrong with the events of one SDK."""
    stored = Counter(own_id(row) for row in rows)
    expected = {one["id"]: one for one in sent}
    if len(expected) != len(sent) or not sent:
        yield f"the sender reports {len(sent)} events with {len(expected)} ids"
    if missing := expected.keys() - stored.keys():
        yield f"sent and not stored, {some(missing)}"
    if lost := proxy["kept"].keys() - stored.keys():
        yield f"acknowledged and not stored, {some(lost)}"
    if doubled := {name for name, times in stored.items() if times > 1}:
        yield f"stored more than once, {some(doubled)}"
    if foreign := stored.keys() - expected.keys():
        yield f"stored and not sent, {some(foreign)}"
    if len({row["message_id"] for row in rows}) != len(rows):
        yield "two events have the same message_id"
    for row in rows:
        for field in ("kind", "name"):
            wanted = expected.get(own_id(row), {}).get(field)
            if wanted is not None and row[field] != wanted:
                yield f"{own_id(row)} is stored with {field} {row[field]!r}, not {wanted!r}"
    if never := [kind for kind, times in proxy["faults"].items() if times == 0]:
        yield f"faults that never befell it: {never}"
    if proxy["refused"]:
        yield f"refused by the product, {some(proxy['refused'])}"


def totals(stats, sent_count, proxies):
    """Yields what is wrong with the lake's own figures."""
    if stats["events"] != sent_count:
        yield f"the lake counts {stats['events']} events, {sent_count} were sent"
    if stats["quarantined"] != 0:
        yield f"{stats['quarantined']} events are in quarantine"
    # What was under way when the product was killed may have been kept without an answer, so there are two bounds.
    least = sum(times - 1 for proxy in proxies for times in proxy["kept"].values())
    most = sum(times - 1 for proxy in proxies for times in proxy["tried"].values())
    if not least <= stats["duplicates"] <= most:
        yield f"the lake counts {stats['duplicates']} duplicates, between {least} and {most} arrived"


def table(sdks, sent, rows, proxies):
    """Returns the table of what was done and what came of it."""
    lines = [("SDK", "requests", *FAULTS, "away", "sent", "stored", "again")]
    for sdk in sdks:
        proxy = proxies[sdk]
        again = sum(times - 1 for times in proxy["kept"].values())
        faults = [proxy["faults"].get(kind, "-") for kind in FAULTS]
        lines.append((sdk, proxy["requests"], *faults, proxy["away"], len(sent[sdk]), len(rows[sdk]), again))
    widths = [max(len(str(cell)) for cell in column) for column in zip(*lines)]
    return "\n".join("  ".join(str(cell).rjust(width) for cell, width in zip(line, widths)) for line in lines)


def main(folder):
    """Compares the files of a folder."""
    report = json.loads((folder / "proxy.json").read_text())
    proxies = report["sdks"]
    sent = {sdk: json.loads((folder / f"sent-{sdk}.json").read_text()) for sdk in proxies}
    rows = defaultdict(list)
    for line in (folder / "stored.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        known = OWN_ID.fullmatch(own_id(row) or "")
        rows[known[1] if known else "nobody"].append(row)
    wrong = [f"{sdk}: {what}" for sdk in proxies for what in differences(sent[sdk], rows[sdk], proxies[sdk])]
    wrong += [f"nobody sent this: {row}" for sdk in rows.keys() - proxies.keys() for row in rows[sdk][:SHOWN_MAX]]
    wrong += totals(json.loads((folder / "stats.json").read_text()), sum(map(len, sent.values())), proxies.values())
    if not report["killed"]:
        wrong.append("the product was never killed")
    print(table(proxies, sent, rows, proxies))
    if wrong:
        sys.exit("\n".join(["sdk: what was sent is not what is stored", *wrong]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
