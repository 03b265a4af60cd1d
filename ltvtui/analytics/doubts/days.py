"""Doubts about when orders came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from ltvtui.analytics.doubts.evidence import FEW, NOTICED, Check, Doubt, Evidence, share
from ltvtui.errors import thousands

FEW_DAYS: Final = 3
MANY_ORDERS: Final = 100
"""From so many on it is no chance that they lie on few days."""
NEAR: Final = 31
"""Days between the first and the last of them: who sells once a month has few days too."""
LONG: Final = 90
"""Days without an order that may be missing, where the shop is not used to such."""
TIMES: Final = 10
"""So many times the longest usual gap."""
USUAL: Final = 0.99
SIDE: Final = 0.1
"""Share of the days with orders that has to lie on either side: a shop may begin or end slowly."""


def future_days(evidence: Evidence) -> Iterator[Doubt]:
    """Orders after today: dates that were read wrong, or typed wrong."""
    late = evidence.by_day.filter(pl.col("day") > evidence.day)
    orders, whole = int(late["orders"].sum()), int(evidence.by_day["orders"].sum())
    if orders and orders >= NOTICED * whole:
        yield Doubt(
            "future_days",
            f"{thousands(orders)} orders ({share(orders, whole)}) are dated after today, up to"
            f" {_iso(int(late['day'].max() or 0))} in {evidence.facts.date}: they are left out.",  # type: ignore[arg-type]
            "Check the date format, --date-format NAME, or choose a later as-of day: --as-of DAY.",
        )


def few_days(evidence: Evidence) -> Iterator[Doubt]:
    """Many orders on a few days: the days of an import, not of orders."""
    seen = evidence.by_day.filter(pl.col("orders") > 0)["day"]
    days, first, last = seen.len(), seen.min(), seen.max()
    near = isinstance(first, int) and isinstance(last, int) and last - first < NEAR
    if days <= FEW_DAYS and near and evidence.orders >= MANY_ORDERS:
        yield Doubt(
            "few_days",
            f"All {thousands(evidence.orders)} orders lie on {days} day{'' if days == 1 else 's'} in"
            f" {evidence.facts.date}: this may be the time of an import, not of the orders.",
            "Name the column with the day of the order: --date COLUMN.",
        )


def long_gap(evidence: Evidence) -> Iterator[Doubt]:
    """A stretch without orders that the shop is not used to: an export in two parts, or with a hole."""
    days = evidence.by_day.filter(pl.col("orders") > 0, pl.col("day") <= evidence.day)["day"].sort()
    if days.len() < FEW:
        return
    gaps = days.diff().drop_nulls()
    at = int(gaps.arg_max() or 0)
    longest, usual = int(gaps[at]) - 1, float(gaps.quantile(USUAL, "lower") or 1)
    if longest < LONG or longest < TIMES * usual or not SIDE * days.len() <= at + 1 <= (1 - SIDE) * days.len():
        return
    yield Doubt(
        "long_gap",
        f"There is no order for {thousands(longest)} days, from {_iso(int(days[at]) + 1)} to"
        f" {_iso(int(days[at + 1]) - 1)}: rows may be missing.",
        "Export that period too, or start after it: --entry DAY.",
    )


def _iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


CHECKS: Final[tuple[Check, ...]] = (future_days, few_days, long_gap)
