"""Asks DuckDB or chdb one of the questions of asking.py about the lake's own Parquet files; prints one JSON object.

    asking_peer.py ENGINE QUERY DIRECTORY [TIMES [LAYOUT]]

Only what answering takes is counted: each engine has answered something else before, as one that serves has. Asked several
times, the last answer counts.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

THREADS = 2
END = "2026-01-01 00:00:00"
SINCE = {30: "2025-12-02 00:00:00", 90: "2025-10-03 00:00:00", 180: "2025-07-05 00:00:00"}
BOUGHT, STEPS = "Order Completed", ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")
WEEK_MS = 7 * 86_400_000


def sql(engine: str, query: str, events: str, profiles: str) -> str:
    """Returns the query in an engine's words."""
    time_of = {"duckdb": "TIMESTAMPTZ '{}+00'", "chdb": "toDateTime64('{}', 3, 'UTC')"}[engine]
    ms = {"duckdb": "epoch_ms(happened_at)", "chdb": "toUnixTimestamp64Milli(happened_at)"}[engine]

    def span(days: int) -> str:
        return f"happened_at >= {time_of.format(SINCE[days])} AND happened_at < {time_of.format(END)}"

    if query == "q0":
        return f"SELECT count(*), min(city) FROM {profiles}"
    if query == "q1":
        return f"""SELECT count(*) FROM {profiles} WHERE city IN ('city 0', 'city 3', 'city 7') AND level = 'level 1'
            AND age BETWEEN 25 AND 45 AND mail_agreed AND points >= 5000"""
    if query == "q2":
        return f"""SELECT count(*) FROM (SELECT node FROM {events} WHERE name = '{BOUGHT}' AND {span(90)}
            GROUP BY node HAVING count(*) >= 2 AND sum(value) >= 500) AS people"""
    if query == "q3":
        last = {"duckdb": "max({0}) FILTER (WHERE name = '{1}')", "chdb": "maxIf({0}, name = '{1}')"}[engine]
        opened, bought = last.format(ms, "Email Opened"), last.format(ms, BOUGHT)
        return f"""SELECT count(*) FROM (SELECT node, {opened} AS opened, {bought} AS bought FROM {events}
            WHERE name IN ('Email Opened', '{BOUGHT}') AND {span(30)} GROUP BY node) AS people
            WHERE opened > 0 AND coalesce(bought, 0) <= opened"""
    if query == "q4" and engine == "chdb":
        steps = ", ".join(f"name = '{step}'" for step in STEPS)
        reached = ", ".join(f"countIf(reached >= {step})" for step in range(1, 5))
        return f"""SELECT {reached} FROM (SELECT windowFunnel({WEEK_MS})(toUInt64({ms}), {steps}) AS reached FROM {events}
            WHERE name IN {STEPS} GROUP BY node)"""
    if query == "q4":
        # The latest beginning from which each step is reached in time.
        return f"""WITH e AS (SELECT node, name, {ms} AS t FROM {events} WHERE name IN {STEPS}),
            one AS (SELECT *, CASE WHEN name = '{STEPS[0]}' THEN t END AS b1 FROM e),
            two AS (SELECT *, max(b1) OVER w AS l1 FROM one WINDOW w AS (PARTITION BY node ORDER BY t)),
            two_b AS (SELECT *, CASE WHEN name = '{STEPS[1]}' AND t - l1 <= {WEEK_MS} THEN l1 END AS b2 FROM two),
            three AS (SELECT *, max(b2) OVER w AS l2 FROM two_b WINDOW w AS (PARTITION BY node ORDER BY t)),
            three_b AS (SELECT *, CASE WHEN name = '{STEPS[2]}' AND t - l2 <= {WEEK_MS} THEN l2 END AS b3 FROM three),
            four AS (SELECT *, max(b3) OVER w AS l3 FROM three_b WINDOW w AS (PARTITION BY node ORDER BY t)),
            four_b AS (SELECT *, CASE WHEN name = '{STEPS[3]}' AND t - l3 <= {WEEK_MS} THEN l3 END AS b4 FROM four)
            SELECT count(f1), count(f2), count(f3), count(f4) FROM (SELECT max(b1) AS f1, max(b2) AS f2, max(b3) AS f3,
                max(b4) AS f4 FROM four_b GROUP BY node) AS people"""
    if query == "q5":
        # ClickHouse puts UUIDs in an order of its own.
        node = "UUIDStringToNum(toString(node))" if engine == "chdb" else "node"
        return f"""SELECT r, f, m, count(*), sum(spent) FROM (SELECT spent,
                ntile(5) OVER (ORDER BY latest, {node}) AS r, ntile(5) OVER (ORDER BY times, {node}) AS f,
                ntile(5) OVER (ORDER BY spent, {node}) AS m
            FROM (SELECT node, max({ms}) AS latest, count(*) AS times, sum(value) AS spent FROM {events}
                WHERE name = '{BOUGHT}' GROUP BY node) AS people) AS tiers GROUP BY r, f, m ORDER BY r, f, m"""
    if query == "q6":
        mask = {"duckdb": "bit_or(1 << (month(make_timestamp_ms(epoch_ms(happened_at))) - 1))",
                "chdb": "groupBitOr(bitShiftLeft(toUInt16(1), toMonth(happened_at) - 1))"}[engine]
        return f"""SELECT mask, count(*) FROM (SELECT node, {mask} AS mask FROM {events} GROUP BY node) AS people
            GROUP BY mask"""
    if query == "q7":
        # Whichever side is cast, whatever is faster: in DuckDB the text, by a quarter.
        same = {"duckdb": "e.node::VARCHAR = p.id", "chdb": "e.node = toUUID(p.id)"}[engine]
        return f"""SELECT city, product_id, times FROM (SELECT city, product_id, times,
                row_number() OVER (PARTITION BY city ORDER BY times DESC, product_id) AS place
            FROM (SELECT city, product_id, count(*) AS times FROM {events} AS e JOIN {profiles} AS p ON {same}
                WHERE name = '{BOUGHT}' AND {span(180)} GROUP BY city, product_id) AS sold) AS ranked
            WHERE place <= 5 ORDER BY city, place"""
    raise SystemExit(f"no such query: {query}")


