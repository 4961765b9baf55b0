"""Asks the product's SQL and DuckDB (and chdb, where it is installed) the same random statements over the same files.

Usage: tests/lake/sql.py EXAMPLE [--seed N] [--statements N], where EXAMPLE is the built example `sql` of lake-engine.
Exits 1 with the statement on the first difference. Statements are those whose words mean the same in all three.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile

import duckdb

try:
    from chdb import session as chdb_session
except ImportError:
    chdb_session = None

# Expressions over events `e` and profiles `p`: how the product and DuckDB spell them, and chdb where it differs.
TEXTS = ["e.name", "e.currency", "e.product_id", "e.channel", "e.path", "p.city"]
NUMBERS = ["e.value", "p.children", "p.score"]
WORDS = ["Product Viewed", "Signed Up", "CNY", "USD", "p-3", "search", "直接", "杭州", "o''Hara", "nothing"]


class Asker:
    """Makes statements up."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, of: list[str]) -> str:
        """Returns one of them."""
        return self.random.choice(of)

    def condition(self, depth: int = 0) -> str:
        """Returns a condition."""
        kind = self.random.randrange(9 if depth < 2 else 6)
        text, number = self.pick(TEXTS), self.pick(NUMBERS)
        word = self.pick(WORDS)
        match kind:
            case 0:
                return f"{text} {self.pick(['=', '<>', '<', '>='])} '{word}'"
            case 1:
                return f"{number} {self.pick(['=', '<>', '<', '<=', '>', '>='])} {self.random.randrange(0, 300) / 2}"
            case 2:
                return f"{text} IN ('{word}', '{self.pick(WORDS)}')"
            case 3:
                return f"{self.pick([text, number])} IS {self.pick(['', 'NOT '])}NULL"
            case 4:
                return f"{number} BETWEEN {self.random.randrange(0, 50)} AND {self.random.randrange(50, 250)}"
            case 5:
                return f"{text} LIKE '{self.pick(['P%', '%o%', '%茶%', 'search', '_-_'])}'"
            case 6:
                return f"NOT ({self.condition(depth + 1)})"
            case _:
                joined = self.pick(["AND", "OR"])
                return f"({self.condition(depth + 1)} {joined} {self.condition(depth + 1)})"

    def figure(self) -> str:
        """Returns an aggregate."""
        number, text = self.pick(NUMBERS), self.pick(TEXTS)
        return self.pick([
            "COUNT(*)", f"COUNT({text})", f"COUNT(DISTINCT {text})", f"COUNT(DISTINCT {number})", f"SUM({number})",
            f"MIN({number})", f"MAX({number})", f"AVG({number})", f"MIN({text})", f"MAX({text})",
            f"SUM(CASE WHEN {self.condition(2)} THEN 1 ELSE 0 END)", f"SUM({number} * 2 + 1)",
            f"COUNT(COALESCE({text}, {self.pick(TEXTS)}))",
        ])

    def statement(self) -> str:
        """Returns a statement."""
        join = self.pick(["JOIN", "LEFT JOIN"])
        source = f"FROM events e {join} profiles p ON p.id = e.profile_id"
        where = f" WHERE {self.condition()}" if self.random.random() < 0.7 else ""
        figures = ", ".join(f"{self.figure()} AS f{place}" for place in range(self.random.randrange(1, 4)))
        kind = self.random.randrange(6)
        group = self.pick([*TEXTS, "p.children"])
        if kind == 0:
            return f"SELECT {figures} {source}{where}"
        if kind == 1:
            having = f" HAVING COUNT(*) > {self.random.randrange(0, 40)}" if self.random.random() < 0.5 else ""
            return f"SELECT {group} AS g, {figures} {source}{where} GROUP BY {group}{having}"
        if kind == 2:
            return f"SELECT e.message_id, {group} AS g, e.value * 2 AS v {source}{where} ORDER BY e.message_id LIMIT {self.random.randrange(1, 60)}"
        if kind == 3:
            return (f"WITH t AS (SELECT e.profile_id AS who, {group} AS g, e.value AS v {source}{where}) "
                    "SELECT g, COUNT(*) AS n, COUNT(DISTINCT who) AS w, SUM(v) AS s FROM t GROUP BY g")
        if kind == 4:
            return (f"SELECT message_id, n FROM (SELECT e.message_id AS message_id, ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY "
                    f"e.happened_at, e.message_id) AS n {source}{where}) AS q WHERE n <= {self.random.randrange(1, 4)}")
        other = self.condition()
        return (f"SELECT {group} AS g {source}{where} UNION SELECT {group} AS g {source} WHERE {other}")


