"""Questions about events: the product's own answers beside those of DuckDB and chdb from the same Parquet files.

Every answer is compared; one that differs ends the run.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

import product
from table import Row

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "2000000"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "30000000"))
REPEAT = int(os.environ.get("BENCH_REPEAT", "3"))
PEERS = Path(__file__).parent / ".peers" / "bin" / "python"

BOUGHT = {"names": ["Order Completed"]}
STEPS = [{"names": [name]} for name in ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")]
END = "2026-01-01T00:00:00Z"
SINCE = {days: {"from": f"{day}T00:00:00Z", "to": END}
         for days, day in ((30, "2025-12-02"), (90, "2025-10-03"), (180, "2025-07-05"), (365, "2025-01-01"))}
QUESTIONS = {
    "q2": {"type": "per_person", "filter": BOUGHT, "span": SINCE[90], "test": {"count": {"at_least": 2}},
           "also": [{"sum": {"at_least": 500}}]},
    "q3": {"type": "per_person", "filter": {"names": ["Email Opened"]}, "span": SINCE[30],
           "test": {"count": {"at_least": 1}}, "not_since": BOUGHT},
    "q4": {"type": "funnel", "steps": STEPS, "within_ms": 7 * 86_400_000},
    "q5": {"type": "rfm", "filter": BOUGHT},
    "q6": {"type": "retention", "start": {}, "back": {}, "every": {"unit": "month", "zone": "UTC"}, "periods": 11,
           "span": SINCE[365]},
}
#: What needs the profiles is asked in SQL, as the workbench asks it.
STATEMENTS = {
    "q1": """SELECT count(*) FROM profiles WHERE city IN ('city 0', 'city 3', 'city 7') AND level = 'level 1'
        AND age BETWEEN 25 AND 45 AND mail_agreed AND points >= 5000""",
    "q7": """SELECT city, product_id, times FROM (SELECT city, product_id, times,
            row_number() OVER (PARTITION BY city ORDER BY times DESC, product_id) AS place
        FROM (SELECT city, product_id, count(*) AS times FROM events AS e JOIN profiles AS p ON e.profile_id = p.id
            WHERE e.name = 'Order Completed' AND e.happened_at >= TIMESTAMP '2025-07-05 00:00:00+00'
                AND e.happened_at < TIMESTAMP '2026-01-01 00:00:00+00' GROUP BY city, product_id) AS sold) AS ranked
        WHERE place <= 5 ORDER BY city, place""",
}
WHAT = {
    "q1": "attributes only, over all profiles",
    "q2": "two purchases or more and a sum, 90 days",
    "q3": "opened and not bought since, 30 days",
    "q4": "ordered funnel of four steps in 7 days, a year",
    "q5": "recency, frequency and value in quintiles, a year",
    "q6": "who comes back month by month, all events of a year",
    "q7": "five best products of each city, 180 days, joined with profiles",
}
#: Most that we may use: so many times the peer's processor seconds.
TARGETS = {
    "q1": {"duckdb": 1.7}, "q2": {"duckdb": 1.2}, "q3": {"duckdb": 1.2}, "q4": {"duckdb": 0.5, "chdb": 0.6},
    "q5": {"duckdb": 1.7}, "q6": {"best": 1.0}, "q7": {"duckdb": 1.2},
}


@dataclass
class Asked:
    """One answer, and what it took."""

    rows: list
    cpu: float
    wall: float
    peak_mb: float


def built(name: str) -> Path:
    """Builds an example of the lake and returns its program."""
    subprocess.run(["cargo", "build", "--quiet", "--release", "--package", "lake-engine", "--example", name],
                   cwd=product.ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", product.ROOT / "target")) / "release" / "examples" / name


def lake() -> Path:
    """Returns the directory with the events, made where it is not there."""
    directory = product.WORK / f"lake-{PEOPLE}-{EVENTS}"
    if not (directory / "done").is_file():
        shutil.rmtree(directory, ignore_errors=True)
        printed, _ = product.run(built("generate"), directory, PEOPLE, EVENTS)
        (directory / "done").write_text(printed)
    return directory


def ours(program: Path, directory: Path, questions: list) -> tuple[list, Asked]:
    """Asks the lake; everything that the process takes is counted."""
    printed, used = product.run(program, directory, stdin=json.dumps(questions))
    found = json.loads(printed)
    return found, Asked(rows_of(found[0]), used.cpu, used.wall, used.peak_mb)


def in_sql(program: Path, directory: Path, query: str) -> Asked:
    """Asks the product in SQL, of which a server is asked again and again: what an answer takes after the first two."""
    few, many = ((times, product.run(program, directory, "sql", times, stdin=STATEMENTS[query])) for times in (2, 12))
    (first, (printed, before)), (last, (_, used)) = few, many
    each = last - first
    return Asked(json.loads(printed), (used.cpu - before.cpu) / each, (used.wall - before.wall) / each, used.peak_mb)


def at_first(program: Path, directory: Path, query: str) -> float:
    """Returns the processor seconds of a process that answers once, with all that it has to read before."""
    return statistics.median(
        product.run(program, directory, "sql", stdin=STATEMENTS[query])[1].cpu for _ in range(REPEAT))


def rows_of(found: dict) -> list:
    """Writes an answer as the others' SQL does."""
    if found["type"] == "per_person":
        return [[found["people"]]]
    if found["type"] == "funnel":
        return [found["rows"][0]["steps"]]
    if found["type"] == "rfm":
        return [[row["recency"], row["frequency"], row["monetary"], row["people"], row["value"]] for row in found["rows"]]
    # Whether somebody came back in the month in which they began is not what a month's bit says: it is left out.
    return [[int(row["cohort"][5:7]), row["people"], *row["back"][1:]] for row in found["rows"]]


