"""Ingest: events acknowledged on disk through HTTP, beside a bare append and fdatasync of the same bytes."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import product
from table import Row

SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
CALLERS = 16
BATCH = 100
#: Bytes of one event as the load sends it.
EVENT_BYTES = 300


@dataclass
class Taken:
    """What the product took."""

    per_second: float
    failed: int
    p50: float
    p95: float
    cpu_us: float
    peak_mb: float
    #: Seconds from the last answer until everything was in files.
    behind: float
    stored: int
    sent: int


def bare(directory: Path) -> float:
    """Returns the events a second that one process appends and makes durable, a batch at a time."""
    body = os.urandom(EVENT_BYTES * BATCH // 2).hex().encode()
    file = os.open(directory / "bare.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    began, batches = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS / 4:
        os.write(file, body)
        os.fdatasync(file)
        batches += 1
    took = time.perf_counter() - began
    os.close(file)
    (directory / "bare.log").unlink()
    return batches * BATCH / took


def peak_mb(process: int) -> float:
    """Returns the most memory that a process had resident."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("the server is gone")


def stats(data_dir: Path) -> dict:
    """Returns what is in the lake."""
    printed, _ = product.run(product.binary(), "lake", "stats", "--data-dir", data_dir, "--json")
    return json.loads(printed)


def load(server: product.Server, key: str) -> tuple[int, int, float, float, float]:
    """Sends as much as is taken; returns requests, failures, seconds, p50 and p95."""
    ended = subprocess.run(
        ["wrk", "-t1", f"-c{CALLERS}", f"-d{SECONDS}s", "--timeout", "30s", "-s", str(Path(__file__).parent / "events.lua"),
         f"http://127.0.0.1:{server.port + 1}/v1/batch"],
        env={**os.environ, "BENCH_KEY": key, "BENCH_RUN": str(time.time_ns())}, capture_output=True, text=True, check=True)
    result = next(line for line in ended.stderr.splitlines() if line.startswith("RESULT")).split()[1:]
    return int(result[0]), int(result[1]), *map(float, result[2:5])


def taken() -> Taken:
    """Measures the product."""
    data_dir = product.fresh("ingest")
    server = product.Server(data_dir)
    printed, _ = product.run(product.binary(), "source", "create", "--data-dir", data_dir, "--name", "bench")
    before = server.cpu()
    requests, failed, seconds, p50, p95 = load(server, printed.strip())
    ended = time.perf_counter()
    while stats(data_dir)["log_bytes"] > 0:
        time.sleep(0.5)
    behind = time.perf_counter() - ended
    found, sent = stats(data_dir), (requests - failed) * BATCH
    return Taken(sent / seconds, failed, p50, p95, (server.cpu() - before) / sent * 1e6, peak_mb(server.process.pid), behind,
                 found["events"], sent)


def measure() -> list[Row]:
    """Returns the figures of ingest."""
    directory = product.fresh("bare")
    limit = bare(directory)
    ours = taken()
    if ours.failed or ours.stored < ours.sent:
        raise SystemExit(f"{ours.failed} batches failed; {ours.sent} events were acknowledged, {ours.stored} are stored")
    return [
        Row(f"events through HTTP /v1/batch, {BATCH} a batch, {CALLERS} callers, acknowledged on disk",
            f"{ours.per_second:,.0f}/s (p50 {ours.p50:.1f} ms, p95 {ours.p95:.1f} ms, {ours.cpu_us:.0f} µs CPU an event, "
            "until it is in a file)",
            f"{limit:,.0f}/s: append and fdatasync of the same bytes, nothing read", ours.per_second / limit,
            "≥ 30,000/s, ≥ half", ours.per_second >= 30_000 and ours.per_second >= limit / 2),
        Row(f"… all {ours.stored:,} of them in ordered files, after the last answer", f"{ours.behind:.1f} s", None, None,
            None, None),
        Row("… memory of the server at most", f"{ours.peak_mb:.0f} MB", None, None, "< 500 MB", ours.peak_mb < 500),
    ]
