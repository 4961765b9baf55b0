"""A PostgreSQL of our own for one measurement: with fsync, on a port of its own, gone at the end."""

import atexit
import os
import pwd
import subprocess
from collections.abc import Callable

import product

BIN = "/usr/lib/postgresql/15/bin"
USER = "postgres"


def run_as(*arguments: str) -> None:
    """Runs one of PostgreSQL's programs; they refuse to run as root."""
    front = ("runuser", "-u", USER, "--") if os.geteuid() == 0 else ()
    subprocess.run([*front, *arguments], check=True, stdout=subprocess.DEVNULL)


def started() -> str:
    """Starts the server and returns the address of an empty database."""
    folder = product.fresh("postgres")
    if os.geteuid() == 0:
        os.chmod(product.WORK, 0o755)
        who = pwd.getpwnam(USER)
        os.chown(folder, who.pw_uid, who.pw_gid)
    port = product.free_port()
    run_as(f"{BIN}/initdb", "-D", f"{folder}/data", "-A", "trust", "-U", USER, "--no-locale", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_wal_size=8GB"
    run_as(f"{BIN}/pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
    atexit.register(run_as, f"{BIN}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    run_as(f"{BIN}/createdb", "-h", "127.0.0.1", "-p", str(port), "-U", USER, "brandwright")
    return f"postgres://{USER}@127.0.0.1:{port}/brandwright"


def speaker(database: str) -> Callable[[str], list[list[str]]]:
    """Returns what runs one statement and answers its rows."""
    def execute(statement: str) -> list[list[str]]:
        done = subprocess.run([f"{BIN}/psql", database, "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement],
                              check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]
    return execute
