"""What a matrix of segments needs beside their profile: how they grow, and who of them can be written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.worth import YEAR
from ltvtui.analytics.schema import units
from ltvtui.analytics.snapshot import Snapshot

EMAIL: Final = "email"


def growth_span(as_of: int, first_day: int) -> int:
    """Days that count as of late: a year, or half of a shorter history, so that as many lie before."""
    return min(YEAR, (as_of - first_day + 1) // 2)


def growth_and_contact(snapshot: Snapshot, by: Sequence[str], span: int) -> pl.DataFrame:
    """by…, growth, reach (Float64): a row for each value, or pair of values, of `by`; without `by` one row.

    growth: net revenue of the last `span` days ÷ that of as many days before - 1; null where that is not above zero.
    reach: share of customers with as-of day - last order day < churn gap and, where the shop has addresses, with one.
    """
    labelled = snapshot.by(*by).select("customer", *by) if by else snapshot.customers.select("customer")
    frame = pl.concat([labelled, _revenue(snapshot, span), _in_contact(snapshot)], how="horizontal")
    sums = (pl.col("late").sum(), pl.col("before").sum(), pl.col("reach").mean())
    rows = frame.group_by(by).agg(sums) if by else frame.select(sums)
    growth = pl.when(pl.col("before") > 0).then(pl.col("late") / pl.col("before") - 1)
    return rows.select(*by, growth.alias("growth"), "reach")


def _revenue(snapshot: Snapshot, span: int) -> pl.DataFrame:
    """late, before (Float64, currency units): net revenue of the last `span` days and of as many before."""
    as_of, frame = snapshot.terms.as_of, snapshot.customers.select("customer", "revenue")
    for name, day in (("one", as_of - span), ("two", as_of - 2 * span)):
        then = snapshot.activity.customers(day).select("customer", pl.col("revenue").alias(name))
        frame = frame.join(then, on="customer", how="left", maintain_order="left")
    one, two = pl.col("one").fill_null(0), pl.col("two").fill_null(0)
    return frame.select(units(pl.col("revenue") - one).alias("late"), units(one - two).alias("before"))


def _in_contact(snapshot: Snapshot) -> pl.DataFrame:
    """reach (Boolean): who has not lapsed, and has an address."""
    active = snapshot.terms.as_of - pl.col("last") < snapshot.churn_gap.days
    if EMAIL not in snapshot.people.frame.columns:
        return snapshot.customers.select(active.alias("reach"))
    return snapshot.described.select((active & pl.col(EMAIL).is_not_null()).alias("reach"))
