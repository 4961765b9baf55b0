"""The rulebook: transitions with their audit rows, lists of a million records, all controls, a million clocks, 300 types."""

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import postgres
import product
from serving import READERS, Load, driven, sample
from table import Row

PACK = product.ROOT / "benches" / "bench-pack"
TYPE = "bench_ticket"
MOVED = 20_000
RECORDS = 1_000_000
CLOCKS = 1_000_000
TYPES = 300
#: Who asks for lists of a million: one for each core.
LISTERS = 2
#: One record of the million in SQL that both databases run; `n` counts from 1 in an order that no list asks for.
SHUFFLED = f"((n * 7919) % {RECORDS})"
FILLED = {
    "city": f"'city ' || ({SHUFFLED} % 300)",
    "name": f"'ticket ' || {SHUFFLED}",
    # Does not follow from the city: values of two fields have nothing to do with each other here.
    "priority": f"CASE ({SHUFFLED} / 300) % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END",
    "due_on": f"1767225600000 + ({SHUFFLED} % 730) * 86400000",
    "opened_at": f"1767225600000 + {SHUFFLED} * 60000",
    "score": f"{SHUFFLED} % 1000",
    "weight": f"({SHUFFLED} % 10000) / 100.0",
}
#: What lists are asked for: every indexed field as filter and as order, alone and together, and what every record has.
ASKED = (
    ["", "state=open", "sort=-updated_at", "filter=number == 'BT-777777'"]
    + [f"sort={way}{field}" for field in (*FILLED, "number", "created_at") for way in ("", "-")]
    + ["filter=city == 'city 17'", "filter=priority == 'high'", "filter=due_on < now - days(100)",
       "filter=score == 500", "filter=weight >= 99.5", "filter=name == 'ticket 4711'", "state=closed",
       "filter=city == 'city 17'&sort=-due_on", "filter=priority == 'high'&sort=score",
       "filter=due_on < now - days(100)&sort=city", "filter=score == 500&sort=-opened_at",
       "state=open&sort=due_on", "view=by_score", "view=by_city&filter=priority == 'low'"]
)


def prepared(name: str, database: str | None = None) -> tuple[Path, str, tuple]:
    """Returns a data directory whose rulebook knows the measured type, a token for it and the arguments that name its database."""
    data_dir = product.fresh(name)
    where = ("--database-url", database) if database else ()
    product.run(product.binary(), "pack", "apply", PACK, "--reason", "to measure it", "--data-dir", data_dir, *where)
    return data_dir, product.token(data_dir, "administrator", where), where


def transitions() -> Load:
    """Moves records to and fro through the API; each move is a transaction with its audit row."""
    data_dir, secret, _ = prepared("transitions")
    rows = data_dir / "tickets.csv"
    rows.write_text("name,city\n" + "".join(f"ticket {n},city {n % 300}\n" for n in range(MOVED)))
    product.run(product.binary(), "import", f"record.{TYPE}", rows, "--data-dir", data_dir)
    reader = product.reader(data_dir)
    ids = [row[0] for row in reader.execute("SELECT id FROM rulebook_record WHERE type_id = ? ORDER BY id", (TYPE,))]
    server = product.Server(data_dir)
    try:
        seen = driven(server, secret, "transitions", ids, "stepping.lua")
    finally:
        server.stop()
    written = reader.execute("SELECT COUNT(*) FROM audit_entry WHERE noun = ? AND action IN ('begin', 'rest')", (f"record.{TYPE}",)).fetchone()[0]
    if written < seen.requests:
        raise SystemExit(f"{seen.requests} transitions left {written} audit rows")
    return seen


def fill_statement(slots: dict[str, str], columns: list[str], numbers: str) -> str:
    """Returns the SQL that copies the one record that the API made a million times, with values of its own each."""
    own = {slots[field]: value for field, value in FILLED.items()}
    own |= {
        "id": "'00000000-0000-7000-8000-' || substr('000000000000' || n, -12)" if "WITH" in numbers
        else "'00000000-0000-7000-8000-' || lpad(n::text, 12, '0')",
        "number": "'BT-' || n",
        "title": FILLED["name"],
        "search": FILLED["name"],
        "state": f"CASE WHEN {SHUFFLED} % 4 = 0 THEN 'closed' ELSE 'open' END",
        "ended": f"{SHUFFLED} % 4 = 0",
        "created_at": f"1767225600000 + {SHUFFLED} * 1000",
        "updated_at": f"1767225600000 + {SHUFFLED} * 2000",
        "instance_id": "NULL",
    }
    values = ", ".join(own.get(column, f"r.{column}") for column in columns)
    head, source = numbers.split("|") if "|" in numbers else ("", numbers)
    return (f"{head} INSERT INTO rulebook_record ({', '.join(columns)}) SELECT {values} FROM {source}, "
            f"(SELECT * FROM rulebook_record WHERE type_id = '{TYPE}' LIMIT 1) r")


