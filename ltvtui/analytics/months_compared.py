"""The newest complete month beside the one before and the same of a year ago."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from ltvtui.analytics.kernel.calendar import first_day, period
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot

MONTHS_BACK: Final = (0, 1, 12)
"""The newest complete month, the one before, and that of a year ago."""


def months_compared(snapshot: Snapshot) -> pl.DataFrame:
    """back (0, 1, 12), month (Date, its first day), customers (who ordered), new (whose first order it was), orders
    (Int64), revenue, average_check (currency units; net revenue ÷ orders).

    No row of a month that began before the first order of the shop, and none at all before a month is complete; new
    is null in the months in which old customers may look new.
    """
    return snapshot.recall("months compared", (), lambda: _months_compared(snapshot), of_gap=False)


def _months_compared(snapshot: Snapshot) -> pl.DataFrame:
    return pl.DataFrame(
        [row for back in MONTHS_BACK if (row := _month(snapshot, back)) is not None],
        schema={
            "back": pl.Int64,
            "month": pl.Date,
            **dict.fromkeys(("customers", "new", "orders"), pl.Int64),
            **dict.fromkeys(("revenue", "average_check"), pl.Float64),
        },
        orient="row",
    )


def _month(snapshot: Snapshot, back: int) -> tuple[object, ...] | None:
    # The day after the last of a month is in the next one: then the month is complete.
    tomorrow = pl.Series([snapshot.terms.as_of + 1], dtype=pl.Int32)
    month = int(period(tomorrow, "month")[0]) - 1 - back
    begin, end = first_day(month, "month"), first_day(month + 1, "month")
    if begin < snapshot.activity_index.first_day:
        return None
    activity, customers = snapshot.activity_index.activity, snapshot.customers
    in_month = activity.filter(pl.col("day").is_between(begin, end, closed="left"))
    # Whoever only got money back is no customer, as in history.by_month.
    member = pl.repeat(False, snapshot.counted.height, dtype=pl.Boolean, eager=True)
    rows = in_month.filter(member.scatter(customers["customer"], True).gather(in_month["customer"]))
    orders = int(rows["orders"].cast(pl.Int64).sum())
    revenue = int(rows["revenue"].sum()) / MONEY_SCALE
    since = snapshot.entry.since
    is_early = since is not None and begin < since
    return (
        back,
        date(1970, 1, 1) + timedelta(days=begin),
        rows.filter(pl.col("orders") > 0)["customer"].n_unique(),
        None if is_early else int(customers["first"].is_between(begin, end, closed="left").sum()),
        orders,
        revenue,
        revenue / orders if orders else None,
    )
