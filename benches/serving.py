"""Serving: memory, start, lists and profiles under twenty readers, segments, size of the binary."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import product
from table import Row

READERS = 20
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
STARTS = 5
#: The segment of the story: regular buyers of a department, who used no coupon, of the two upper tiers.
SEGMENT = {"type": "all", "of": [
    {"type": "ordered", "what": {"by": "department", "value": "PRODUCE"}, "at_least": 2, "within_days": 90},
    {"type": "not", "of": {"type": "redeemed"}},
    {"type": "tier", "one_of": ["A", "B"]},
]}
#: Answers files, not lists, or belongs to a browser's session; some want what the sample has not; the revenue report is measured by itself.
LEFT_OUT = ("get_revenue", "export", "download", "get_asset_file", "get_session", "list_sessions", "compare_content_versions",
            "list_sample_users", "preview_restore", "get_content_approval", "open_dropped_mail", "preview_import",
            "get_content_version", "explain_segment")


@dataclass
class Load:
    """What twenty readers saw of one operation."""

    operation: str
    requests: int
    failed: int
    per_second: float
    p50: float
    p95: float
    slowest: float
    #: Processor milliseconds of the server for one request: what a busy machine does not change.
    cpu: float


def sample() -> tuple[Path, str]:
    """Loads the sample company once; returns its directory and a token that may read everything."""
    data_dir = product.WORK / "sample"
    if not (data_dir / "loaded").is_file():
        product.fresh("sample")
        _, used = product.run(product.binary(), "sample", "--data-dir", data_dir)
        print(f"sample loaded in {used.wall:.1f} s, {used.cpu:.1f} s of processor", file=sys.stderr)
        (data_dir / "loaded").write_text(product.token(data_dir, "administrator"))
    return data_dir, (data_dir / "loaded").read_text()


def starts(data_dir: Path, *arguments: str) -> float:
    """Returns the median time until the server is ready on existing data."""
    took = []
    for _ in range(STARTS):
        server = product.Server(data_dir, arguments=arguments)
        took.append(server.ready_after)
        server.stop()
    return statistics.median(took)


def lists(api: product.Api) -> dict[str, list[str]]:
    """Returns the paths to ask for, by operation: every GET of the API; what hangs on an id takes the first there is."""
    document = api.get("/api/openapi.json")
    first: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for path, methods in sorted(document["paths"].items(), key=lambda item: item[0].count("/")):
        operation = methods.get("get", {}).get("operationId")
        if operation is None or operation.startswith(LEFT_OUT):
            continue
        address = known(api, document, path, first)
        if address is None:
            print(f"{operation}: nothing in the sample to ask for", file=sys.stderr)
            continue
        found[operation] = [address]
    profiles = api.get("/api/v1/customers/profiles?page_size=200")["items"]
    found["get_profile"] = [f"/api/v1/customers/profiles/{row['id']}" for row in profiles]
    found["list_profile_timeline"] = [f"/api/v1/customers/profiles/{row['id']}/timeline" for row in profiles]
    nodes = ",".join(row["id"] for row in api.get(f"{found['get_profile'][0]}/nodes")["items"])
    found["list_orders of a customer"] = [f"/api/v1/sales/orders?node_ids={nodes}"]
    return found


def known(api: product.Api, document: dict, path: str, first: dict[str, str]) -> str | None:
    """Fills in the places of a path with the first row of the list before it, where there is such a list."""
    address = path
    while "{" in address:
        listed = path[:path.index("{", len(path) - len(address[address.index("{"):]))].rstrip("/")
        parent = address[:address.index("{")].rstrip("/")
        if parent not in first:
            rows = api.get(f"{parent}?page_size=1") if "get" in document["paths"].get(listed, {}) else []
            rows = rows.get("items", []) if isinstance(rows, dict) else rows
            first[parent] = str(rows[0].get("id") or rows[0].get("key") or "") if rows else ""
        if not first[parent]:
            return None
        address = address.replace(address[address.index("{"):address.index("}") + 1], first[parent], 1)
    return address


def load(server: product.Server, secret: str, operation: str, paths: list[str]) -> Load:
    """Lets twenty readers ask at once, each for the next as soon as it has an answer."""
    return driven(server, secret, operation, paths, "latency.lua")


def driven(server: product.Server, secret: str, operation: str, lines: list[str], script: str, callers: int = READERS) -> Load:
    """Lets callers do what a script says with the lines, each the next as soon as it has an answer."""
    listed = product.WORK / "paths"
    listed.write_text("\n".join(lines) + "\n")
    used = server.cpu()
    ended = subprocess.run(["wrk", "-t1", f"-c{callers}", f"-d{SECONDS}s", "--timeout", "30s", "-s",
                            str(product.ROOT / "benches" / script), server.base],
                           env={**os.environ, "BENCH_TOKEN": secret, "BENCH_PATHS": str(listed)},
                           capture_output=True, text=True, check=True)
    fields = next(line for line in ended.stderr.splitlines() if line.startswith("RESULT")).split()[1:]
    requests, failed = int(fields[0]), int(fields[1])
    cpu = (server.cpu() - used) * 1000 / max(requests, 1)
    seen = Load(operation, requests, failed, requests / float(fields[2]), *map(float, fields[3:]), cpu)
    print(f"{operation:40} {seen.per_second:8,.0f}/s  p50 {seen.p50:7.1f}  p95 {seen.p95:7.1f}  max {seen.slowest:7.1f} ms"
          f"  CPU {cpu:5.2f} ms"
          + (f"  {failed} failed" if failed else ""), file=sys.stderr)
    return seen


def segment(api: product.Api) -> float:
    """Returns the median milliseconds of a count over the sample."""
    took = []
    for _ in range(20):
        began = time.perf_counter()
        answer = api.post("/api/v1/customers/segments/preview", {"definition": SEGMENT})
        took.append((time.perf_counter() - began) * 1000)
    if not 0 < answer["count"] < answer["total"]:
        raise SystemExit(f"the segment counts {answer}")
    print(f"segment: first {took[0]:.0f} ms, median {statistics.median(took):.0f} ms", file=sys.stderr)
    return statistics.median(took)


def report(api: product.Api) -> float:
    """Returns the median seconds of a revenue report over every line of the sample."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        api.get("/api/v1/sales/revenue?cleaning=usual")
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def measure() -> tuple[list[Row], list[str]]:
    """Measures a server on the sample; returns the rows and, as notes, the slowest operations."""
    data_dir, secret = sample()
    plain, again = starts(data_dir), starts(data_dir, "--sample")
    server = product.Server(data_dir)
    try:
        api = product.Api(server.base, secret)
        time.sleep(10)
        idle = server.resident_mb()
        counted, reported = segment(api), report(api)
        seen = [load(server, secret, operation, paths) for operation, paths in lists(api).items()]
        after = server.resident_mb()
    finally:
        server.stop()
    failed = [s.operation for s in seen if s.failed or not s.requests]
    if failed:
        raise SystemExit(f"refused or failed under load: {failed}")
    slowest = sorted(seen, key=lambda s: -s.p95)
    profile = next(s for s in seen if s.operation == "get_profile")
    size = product.binary().stat().st_size / 1_000_000
    over = [s for s in slowest if s.p95 >= 100]
    rows = [
        Row("`serve` with the sample: idle memory", f"{idle:.0f} MB ({after:.0f} MB after the load)", None, None, "< 150 MB", idle < 150),
        Row("`serve`: ready on existing data", f"{plain:.2f} s", None, None, "< 1 s", plain < 1),
        Row("`serve --sample`: ready on existing data", f"{again:.2f} s", None, None, None, None),
        Row(f"{len(seen)} lists and pages, {READERS} readers: slowest p95", f"{slowest[0].p95:.0f} ms ({slowest[0].operation})",
            None, None, "< 100 ms", not over),
        Row(f"profile, {READERS} readers: p95", f"{profile.p95:.0f} ms at {profile.per_second:,.0f}/s", None, None, "< 100 ms", profile.p95 < 100),
        Row("segment count over the sample", f"{counted:.0f} ms", None, None, "< 200 ms", counted < 200),
        Row("revenue report over all lines of the sample, one reader", f"{reported:.2f} s", None, None, None, None),
        Row("size of the binary", f"{size:.1f} MB", None, None, None, None),
    ]
    worst = ", ".join(f"{s.operation} {s.p95:.0f} ms ({s.cpu:.1f} ms CPU)" for s in slowest[:8])
    return rows, [f"Slowest of {len(seen)} operations by p95 (processor time of one request): {worst}."]