def fill(execute: Callable, columns: list[str], numbers: str) -> None:
    """Fills the table of records."""
    slots = json.loads(execute(f"SELECT slots FROM rulebook_record_type WHERE type_id = '{TYPE}'")[0][0])
    began = time.perf_counter()
    execute(fill_statement(slots, columns, numbers))
    execute("ANALYZE")
    print(f"a million records stand after {time.perf_counter() - began:.0f} s", file=sys.stderr)


def lists(name: str, database: str | None = None) -> list[Load]:
    """Asks for first pages of a million records."""
    data_dir, secret, where = prepared(name, database)
    server = product.Server(data_dir, arguments=where)
    try:
        values = {"name": "the first", "city": "city 1", "priority": "low", "due_on": "2026-01-01", "opened_at": "2026-01-01T00:00:00Z",
                  "score": 1, "weight": 1.5}
        product.Api(server.base, secret).post(f"/api/v1/records/{TYPE}", {"values": values})
    finally:
        server.stop()
    if database is None:
        records = sqlite3.connect(data_dir / "brandwright.db", isolation_level=None)
        columns = [row[1] for row in records.execute("PRAGMA table_info(rulebook_record)")]
        numbers = f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {RECORDS})|counted"
        fill(lambda sql: records.execute(sql).fetchall(), columns, numbers)
        records.close()
    else:
        execute = postgres.speaker(database)
        columns = [row[0] for row in execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'rulebook_record' ORDER BY ordinal_position")]
        fill(execute, columns, f"generate_series(1::bigint, {RECORDS}) n")
    server = product.Server(data_dir, arguments=where)
    try:
        return [driven(server, secret, asked or "newest", [address(asked)], "latency.lua", LISTERS) for asked in ASKED]
    finally:
        server.stop()


def address(asked: str) -> str:
    """Returns the path and query of a list."""
    pairs = [part.partition("=") for part in asked.split("&")] if asked else []
    query = "&".join(f"{name}={quote(value)}" for name, _, value in pairs)
    return f"/api/v1/records/{TYPE}" + (f"?{query}" if query else "")


def controls() -> tuple[float, int, str]:
    """Evaluates every control that is looked at by query, one after the other; returns seconds, their number and the slowest."""
    data_dir, secret = sample()
    server = product.Server(data_dir)
    took: list[tuple[float, str]] = []
    try:
        api = product.Api(server.base, secret)
        for control in all_of(api, "/api/v1/rulebook/controls"):
            if control["kind"] in ("attestation", "file"):
                continue
            began = time.perf_counter()
            api.post(f"/api/v1/rulebook/controls/{control['id']}/evaluate")
            took.append((time.perf_counter() - began, control["id"]))
    finally:
        server.stop()
    slowest = max(took)
    return sum(seconds for seconds, _ in took), len(took), f"{slowest[1]} {slowest[0] * 1000:.0f} ms"


def all_of(api: product.Api, path: str) -> list[dict]:
    """Reads a list to its end."""
    items, cursor = [], ""
    while True:
        page = api.get(f"{path}?page_size=200{cursor}")
        if isinstance(page, list):
            return page
        items += page["items"]
        if not page.get("next_cursor"):
            return items
        cursor = f"&cursor={page['next_cursor']}"


def clocks() -> float:
    """Changes the calendar that a million open clocks follow; returns the seconds until the last has its new end."""
    data_dir = product.fresh("clocks")
    secret = product.token(data_dir, "administrator")
    server = product.Server(data_dir)
    api = product.Api(server.base, secret)
    calendar = api.get("/api/v1/rulebook/calendars")["items"][0]
    code = calendar["code"]
    server.stop()
    records = sqlite3.connect(data_dir / "brandwright.db", isolation_level=None)
    now = int(time.time() * 1000)
    records.execute(f"""
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {CLOCKS})
        INSERT INTO rulebook_clock (id, subject_noun, subject_id, kind, calendar_id, calendar_version, follows,
            receiver_calendar_id, budget_seconds, state, started_at, remaining_ms, last_event_at, due_at, version,
            created_at, updated_at)
        SELECT '00000000-0000-7000-8000-' || substr('000000000000' || n, -12), 'test.ticket',
            '00000000-0000-7000-8001-' || substr('000000000000' || n, -12), 'solution', ?, ?, 1, ?, 144000, 'running',
            ? - n * 2000, 144000000, ? - n * 2000, ? + 2000000000, 1, ?, ? FROM counted""",
                    (calendar["id"], calendar["version"], calendar["id"], now, now, now, now, now))
    records.execute("""INSERT INTO rulebook_clock_step (clock_id, step, basis, amount, waits, fire_at, wake_at)
        SELECT id, 'soon', 'before_due', 3600, 1, due_at, due_at FROM rulebook_clock""")
    records.execute("ANALYZE")
    records.close()
    server = product.Server(data_dir)
    try:
        api = product.Api(server.base, secret)
        weekly = [hours for hours in calendar["definition"]["weekly"] if (hours["weekday"], hours["from"]) != ("friday", "13:00")]
        body = {"definition": {**calendar["definition"], "weekly": weekly}, "reason": "Friday afternoons are free"}
        began = time.perf_counter()
        api.call("PUT", f"/api/v1/rulebook/calendars/{code}", body, calendar["version"])
        reader = product.reader(data_dir)
        while reader.execute("SELECT 1 FROM rulebook_clock WHERE calendar_version = ? AND state = 'running' LIMIT 1",
                             (calendar["version"],)).fetchone():
            time.sleep(0.05)
        return time.perf_counter() - began
    finally:
        server.stop()


def many_types() -> tuple[float, float]:
    """Returns the seconds in which a pack of 300 types is read and proven, and in which it comes to run."""
    folder = product.fresh("many-types") / "many-types"
    (folder / "records").mkdir(parents=True)
    (folder / "machines").mkdir()
    (folder / "pack.yaml").write_text((PACK / "pack.yaml").read_text().replace("bench-pack", "many-types"))
    for kind in ("records", "machines"):
        text = (PACK / kind / f"{TYPE}.yaml").read_text()
        for number in range(TYPES):
            own = text.replace(TYPE, f"bench_type_{number}").replace("prefix: BT", f"prefix: B{number}")
            (folder / kind / f"bench_type_{number}.yaml").write_text(own)
    _, checked = product.run(product.binary(), "pack", "check", folder)
    data_dir = product.fresh("many-types-data")
    product.token(data_dir, "administrator")
    _, applied = product.run(product.binary(), "pack", "apply", folder, "--reason", "to measure it", "--data-dir", data_dir)
    return checked.wall, applied.wall


def measure() -> list[Row]:
    """Measures the rulebook; returns the rows."""
    moved = transitions()
    if moved.failed:
        raise SystemExit(f"{moved.failed} of {moved.requests} transitions failed")
    seconds, count, slowest = controls()
    turned = clocks()
    checked, applied = many_types()
    rows = [
        Row(f"transitions with audit through the API, {READERS} callers, SQLite", f"{moved.per_second:,.0f}/s (p95 {moved.p95:.0f} ms, {moved.cpu:.2f} ms CPU)",
            None, None, "≥ 1,000/s", moved.per_second >= 1_000),
        Row(f"all {count} controls over the sample, one after the other", f"{seconds:.2f} s (slowest {slowest})", None, None, "< 5 s", seconds < 5),
        Row("a million open clocks after a change of their calendar, SQLite", f"{turned:.1f} s", None, None, "< 30 s", turned < 30),
        Row(f"a pack of {TYPES} record types and machines: read and proven", f"{checked:.2f} s (runs after {applied:.2f} s)", None, None, "< 2 s", checked < 2),
    ]
    for name, database in (("SQLite", None), ("PostgreSQL", postgres.started())):
        seen = lists(f"million-{name.lower()}", database)
        failed = [one.operation for one in seen if one.failed or not one.requests]
        if failed:
            raise SystemExit(f"refused or failed on {name}: {failed}")
        worst = max(seen, key=lambda one: one.p95)
        rows.append(Row(f"first page of a million records, {len(seen)} filters and orders, {LISTERS} readers, {name}: slowest p95",
                        f"{worst.p95:.0f} ms ({worst.operation})", None, None, "< 100 ms", worst.p95 < 100))
    return rows
