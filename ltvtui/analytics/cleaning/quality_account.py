"""What was read, left out and changed, as of a day."""

from __future__ import annotations

from typing import cast

import polars as pl

from ltvtui.analytics.cleaning.clean import CleanOrders
from ltvtui.analytics.cleaning.data_quality import Quality, quiet_days


def quality_as_of(
    cleaned: CleanOrders, by_day: pl.DataFrame, customers: pl.Series, as_of: int, time_zone: str | None
) -> Quality:
    """The account of `cleaned` up to the day `as_of`: `by_day` is ActivityIndex.by_day, `customers` the codes of all
    who had ordered by then, `time_zone` the zone in which days are counted."""
    orders, refunds = cleaned.store.counts(as_of)
    days = by_day.filter(pl.col("day") <= as_of, pl.col("orders") > 0)["day"]
    return Quality(
        cleaned.rows_read,
        orders,
        refunds,
        cleaned.line_level,
        cast(int, days.min()),
        cast(int, days.max()),
        (*cleaned.counts, *cleaned.store.excluded(customers, as_of)),
        cleaned.statuses,
        quiet_days(days),
        time_zone,
    )
