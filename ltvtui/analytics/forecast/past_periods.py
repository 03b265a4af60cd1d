"""What some customers brought in periods as long as a forecast looks ahead: a total to hold it against."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.of_snapshot import question_of
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot

MOST: Final = 6
"""Periods."""


def past_periods(snapshot: Snapshot, months: int) -> pl.DataFrame:
    """What the snapshot's customers brought in the last periods of so many months each, the oldest first.

    until (Int32, its last day), order_days and value (Float64, currency units × margin). At most MOST of them, and
    none that began before the shop's first order; quiet ones are zero. Before they came, customers brought nothing:
    a period holds the first orders of those who came in it, which no forecast of today's customers does.
    """
    question, length = question_of(snapshot), Horizon.of_months(months).whole_days
    as_of, first = question.as_of, snapshot.totals.customers["first"].min()
    whole = (as_of - first + 1) // length if isinstance(first, int) else 0
    shown = min(whole, MOST)
    activity, members = snapshot.activity_index.activity, snapshot.customers["customer"]
    codes = int(activity["customer"][-1]) + 1 if activity.height else 0
    is_member = pl.repeat(False, codes, dtype=pl.Boolean, eager=True).scatter(members, True)
    rows = activity.select("customer", "day", "orders", question.money).filter(
        pl.col("day").is_between(as_of - shown * length + 1, as_of)
    )
    back = ((as_of - pl.col("day")) // length).alias("back")
    sums = (
        rows.filter(is_member.gather(rows["customer"]))
        .group_by(back)
        .agg((pl.col("orders") > 0).sum().alias("order_days"), pl.col(question.money).sum().alias("money"))
    )
    periods = pl.DataFrame({"back": range(shown - 1, -1, -1)}, schema={"back": pl.Int32})
    return periods.join(sums, on="back", how="left", maintain_order="left").select(
        (as_of - pl.col("back") * length).cast(pl.Int32).alias("until"),
        pl.col("order_days").fill_null(0).cast(pl.Float64),
        (pl.col("money").fill_null(0) / MONEY_SCALE * question.margin).alias("value"),
    )
