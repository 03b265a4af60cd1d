"""Ways to cut customers that every shop has, beside its own attributes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import polars as pl

from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.people import People
from ltvtui.analytics.scoring import DIMENSION_SCORES, SINGLE_SCORES

_NO_DAYS: Final = (1, 0)
"""A first and a last day with none between them."""

AGE_BANDS: Final = ("under 18", "18–24", "25–34", "35–44", "45–54", "55–64", "65 and over")
ALIVE_BANDS: Final = ("under 10 %", "10–30 %", "30–50 %", "50–70 %", "70–90 %", "90 % and over")
EXPECTED_BANDS: Final = ("under 0.5", "0.5–1", "1–2", "2–5", "5 and more")
ORDERS_BANDS: Final = ("1", "2", "3–4", "5–9", "10 and more")

PERIODS: Final = {"first year": "year", "first quarter": "quarter", "first month": "month", "first week": "week"}
"""Cuts by calendar, which stand in the order of time, and the bucket of each."""

WEEKLY: Final = "first week"
"""The one among them that depends on the day on which weeks begin."""

FORECAST_BANDS: Final = ("p alive band", "expected orders band")
"""Cuts by what a forecast expects of a customer: P(alive), and order days within a year (metrics.md §10)."""

DERIVED: Final = (
    "tier",
    *(n for n in DIMENSION_SCORES if n not in SINGLE_SCORES),
    "orders band",
    *PERIODS,
    *SINGLE_SCORES,
    *FORECAST_BANDS,
)
"""Dimensions that every shop has; "age band" joins them where birth dates are mapped."""

HINDSIGHT: Final = frozenset({"tier", *DIMENSION_SCORES, "orders band", *FORECAST_BANDS})
"""Cuts made of what customers have done since: they describe, they do not predict (metrics.md §5)."""


def names_of(people: People) -> tuple[str, ...]:
    """Names that customers can be cut by: the shop's own first."""
    age = ("age band",) if "birth_day" in people.frame.columns else ()
    return ("tier", *people.attributes, *age, *(name for name in DERIVED if name != "tier"))


def add(customers: pl.DataFrame, names: Sequence[str], as_of: int, week_start: int = 0) -> pl.DataFrame:
    """`customers` with a column for each of `names` that is not there yet; `week_start` as in calendar."""
    missing = [n for n in names if n not in customers.columns]
    return (
        customers.with_columns(expression(n, as_of, week_start).alias(n) for n in missing) if missing else customers
    )


def expression(name: str, as_of: int, week_start: int = 0) -> pl.Expr:
    """The dimension `name` over a customers frame (first, orders, birth_day, and a column of its name)."""
    match name:
        case "orders band":
            return _bands(pl.col("orders"), (2, 3, 5, 10), ORDERS_BANDS)
        case _ if name in PERIODS:
            return _first(_day_labels(name, week_start))
        case "age band":
            return _bands(_age(as_of), (18, 25, 35, 45, 55, 65), AGE_BANDS)
        case _:
            return pl.col(name)


def forecast_band(name: str, forecast: pl.DataFrame) -> pl.Series:
    """The dimension `name` (of FORECAST_BANDS) of the customers of a `forecast` (Forecast.customers), row for row."""
    if name == "p alive band":
        band = _bands(pl.col("p_alive"), (0.1, 0.3, 0.5, 0.7, 0.9), ALIVE_BANDS)
    else:
        band = _bands(pl.col("expected_days_12"), (0.5, 1, 2, 5), EXPECTED_BANDS)
    return forecast.select(band.alias(name)).to_series()


def unknown_band(name: str, customers: int) -> pl.Series:
    """The same of so many customers of a shop without a forecast."""
    names = ALIVE_BANDS if name == "p alive band" else EXPECTED_BANDS
    return pl.repeat(None, customers, dtype=pl.Enum(names), eager=True).alias(name)


def matches(name: str, value: str | None, as_of: int) -> pl.Expr:
    """True for customers whose dimension `name` is `value`; None means unknown.

    A week is the one that is named, on whatever day others begin.
    """
    here = expression(name, as_of)
    if value is None:
        return here.is_null()
    if name == WEEKLY:
        since, until = calendar.week_of(value) or _NO_DAYS
        return pl.col("first").is_between(since, until).fill_null(False)
    if name in PERIODS:
        return _first(_day_labels(name, 0) == value).fill_null(False)
    return (here.cast(pl.String) == value).fill_null(False)


def _first(of_days: pl.Series) -> pl.Expr:
    """What `of_days`, which has a value for every day of the calendar, holds for the first order's day."""
    return pl.lit(of_days).gather(pl.col("first") - calendar.FIRST_DAY)


@cache
def _day_labels(name: str, week_start: int) -> pl.Series:
    """Name of the period of every day of the calendar (Categorical): a million customers share few days."""
    days = pl.int_range(calendar.FIRST_DAY, calendar.LAST_DAY + 1, dtype=pl.Int32, eager=True)
    bucket = PERIODS[name]
    return calendar.label(calendar.period(days, bucket, week_start), bucket, week_start).cast(pl.Categorical())


def _age(as_of: int) -> pl.Expr:
    """Full years on the as-of day: a year begins on the birthday."""
    today = pl.lit(as_of, dtype=pl.Int32).cast(pl.Date)
    born = pl.col("birth_day").cast(pl.Date)
    in_year = [d.dt.month().cast(pl.Int32) * 100 + d.dt.day().cast(pl.Int32) for d in (today, born)]
    return today.dt.year() - born.dt.year() - (in_year[0] < in_year[1]).cast(pl.Int32)


def _bands(value: pl.Expr, starts: Sequence[float], names: Sequence[str]) -> pl.Expr:
    band = pl.sum_horizontal((value >= start).cast(pl.UInt8) for start in starts).cast(pl.UInt8)
    return pl.when(value.is_not_null()).then(band.cat.to(pl.Enum(names)))
