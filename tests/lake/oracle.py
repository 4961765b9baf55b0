"""Asks the product and DuckDB the same random questions about the same files, and compares.

Usage: tests/lake/oracle.py BINARY DATADIR [--seed N] [--questions N]. Exits 1 with the question on the first difference.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import duckdb

ZONES = ["UTC", "Asia/Shanghai", "America/New_York"]
TEXTS = ["name", "kind", "channel", "path", "product_id", "order_id", "currency", "source_id"]
COMPARED = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAY_MS = 86_400_000
CHAINS_MAX = 10_000_000


def written(ms: int) -> str:
    """Writes a time as JSON has it."""
    return (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(text: str | None) -> int | None:
    """Reads one."""
    return None if text is None else (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)


class Asker:
    """Makes questions up from what is in the lake."""

    def __init__(self, seed: int, db: duckdb.DuckDBPyConnection) -> None:
        self.random = random.Random(seed)
        # Times at which something happened, so that borders are met.
        self.times = [ms for (ms,) in db.sql(
            "SELECT DISTINCT ms FROM (SELECT ms FROM events ORDER BY hash(id) LIMIT 1000) ORDER BY 1").fetchall()]
        self.values = {
            column: [value for (value,) in db.sql(
                f"SELECT DISTINCT {column} FROM (SELECT {column} FROM events WHERE {column} IS NOT NULL "
                f"ORDER BY hash({column}) LIMIT 1000) ORDER BY 1").fetchall()] or ["nothing"]
            for column in TEXTS}
        names = db.sql("SELECT name FROM events GROUP BY name ORDER BY COUNT(*) DESC, name LIMIT 20").fetchall()
        self.names = [name for (name,) in names]
        # DuckDB goes through every chain of events: not more than it can.
        alike = "SELECT COUNT(*) AS n FROM events GROUP BY node, name"
        chains = [db.sql(f"SELECT SUM(pow(n, {k})) FROM ({alike})").fetchall()[0][0] / math.factorial(k) for k in (3, 4)]
        self.steps_max = 2 + sum(chain < CHAINS_MAX for chain in chains)

    def chance(self, of: float) -> bool:
        """Throws a coin."""
        return self.random.random() < of

    def time(self) -> int:
        """Returns a time of the lake."""
        return self.random.choice(self.times)

    def span(self) -> dict:
        """Returns a span."""
        begin, end = sorted([self.time(), self.time()])
        span = {}
        if self.chance(0.5):
            span["from"] = written(begin)
        if self.chance(0.5):
            span["to"] = written(end if end > begin else end + 1)
        return span

    def condition(self) -> dict:
        """Returns a condition on a column."""
        column = self.random.choice([*TEXTS, "value"])
        plain = ["is_null", "not_null"]
        op = self.random.choice([*COMPARED, *plain, *([] if column == "value" else ["contains"])])
        condition = {"column": column, "op": op}
        if op in plain:
            return condition
        if column == "value":
            return condition | {"value": self.random.choice([0, 10, 33.25, 100, 400])}
        text = self.random.choice(self.values[column])
        return condition | {"value": text[:self.random.randrange(1, 5)] if op == "contains" else text}

    def filter(self, names: int = 0) -> dict:
        """Returns a filter; with at least so many names."""
        made = {}
        if names or self.chance(0.6):
            made["names"] = self.random.sample(self.names, min(len(self.names), max(names, self.random.randrange(1, 3))))
        if self.chance(0.2):
            made["kinds"] = [self.random.choice(self.values["kind"])]
        if self.chance(0.2):
            made["source_ids"] = self.random.sample(self.values["source_id"], 1)
        if self.chance(0.3):
            made["where"] = [self.condition() for _ in range(self.random.randrange(1, 3))]
        return made

    def every(self, units: list[str]) -> dict:
        """Returns periods."""
        return {"unit": self.random.choice(units), "zone": self.random.choice(ZONES)}

    def total(self) -> dict:
        """Asks how many or how much."""
        measure = self.random.choice([
            "count", "people", "sum", "average", "min", "max",
            {"percentile": self.random.choice([0, 12.5, 50, 90, 99, 100])}, {"distinct": self.random.choice(TEXTS)}])
        question = {"type": "total", "filter": self.filter(), "span": self.span(), "measure": measure}
        if self.chance(0.6):
            question["by"] = self.random.choice(TEXTS)
            if self.chance(0.4):
                question["top"] = self.random.randrange(1, 6)
        if self.chance(0.4):
            question["every"] = self.every(["hour", "day", "week", "month"])
        return question

    def funnel(self) -> dict:
        """Asks who goes step by step."""
        within = self.random.choice([0, 3_600_000, DAY_MS, 3 * DAY_MS])
        steps = [self.filter(names=1) for _ in range(self.random.randint(1, self.steps_max))]
        question = {"type": "funnel", "steps": steps, "within_ms": within, "span": self.span()}
        return question | ({"by": self.random.choice(TEXTS)} if self.chance(0.4) else {})

    def retention(self) -> dict:
        """Asks who comes back."""
        return {"type": "retention", "start": self.filter(), "back": self.filter(), "span": self.span(),
                "every": self.every(["day", "week", "month"]), "periods": self.random.randrange(1, 20)}

    def per_person(self) -> dict:
        """Asks who did so much."""
        of = self.random.choice(["count", "sum", "first", "last"])
        pick = {"count": lambda: self.random.randrange(1, 12), "sum": lambda: self.random.choice([0, 20, 99.5, 500, 2000]),
                "first": lambda: written(self.time()), "last": lambda: written(self.time())}[of]
        least, most = sorted([pick(), pick()])
        bounds = {name: bound for name, bound in [("at_least", least), ("at_most", most)] if self.chance(0.6)}
        question = {"type": "per_person", "filter": self.filter(), "span": self.span(), "test": {of: bounds}}
        return question | ({"nodes": self.random.randrange(1, 50)} if self.chance(0.5) else {})

    def question(self) -> dict:
        """Asks anything."""
        return self.random.choice([self.total, self.total, self.funnel, self.retention, self.per_person])()


def quoted(text: str) -> str:
    """Writes a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def fits(made: dict, span: dict, row: str = "e") -> str:
    """Writes a filter as SQL."""
    parts = ["TRUE"]
    for key, column in [("names", "name"), ("kinds", "kind"), ("source_ids", "source_id")]:
        if made.get(key):
            parts.append(f"{row}.{column} IN ({', '.join(map(quoted, made[key]))})")
    for condition in made.get("where", []):
        column, op = f"{row}.{condition['column']}", condition["op"]
        if op in ("is_null", "not_null"):
            parts.append(f"{column} IS {'NOT ' if op == 'not_null' else ''}NULL")
            continue
        value = condition["value"]
        value = quoted(value) if isinstance(value, str) else f"CAST({value} AS DOUBLE)"
        parts.append(f"contains({column}, {value})" if op == "contains" else f"{column} {COMPARED[op]} {value}")
    if "from" in span:
        parts.append(f"{row}.ms >= {read(span['from'])}")
    if "to" in span:
        parts.append(f"{row}.ms < {read(span['to'])}")
    return " AND ".join(parts)


