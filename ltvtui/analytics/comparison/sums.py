"""What the customers of each side did by age month, in groups that are left out in turn."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.aggregate import Aggregate, aggregate
from ltvtui.analytics.comparison.sides import SIDE, SIDES, Sides, customers_of, grouped, on_both
from ltvtui.analytics.ltv import age_table, curve
from ltvtui.analytics.snapshot import Snapshot

GROUP = "group"
NEEDED = ("seen", "months", "lapsed", "orders", "revenue", SIDE, GROUP)


def side_sums(snapshot: Snapshot, sides: Sides) -> Aggregate:
    """aggregate.aggregate by side and group, over the months that are followed, in one pass over the customers.

    `snapshot` is of the whole shop that the sides are of. Customers without a group do not count towards LTV.
    """
    customers = grouped(customers_of(snapshot, sides)).select("customer", *NEEDED)
    ages = snapshot.counted
    if customers.height < ages.height // 2:
        ages = ages[customers["customer"]]
    elif customers.height < ages.height:
        # To put a few columns in the order of the codes is cheaper than to pick rows of thirty.
        codes = pl.DataFrame({"customer": pl.int_range(ages.height, dtype=pl.UInt32, eager=True)})
        customers = codes.join(customers, on="customer", how="left", maintain_order="left")
    sums = aggregate(customers, ages, (SIDE, GROUP), snapshot.followed)
    return sums.of_each(on_both) if sides.same else sums


def side_curves(snapshot: Snapshot, sums: Aggregate) -> pl.DataFrame:
    """ltv.curve of each side within the horizon, from `side_sums`: side, then the columns of ltv.curve."""
    by = (SIDE,)
    curves = curve(age_table(sums.by(SIDE), by, snapshot.followed), by, snapshot.margin, snapshot.terms.discount)
    return curves.filter(pl.col("age_month") < snapshot.terms.horizon)


def common_months(curves: pl.DataFrame) -> int:
    """The common τ: months for which enough customers of both sides were seen; 0 where there is none."""
    months = curves[SIDE].value_counts()["count"]
    return int(months.min()) if months.len() == len(SIDES) else 0  # type: ignore[arg-type]


def group_sums_of(sums: Aggregate, months: int) -> pl.DataFrame:
    """intervals.group_sums of each side over `months`, from `side_sums`."""
    money = [name for name in sums.sums if name != "orders"]
    there = [pl.col("seen") > month for month in range(months)]
    return (
        sums.bought.filter(pl.col(GROUP).is_not_null())
        .group_by(SIDE, GROUP)
        .agg(
            *(pl.col("customers").filter(seen).sum().alias(f"seen {k}") for k, seen in enumerate(there)),
            *(pl.col(f"{name} {k}").filter(seen).sum() for name in money for k, seen in enumerate(there)),
        )
    )
