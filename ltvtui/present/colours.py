"""One colour for one thing: a channel is drawn in the same one on every chart, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

SERIES: Final = 8
"""Colours that are told apart."""
_NO_COLOUR: Final = "muted"
"""Of customers of whom it is not known, and of values beyond those that have a colour."""

Orders = Sequence[Sequence[str]]
"""Of each dimension its values in the order that does not change (session.value_order); nothing where the values
have an order of their own."""


def orders_of(rows: pl.DataFrame, by: Sequence[str], orders: Orders) -> Orders:
    """`orders`, and those that values have of their own: tiers and life-cycle stages, as their column says."""
    found = []
    for place, dimension in enumerate(by):
        order = orders[place] if place < len(orders) else ()
        dtype = rows.schema[dimension]
        found.append(order or (dtype.categories.to_list() if isinstance(dtype, pl.Enum) else ()))
    return found


def roles(segments: Sequence[Sequence[object]], orders: Orders) -> list[str]:
    """The role of the palette that paints each of `segments`, which are values of the dimensions of `orders`.

    Each has the colour of its place in the order; where two of those here would share one, the later takes the next
    that is free.
    """
    found = [_NO_COLOUR] * len(segments)
    free = set(range(SERIES))
    placed = [(_place(segment, orders), at) for at, segment in enumerate(segments) if None not in segment]
    for place, at in sorted(placed):
        wanted = [(place + step) % SERIES for step in range(SERIES)]
        number = next((each for each in wanted if each in free), place % SERIES)
        free.discard(number)
        found[at] = f"accent{number + 1}"
    return found


def bar_roles(segments: Sequence[Sequence[object]], orders: Orders) -> list[str]:
    """The same for bars, of which there may be many: only the first of the order have a colour of their own. None
    where values have no order, or are crossed: there bars tell nothing by their colour."""
    if len(orders) != 1 or not orders[0]:
        return []
    first = [_place(segment, orders) < SERIES and None not in segment for segment in segments]
    coloured = iter(roles([segment for segment, has in zip(segments, first, strict=True) if has], orders))
    return [next(coloured) if has else _NO_COLOUR for has in first]


def _place(segment: Sequence[object], orders: Orders) -> int:
    """Its place among all crossings of values."""
    place = 0
    for number, value in enumerate(segment):
        order = orders[number] if number < len(orders) else ()
        text = str(value)
        if text in order:
            place = place * len(order) + list(order).index(text)
        elif order:
            place = place * len(order) + len(order)
        else:  # a period: its figures count on
            place = place * SERIES + int("".join(c for c in text if c.isdecimal()) or 0)
    return place
