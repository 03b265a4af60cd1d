"""How many people who signed up have ordered, and how soon, by month of sign-up (metrics.md §12)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.kernel.calendar import label, period

WITHIN: Final = (30, 90)
"""Days within which the first order may come."""
SIGN_UPS: Final[dict[str, type[pl.DataType]]] = {
    "month": pl.String,
    "people": pl.Int64,
    "ordered": pl.Int64,
    "share": pl.Float64,
    **dict.fromkeys((f"within_{days}" for days in WITHIN), pl.Float64),
    "median_days": pl.Float64,
}
"""Columns of `sign_ups_by_month`."""


def sign_ups_by_month(people: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """SIGN_UPS, a row for each month in which some of `people` (lead_ladder.PEOPLE) signed up, up to the as-of day.

    people: who signed up (entry) in that month; ordered: those of them with a first order by now, and share of them;
    within_30 and within_90: share that ordered within so many days, null until these are over for everybody of the
    month, so that months can be compared; median_days: from sign-up to the first order of those who ordered. Who
    ordered before they signed up tells nothing of it, and is left out.
    """
    later = pl.col("first").is_null() | (pl.col("first") >= pl.col("entry"))
    signed = people.filter((pl.col("entry") <= as_of) & later)
    wait, age = pl.col("first") - pl.col("entry"), as_of - pl.col("entry")
    rows = (
        signed.with_columns(period(signed["entry"].cast(pl.Int32), "month").alias("number"))
        .group_by("number")
        .agg(
            pl.len().alias("people"),
            wait.count().alias("ordered"),
            wait.is_not_null().mean().alias("share"),
            *(
                pl.when(age.min() >= days).then((wait <= days).fill_null(False).mean()).alias(f"within_{days}")
                for days in WITHIN
            ),
            wait.median().alias("median_days"),
        )
        .sort("number")
    )
    return rows.with_columns(label(rows["number"], "month").alias("month")).select(
        pl.col(name).cast(kind) for name, kind in SIGN_UPS.items()
    )
