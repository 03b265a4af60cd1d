"""Ways to cut customers that every shop has, beside its own attributes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import polars as pl

_FIRST_DAY: Final = -30_000
_LAST_DAY: Final = 110_000
"""Days beyond any that a source gives: 1887 to 2271."""

AGE_BANDS: Final = ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over")
ORDERS_BANDS: Final = ("1", "2", "3–4", "5–9", "10 and more")

DERIVED: Final = ("tier", "orders band", "first year", "first quarter", "first month")
"""Dimensions that every shop has; "age band" joins them where birth dates are mapped."""

PERIODS: Final = frozenset({"first year", "first quarter", "first month"})
"""Cuts by calendar: they stand in the order of time."""

HINDSIGHT: Final = frozenset({"tier", "orders band"})
"""Cuts made of what customers have done since: they describe, they do not predict (metrics.md §5)."""


def add(customers: pl.DataFrame, names: Sequence[str], as_of: int) -> pl.DataFrame:
    """`customers` with a column for each of `names` that is not there yet."""
    missing = [n for n in names if n not in customers.columns]
    return customers.with_columns(expression(n, as_of).alias(n) for n in missing) if missing else customers


def expression(name: str, as_of: int) -> pl.Expr:
    """The dimension `name` over a customers frame (first, orders, birth_day, tier, attributes)."""
    match name:
        case "orders band":
            return _bands(pl.col("orders"), (2, 3, 5, 10), ORDERS_BANDS)
        case "first year" | "first quarter" | "first month":
            return pl.lit(_calendar(name)).gather(pl.col("first") - _FIRST_DAY)
        case "age band":
            return _bands(_age(as_of), (18, 25, 35, 45, 55, 65), AGE_BANDS)
        case _:
            return pl.col(name)


def matches(name: str, value: str | None, as_of: int) -> pl.Expr:
    """True for customers whose dimension `name` is `value`; None means unknown."""
    here = expression(name, as_of)
    if value is None:
        return here.is_null()
    if name in PERIODS:
        here = pl.lit(_calendar(name) == value).gather(pl.col("first") - _FIRST_DAY)
        return here.fill_null(False)
    return (here.cast(pl.String) == value).fill_null(False)


@cache
def _calendar(name: str) -> pl.Series:
    """Name of the period of every day from _FIRST_DAY on (Categorical): a million customers share few days."""
    days = pl.DataFrame({"day": pl.int_range(_FIRST_DAY, _LAST_DAY, eager=True).cast(pl.Int32).cast(pl.Date)})
    day = pl.col("day")
    names = {
        "first year": day.dt.strftime("%Y"),
        "first quarter": pl.format("{} Q{}", day.dt.year(), day.dt.quarter()),
        "first month": day.dt.strftime("%Y-%m"),
    }
    return days.select(names[name].cast(pl.Categorical())).to_series()


def _age(as_of: int) -> pl.Expr:
    """Full years on the as-of day: a year begins on the birthday."""
    today = pl.lit(as_of, dtype=pl.Int32).cast(pl.Date)
    born = pl.col("birth_day").cast(pl.Date)
    in_year = [d.dt.month().cast(pl.Int32) * 100 + d.dt.day().cast(pl.Int32) for d in (today, born)]
    return today.dt.year() - born.dt.year() - (in_year[0] < in_year[1]).cast(pl.Int32)


def _bands(value: pl.Expr, starts: Sequence[int], names: Sequence[str]) -> pl.Expr:
    reached = pl.sum_horizontal((value >= start).cast(pl.UInt8) for start in starts).cast(pl.UInt8)
    return pl.when(value.is_not_null()).then(reached.cat.to(pl.Enum(names)))