def peer(engine: str, query: str, directory: Path) -> Asked:
    """Asks another engine in a process of its own."""
    times = 3 if query in STATEMENTS else 1
    printed, _ = product.run(PEERS, Path(__file__).parent / "asking_peer.py", engine, query, directory, times)
    asked = Asked(**json.loads(printed.splitlines()[-1]))
    asked.rows = cohorts(asked.rows) if query == "q6" else [list(row) for row in asked.rows]
    return asked


def cohorts(masks: list) -> list:
    """Makes cohorts of how many people were there in which months."""
    counts: dict[int, list] = {}
    for mask, people in masks:
        first = (mask & -mask).bit_length()
        row = counts.setdefault(first, [0] * (13 - first))
        for after in range(13 - first):
            row[after] += people if mask >> (first - 1 + after) & 1 else 0
    return [[first, *counts[first]] for first in sorted(counts)]


def alike(one: list, other: list) -> bool:
    """Compares two answers. Values are halves, so that sums agree whichever way they are added."""
    return [list(row) for row in one] == [list(row) for row in other]


def compared(program: Path, directory: Path) -> dict[str, dict[str, Asked]]:
    """Asks everybody everything, in an order of chance; returns the medians."""
    found: dict[tuple, list[Asked]] = {}
    for turn in range(REPEAT):
        runs = [(query, engine) for query in WHAT for engine in ("duckdb", "chdb", "ours")]
        random.Random(turn).shuffle(runs)
        for query, engine in runs:
            if engine != "ours":
                asked = peer(engine, query, directory)
            elif query in QUESTIONS:
                _, asked = ours(program, directory, [QUESTIONS[query]])
            else:
                asked = in_sql(program, directory, query)
            found.setdefault((query, engine), []).append(asked)
    medians: dict[str, dict[str, Asked]] = {}
    for (query, engine), all_asked in found.items():
        rows = found[query, "duckdb"][0].rows
        if not all(alike(asked.rows, rows) for asked in all_asked):
            raise SystemExit(f"{query}: {engine} says {all_asked[0].rows[:4]}, DuckDB {rows[:4]}")
        medians.setdefault(query, {})[engine] = Asked(rows, *(
            statistics.median(getattr(asked, name) for asked in all_asked) for name in ("cpu", "wall", "peak_mb")))
    return medians


