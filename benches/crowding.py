"""Crowding: the first page of a list and of a person among ten million customers."""

import os
import sqlite3
import sys
import time
import urllib.parse

import product
import serving
from table import Row

PEOPLE = int(os.environ.get("BENCH_CROWD", "10000000"))
#: Tables that the crowd is written into; what they are found by is built afterwards.
TABLES = ("identifier_node", "profile", "profile_node", "consent_event", "consent", "node_term", "profile_term")
ID = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-8' || substr(hex(randomblob(2)), 2) || '-a' " \
     "|| substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
CITIES = ("上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "南京")
#: When the first of them came, and how many milliseconds there are between two.
FIRST_AT, APART = 1_700_000_000_000, 6

STEPS = (
    f"CREATE TEMP TABLE crowd AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {PEOPLE}) "
    f"SELECT i, {ID} AS person, {ID} AS mail, {FIRST_AT} + i * {APART} AS at FROM n ORDER BY 2",
    "INSERT INTO identifier_node (id, kind, value, created_at) "
    "SELECT person, 'member_number', 'M' || i, at FROM crowd ORDER BY 1",
    "INSERT INTO identifier_node (id, kind, value, created_at) "
    "SELECT mail, 'email', 'person' || i || '@crowd.invalid', at FROM crowd ORDER BY 1",
    "INSERT INTO profile (id, name, city, language, member_node_id, email_node_id, source, tier, tier_since, created_at, updated_at) "
    f"SELECT person, '客户' || i, CASE i % {len(CITIES)} "
    + " ".join(f"WHEN {place} THEN '{city}'" for place, city in enumerate(CITIES))
    + " END, 'zh-Hans', person, mail, 'bench', CASE i % 10 WHEN 0 THEN 'A' WHEN 1 THEN 'B' ELSE 'C' END, at, at, at FROM crowd ORDER BY 1",
    f"INSERT INTO profile_node (id, node_id, profile_id, since) SELECT {ID}, person, person, at FROM crowd ORDER BY 1",
    f"INSERT INTO profile_node (id, node_id, profile_id, since) SELECT {ID}, mail, person, at FROM crowd ORDER BY 1",
    "INSERT INTO consent_event (id, node_id, brand_id, purpose, channel, state, happened_at, recorded_at, given_by, source) "
    "SELECT mail, mail, (SELECT id FROM brand LIMIT 1), 'marketing', 'email', CASE i % 3 WHEN 0 THEN 'withdrawn' ELSE 'granted' END, "
    "at, at, 'person', 'bench' FROM crowd ORDER BY 1",
    "INSERT INTO consent (id, node_id, brand_id, purpose, channel, state, event_id, happened_at) "
    "SELECT id, node_id, brand_id, purpose, channel, state, id, happened_at FROM consent_event WHERE source = 'bench'",
    # What people are searched by is keyed; these are as many as there would be, and none that anybody types.
    *(f"INSERT INTO node_term (term, node_id) SELECT random(), {of} FROM crowd ORDER BY 1" for of in ("person", "mail", "mail")),
    *("INSERT INTO profile_term (term, profile_id) SELECT random(), person FROM crowd ORDER BY 1" for _ in range(3)),
)


def crowd(data_dir) -> None:
    """Writes the people into the sample company's database, which nobody has open."""
    began = time.perf_counter()
    records = sqlite3.connect(data_dir / "brandwright.db", isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -3000000", "temp_store = FILE", "foreign_keys = OFF"):
        records.execute(f"PRAGMA {setting}")
    marks = ", ".join("?" * len(TABLES))
    indexes = records.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})", TABLES).fetchall()
    records.execute("BEGIN")
    for name, _ in indexes:
        records.execute(f"DROP INDEX {name}")
    for statement in STEPS:
        records.execute(statement)
    for _, statement in indexes:
        records.execute(statement)
    records.execute("COMMIT")
    records.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    records.execute("ANALYZE")
    records.close()
    print(f"{PEOPLE:,} people written in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def pages(data_dir, api: product.Api) -> dict[str, list[str]]:
    """Returns what is asked for, by what it is."""
    records = product.reader(data_dir)
    some = "SELECT id FROM profile WHERE source = 'bench' AND created_at = ?"
    people = [records.execute(some, (FIRST_AT + place * (PEOPLE // 200) * APART,)).fetchone()[0] for place in range(200)]
    listed = "/api/v1/customers/profiles"
    # The sample's own people, whom the product wrote: they came after the crowd.
    known = [row for row in api.get(f"{listed}?page_size=50")["items"] if row["name"] and row["member_number"]]
    of = {tab: [f"{listed}/{person}{tab}" for person in people]
          for tab in ("", "/nodes", "/timeline", "/consents", "/segments", "/scores", "/merges")}
    return {
        "list": [f"{listed}?page_size=50"],
        "list of a city": [f"{listed}?page_size=50&city=%E4%B8%8A%E6%B5%B7"],
        "list of a tier": [f"{listed}?page_size=50&tier=A"],
        "search for a member": [f"{listed}?page_size=50&q={row['member_number']}" for row in known],
        "search for an address": [f"{listed}?page_size=50&q={urllib.parse.quote(row['email'])}" for row in known if row["email"]],
        "search for a name": [f"{listed}?page_size=50&q={urllib.parse.quote(row['name'])}" for row in known],
        **{f"person{tab}": paths for tab, paths in of.items()},
    }


def measure() -> list[Row]:
    """Returns the slowest of them."""
    data_dir = product.fresh("crowd")
    product.run(product.binary(), "sample", "--data-dir", data_dir)
    crowd(data_dir)
    secret = product.token(data_dir, "administrator")
    server = product.Server(data_dir)
    asked = pages(data_dir, product.Api(server.base, secret))
    loads = [serving.driven(server, secret, name, paths, "latency.lua", 2) for name, paths in asked.items()]
    memory = server.stop().peak_mb
    if failed := [load.operation for load in loads if load.failed]:
        raise SystemExit(f"{', '.join(failed)} failed")
    slowest = max(loads, key=lambda load: load.p95)
    print(f"at most {memory:.0f} MB", file=sys.stderr)
    return [Row(f"first page among {PEOPLE:,} customers, {len(loads)} lists and parts of a person, 2 readers, SQLite: slowest p95",
                f"{slowest.p95:.0f} ms ({slowest.operation})", None, None, "< 50 ms", slowest.p95 < 50)]