def plain(value: object) -> object:
    """Makes values of all engines the same: numbers to nine digits."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else float(f"{number:.9g}")


def sorted_rows(rows: list) -> list:
    """Orders rows, because nobody asked for an order, or for one that is whole already."""
    return sorted([[plain(value) for value in row] for row in rows], key=lambda row: [(value is None, str(value)) for value in row])


class Chdb:
    """ClickHouse in this process, over the same rows."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: str) -> None:
        self.session = chdb_session.Session()
        self.session.query("CREATE DATABASE t ENGINE = Atomic")
        db.sql(f"COPY (SELECT * REPLACE (CAST(node AS VARCHAR) AS node) FROM events) TO '{folder}/events.parquet'")
        db.sql(f"COPY profiles TO '{folder}/profiles.parquet'")
        for name in ("events", "profiles"):
            self.session.query(
                f"CREATE TABLE t.{name} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{folder}/{name}.parquet', Parquet) "
                "SETTINGS schema_inference_make_columns_nullable = 1")

    def ask(self, sql: str) -> list:
        """Returns the rows."""
        sql = sql.replace("FROM events", "FROM t.events").replace("JOIN profiles", "JOIN t.profiles").replace(" UNION ", " UNION DISTINCT ")
        settings = "SETTINGS join_use_nulls = 1, output_format_json_quote_64bit_integers = 0, aggregate_functions_null_for_empty = 1"
        text = str(self.session.query(f"SELECT * FROM ({sql}) {settings}", "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines() if line]


def main() -> None:
    """Asks and compares."""
    parser = argparse.ArgumentParser()
    parser.add_argument("example")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--statements", type=int, default=400)
    args = parser.parse_args()
    product = subprocess.Popen([args.example, str(args.seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    tables = json.loads(product.stdout.readline())
    db = duckdb.connect()
    db.sql(f"CREATE TABLE raw AS SELECT * FROM read_parquet({tables['events']})")
    for name in ("profiles", "people_by_node"):
        db.sql(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{tables[name]}')")
    db.sql("CREATE TABLE events AS SELECT r.*, n.profile_id FROM raw r LEFT JOIN people_by_node n ON n.node_id = CAST(r.node AS VARCHAR)")
    folder = tempfile.TemporaryDirectory()
    others = {"DuckDB": lambda sql: db.sql(sql).fetchall()}
    if chdb_session is not None:
        others["chdb"] = Chdb(db, folder.name).ask
    asker, rows = Asker(args.seed), 0
    for _ in range(args.statements):
        sql = asker.statement()
        product.stdin.write(sql + "\n")
        product.stdin.flush()
        answer = json.loads(product.stdout.readline())
        if "rows" not in answer:
            sys.exit(f"refused: {sql}\n{answer}")
        ours = sorted_rows(answer["rows"])
        rows += len(ours)
        for name, ask in others.items():
            theirs = sorted_rows(ask(sql))
            if ours != theirs:
                differing = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]][:3]
                sys.exit(f"{name} answers otherwise: {sql}\n{len(ours)} and {len(theirs)} rows; {differing}")
    product.stdin.close()
    product.wait()
    print(f"{args.statements} statements with {rows} rows: the same as {' and '.join(others)}, seed {args.seed}")


if __name__ == "__main__":
    main()