def row(query: str, by: dict[str, Asked]) -> Row:
    """Returns a line of the table."""
    mine, limits = by["ours"], TARGETS[query]
    peers = {engine: asked.cpu for engine, asked in by.items() if engine != "ours"}
    peers["best"] = min(peers.values())
    holds = all(mine.cpu <= limit * peers[engine] for engine, limit in limits.items()) and mine.peak_mb < 1_000
    said = ", ".join(f"≤ {limit} × {dict(duckdb='DuckDB', chdb='chdb', best='the better').get(engine)}"
                     for engine, limit in limits.items())
    by_sql = "" if query in QUESTIONS else " (SQL, all asked again)"
    first = next(iter(limits))
    return Row(
        f"{query}: {WHAT[query]}{by_sql}", f"{mine.cpu:.2f} s CPU ({mine.wall:.2f} s), {mine.peak_mb:.0f} MB at most",
        "; ".join(f"{name} {by[engine].cpu:.2f} s CPU ({by[engine].wall:.2f} s), {by[engine].peak_mb:.0f} MB"
                  for engine, name in (("duckdb", "DuckDB"), ("chdb", "chdb"))),
        mine.cpu / peers[first], f"{said}, < 1 GB", holds)


def segments() -> list[dict]:
    """Returns a hundred questions about people, of ten sorts."""
    every = []
    for step in range(10):
        names = [{"names": [name]} for name in ("Product Viewed", "Email Opened", "Signed In", "Coupon Applied")]
        many = {"count": {"at_least": step + 1}}
        every += [
            {"type": "per_person", "filter": BOUGHT, "span": SINCE[365], "test": {"sum": {"at_least": 100 * (step + 1)}}},
            {"type": "per_person", "filter": BOUGHT, "span": SINCE[90], "test": many},
            {"type": "per_person", "filter": names[0], "span": SINCE[30], "test": many},
            {"type": "per_person", "filter": names[0], "span": SINCE[365], "test": many},
            {"type": "per_person", "filter": names[1], "span": SINCE[180], "test": many, "not_since": BOUGHT},
            {"type": "per_person", "filter": names[2], "span": SINCE[365],
             "test": {"last": {"at_most": f"2025-{step + 1:02}-15T00:00:00Z"}}},
            {"type": "per_person", "filter": names[3], "span": SINCE[365], "test": many},
            {"type": "per_person", "filter": BOUGHT, "span": SINCE[180], "test": many,
             "also": [{"sum": {"at_least": 50 * (step + 1)}}]},
            {"type": "funnel", "steps": STEPS[:2 + step % 3], "within_ms": (step + 1) * 86_400_000},
            {"type": "per_person", "filter": {}, "span": SINCE[365], "test": {"count": {"at_least": 10 * (step + 1)}}},
        ]
    return every


def together(program: Path, directory: Path) -> Row:
    """Returns what a hundred segments take in one pass beside the dearest of them alone."""
    every = segments()
    all_found, asked = ours(program, directory, every)
    alone, dearest = 0.0, ""
    for place in range(10):
        found, one = ours(program, directory, [every[place]])
        if found[0] != all_found[place]:
            raise SystemExit(f"segment {place} says {found[0]} alone and {all_found[place]} among a hundred")
        if one.cpu > alone:
            alone, dearest = one.cpu, "funnel" if every[place]["type"] == "funnel" else "people by " + str(
                list(every[place]["filter"].get("names", ["any event"]))[0])
    return Row("100 segments in one pass", f"{asked.cpu:.2f} s CPU ({asked.wall:.2f} s), {asked.peak_mb:.0f} MB at most",
               f"{alone:.2f} s CPU: the dearest of them alone ({dearest})", asked.cpu / alone, "≤ 4, < 1 GB",
               asked.cpu <= 4 * alone and asked.peak_mb < 1_000)


def measure() -> list[Row]:
    """Returns the figures of questions."""
    directory, program = lake(), built("ask")
    made = json.loads((directory / "done").read_text())
    found = sorted(compared(program, directory).items())
    rows = [row(query, by) for query, by in found]
    for (query, _), one in zip(found, rows):
        if query in STATEMENTS:
            one.ours += f"; {at_first(program, directory, query):.2f} s CPU of a process that answers once"
    rows.append(together(program, directory))
    rows[0].what += f" ({made['people']:,} people, {made['events']:,} events, {made['bytes'] / 1e6:,.0f} MB)"
    return rows
