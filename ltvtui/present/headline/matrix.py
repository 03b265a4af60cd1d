"""What the boards of Matrix say that cut customers two ways: revenue at risk, and how few bring how much."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import name, share
from ltvtui.present.numbers import counted

MOSTLY: Final = 0.5
"""Share of customers without three gaps above which XYZ tells little."""
OFTEN: Final = ("4", "5")
"""F scores of customers who order often."""
LONG_AGO: Final = ("1", "2")
"""R scores of customers who did not come lately."""


def rfm_clauses(pairs: pl.DataFrame, rows: pl.DataFrame, misleading: Clauses = ()) -> Clauses:
    """`pairs`: segments.profile by R score and F score; `rows`: by RFM; `misleading`: rfm_names.misnomer_clauses."""
    rows = rows.filter(pl.col("customers") > 0)
    if rows.is_empty():
        return NOBODY
    return (_at_risk(pairs), *misleading, *_segments(rows))


def _at_risk(pairs: pl.DataFrame) -> str:
    often = pairs.filter(pl.col("F score").cast(pl.String).is_in(OFTEN))
    if not often["customers"].sum():
        return "no customer has an F score of 4 or 5: they order too alike to tell frequent ones"
    lapsing = often.filter(pl.col("R score").cast(pl.String).is_in(LONG_AGO))
    customers = int(lapsing["customers"].sum())
    if not customers:
        return "no frequent customer (F4, F5) has stayed away (R1, R2)"
    who = f"{counted(customers, 'frequent customer')} (F4, F5) {'has' if customers == 1 else 'have'} stayed away"
    shares = lapsing["revenue_share"].drop_nulls()
    if shares.is_empty():
        return f"{who} (R1, R2)"
    return f"{who} (R1, R2): {share(float(shares.sum()))} of revenue to date is theirs"


def _segments(rows: pl.DataFrame) -> Clauses:
    dearest = rows.sort("revenue", descending=True, maintain_order=True).row(0, named=True)
    largest = rows.sort("customers", descending=True, maintain_order=True).row(0, named=True)
    if rows.height == 1:
        return (f"every customer is in {name(dearest['RFM'])}",)
    if dearest["revenue_share"] is None:
        return (f"the largest segment is {_sized(largest)}",)
    most = f"the largest part of revenue comes from {_sized(dearest)}: {share(dearest['revenue_share'])}"
    if dearest["RFM"] == largest["RFM"] or (rows["customers"] == largest["customers"]).sum() > 1:
        return (most,)
    return (most, f"the largest segment, {_sized(largest)}, brings {share(largest['revenue_share'])}")


def _sized(row: dict[str, Any]) -> str:
    return f"{name(row['RFM'])} ({share(row['customer_share'])} of customers)"


def abc_clauses(rows: pl.DataFrame) -> Clauses:
    """`rows`: segments.profile by ABC, or by ABC and XYZ."""
    sums = {
        row["ABC"]: row
        for row in rows.with_columns(pl.col("ABC").cast(pl.String))
        .group_by("ABC")
        .agg(pl.col("customers", "customer_share", "revenue_share").sum(), pl.col("revenue_share").count().alias("n"))
        .iter_rows(named=True)
        if row["customers"]
    }
    if not sums:
        return NOBODY
    first = min(sums)
    return (_concentrated(first, sums), *_evenness(first, rows), *_rest(first, sums))


def _concentrated(first: str, sums: dict[str, dict[str, Any]]) -> str:
    row = sums[first]
    if len(sums) == 1:
        return f"every customer is in class {first}"
    who = f"{counted(row['customers'], 'customer')} of class {first} ({share(row['customer_share'])})"
    if not row["n"]:
        return f"{who}; revenue is zero or negative, so there are no shares of it"
    only = "" if row["revenue_share"] >= row["customer_share"] else " only"
    return f"{who} {'brings' if row['customers'] == 1 else 'bring'}{only} {share(row['revenue_share'])} of revenue"


def _evenness(first: str, rows: pl.DataFrame) -> Clauses:
    """How evenly the best order; nothing where XYZ is off."""
    if "XYZ" not in rows.columns:
        return ()
    best = rows.filter(pl.col("ABC").cast(pl.String) == first)
    kinds = dict(best.group_by(pl.col("XYZ").cast(pl.String)).agg(pl.col("customers").sum()).rows())
    even, uneven, unknown = (int(kinds.get(kind, 0)) for kind in ("X", "Z", "–"))
    if unknown == sum(kinds.values()):
        return (f"too few orders in class {first} to say how evenly they come",)
    everybody = int(rows["customers"].sum())
    untold = int(rows.filter(pl.col("XYZ").cast(pl.String) == "–")["customers"].sum())
    few = f"XYZ tells little here: {share(untold / everybody)} of all customers have too few orders for it"
    return (
        f"of them {_ordering(even)} evenly (X), {_ordering(uneven)} unevenly (Z)",
        *([few] if untold > MOSTLY * everybody else []),
    )


def _ordering(number: int) -> str:
    return "none orders" if number == 0 else f"{counted(number, 'customer').split(' customer')[0]} {_order(number)}"


def _order(number: int) -> str:
    return "orders" if number == 1 else "order"


def _rest(first: str, sums: dict[str, dict[str, Any]]) -> Clauses:
    last = max(sums)
    row = sums[last]
    if last == first or not row["n"]:
        return ()
    return (f"class {last}, {share(row['customer_share'])} of customers, brings {share(row['revenue_share'])}",)
