"""A table as it suits the width of the screen: the most telling columns first, bars where there is room for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.present.columns import largest
from ltvtui.present.tables import Column, Table

LETTERED: Final = 2
"""Cells of a letter and the blank behind it."""
LEAST_BAR: Final = 4
"""Cells from which on a bar tells something."""
MOST_BAR: Final = 14
"""Cells beyond which a bar only pulls the figures apart."""
MOST_BAR_OF_MANY: Final = 8
"""The same where not all columns fit."""


def arranged(table: Table, room: int, gutter: int) -> Table:
    """`table` for `room` cells with `gutter` cells between columns.

    Where not all columns fit, those of a higher rank stand behind the others; the others have their short titles if
    they do not fit either. Shares of a whole have a bar before the figure as far as there is room for it.
    """
    if table.spread:
        return _spread(table, room, gutter)
    if not any(c.is_part or c.lettered or c.badge or c.short or c.rank for c in table.columns):
        return table
    columns = list(zip(table.columns, _lettered(table), strict=True))
    spare, most = room - _used(columns, gutter), MOST_BAR
    if spare < 0:
        columns.sort(key=lambda pair: pair[0].rank)  # equals stay in their order
        room, most = room - gutter, MOST_BAR_OF_MANY  # a mark says that there are more
        if _used(_core(columns), gutter) > room:
            table = table.narrow()
            columns = sorted(zip(table.columns, _lettered(table), strict=True), key=lambda pair: pair[0].rank)
            columns = _shortened(columns, table)
        spare = room - _used(_core(columns), gutter)
    shown, widths = zip(*_barred(columns, spare, most, _longest(table)), strict=True)
    return replace(table, columns=shown, measured=widths)


def _spread(table: Table, room: int, gutter: int) -> Table:
    """With the columns behind the fixed ones as wide as there is room for, all equally."""
    fixed, cells = table.widths[: table.fixed], table.widths[table.fixed :]
    if not cells:
        return table
    spare = room - sum(fixed) - gutter * (len(table.widths) - 1)
    each = max(min(spare // len(cells), table.spread), max(cells))
    return replace(table, measured=(*fixed, *(each for _ in cells)))


_Measured = list[tuple[Column, int]]


def _used(columns: _Measured, gutter: int) -> int:
    return sum(width + gutter for _, width in columns) - gutter


def _lettered(table: Table) -> list[int]:
    return [
        width + (LETTERED if column.lettered or column.badge else 0)
        for width, column in zip(table.widths, table.columns, strict=True)
    ]


def _core(columns: _Measured) -> _Measured:
    """The columns that are to be seen before all others."""
    return [pair for pair in columns if pair[0].rank == 0]


def _shortened(columns: _Measured, table: Table) -> _Measured:
    """With short titles, and as narrow as they make them."""
    short = tuple(replace(c, title=c.short, unit="") if c.short else c for c, _ in columns)
    measured = replace(table, columns=short, measured=None)
    return [
        (column, measured.width_of(place) if column.short else width)
        for place, (column, (_, width)) in enumerate(zip(short, columns, strict=True))
    ]


def _barred(columns: _Measured, spare: int, most: int, longest: float) -> _Measured:
    """With a bar in each share of a whole, all equally long, where `spare` cells and those under titles do."""
    parts = [width for column, width in columns if column.is_part]
    if not parts:
        return columns
    figure = len("100.0 % ")
    each = min(min(parts) - figure + spare // len(parts), most)
    if spare < 0 or each < LEAST_BAR or longest <= 0:
        return columns
    return [
        (replace(column, bar=each, longest=longest), max(width, figure + each)) if column.is_part else (column, width)
        for column, width in columns
    ]


def _longest(table: Table) -> float:
    """The largest share of all columns, so that bars of two columns can be compared."""
    return max((largest(table.frame, c.key) for c in table.columns if c.is_part), default=0.0)
