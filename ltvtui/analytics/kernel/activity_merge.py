"""Activity of which some came later, put in where it belongs: only the customers that it is of are counted anew."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.kernel.run_lengths import ends_of, run_lengths


def of_some(activity: pl.DataFrame, customers: pl.Series) -> pl.DataFrame:
    """The rows of `activity` (schema.ACTIVITY, sorted) that are of `customers` (UInt32, rising)."""
    starts, ends = _places(activity, customers)
    rows = pl.select(pl.int_ranges(starts, ends).alias("row")).explode("row").drop_nulls()["row"]
    return activity[rows]


def added(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Both activities together: schema.ACTIVITY, sorted."""
    sums = pl.col("orders", "revenue", "value").sum()
    both = pl.concat([one, other]).group_by("customer", "day").agg(sums).sort("customer", "day")
    return both.select(one.columns).cast(one.schema)


def merge_in(activity: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
    """The same for many rows and few further ones: in one chunk, and most are only copied."""
    customers = further["customer"].unique().sort()
    theirs = added(of_some(activity, customers), further)
    lengths = run_lengths(ends_of(theirs["customer"]))
    starts, ends = _places(activity, customers)
    parts, done, at = [], 0, 0
    for start, end, length in zip(starts, ends, lengths, strict=True):
        parts += [activity.slice(done, start - done), theirs.slice(at, length)]
        done, at = end, at + length
    return pl.concat([*parts, activity.slice(done)], rechunk=True)


def _places(activity: pl.DataFrame, customers: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Where the rows of each of `customers` begin, or would, and the row behind their last."""
    return (
        activity["customer"].search_sorted(customers, "left").alias("start"),
        activity["customer"].search_sorted(customers, "right").alias("end"),
    )
