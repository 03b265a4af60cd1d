"""Questions about single orders: whoever asks them does not know whether the orders are in memory or in their source.

Figures are made of activity. Single orders are asked for a card, for filters by what an order is like, for the
account of cleaning and for a few doubts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from ltvtui.analytics.cleaning.data_quality import RuleCount

WEEKDAYS: Final = 7
MONTHS: Final = 12
HOURS: Final = 24


@dataclass(frozen=True)
class OrderSums:
    """What clean orders and refunds add up to, of all days."""

    rows: int
    """Orders and refunds."""
    orders: int
    orders_without_id: int
    """Orders whose order id is null."""
    negative: int
    """Orders and refunds with an amount below zero."""
    total: int
    """Money of all of them, ten-thousandths."""
    highest: int
    """Money of the one with the largest amount; 0 where there is none."""


@dataclass(frozen=True, eq=False)
class OrderMoments:
    """When orders were placed."""

    counts: npt.NDArray[np.int64]
    """Orders by whether their customer is one of those asked about (0, 1), weekday (0 for Monday), month (0 for
    January) and hour."""
    at_midnight: int
    """Orders at second 0 of their day: so stand days without times."""

    @property
    def orders(self) -> int:
        """All of them."""
        return int(self.counts.sum())


class OrderStore(Protocol):
    """Clean orders and refunds (schema.ORDERS, then margin where it is mapped, then order attributes).

    All methods may be slow, and raise LtvError where the source of the orders cannot be asked any more.
    """

    @property
    def margin_mapped(self) -> bool:
        """Whether the orders have a margin of their own."""
        ...

    def of(self, customer: int) -> pl.DataFrame:
        """Those of one customer (code), oldest first; of several at one moment as metrics.md §1 orders them."""
        ...

    def newest(self, since: int, until: int, count: int) -> pl.DataFrame:
        """The last `count` orders of the days `since` to `until`, the newest first; no refunds."""
        ...

    def values(self, attribute: str, until: int) -> pl.DataFrame:
        """value (String, null: not known) and count (Int64): how many orders up to the day `until` have it."""
        ...

    def distinct(self, attribute: str) -> pl.Series:
        """The values (String) of an attribute, each once, without null, in no order."""
        ...

    def buyers(self, attribute: str, values: Sequence[str | None], until: int, *, others: bool = False) -> pl.Series:
        """Codes (UInt32) of customers who have an order up to the day `until` whose attribute is one of `values`;
        with `others`, whose attribute is not null and none of them. A code may stand there several times."""
        ...

    def counts(self, until: int) -> tuple[int, int]:
        """How many orders and how many refunds there are up to the day `until`."""
        ...

    def excluded(self, buyers: pl.Series, until: int) -> tuple[RuleCount, ...]:
        """What rules leave out that depend on the day: what is later, and refunds up to then of those who are not
        among `buyers` (codes, each once)."""
        ...

    def moments(self, asked: pl.Series, until: int) -> OrderMoments:
        """When orders up to the day `until` were placed; `asked` (Boolean by customer code) says whose are told
        apart."""
        ...

    def sums(self) -> OrderSums:
        """What all of them add up to."""
        ...

    def same_moments(self) -> int:
        """Orders beyond the first of their customer, day and second."""
        ...

    def same_amounts(self) -> tuple[int, int]:
        """Orders beyond the first of their customer, day, second and amount, and their money (ten-thousandths)."""
        ...

    def sample(self, column: str, most: int) -> pl.Series:
        """Values of a column, evenly spread: `most` at least where there are so many, and less than twice as many."""
        ...
