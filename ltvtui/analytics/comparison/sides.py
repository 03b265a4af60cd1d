"""The two groups of customers that are compared: nobody is in both, unless both are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.intervals import GROUPS
from ltvtui.analytics.snapshot import Snapshot

A: Final = "a"
B: Final = "b"
SIDES: Final = (A, B)
SIDE: Final = "side"
"""Column that says on which side a customer is."""
SIDE_TYPE: Final = pl.Enum(SIDES)


@dataclass(frozen=True, eq=False)
class Sides:
    """Who is compared with whom, of all customers of a shop."""

    side: pl.Series
    """SIDE_TYPE, row for row of the shop's customers; null for who is on neither side."""
    customers_a: int
    """Customers of A, with those who are in B too."""
    customers_b: int
    """Customers of B, with those who are in A too."""
    overlap: int
    """Customers of both, who are on neither side; all of them where both are the same."""

    @property
    def same(self) -> bool:
        """Whether A and B are the same customers, who are on side A: nothing differs."""
        return self.customers_a == self.customers_b == self.overlap > 0

    @property
    def empty(self) -> str | None:
        """The side without customers, A where both are; None where both have some."""
        return next((side for side in SIDES if self.size(side) == 0), None)

    def size(self, side: str) -> int:
        """Customers on a side."""
        return (self.customers_a if side == A else self.customers_b) - (0 if self.same else self.overlap)


def sides_of(in_a: pl.Series, in_b: pl.Series) -> Sides:
    """The sides of customers of whom `in_a` and `in_b` (Boolean) say where they are: "in A only" and "in B only".

    Who is in both is on neither side: the samples have to be independent. Where everybody is, both are the same.
    """
    frame = pl.DataFrame({A: in_a, B: in_b}).with_columns(pl.all().fill_null(False))
    only_a, only_b = pl.col(A) & ~pl.col(B), pl.col(B) & ~pl.col(A)
    side = pl.when(only_a).then(pl.lit(A, dtype=SIDE_TYPE)).when(only_b).then(pl.lit(B, dtype=SIDE_TYPE)).alias(SIDE)
    counts = frame.select(pl.col(A).sum(), pl.col(B).sum(), both=(pl.col(A) & pl.col(B)).sum()).row(0)
    found = Sides(frame.select(side)[SIDE], *(int(count) for count in counts))
    if not found.same:
        return found
    return replace(found, side=frame.select(pl.when(A).then(pl.lit(A, dtype=SIDE_TYPE)).alias(SIDE))[SIDE])


def customers_of(snapshot: Snapshot, sides: Sides) -> pl.DataFrame:
    """The customers on either side, as in Snapshot.customers, with `side`; in the order of their ids on each.

    `snapshot` is of the whole shop that the sides are of. Where both sides are the same, only A: see `on_both`.
    """
    return snapshot.customers.with_columns(sides.side).filter(pl.col(SIDE).is_not_null())


def on_both(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (side) of A, and once more as those of B: of two sides that are the same."""
    return pl.concat([rows, rows.with_columns(pl.lit(B, dtype=SIDE_TYPE).alias(SIDE))])


def grouped(customers: pl.DataFrame) -> pl.DataFrame:
    """`customers` (seen, side) with group (UInt32): their rank on their side modulo GROUPS; null for who does not
    count towards LTV."""
    counts = pl.col("seen").is_not_null()
    rank = counts.cast(pl.UInt32).cum_sum().over(SIDE) - 1
    return customers.with_columns(pl.when(counts).then(rank % GROUPS).alias("group"))
