#!/usr/bin/env python3
"""Makes `pack.yaml` and `clauses.yaml` of the five rulebook packs.

    /tmp/venv/bin/python tools/make_packs.py

From `tools/packs/`: `clauses.tsv` (English text, area, kind, what the software must do, evidence),
`clauses/<code>.tsv` (accountable department, titles, Chinese text), `headings.tsv`, `documents.tsv`.
Traditional Chinese is derived and then corrected by `words_hant.tsv` (words) and `hant.tsv` (whole texts).
Controls, parameters and machines lie beside these files and are not made here.
"""

import sys
from pathlib import Path

from chinese import Hant, read_table
from yaml_out import dump

HERE = Path(__file__).parent / "packs"
OUT = Path(__file__).parent.parent / "packs"
VERSION = "1.0.0"
COUNTS = {"BA": 77, "OC": 68, "MO": 95, "TP": 93, "WM": 73}
DEPARTMENTS = {"market", "brand", "it", "sales", "service", "finance", "management"}
LANGUAGES = ["zh-Hans", "zh-Hant", "en"]
# The document breaks off before it says anything that could be followed.
NOT_ASSESSABLE = {"MO-7.3", "TP-7.2.2"}
HEAD = "{title}.\nMade by tools/make_packs.py from the tables in tools/packs; change those."


class Texts:
    """Makes texts in three languages out of two."""

    def __init__(self):
        self.hant = Hant(HERE / "words_hant.tsv")
        self.whole = {row[0]: row[1] for row in read_table(HERE / "hant.tsv")}

    def __call__(self, hans: str, en: str) -> dict[str, str]:
        return {"zh-Hans": hans, "zh-Hant": self.whole.get(hans) or self.hant(hans), "en": en}


def source_rows() -> dict[str, dict[str, str]]:
    """Reads clauses.tsv; the file has no quoting, quotation marks stand for themselves."""
    lines = (HERE / "clauses.tsv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    return {row[0]: dict(zip(header, row)) for row in (line.split("\t") for line in lines[1:])}


def heading(headings: dict[str, list[str]], clause: str) -> list[str]:
    """Returns the section's row: the longest one that begins the clause's id."""
    fits = [code for code in headings if clause == code or (clause.startswith(code) and not clause[len(code)].isdigit())]
    longest = max(fits, key=len)
    if "." not in longest:
        sys.exit(f"{clause}: no section in headings.tsv")
    return headings[longest]


def clause(row: list[str], source: dict[str, str], section: list[str], texts: Texts) -> dict:
    """Returns one clause as it is written."""
    code, department, title, title_en, text = row
    if department not in DEPARTMENTS:
        sys.exit(f"{code}: unknown department {department}")
    made = {
        "id": code,
        "section": texts(section[1], section[2]),
        "department": department,
        "area": source["area"],
        "kind": source["kind"],
        "title": texts(title, title_en),
        "text": texts(text, source["en"]),
        "software": {"en": source["software"]},
        "evidence": {"en": source["evidence"]},
    }
    if code in NOT_ASSESSABLE:
        made["assessable"] = False
    return made


def check(code: str, clauses: list[dict], wanted: list[str]) -> None:
    """Stops where a clause is missing, doubled or without a text in one of the languages."""
    ids = [made["id"] for made in clauses]
    if ids != wanted or len(ids) != COUNTS[code] or len(set(ids)) != len(ids):
        sys.exit(f"{code}: clauses {len(ids)}, wanted {COUNTS[code]}; differing: {sorted(set(ids) ^ set(wanted))}")
    for made in clauses:
        for field in ["section", "title", "text"]:
            if any(not made[field][language].strip() for language in LANGUAGES):
                sys.exit(f"{made['id']}: {field} is not complete in three languages")
        if not made["software"]["en"] or not made["evidence"]["en"]:
            sys.exit(f"{made['id']}: no software or evidence")


def main() -> None:
    texts, source = Texts(), source_rows()
    headings = {row[0]: row for row in read_table(HERE / "headings.tsv")}
    for code, pack, title, title_en, summary, summary_en in read_table(HERE / "documents.tsv"):
        rows = read_table(HERE / "clauses" / f"{code}.tsv")
        clauses = [clause(row, source[row[0]], heading(headings, row[0]), texts) for row in rows]
        check(code, clauses, [i for i in source if i.startswith(f"{code}-")])
        manifest = {
            "id": pack,
            "version": VERSION,
            "document": code,
            "default_language": "zh-Hans",
            "texts": {"title": texts(title, title_en), "summary": texts(summary, summary_en)},
            "chapters": [{"id": row[0], "texts": {"title": texts(row[1], row[2])}}
                         for row in headings.values() if row[0].startswith(f"{code}-") and "." not in row[0]],
        }
        head = HEAD.format(title=title_en)
        dump(manifest, OUT / pack / "pack.yaml", head)
        dump(clauses, OUT / pack / "clauses.yaml", head)
        print(f"{code}: {len(clauses)} clauses, {len(manifest['chapters'])} chapters")


if __name__ == "__main__":
    main()