def local(every: dict, at: str) -> str:
    """Writes when the period of a time begins, by the clock on the wall there."""
    return f"date_trunc('{every['unit']}', timezone('{every['zone']}', {at}))"


def begin(every: dict | None) -> str:
    """Writes when the period of an event begins, in epoch milliseconds."""
    if every is None:
        return "CAST(NULL AS BIGINT)"
    if every["unit"] == "hour":
        # Each of these zones is whole hours away from UTC.
        return "e.ms // 3600000 * 3600000"
    return f"epoch_ms(timezone('{every['zone']}', {local(every, 'e.happened_at')}))"


def measured(measure: str | dict) -> str:
    """Writes a measure."""
    if isinstance(measure, str):
        return {"count": "COUNT(*)", "people": "COUNT(DISTINCT e.node)", "sum": "SUM(e.value)",
                "average": "AVG(e.value)", "min": "MIN(e.value)", "max": "MAX(e.value)"}[measure]
    if "distinct" in measure:
        return f"COUNT(DISTINCT e.{measure['distinct']})"
    return f"quantile_cont(e.value, {measure['percentile'] / 100})"


def total(db: duckdb.DuckDBPyConnection, question: dict) -> dict:
    """Answers as the product does: a figure for each period and group."""
    where = fits(question["filter"], question["span"])
    group = f"e.{question['by']}" if "by" in question else "CAST(NULL AS VARCHAR)"
    measure = measured(question["measure"])
    if "top" in question:
        top = (f"SELECT {group} AS g FROM events e WHERE {where} GROUP BY 1 "
               f"ORDER BY {measure} DESC NULLS LAST, 1 NULLS LAST LIMIT {question['top']}")
        where += f" AND EXISTS (FROM ({top}) t WHERE t.g IS NOT DISTINCT FROM {group})"
    by = " GROUP BY 1, 2" if "by" in question or "every" in question else ""
    sql = f"SELECT {begin(question.get('every'))}, {group}, {measure} FROM events e WHERE {where}{by}"
    if not by:
        sql = f"SELECT NULL, NULL, {measure} FROM events e WHERE {where}"
    return {(period, group): value for period, group, value in db.sql(sql).fetchall()}


