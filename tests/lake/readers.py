"""Has DuckDB and pyarrow read the files of the lake as they are, and holds their figures against those of the export."""

import json
import subprocess
import sys
import uuid
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.dataset


def exported(path: Path) -> tuple[int, int, int]:
    """Returns events, people and revenue."""
    with path.open() as lines:
        events = [json.loads(line) for line in lines]
    people = {event["node"] for event in events}
    return len(events), len(people), sum(event["properties"]["revenue"] for event in events)


def main() -> None:
    """Compares."""
    binary, data, stored = sys.argv[1:4]
    listed = subprocess.run([binary, "lake", "files", "--data-dir", data], capture_output=True, text=True, check=True)
    files = listed.stdout.split()
    wanted = exported(Path(stored))
    counted = duckdb.sql(
        f"SELECT COUNT(*), COUNT(DISTINCT node), CAST(SUM(value) AS BIGINT) FROM read_parquet({files})").fetchall()[0]
    node, kind = duckdb.sql(f"SELECT node, typeof(node) FROM read_parquet({files}) LIMIT 1").fetchall()[0]
    table = pyarrow.dataset.dataset(files).to_table(["node", "value", "happened_at"])
    arrow = (table.num_rows, pc.count_distinct(table["node"].combine_chunks().storage).as_py(), int(pc.sum(table["value"]).as_py()))
    if not wanted == tuple(counted) == arrow:
        sys.exit(f"the readers differ: export {wanted}, DuckDB {counted}, pyarrow {arrow}")
    if kind != "UUID" or not isinstance(node, uuid.UUID):
        sys.exit(f"DuckDB takes a node for {kind}")
    print(f"lake: DuckDB and pyarrow read {wanted[0]} events of {wanted[1]} people in {len(files)} files as the product does")


if __name__ == "__main__":
    main()
