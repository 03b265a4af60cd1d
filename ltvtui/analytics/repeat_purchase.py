"""How many customers order again, and how soon: Kaplan-Meier on the days to the next order (metrics.md §12)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import polars as pl

from ltvtui.analytics.kernel.quantiles import type7
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot

WITHIN: Final = (30, 60, 90, 180, 365)
"""Days within which the next order may come."""
ORDERS: Final = (1, 2)
"""After which order day the next one is waited for."""
_HALF: Final = Fraction(1, 2)


def repeat_purchases(snapshot: Snapshot) -> pl.DataFrame:
    """after, customers (Int64), within_30 … within_365, median_days (Float64): of customers with an n-th order day
    (`after`) the share that has the next one within so many days, and the median of these gaps.

    Share within t is 1 − S(t) after Kaplan and Meier (1958), of days to the next order day, censored on the as-of
    day; null where of fewer than min(30, a tenth) of them all of the days are over. Customers who may be older than
    the history are left out, as they are of LTV.
    """
    return snapshot.recall("repeat purchases", (), lambda: _repeat_purchases(snapshot), of_gap=False)


def _repeat_purchases(snapshot: Snapshot) -> pl.DataFrame:
    waits = _waits(snapshot)
    return pl.DataFrame(
        [_row(after, waits[after]) for after in ORDERS],
        schema={
            "after": pl.Int64,
            "customers": pl.Int64,
            **dict.fromkeys((f"within_{days}" for days in WITHIN), pl.Float64),
            "median_days": pl.Float64,
        },
        orient="row",
    )


def _waits(snapshot: Snapshot) -> dict[int, pl.DataFrame]:
    """By `after`, a row for each customer with that order day: wait (days to the next one, null while there is none)
    and age (days from it to the as-of day)."""
    as_of, counted = snapshot.terms.as_of, snapshot.customers.filter(pl.col("seen").is_not_null())["customer"]
    days = snapshot.activity.first_days(max(ORDERS) + 1)[counted]
    found = {}
    for after in ORDERS:
        day, next_day = pl.col(str(after)), pl.col(str(after + 1))
        gap = pl.when(next_day <= as_of).then(next_day - day)
        found[after] = days.filter(day <= as_of).select(gap.alias("wait"), (as_of - day).alias("age"))
    return found


def _row(after: int, waits: pl.DataFrame) -> tuple[object, ...]:
    customers, gaps = waits.height, waits["wait"].drop_nulls().sort()
    ends = waits.select(pl.min_horizontal("wait", "age")).to_series().sort()
    events = gaps.alias("day").value_counts(name="customers").sort("day")
    at_risk = customers - ends.search_sorted(events["day"], side="left")
    survival = (1 - events["customers"] / at_risk).cum_prod()
    least = min(FEW, max(1, -(-customers // 10)))
    shares: list[float | None] = []
    for limit in WITHIN:
        past = survival.filter(events["day"] <= limit)
        complete = int((waits["age"] >= limit).sum())
        shares.append(None if complete < least else 1 - float(past[-1]) if past.len() else 0.0)
    median = float(type7(lambda rank: int(gaps[rank]), gaps.len(), _HALF)) if gaps.len() else None
    return (after, customers, *shares, median)
