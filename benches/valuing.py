"""What customers are worth: parameters on public data beside those that others published, and how wrong predictions are."""

import json
import os
import subprocess

import product
from table import Row

# Fader, Hardie and Lee 2005; Fader and Hardie 2013.
PUBLISHED = {"purchase": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, "spend": {"p": 6.25, "q": 3.74, "v": 15.44}}


def measure() -> list[Row]:
    """Returns a row for each file that is there."""
    command = ["cargo", "run", "--quiet", "--release", "--package", "customer-value", "--example", "figures"]
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    printed = subprocess.run(command, cwd=product.ROOT, check=True, capture_output=True, text=True,
                             env={**os.environ, "CARGO_TARGET_DIR": f"{target}/linkage"}).stdout
    rows = []
    for line in printed.splitlines():
        found = json.loads(line)
        rows.append(cdnow(found) if found["dataset"] == "cdnow" else retail(found))
    return rows


def cdnow(found: dict) -> Row:
    """Returns how far the parameters are from the published ones."""
    off = max(abs(found[model][name] / known - 1) for model, names in PUBLISHED.items() for name, known in names.items())
    error = found["hold_out"]
    return Row(
        f"customer value on CDNOW ({found['customers']:,} customers): parameters beside the published ones",
        f"at most {off:.2%} off, fitted in {found['seconds']:.2f} s; hold-out: orders {error['orders_predicted']:,.0f} of "
        f"{error['orders_actual']:,.0f}, mean error {error['orders_mae']:.3f} a customer "
        f"({error['orders_mae_as_before']:.3f} if all went on as before)",
        None, None, "≤ 1 %", off <= 0.01)


def retail(found: dict) -> Row:
    """Returns how many were scored, and how fast."""
    return Row(
        f"RFM of Online Retail ({found['customers']:,} customers, {found['orders']:,} orders)",
        f"{found['champions']:,} champions, in {found['seconds'] * 1000:.1f} ms", None, None, None, None)