def duckdb(query: str, events: str, profiles: str) -> Callable[[], list]:
    """Asks DuckDB."""
    import duckdb as engine
    text = sql("duckdb", query, f"read_parquet('{events}')", f"read_parquet('{profiles}')")

    def answer() -> list:
        return engine.connect(config={"threads": THREADS}).execute("SET TimeZone = 'UTC'").execute(text).fetchall()
    return answer


def chdb(query: str, events: str, profiles: str) -> Callable[[], list]:
    """Asks ClickHouse as a library."""
    import chdb as engine
    text = sql("chdb", query, f"file('{events}', Parquet)", f"file('{profiles}', Parquet)")

    def answer() -> list:
        lines = engine.query(f"{text} SETTINGS max_threads = {THREADS}", "JSONCompactEachRow").bytes().decode()
        # Counts come as text: they may be larger than a number in JSON.
        rows = [json.loads(line) for line in lines.splitlines()]
        return [[int(cell) if isinstance(cell, str) and cell.isdigit() else cell for cell in row] for row in rows]
    return answer


def main() -> None:
    """Answers."""
    engine, query, directory, *more = sys.argv[1:]
    times, layout = int(more[0]) if more else 1, more[1] if len(more) > 1 else "lake/files"
    events, profiles = f"{directory}/{layout}/*/*.parquet", f"{directory}/lake/copies/profiles-*.parquet"
    ask = {"duckdb": duckdb, "chdb": chdb}[engine]
    ask("q0", events, profiles)()
    answer = ask(query, events, profiles)
    for _ in range(times - 1):
        answer()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = answer()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"rows": rows, "cpu": cpu, "wall": wall, "peak_mb": after.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
