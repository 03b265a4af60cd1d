"""What customers did month by month, by the month of their first order: quarters and years are made of months, so
that one pass over the activity serves cohorts of all three."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.cohorts.people import cohort_rows
from ltvtui.analytics.kernel.calendar import OF_MONTHS, of_month
from ltvtui.analytics.kernel.calendar_sums import DONE, add_up
from ltvtui.analytics.snapshot import Snapshot

MOST: Final = 200_000
"""Cells up to which they are told by months: a pass over more of them costs more than it spares."""


def monthly(snapshot: Snapshot, by: str | None, row: pl.Series) -> pl.DataFrame | None:
    """What the snapshot's customers did up to its as-of day, remembered: row (UInt32), first and month (Int32,
    periods), who ordered for the first time in that month, in its quarter and its year ("active by month" and so on),
    and the rest of DONE (Int64).

    `row` are their cohorts by the dimension `by`, customer by customer; without one all are in row 0. None where
    there would be too many cells.
    """
    activity_index, as_of = snapshot.activity_index, snapshot.terms.as_of
    months = snapshot.activity.periods("month")
    step = months.of_each_day(activity_index.first_day, as_of)
    if not step.len() or not row.len():
        return None
    low, span = int(step[0]), int(step[-1]) - int(step[0]) + 1
    if (int(row.max() or 0) + 1) * span**2 > MOST:  # type: ignore[arg-type]
        return None

    def make() -> pl.DataFrame:
        of_slice = _of_slice(snapshot) if by is None else None
        if of_slice is not None:
            return of_slice
        began = months.of(snapshot.customers["first"]) - low
        number = (row.cast(pl.Int32) * span + began) * span
        begins = {_active(bucket): snapshot.activity.periods(bucket).begins for bucket in OF_MONTHS}
        added = add_up(activity_index, begins, snapshot.by_code(number), step - low, activity_index.first_day)
        cell, rest = pl.col("cell"), [name for name in added.columns if name != "cell"]
        return added.select(
            (cell // span**2).cast(pl.UInt32).alias("row"),
            (cell // span % span + low).alias("first"),
            (cell % span + low).alias("month"),
            *rest,
        )

    return snapshot.recall("monthly", () if by is None else (by,), make)


def _of_slice(snapshot: Snapshot) -> pl.DataFrame | None:
    """The same, from the cached months of those whom the snapshot is a slice of."""
    part = snapshot.slice_of
    of_whole = None if part is None else part.whole.find("monthly", (part.dimension,))
    if part is None or of_whole is None:
        return None
    rows = cohort_rows(part.whole, part.dimension).with_row_index("row")
    row = rows.filter(pl.col("cohort").eq_missing(pl.lit(part.value, dtype=pl.String)))["row"]
    return (
        of_whole.filter(of_whole["row"] == row[0]).with_columns(row=pl.lit(0, dtype=pl.UInt32))
        if row.len() == 1
        else None
    )


def in_bucket(by_month: pl.DataFrame, bucket: str) -> pl.DataFrame:
    """row, first and period (of `bucket`), DONE of the rows of `monthly`, not added up yet."""
    done = [name for name in DONE if name in by_month.columns]
    return by_month.select(
        "row",
        of_month(pl.col("first"), bucket).alias("first"),
        of_month(pl.col("month"), bucket).alias("period"),
        pl.col(_active(bucket)).alias("active"),
        *done,
    )


def _active(bucket: str) -> str:
    return f"active by {bucket}"
