"""Where the history of a shop begins, and whom it shows from their first order on (metrics.md §3).

Customers of the first days of a history may be older than it. An LTV that takes old regulars for new customers reads
far too high, so that where the history is cut off only those proven new are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, hypot, inf
from typing import Final, Literal

import polars as pl

from ltvtui.analytics.aggregate import aggregate
from ltvtui.analytics.intervals import curve_errors, group_sums
from ltvtui.analytics.ltv import LONGEST_AGE, age_table, curve, with_months_seen
from ltvtui.analytics.retention import FEW

State = Literal["complete", "cut off", "cannot be told"]
Choice = Literal["auto", "all", "proven"] | int
"""Whose LTV is counted: auto: all unless the history is cut off; proven: those whose first order lies a churn gap
behind the first of the shop; a day (since 1970-01-01): those who came from that day on."""

CHOICES: Final[tuple[Literal["auto", "all", "proven"], ...]] = ("auto", "all", "proven")
MORE_ARRIVALS: Final = 1.2
"""So many times more customers a day in the first churn gap than in the second may be old customers."""
_EQUAL: Final = 1e-9
"""A spread below so much of a difference is one of the last digits."""
CERTAIN: Final = 2.0
"""Standard errors by which the early ones have to bring more."""


@dataclass(frozen=True)
class Entry:
    """What is known of a history's beginning, and who counts towards LTV."""

    state: State
    start: int
    """Day of the first order, since 1970-01-01."""
    border: int
    """start + churn gap: who came from this day on is proven new."""
    early: int
    """Customers who came before the border."""
    late: int
    """Customers who came from it on."""
    choice: Choice
    """What the analyst chose."""
    since: int | None
    """First day of those who count towards LTV; None: all do."""
    z: float | None = None
    """By how many standard errors the LTV of the early ones is above that of the late ones; None: not compared."""

    @property
    def chosen(self) -> bool:
        """True where the analyst chose who counts."""
        return self.choice != "auto"


def entry_of(customers: pl.DataFrame, ages: pl.DataFrame, as_of: int, churn_gap: int, choice: Choice) -> Entry:
    """The state of the history up to the day `as_of`, and who counts under `choice`.

    `customers` (customer, first; sorted by customer) have an order by then; `ages` are ActivityIndex.ages over
    LONGEST_AGE months or more, by customer code.
    """
    first = customers["first"]
    start = int(first.min())  # type: ignore[arg-type]
    border = start + churn_gap
    early = int((first < border).sum())
    late = customers.height - early
    z = None
    if late < FEW:
        state: State = "cannot be told"
    else:
        if early >= FEW and _more_arrived_at_first(first, border, churn_gap, as_of, early):
            z = _early_bring_more(customers, ages, as_of, border)
        state = "cut off" if z is not None and z > CERTAIN else "complete"
    since = _since(choice, state, border)
    return Entry(state, start, border, early, late, choice, since, z)


def _since(choice: Choice, state: State, border: int) -> int | None:
    if isinstance(choice, int):
        return choice
    return border if choice == "proven" or (choice == "auto" and state == "cut off") else None


def _more_arrived_at_first(first: pl.Series, border: int, churn_gap: int, as_of: int, early: int) -> bool:
    """Whether more customers a day came in the first churn gap than in the second, as far as that is seen."""
    end = min(border + churn_gap - 1, as_of)
    days = end - border + 1
    next_ones = int(first.is_between(border, end).sum())
    return early / churn_gap >= MORE_ARRIVALS * next_ones / days


def _early_bring_more(customers: pl.DataFrame, ages: pl.DataFrame, as_of: int, border: int) -> float | None:
    """LTV of the early ones less that of the late ones at their common age, in standard errors of the difference."""
    by = ["late"]
    watched = with_months_seen(customers, as_of).with_columns(
        (pl.col("first") >= border).alias("late"),
        pl.lit(None, dtype=pl.Int32).alias("months"),  # retention is not asked for
        pl.lit(None, dtype=pl.Boolean).alias("lapsed"),
    )
    own = ages if ages.height == customers.height else ages[customers["customer"]]
    own = own.select(name for name in own.columns if int(name.rpartition(" ")[2]) < LONGEST_AGE)
    counted = aggregate(watched, own, by, LONGEST_AGE)
    sums = curve(age_table(counted, by, LONGEST_AGE), by)
    common = sums.filter(pl.col("late"))["age_month"].max(), sums.filter(~pl.col("late"))["age_month"].max()
    if None in common:
        return None
    errors = curve_errors(group_sums(watched, own, by, LONGEST_AGE), sums, by)
    errors = errors.filter(pl.col("age_month") == min(common)).sort("late")  # type: ignore[type-var]
    (before, error_before), (after, error_after) = errors.select("ltv", "se").rows()
    spread, more = hypot(error_before or 0.0, error_after or 0.0), before - after
    if spread > abs(more) * _EQUAL:
        return float(more / spread)
    return copysign(inf, more) if more else None  # customers who are all alike have no spread


@dataclass(frozen=True)
class OfEverybody:
    """LTV of everybody, beside that of those who count and within the months of theirs: over more of them the older
    would look dearer for no reason but their age."""

    counted: int
    """Customers who count."""
    months: int
    ltv: float | None
    """Currency units; None where nobody was seen for a month."""


def of_everybody(counted: int, own: pl.DataFrame, of_all: pl.DataFrame) -> OfEverybody:
    """From segments.value_curves: `own` of those who count, and `of_all`."""
    months = min(own.height, of_all.height) or of_all.height
    return OfEverybody(counted, months, of_all["ltv"][months - 1] if months else None)
