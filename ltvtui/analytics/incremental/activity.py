"""The activity of a shop with further orders, and what follows from it on its last day.

Whoever ordered nothing since is as they were: only the others are counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.incremental.codes import Codes
from ltvtui.analytics.kernel.activity_index import ActivityIndex, CustomerTotals, Precomputed
from ltvtui.analytics.kernel.activity_merge import added, of_some
from ltvtui.analytics.kernel.cached_activity import CachedActivity

MOST_SINCE = 50_000
"""Rows of activity that may stand apart, before they are put in where they belong."""


@dataclass(frozen=True, eq=False)
class TouchedCustomers:
    """The customers that ordered since, with all that they ever did."""

    customers: pl.Series
    """UInt32 new codes, rising."""
    before: pl.DataFrame
    """schema.ACTIVITY of those among them who were there, by new code."""
    now: pl.DataFrame
    """schema.ACTIVITY of them all, by new code."""


@dataclass(frozen=True, eq=False)
class ActivityChanges:
    """The activity of a grown shop, by new code."""

    base: pl.DataFrame
    """Most of it: schema.ACTIVITY, sorted."""
    since: pl.DataFrame | None
    """The rest of it."""
    touched: TouchedCustomers


def activity_changes(activity_index: ActivityIndex, codes: Codes, further: pl.DataFrame) -> ActivityChanges:
    """The activity of `activity_index` with `further`: schema.ACTIVITY by new code, sorted."""
    base, since = activity_index.base, activity_index.since
    if codes.new_codes is not None or (since is not None and since.height + further.height > MOST_SINCE):
        base, since = activity_index.activity, None
    if codes.new_codes is not None:
        base = base.with_columns(codes.moved(base["customer"]))
    customers = further["customer"].unique().sort()
    before = of_some(base, customers)
    if since is not None:
        before = added(before, of_some(since, customers))
    touched = TouchedCustomers(customers, before, added(before, further))
    return ActivityChanges(base, further if since is None else added(since, further), touched)


def precomputed_of(
    codes: Codes,
    people: TouchedCustomers,
    activity: CachedActivity,
    totals: CustomerTotals,
    horizon: int,
    further: pl.DataFrame,
) -> Precomputed:
    """What of the grown shop answers the first question about its last day.

    `activity` and `totals` are the shop's, on its last day; `further` is the activity since.
    """
    activity_index = activity.index
    margin = activity_index.margin_mapped
    before, now = (ActivityIndex(_apart(part), margin) for part in (people.before, people.now))
    as_of = max(totals.as_of, int(further["day"].max()))  # type: ignore[arg-type]
    counted = now.totals(as_of)
    theirs = counted.customers.with_columns(people.customers.gather(counted.customers["customer"]).alias("customer"))
    there = totals.customers.with_columns(codes.moved(totals.customers["customer"]))
    changed = pl.repeat(False, codes.height, dtype=pl.Boolean, eager=True).scatter(people.customers, True)
    others = there.filter(~changed.gather(there["customer"]))
    customers = pl.concat([others, theirs.select(others.columns)], rechunk=True).sort("customer")
    removed = before.totals(totals.as_of).gaps.with_columns(-pl.col("len").cast(pl.Int64))
    gaps = _added([totals.gaps, removed, counted.gaps], "gap", "len").filter(pl.col("len") > 0)
    by_day = _added([activity_index.by_day, _by_day(further)], "day", "orders", "revenue")
    return Precomputed(
        by_day.cast(activity_index.by_day.schema),
        CustomerTotals(as_of, customers, gaps.cast(totals.gaps.schema)),
        _ages(codes, people, activity.ages(horizon), now.ages(horizon)),
        horizon,
        refunds=_refunds(codes, people, activity_index.refunds, now.refunds),
    )


def _refunds(codes: Codes, people: TouchedCustomers, refunds: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """ActivityIndex.refunds by new code; `theirs` are those of the touched customers, by their own codes."""
    recoded = refunds.with_columns(codes.moved(refunds["customer"]))
    others = recoded.filter(~recoded["customer"].is_in(people.customers.implode()))
    touched = theirs.with_columns(people.customers.gather(theirs["customer"]).alias("customer"))
    return pl.concat([others, touched.select(others.columns)]).sort("customer", "day")


def _ages(codes: Codes, people: TouchedCustomers, ages: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """`ages` by new code, those of the touched customers as they are now."""
    fresh = codes.height - ages.height
    whole = ages
    if fresh:
        # In one chunk: to put values into a column of several takes five times as long.
        nothing = [pl.zeros(fresh, dtype=kind, eager=True).alias(name) for name, kind in ages.schema.items()]
        whole = codes.arranged(ages, pl.DataFrame(nothing))
    return pl.DataFrame([whole[name].scatter(people.customers, theirs[name]) for name in whole.columns])


def _apart(activity: pl.DataFrame) -> pl.DataFrame:
    """`activity` of some customers as that of a shop of their own: codes without gaps."""
    return activity.with_columns(activity["customer"].rle_id().cast(pl.UInt32).alias("customer"))


def _by_day(activity: pl.DataFrame) -> pl.DataFrame:
    return activity.group_by("day").agg(pl.col("orders", "revenue").sum())


def _added(parts: list[pl.DataFrame], key: str, *sums: str) -> pl.DataFrame:
    """The sums of all `parts` (Int64) by `key`, sorted by it."""
    wide = (part.select(key, pl.col(sums).cast(pl.Int64)) for part in parts)
    return pl.concat(wide).group_by(key).agg(pl.col(sums).sum()).sort(key)
