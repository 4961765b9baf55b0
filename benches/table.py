"""The table of figures, and its place in docs/performance.md."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


@dataclass
class Row:
    """One figure."""

    what: str
    ours: str
    beside: str | None
    ratio: float | None
    target: str | None
    holds: bool | None


def machine() -> str:
    """Says on what this was measured."""
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor())
    memory = next(int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores of {cpu}, {memory / 1_048_576:.0f} GB, Linux {platform.release()}"


def written(rows: list[Row], notes: list[str]) -> str:
    """Returns the table in Markdown."""
    lines = ["| what | ours | peer or physical limit | ours / theirs | target | holds |", "|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        holds = "" if row.holds is None else ("yes" if row.holds else "**no**")
        lines.append(f"| {row.what} | {row.ours} | {row.beside or ''} | {ratio} | {row.target or ''} | {holds} |")
    return "\n".join([*lines, "", *notes])


def save(file: Path, text: str) -> None:
    """Writes the table between its marks."""
    page = file.read_text()
    head, rest = page.split(BEGIN, 1)
    _, tail = rest.split(END, 1)
    file.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")
