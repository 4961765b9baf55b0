#!/usr/bin/env python3
"""Measures the product beside its peers or the physical limit, in one run; prints the table and keeps it in docs/performance.md.

    benches/bench.py [import] [sends] [serve] [rulebook] [events] [following] [crowd] [identity] [value]     all of them where none is named; only a whole run is kept
"""

import argparse
import datetime
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import asking  # noqa: E402
import crowding  # noqa: E402
import following  # noqa: E402
import governing  # noqa: E402
import importing  # noqa: E402
import ingesting  # noqa: E402
import linking  # noqa: E402
import product  # noqa: E402
import sending  # noqa: E402
import serving  # noqa: E402
import table  # noqa: E402
import valuing  # noqa: E402

PARTS = ("import", "sends", "serve", "rulebook", "events", "following", "crowd", "identity", "value")


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--repeat", type=int, default=3, help="imports, of which the median counts")
    parser.add_argument("--messages", type=int, default=100_000, help="e-mails of one run")
    parser.add_argument("--seed", type=int, default=7, help="moments at which the plug is pulled")
    parser.add_argument("--without-kills", action="store_true", help="leave out the run with kill -9")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    return chosen


def main() -> None:
    """Runs the chosen parts."""
    chosen = arguments()
    parts = chosen.parts or PARTS
    product.WORK.mkdir(parents=True, exist_ok=True)
    began, before = datetime.datetime.now(datetime.timezone.utc), os.getloadavg()[0]
    rows, notes = [], []
    if "import" in parts:
        rows += importing.measure(chosen.repeat)
    if "sends" in parts:
        rows += sending.measure(chosen.messages, chosen.seed, not chosen.without_kills)
    if "serve" in parts:
        served, slow = serving.measure()
        rows += served
        notes += slow
    if "rulebook" in parts:
        rows += governing.measure()
    if "events" in parts:
        rows += ingesting.measure()
        rows += asking.measure()
    if "following" in parts:
        rows += following.measure()
    if "crowd" in parts:
        rows += crowding.measure()
    if "identity" in parts:
        rows += linking.measure()
    if "value" in parts:
        rows += valuing.measure()
    took = (datetime.datetime.now(datetime.timezone.utc) - began).total_seconds()
    where = f"{table.machine()}; {began:%Y-%m-%d %H:%M} UTC, {took / 60:.0f} minutes; load {before:.1f} before it began."
    text = table.written(rows, [where, *notes])
    print(text)
    if set(parts) == set(PARTS) and not chosen.without_kills and chosen.messages == 100_000:
        table.save(product.ROOT / "docs" / "performance.md", text)


if __name__ == "__main__":
    main()