def funnel(db: duckdb.DuckDBPyConnection, question: dict) -> dict:
    """Answers with every chain of different events that there is."""
    span, within = question["span"], question["within_ms"]
    group = f"e.{question['by']}" if "by" in question else "CAST(NULL AS VARCHAR)"
    db.sql(f"CREATE OR REPLACE TEMP TABLE chain AS SELECT e.node, {group} AS g, e.ms AS first, e.ms AS last, [e.id] AS ids "
           f"FROM events e WHERE {fits(question['steps'][0], span)}")
    reached: dict = {} if "by" in question else {None: [0] * len(question["steps"])}
    for step, wanted in enumerate(question["steps"]):
        if step:
            db.sql(f"CREATE OR REPLACE TEMP TABLE chain AS SELECT DISTINCT c.node, c.g, c.first, e.ms AS last, "
                   f"list_sort(list_append(c.ids, e.id)) AS ids FROM chain c JOIN events e ON e.node = c.node "
                   f"AND e.ms >= c.last AND e.ms - c.first <= {within} AND NOT list_contains(c.ids, e.id) "
                   f"WHERE {fits(wanted, span)}")
        for group_of, people in db.sql("SELECT g, COUNT(DISTINCT node) FROM chain GROUP BY 1").fetchall():
            reached.setdefault(group_of, [0] * len(question["steps"]))[step] = people
    return reached


