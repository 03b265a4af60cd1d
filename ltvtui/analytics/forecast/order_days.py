"""Order days of each customer up to a day: all that the repeat model needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

SAMPLE: Final = 10_000
"""Customers on which a fit begins."""
BLOCK: Final = 8192
"""Customers or histories that are in work at once: what comes up on the way then stays close to the processor."""


@dataclass(frozen=True, eq=False)
class OrderDays:
    """Distinct histories of order days and how many customers have each; sorted, so that nobody's place matters."""

    repeats: Whole
    """x: order days after the first."""
    last: Whole
    """t_x: days from the first order day to the last."""
    age: Whole
    """T: days from the first order day to the day that is looked from."""
    weight: Floats
    """Customers with this history."""

    @property
    def customers(self) -> int:
        """How many there are."""
        return round(float(self.weight.sum()))

    @property
    def with_repeat(self) -> int:
        """How many of them came back."""
        return round(float(self.weight[self.repeats > 0].sum()))

    @cached_property
    def pair(self) -> Whole:
        """Of each history, which of the distinct pairs of repeats and age it has; they stand one after the other."""
        same = (np.diff(self.repeats, prepend=-1) == 0) & (np.diff(self.age, prepend=-1) == 0)
        return np.cumsum(~same) - 1

    def sample(self, customers: int = SAMPLE) -> OrderDays:
        """About so many customers, evenly spread over all histories; all of them where there are no more.

        Whom it holds follows from the histories alone, whatever the order in which customers came.
        """
        if self.customers <= customers:
            return self
        through = np.cumsum(self.weight)
        picked = np.searchsorted(through, (np.arange(customers) + 0.5) * (through[-1] / customers))
        rows, counts = np.unique(picked, return_counts=True)
        return OrderDays(self.repeats[rows], self.last[rows], self.age[rows], counts.astype(np.float64))


@dataclass(frozen=True, eq=False)
class PlacedOrderDays:
    """The histories of some customers, and who has which."""

    distinct: OrderDays
    row: npt.NDArray[np.intp]
    """Of each customer, the row of their history."""


def order_days(customers: pl.DataFrame, as_of: int) -> PlacedOrderDays:
    """Histories of `customers` (days, first, last: order days up to the day `as_of`), each told once."""
    days, first, last = (customers[name].cast(pl.Int64).to_numpy() for name in ("days", "first", "last"))
    return distinct(days - 1, last - first, as_of - first)


def distinct(repeats: Whole, last: Whole, age: Whole) -> PlacedOrderDays:
    """Histories told once, from those of each customer: whole numbers, 0 ≤ last ≤ age."""
    most, span = int(repeats.max(initial=0)) + 1, int(age.max(initial=0)) + 1
    # All three in one number: one sort of numbers instead of a sort of rows. Ages are below 10⁶ days, so there is
    # room for eight million repeats.
    keys = (age * most + repeats) * span + last
    order = np.argsort(keys)
    ordered = keys[order]
    begins = np.diff(ordered, prepend=-1) != 0
    row = np.empty(len(keys), dtype=np.intp)
    row[order] = np.cumsum(begins) - 1
    pair, last = np.divmod(ordered[begins], span)
    age, repeats = np.divmod(pair, most)
    weight = np.diff(np.flatnonzero(begins), append=len(keys)).astype(np.float64)
    return PlacedOrderDays(OrderDays(repeats, last, age, weight), row)
