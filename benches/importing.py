"""Import: all lines of a real shop's year, beside what SQLite itself takes for the same rows."""

import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

import product
from table import Row

FILE = product.DATA / "online_retail" / "online_retail.csv.gz"
LINES = 541_909
TABLES = ("sales_order", "sales_order_line", "sales_import_order")
CHUNK = 5_000


def measure(repeat: int) -> list[Row]:
    """Imports, reports, and stores the same rows without reading or deciding anything."""
    if not FILE.is_file():
        raise SystemExit(f"{FILE} is not there; BRANDWRIGHT_DATA names the folder")
    runs = []
    for number in range(repeat):
        data_dir = product.fresh(f"import-{number}")
        printed, used = product.run(product.binary(), "import", "orders", FILE, "--data-dir", data_dir)
        if printed.strip() != f"read {LINES} stored {LINES} rejected 0":
            raise SystemExit(f"the import says {printed!r}")
        print(f"import {number + 1}: {used.wall:.1f} s, {used.cpu:.1f} s of processor, {used.peak_mb:.0f} MB",
              file=sys.stderr)
        runs.append(used)
    took = statistics.median(u.wall for u in runs)
    cpu = statistics.median(u.cpu for u in runs)
    peak = max(u.peak_mb for u in runs)
    report(data_dir)
    limit, limit_cpu = middle(bare(data_dir) for _ in range(repeat))
    tool, _ = middle(sqlite_utils() for _ in range(repeat))
    rate = LINES / took
    return [
        Row("import of 541,909 order lines", f"{took:.1f} s ({cpu:.1f} s CPU)", f"{limit:.1f} s ({limit_cpu:.1f} s CPU): SQLite alone, same rows and indexes, from Python",
            took / limit, "< 30 s", took < 30),
        Row("… in lines a second", f"{rate:,.0f}", f"{LINES / tool:,.0f}: sqlite-utils, raw columns, no index, no check",
            rate / (LINES / tool), "≥ 20,000", rate >= 20_000),
        Row("… peak memory", f"{peak:.0f} MB", None, None, "< 400 MB", peak < 400),
    ]


def report(data_dir: Path) -> None:
    """Proves what was imported: revenue after the usual cleaning is known from outside."""
    secret = product.token(data_dir, "administrator")
    server = product.Server(data_dir)
    try:
        began = time.perf_counter()
        answer = product.Api(server.base, secret).get("/api/v1/sales/revenue?cleaning=usual")
        took = time.perf_counter() - began
    finally:
        server.stop()
    total = answer["totals"][0]
    if (total["revenue_minor"], total["customer_count"]) != (891_140_790, 4_338):
        raise SystemExit(f"the report says {total}")
    print(f"revenue report: {took:.2f} s", file=sys.stderr)


def middle(runs) -> tuple[float, float]:
    """Returns the median seconds and processor seconds of several runs."""
    runs = list(runs)
    return statistics.median(wall for wall, _ in runs), statistics.median(cpu for _, cpu in runs)


def bare(data_dir: Path) -> tuple[float, float]:
    """Stores the rows that the import made, in its own order and chunks; returns seconds and processor seconds."""
    source = product.reader(data_dir)
    schema = [sql for (sql,) in source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name IN (?, ?, ?) AND type IN ('table', 'index') AND sql IS NOT NULL "
        "ORDER BY type DESC", TABLES)]
    rows = {table: source.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in TABLES}
    chunks = [as_imported(rows, start) for start in range(0, LINES, CHUNK)]
    file = product.fresh("bare") / "bare.db"
    target = sqlite3.connect(file, isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = FULL")
    target.execute("PRAGMA foreign_keys = ON")
    for statement in schema:
        target.execute(statement)
    began, cpu = time.perf_counter(), time.process_time()
    for chunk in chunks:
        target.execute("BEGIN IMMEDIATE")
        for table, share in chunk.items():
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(share[0]))})", share)
        target.execute("COMMIT")
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    target.close()
    print(f"SQLite alone: {took:.1f} s, {cpu:.1f} s of processor", file=sys.stderr)
    return took, cpu


def as_imported(rows: dict, start: int) -> dict:
    """Returns the lines of one chunk with the orders that begin in it."""
    lines = rows["sales_order_line"][start:start + CHUNK]
    begun = {line[0] for line in lines if line[1] == 1}
    of_orders = {"sales_order": 0, "sales_import_order": 1}
    chunk = {table: [row for row in rows[table] if row[place] in begun] for table, place in of_orders.items()}
    return {table: share for table, share in {**chunk, "sales_order_line": lines}.items() if share}


def sqlite_utils() -> tuple[float, float]:
    """Lets the usual tool put the same file into a table; returns seconds and processor seconds."""
    tool = product.ROOT / "benches" / ".peers" / "bin" / "sqlite-utils"
    if not tool.is_file():
        raise SystemExit("sqlite-utils is not there: run `make peers` first")
    file = product.fresh("sqlite-utils") / "peer.db"
    unpacked = subprocess.Popen(["gzip", "-dc", str(FILE)], stdout=subprocess.PIPE)
    _, used = product.run(tool, "insert", file, "lines", "-", "--csv", "--silent", source=unpacked.stdout)
    unpacked.wait()
    print(f"sqlite-utils: {used.wall:.1f} s, {used.cpu:.1f} s of processor", file=sys.stderr)
    return used.wall, used.cpu