def moved(every: dict, start: datetime, after: int) -> int:
    """Returns when the period so many after begins, in epoch milliseconds."""
    if every["unit"] == "month":
        months = start.year * 12 + start.month - 1 + after
        day = start.replace(year=months // 12, month=months % 12 + 1)
    else:
        day = start + timedelta(days=after * (7 if every["unit"] == "week" else 1))
    return (day.replace(tzinfo=ZoneInfo(every["zone"])) - EPOCH) // timedelta(milliseconds=1)


def retention(db: duckdb.DuckDBPyConnection, question: dict) -> dict:
    """Answers with each cohort's people, and with how many of them came back."""
    every, span = question["every"], question["span"]
    starts = fits(question["start"], span)
    db.sql(f"CREATE OR REPLACE TEMP TABLE began AS SELECT e.node, MIN(e.ms) AS ms, "
           f"{local(every, 'MIN(e.happened_at)')} AS period FROM events e WHERE {starts} GROUP BY 1")
    after = {"day": "date_diff('day', b.period, {})", "week": "date_diff('day', b.period, {}) // 7",
             "month": "date_diff('month', b.period, {})"}[every["unit"]].format(local(every, "e.happened_at"))
    other = (f"EXISTS (FROM events s WHERE s.node = b.node AND s.ms = b.ms AND s.id <> e.id "
             f"AND {fits(question['start'], span, 's')})")
    came = db.sql(f"SELECT b.period, {after}, COUNT(DISTINCT e.node) FROM began b JOIN events e ON e.node = b.node "
                  f"AND e.ms >= b.ms WHERE {fits(question['back'], span)} AND {other} GROUP BY 1, 2").fetchall()
    rows = {}
    for period, people in db.sql("SELECT period, COUNT(*) FROM began GROUP BY 1").fetchall():
        ends = read(span.get("to")) or math.inf
        seen = sum(moved(every, period, k) < ends for k in range(question["periods"] + 1))
        rows[period] = (people, [0] * seen)
    for period, k, people in came:
        if k < len(rows[period][1]):
            rows[period][1][k] = people
    return {moved(every, period, 0): row for period, row in rows.items()}


def per_person(db: duckdb.DuckDBPyConnection, question: dict) -> tuple:
    """Answers with how many people there are, and the first of them."""
    (of, bounds), = question["test"].items()
    figure = {"count": "COUNT(*)", "sum": "COALESCE(SUM(e.value), 0)", "first": "MIN(e.ms)", "last": "MAX(e.ms)"}[of]
    having = ["TRUE"]
    for name, op in [("at_least", ">="), ("at_most", "<=")]:
        if name in bounds:
            bound = read(bounds[name]) if isinstance(bounds[name], str) else bounds[name]
            having.append(f"{figure} {op} {bound}")
    nodes = db.sql(f"SELECT e.node FROM events e WHERE {fits(question['filter'], question['span'])} GROUP BY 1 "
                   f"HAVING {' AND '.join(having)}").fetchall()
    nodes = sorted(str(node) for (node,) in nodes)
    return len(nodes), nodes[:question["nodes"]] if "nodes" in question else None


def told(answer: dict) -> dict | tuple:
    """Returns the product's answer in the shape of the others."""
    if answer["type"] == "per_person":
        return answer["people"], answer.get("nodes")
    if answer["type"] == "funnel":
        return {row["group"]: row["steps"] for row in answer["rows"]}
    if answer["type"] == "retention":
        return {read(row["cohort"]): (row["people"], row["back"]) for row in answer["rows"]}
    return {(read(row["period"]), row["group"]): row["value"] for row in answer["rows"]}


def is_ordered(answer: dict) -> bool:
    """Returns whether the rows come as they should."""
    def name(group: str | None) -> tuple:
        return group is None, (group or "").encode()
    rows = answer.get("rows", [])
    if answer["type"] == "funnel":
        keys = [(-row["steps"][0], name(row["group"])) for row in rows]
    elif answer["type"] == "retention":
        keys = [read(row["cohort"]) for row in rows]
    else:
        keys = [(read(row["period"]) or 0, math.inf if row["value"] is None else -row["value"], name(row["group"]))
                for row in rows]
    return keys == sorted(keys) and len(set(keys)) == len(keys)


def equal(one: object, other: object) -> bool:
    """Compares; sums of floating-point numbers depend on their order."""
    if isinstance(one, float) or isinstance(other, float):
        return isinstance(one, int | float) and isinstance(other, int | float) and math.isclose(one, other, rel_tol=1e-9)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return one == other


def main() -> None:
    """Compares."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("data")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--questions", type=int, default=40)
    given = arguments.parse_args()

    def run(*words: str) -> str:
        done = subprocess.run([given.binary, "lake", *words, "--data-dir", given.data],
                              stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    files = run("files").split("\n")[:-1]
    db = duckdb.connect()
    db.execute("CREATE TABLE events AS SELECT row_number() OVER () AS id, epoch_ms(happened_at) AS ms, * "
               "FROM read_parquet(?)", [files])
    asker = Asker(given.seed, db)
    questions = [asker.question() for _ in range(given.questions)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(questions, file)
        file.flush()
        answers = json.loads(run("ask", "--questions", file.name))
    own = {"total": total, "funnel": funnel, "retention": retention, "per_person": per_person}
    found = 0
    for question, answer in zip(questions, answers, strict=True):
        theirs, ours = own[question["type"]](db, question), told(answer)
        if not equal(ours, theirs) or not is_ordered(answer):
            sys.exit(f"the answers differ (seed {given.seed}).\nquestion: {json.dumps(question)}\n"
                     f"product: {json.dumps(answer)}\nDuckDB: {theirs}")
        empty = {(None, None): 0} if question["type"] == "total" else {}
        found += theirs not in (empty, (0, None), (0, []))
    events = db.sql("SELECT COUNT(*) FROM events").fetchall()[0][0]
    print(f"lake: DuckDB agrees on {len(questions)} questions (seed {given.seed}), {found} of which find something, "
          f"over {events} events in {len(files)} files")


if __name__ == "__main__":
    main()
