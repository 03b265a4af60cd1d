"""Groups of customers and periods compared, drivers and portraits, asked of a dataset.

What is asked is found again by its trails and terms: the marks of a screen and the options of a command ask the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.comparison.comparison import Comparison, compare
from ltvtui.analytics.comparison.doubles import doubles
from ltvtui.analytics.comparison.periods import CalendarPeriod, PeriodChange, period_change
from ltvtui.analytics.comparison.profile_index import Against, index_of, profiled, sizes_of, value_counts
from ltvtui.analytics.comparison.sides import A, Sides, sides_of
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.drivers.drivers import Drivers, Figure, drivers
from ltvtui.analytics.drivers.first_repeat import DAYS
from ltvtui.analytics.portrait.portrait import Portrait, among, portrait
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.days import iso
from ltvtui.errors import LtvError
from ltvtui.query.query import Query, Step
from ltvtui.session.dataset import Dataset

Trail = tuple[Step, ...]

IN_EVERY_SHOP: Final = ("tier", "orders band", "stage", "first quarter")
"""Dimensions made of orders, by which customers are told apart where the shop has no attributes of theirs."""


def sides_between(dataset: Dataset, query: Query, a: Trail, b: Trail | None = None) -> Sides:
    """Customers of `query` who meet all steps of `a`, and those who meet all of `b`; without `b`, who does not meet
    `a`. Raises LtvError where a side has no customers."""
    sides = dataset.ask(_sides, query.whole(), query.trail, a, b)
    if sides.empty is None:
        return sides
    words = words_of(a if sides.empty == A else b)
    if b is None and sides.customers_a:
        raise LtvError(
            f"There are no other customers to compare with: all are in A ({words_of(a)}).",
            "Choose an A that is a part of the customers.",
        )
    if not (sides.customers_a if sides.empty == A else sides.customers_b):
        raise LtvError(f"{sides.empty.upper()} has no customers: {words}.", "Choose another condition.")
    other = "B" if sides.empty == A else "A"
    raise LtvError(
        f"All customers of {sides.empty.upper()} are in {other} too, so that nobody is left to compare.",
        "Choose groups that differ, or leave B out to compare A with all other customers.",
    )


def words_of(trail: Trail | None) -> str:
    """A group in one phrase; None: the rest."""
    if trail is None:
        return "all other customers"
    return " ▸ ".join(step.describe() for step in trail) or "all customers"


def comparison_of(dataset: Dataset, query: Query, a: Trail, b: Trail | None = None) -> Comparison:
    """The comparison of two groups of the customers of `query`; LtvError as sides_between raises it."""
    return dataset.ask(compare, query.whole(), sides_between(dataset, query, a, b))


def index_between(
    dataset: Dataset, query: Query, a: Trail, b: Trail | None = None, names: Sequence[str] | None = None
) -> pl.DataFrame:
    """profile_index.INDEX of both groups, A against B, by the dimensions `names` (None: those that say who customers
    are), without those of which their steps choose a value."""
    sides = sides_between(dataset, query, a, b)
    fixed = fixed_by((*query.trail, *a, *(b or ())))
    wanted = profiled(dataset.people) if names is None else names
    return dataset.ask(_index, query.whole(), sides, tuple(name for name in wanted if name not in fixed))


def common_index_of(dataset: Dataset, query: Query) -> pl.DataFrame:
    """profile_index.INDEX of the customers of `query` among all of the shop by IN_EVERY_SHOP, without the dimensions
    of which their steps choose a value: for a shop that knows nothing else of its customers."""
    names = tuple(name for name in IN_EVERY_SHOP if name not in query.fixed_dimensions)
    whole = dataset.snapshot(query.whole())
    key = ("answer", common_index_of, query)
    return dataset.results.recall(key, lambda: _index(whole, among(dataset.snapshot(query), whole), names, "both"))


def doubles_of(dataset: Dataset, query: Query) -> pl.DataFrame:
    """comparison.doubles.DOUBLES of the whole shop: dimensions that hold what another one holds."""
    return dataset.ask(doubles, query.whole())


def fixed_by(trail: Trail) -> frozenset[str]:
    """Dimensions of which the steps choose a value."""
    return Query(trail=trail).fixed_dimensions


def period_change_of(dataset: Dataset, query: Query, before: CalendarPeriod, after: CalendarPeriod) -> PeriodChange:
    """The change of revenue of the customers of `query` between two periods.

    Raises LtvError (exit code 2) for a period that has no day of the data up to the as-of day.
    """
    as_of = dataset.as_of(query)
    for period in (before, after):
        if period.last_day < dataset.first_day or period.first_day > as_of:
            days = f"{iso(dataset.first_day)} to {iso(as_of)}"
            raise LtvError(f"There is no data for {period.name}.", f"Choose periods from {days}.", 2)
    return dataset.ask(period_change, query, before, after)


def drivers_of(
    dataset: Dataset, query: Query, figure: Figure = "ltv", days: int = DAYS, hindsight: bool = True
) -> Drivers:
    """What tells the customers of `query` apart, without the dimensions of which their steps choose a value.

    `hindsight`: with those that are made of what customers did later, which takes twice as long.
    """
    left_out = query.fixed_dimensions | (frozenset() if hindsight else HINDSIGHT)
    return dataset.ask(drivers, query, figure, days, tuple(sorted(left_out)))


def portrait_of(dataset: Dataset, query: Query) -> Portrait:
    """The portrait of the customers of `query` among all of the shop."""
    fixed = tuple(sorted(query.fixed_dimensions))
    whole = dataset.snapshot(query.whole())
    # Not by Dataset.ask: that would have the snapshot of the whole shop in its key.
    key = ("answer", portrait, query, fixed)
    found = dataset.results.recall(key, lambda: portrait(dataset.snapshot(query), whole, fixed))
    given = {name: criterion for name, criterion in dataset.criteria if name in found.criteria}
    return replace(found, criteria={**found.criteria, **given}) if given else found


def _sides(whole: Snapshot, base: Trail, a: Trail, b: Trail | None) -> Sides:
    in_base, in_a = (_meets(whole, steps) for steps in (base, a))
    return sides_of(in_base & in_a, in_base & (~in_a if b is None else _meets(whole, b)))


def _meets(whole: Snapshot, steps: Trail) -> pl.Series:
    """Boolean, row for row of the whole shop's customers: who meets all steps."""
    if not steps:
        return pl.repeat(True, whole.customers.height, dtype=pl.Boolean, eager=True)
    conditions = [step.condition(whole).fill_null(False) for step in steps]
    return whole.described.select(pl.all_horizontal(conditions).alias("meets")).to_series()


def _index(whole: Snapshot, sides: Sides, names: tuple[str, ...], against: Against = "b") -> pl.DataFrame:
    return index_of(value_counts(whole, sides, names), sizes_of(sides), against)
