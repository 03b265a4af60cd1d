"""Which customer each clean order belongs to, and the order of time in which they stand.

Ten million rows are not moved for this: one packed number for each, made of customer, day and row, is sorted.
That takes a quarter of the time that sorting the rows takes, and half the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import and_
from typing import Final

import polars as pl

from ltvtui.analytics.kernel.chunks import Chunk, chunks, each, joined
from ltvtui.analytics.kernel.run_lengths import ends_of

_ROOM: Final = 2**63
"""Numbers below this fit into Int64."""
_MOMENT: Final = ("second", "kind")
"""What tells orders of a customer and day apart before anything else does."""
_SPARSE: Final = 8
"""Ids that are numbers are used as they are while there are not so many times more of them than rows."""


@dataclass(frozen=True, eq=False)
class PackedKeys:
    """Numbers that rise, and the rows in which they stand; both in one number where there is room."""

    _numbers: pl.Series
    """Int64: numbers, or numbers × height + row."""
    _rows: pl.Series | None
    """UInt32, where the rows stand apart."""
    _height: int

    def numbers(self, chunk: Chunk) -> pl.Series:
        """Int64, rising."""
        part = self._numbers.slice(*chunk)
        return part if self._rows is not None else part // self._height

    def rows(self, chunk: Chunk) -> pl.Series:
        """UInt32, along the numbers."""
        if self._rows is not None:
            return self._rows.slice(*chunk)
        return (self._numbers.slice(*chunk) % self._height).cast(pl.UInt32)

    def chunks(self, width: int) -> list[Chunk]:
        """All of them in chunks, in which those stand together that are the same when divided by `width`."""
        wide = width if self._rows is not None else width * self._height

        def end(row: int) -> int:
            return int(self._numbers.search_sorted((self._numbers[row] // wide + 1) * wide))

        return chunks(self._numbers.len(), end)


@dataclass(frozen=True, eq=False)
class Section:
    """Orders that stand together in a index of orders: all those of some customers."""

    chunk: Chunk
    """Where they stand."""
    first: int
    """Code of the first of these customers."""


@dataclass(frozen=True, eq=False)
class CustomerOrderIndex:
    """Clean orders by customer and time."""

    customer: pl.Series
    """UInt32, row for row of the orders: the code of its customer."""
    ids: pl.Series
    """String; the id of customer code i at index i. Ids that are numbers stand in their order, others as text."""
    rows: pl.Series
    """UInt32, row numbers of the orders by customer, moment, orders before refunds, then their other columns."""
    ties: pl.DataFrame
    """As _tied gives them, of all rows."""
    visits: PackedKeys
    """Along `rows`: a number is the same for the rows of one customer and day."""
    sections: tuple[Section, ...]
    """All of it."""
    days: int
    first_day: int
    """A visit is some number of the customer × days + days since first_day."""


def index_orders(orders: pl.DataFrame, others: tuple[str, ...]) -> CustomerOrderIndex:
    """Line up `orders`: customer_id (String or integer), day, second and kind, none of them null, and `others`."""
    first_day, last_day = _span(orders["day"])
    days, height = last_day - first_day + 1, max(orders.height, 1)
    numbers, distinct = _numbers(orders["customer_id"], _ROOM // (days * height))
    low, high = _span(numbers)
    deciding = orders.select(*_MOMENT, *others)

    def customers(chunk: Chunk) -> pl.Series:
        return numbers.slice(*chunk).cast(pl.Int64) - low

    def each_visit(chunk: Chunk) -> pl.Series:
        return customers(chunk) * days + (orders["day"].slice(*chunk) - first_day)

    visits = _sorted(each_visit, orders.height, (high - low + 1) * days)

    def seen(chunk: Chunk) -> tuple[pl.Series, pl.Series, pl.DataFrame]:
        visit = visits.numbers(chunk)
        theirs = visit // days
        rows, ties = _in_order(deciding, visits.rows(chunk), _tied(_again(visit)))
        ties = ties.with_columns(pl.col("place") + chunk[0])
        return theirs.filter(ends_of(theirs)), rows, ties

    parts = visits.chunks(days)
    present, rows, ties = zip(*each(seen, parts), strict=True)
    codes = accumulate((there.len() for there in present), initial=0)
    unique_numbers = pl.concat(present, rechunk=True)
    return CustomerOrderIndex(
        joined(each(_coding(customers, unique_numbers), chunks(orders.height))).alias("customer"),
        ((unique_numbers + low).cast(pl.String) if distinct is None else distinct).alias("id"),
        joined(rows),
        pl.concat(ties),
        visits,
        tuple(Section(chunk, code) for chunk, code in zip(parts, codes, strict=False)),
        days,
        first_day,
    )


def _sorted(numbers: Callable[[Chunk], pl.Series], height: int, end: int) -> PackedKeys:
    """The `numbers` (Int64, from 0, below `end`) of so many rows, rising."""
    whole = chunks(height)
    if end * max(height, 1) >= _ROOM:  # a hundred million customers, or days of some centuries
        found = joined(each(numbers, whole)).rechunk()
        rows = found.arg_sort().cast(pl.UInt32)
        return PackedKeys(found.gather(rows), rows, height)

    def packed(chunk: Chunk) -> pl.Series:
        start, count = chunk
        return numbers(chunk) * height + pl.int_range(start, start + count, dtype=pl.Int64, eager=True)

    return PackedKeys(joined(each(packed, whole)).sort(), None, max(height, 1))


def _numbers(ids: pl.Series, most: int) -> tuple[pl.Series, pl.Series | None]:
    """Numbers (integers) that stand in the order of the ids, and the distinct ids (String), the first of them 0.

    No distinct ids where the numbers are the ids themselves: then there are less than `most` from the lowest on.
    """
    if ids.dtype.is_integer():
        low, high = _span(ids)
        if high - low < min(most, _SPARSE * ids.len() + 1000):
            return ids, None
    distinct = ids.unique().sort()
    if ids.dtype == pl.String:
        return ids.cast(pl.Enum(distinct)).to_physical(), distinct
    ranks = distinct.to_frame("id").with_row_index("rank")
    ranked = ids.to_frame("id").join(ranks, on="id", how="left", maintain_order="left")
    return ranked["rank"], distinct.cast(pl.String)


def _coding(numbers: Callable[[Chunk], pl.Series], present: pl.Series) -> Callable[[Chunk], pl.Series]:
    """Gives UInt32 codes without gaps, in the order of `present` (the distinct numbers, rising)."""
    codes = pl.int_range(present.len(), dtype=pl.UInt32, eager=True)
    if present.len() == 0 or present[-1] == present.len() - 1:
        return lambda chunk: numbers(chunk).cast(pl.UInt32)
    table = pl.zeros(int(present[-1]) + 1, dtype=pl.UInt32, eager=True).scatter(present, codes)
    return lambda chunk: table.gather(numbers(chunk))


def by_visit(orders: pl.DataFrame) -> pl.Series:
    """Row numbers (UInt32) of `orders` (customer, day) by customer and day; those of one day as they stand."""
    first_day, last_day = _span(orders["day"])
    days, (_, last) = last_day - first_day + 1, _span(orders["customer"])

    def visits(chunk: Chunk) -> pl.Series:
        customer = orders["customer"].slice(*chunk).cast(pl.Int64)
        return customer * days + (orders["day"].slice(*chunk) - first_day)

    found = _sorted(visits, orders.height, (last + 1) * days)
    return joined(each(found.rows, chunks(orders.height)))


def sort_within_days(orders: pl.DataFrame, rows: pl.Series, by: tuple[str, ...]) -> pl.Series:
    """`rows`, row numbers of `orders` by customer and day, by moment and kind too, then by the columns `by`."""
    customer, day = (orders[name].rechunk().gather(rows) for name in ("customer", "day"))
    return break_ties(orders, rows, _tied(_again(customer) & _again(day)), by)


def break_ties(orders: pl.DataFrame, rows: pl.Series, ties: pl.DataFrame, by: tuple[str, ...]) -> pl.Series:
    """`rows` of `orders`, those of each tie by their moment, kind and the columns `by`."""
    return _in_order(orders.select(*_MOMENT, *by), rows, ties)[0]


def _again(keys: pl.Series) -> pl.Series:
    """Boolean: True where the row before has the same key."""
    return (keys == keys.shift(1)).fill_null(False)


def _tied(again: pl.Series) -> pl.DataFrame:
    """Ties: place (UInt32) of each row that stands next to others of the same keys, begins (Boolean): the first of
    them. A row has the keys of the one before it where `again` is True."""
    tied = again | again.shift(-1, fill_value=False)
    return pl.DataFrame([tied.arg_true().cast(pl.UInt32).alias("place"), (~again).filter(tied).alias("begins")])


def _in_order(deciding: pl.DataFrame, rows: pl.Series, ties: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """`rows`, those of each tie in the order of the columns of `deciding`; and of the ties those that are left where
    their moment and kind tell rows apart."""
    if not ties.height:
        return rows, ties
    places, run = ties["place"], ties["begins"].cum_sum()
    chosen = rows.gather(places)
    # By the number of its tie first: each stays where it is.
    keyed = deciding[chosen].with_columns(chosen.alias("_row"), run.alias("_run"))
    ordered = keyed.sort("_run", *deciding.columns, nulls_last=True)
    left = _tied(reduce(and_, (_again(ordered[name]) for name in ("_run", *_MOMENT))))
    return rows.scatter(places, ordered["_row"]), left.with_columns(places.gather(left["place"]))


def _span(numbers: pl.Series) -> tuple[int, int]:
    low, high = numbers.min(), numbers.max()
    return (low, high) if isinstance(low, int) and isinstance(high, int) else (0, 0)
