"""The product under measurement: its binary, its processes, its API."""

import atexit
import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = Path(os.environ.get("BENCH_DIR", tempfile.gettempdir())) / "brandwright-bench"
DATA = Path(os.environ.get("BRANDWRIGHT_DATA", ROOT.parent / "shared" / "data"))


def binary() -> Path:
    """Returns the release binary: the one that `make build` leaves, or the one that BENCH_BINARY names."""
    path = Path(os.environ.get("BENCH_BINARY", ROOT / "target" / "release" / "brandwright"))
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run `make build` first")
    return path


def fresh(name: str) -> Path:
    """Returns an empty directory for a data directory."""
    path = WORK / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def free_port() -> int:
    """Returns a port that is free now, and whose successor is too (receivers' pages)."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 1))
                return port
            except (OSError, OverflowError):
                continue


@dataclass
class Usage:
    """What a process used."""

    wall: float
    cpu: float
    peak_mb: float


def run(*args, stdin: str = "", source=None) -> tuple[str, Usage]:
    """Runs a command to its end and returns what it printed and used; `source` is a pipe to read from."""
    began = time.perf_counter()
    process = subprocess.Popen([str(a) for a in args], stdin=source or subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if source is None:
        process.stdin.write(stdin)
        process.stdin.close()
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, args))} ended with {process.returncode}: {printed}")
    return printed, usage(used, time.perf_counter() - began)


def usage(used: resource.struct_rusage, wall: float) -> Usage:
    """Reads what the system counted for an ended process."""
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def token(data_dir: Path, role: str, where: tuple = ()) -> str:
    """Makes a user with a role and returns a token that acts for them; `where` names the database."""
    email = f"{role}@bench.invalid"
    password = "correct horse battery staple 7"
    run(binary(), "user", "create", "--data-dir", data_dir, "--email", email, "--role", role, "--password-stdin",
        *where, stdin=password)
    printed, _ = run(binary(), "token", "create", "--data-dir", data_dir, "--user", email, *where)
    return printed.strip()


class Server:
    """A running `brandwright serve`."""

    def __init__(self, data_dir: Path, environment: dict | None = None, arguments: tuple = (), port: int | None = None):
        self.data_dir = data_dir
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        log = open(data_dir.parent / f"{data_dir.name}.log", "a")
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(binary()), "serve", "--data-dir", str(data_dir), "--listen", f"127.0.0.1:{self.port}", *arguments],
            stdout=log, stderr=log, env={**os.environ, **(environment or {})})
        # Nothing is left behind where a run ends early.
        atexit.register(self.process.kill)
        self.ready_after = self._wait()

    def _wait(self) -> float:
        """Waits for the first answer; the socket is bound before anything is loaded, so one request is enough."""
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.base}/readyz", timeout=600) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - self.began
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.002)
        raise SystemExit(f"the server ended with {self.process.returncode}; see {self.data_dir}.log")

    def resident_mb(self) -> float:
        """Returns the memory that is resident now."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("the server is gone")

    def cpu(self) -> float:
        """Returns the processor seconds used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> Usage:
        """Ends it as an operator would, and returns what it used."""
        self.process.terminate()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage(used, time.perf_counter() - self.began)


class Api:
    """Somebody who calls the API with a token."""

    def __init__(self, base: str, secret: str):
        self.base, self.secret = base, secret

    def call(self, method: str, path: str, body=None, version: int | None = None):
        """Calls one operation and returns its answer; ends the run where it is refused."""
        headers = {"authorization": f"Bearer {self.secret}", "accept-language": "en"}
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            headers["content-type"] = "application/json"
        if version is not None:
            headers["if-match"] = f'"{version}"'
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from None
        return json.loads(text) if text else None

    def get(self, path: str):
        """Reads."""
        return self.call("GET", path)

    def post(self, path: str, body=None, version: int | None = None):
        """Does."""
        return self.call("POST", path, body, version)


def reader(data_dir: Path) -> sqlite3.Connection:
    """Opens the records beside the product, to look only."""
    # Opened read-only, SQLite could not make the shared memory of a database that nobody has open.
    records = sqlite3.connect(data_dir / "brandwright.db", timeout=30)
    records.execute("PRAGMA query_only = ON")
    return records
