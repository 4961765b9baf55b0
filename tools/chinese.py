"""Traditional Chinese for readers in Taiwan and Hong Kong, made from Simplified Chinese.

OpenCC (s2twp) does the characters and many phrases; the tables beside the texts say what this
product calls a thing. A line of a table is `wrong<TAB>right`, applied in order after OpenCC.
"""

from pathlib import Path

import opencc

_CONVERTER = opencc.OpenCC("s2twp")


def read_table(path: Path) -> list[list[str]]:
    """Reads a tab-separated table without quoting; lines that start with # are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


class Hant:
    """Converter with the product's own words."""

    def __init__(self, *tables: Path):
        self.words = [(row[0], row[1]) for table in tables for row in read_table(table)]

    def __call__(self, text: str) -> str:
        text = _CONVERTER.convert(text)
        for wrong, right in self.words:
            text = text.replace(wrong, right)
        return text
