"""Revenue of two months, quarters or years of the same customers, and why it differs (metrics.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import polars as pl

from ltvtui.analytics.comparison.parts import logarithmic_mean, parts_of
from ltvtui.analytics.history import days_of
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.snapshot import Snapshot

FACTORS = ("active", "orders_per_customer", "average_check")
"""Their product is revenue."""
PARTS = ("new", "returning", "orders_per_customer", "average_check")
"""What a difference of revenue is made of: active customers in two parts."""


@dataclass(frozen=True)
class CalendarPeriod:
    """One month, quarter or year."""

    bucket: str
    """One of calendar.OF_MONTHS."""
    number: int
    """As calendar.period counts them."""
    name: str
    """calendar.label."""
    first_day: int
    """Days since 1970-01-01."""
    last_day: int


@dataclass(frozen=True)
class PeriodRevenue:
    """What customers brought in a calendar period, as far as it is not after the as-of day."""

    period: CalendarPeriod
    active: int
    """Customers with an order in it."""
    new: int
    """Those of them whose first order is in it."""
    orders: int
    revenue: float
    """Currency units, refunds taken off: on their own day where they name no order."""

    @property
    def returning(self) -> int:
        """Active customers who had ordered before the period."""
        return self.active - self.new

    @property
    def orders_per_customer(self) -> float | None:
        """Orders ÷ active customers; None without any."""
        return self.orders / self.active if self.active else None

    @property
    def average_check(self) -> float | None:
        """Revenue ÷ orders, currency units; None without an order."""
        return self.revenue / self.orders if self.orders else None

    @property
    def factors(self) -> Mapping[str, float | None]:
        """FACTORS."""
        return dict(zip(FACTORS, (float(self.active), self.orders_per_customer, self.average_check), strict=True))


@dataclass(frozen=True)
class PeriodChange:
    """How revenue went from one period to another."""

    before: PeriodRevenue
    after: PeriodRevenue
    parts: dict[str, float] | None
    """PARTS, currency units: they add up to `revenue`; None where a factor is zero or negative."""
    missing: tuple[str, ...]
    """FACTORS that are zero, negative or not there, which is why."""

    @property
    def revenue(self) -> float:
        """Revenue after less revenue before, currency units."""
        return self.after.revenue - self.before.revenue

    @property
    def share(self) -> float | None:
        """`revenue` as a share of that before; None where that is not above zero."""
        return self.revenue / self.before.revenue if self.before.revenue > 0 else None


def period_change(snapshot: Snapshot, before: CalendarPeriod, after: CalendarPeriod) -> PeriodChange:
    """The change of revenue of the snapshot's customers from one period to another of the same kind.

    Active customers change by new and returning ones: the part of each is what they are more or fewer, times the
    revenue of an active customer, in the logarithmic mean of both periods.
    """
    first, second = _revenues(snapshot, (before, after))
    found = parts_of(second.factors, first.factors)
    if found.parts is None:
        return PeriodChange(first, second, None, found.missing)
    worth = logarithmic_mean(second.revenue, first.revenue) / logarithmic_mean(second.active, first.active)
    parts = {
        "new": worth * (second.new - first.new),
        "returning": worth * (second.returning - first.returning),
        **{name: part for name, part in found.parts.items() if name != "active"},
    }
    assert all(isfinite(part) for part in parts.values())
    return PeriodChange(first, second, parts, ())


def _revenues(
    snapshot: Snapshot, asked: tuple[CalendarPeriod, CalendarPeriod]
) -> tuple[PeriodRevenue, PeriodRevenue]:
    calendar = snapshot.activity.periods(asked[0].bucket)
    since = snapshot.activity_index.first_day
    of_day = calendar.of_each_day(since, snapshot.terms.as_of)
    steps = _place_in(of_day, asked)
    # Two periods and, times three, in which of them, if in any, a customer began: nine cells.
    began = _place_in(calendar.of(snapshot.customers["first"]), asked).fill_null(2) * 3
    cells = calendar.add_up(snapshot.by_code(began), steps, since)
    sums = {cell: row for cell, *row in cells.select("cell", "active", "orders").rows()}
    # Cells have refunds before a first order in the period of that order; months have them on their own day.
    days = days_of(snapshot).filter(pl.col("day") <= snapshot.terms.as_of)
    money = [int(days["revenue"].filter(calendar.of(days["day"]) == each.number).sum()) for each in asked]
    return _sum(sums, money[0], 0, asked[0]), _sum(sums, money[1], 1, asked[1])


def _place_in(numbers: pl.Series, asked: tuple[CalendarPeriod, CalendarPeriod]) -> pl.Series:
    """0 for the first of the periods `asked`, 1 for the second, null for others (Int32)."""
    places = {asked[1].number: 1, asked[0].number: 0}
    return numbers.replace_strict(list(places), list(places.values()), default=None, return_dtype=pl.Int32)


def _sum(sums: Mapping[int, list[int]], money: int, place: int, of: CalendarPeriod) -> PeriodRevenue:
    cells = [sums.get(began * 3 + place, [0, 0]) for began in range(3)]
    active, orders = (sum(column) for column in zip(*cells, strict=True))
    return PeriodRevenue(of, active, cells[place][0], orders, money / MONEY_SCALE)
