"""Where customers of a life-cycle stage came from, and where those who were in it went (metrics.md §8)."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.migration import AFTER, NOT_YET, Moves
from ltvtui.analytics.lifecycle.worth import YEAR
from ltvtui.present.columns import ALL_TIME, largest, style_of
from ltvtui.present.numbers import count
from ltvtui.present.tables import Column

_FIRST: Final = "first order"
"""What brings customers who were none before."""
_MOST: Final = 2
"""Stages that are named; the others are counted together."""


def with_ways(changes: pl.DataFrame, found: Moves) -> pl.DataFrame:
    """`changes` (Moves.changes) with came_from and went_to (String): the stages of most of these customers."""
    pairs = found.frame.select(pl.col("before", "after").cast(pl.String), "customers").filter(
        pl.col("before") != pl.col("after"), pl.col("customers") > 0
    )
    states = AFTER[found.cut]
    origins = {state: _ways(pairs.filter(pl.col("after") == state), "before") for state in states}
    destinations = {state: _ways(pairs.filter(pl.col("before") == state), "after") for state in states}
    return changes.with_columns(
        pl.col("state").replace_strict(ways, return_dtype=pl.String).alias(name)
        for name, ways in (("came_from", origins), ("went_to", destinations))
    )


def _ways(pairs: pl.DataFrame, side: str) -> str:
    """regular 880, lost 97: alone without its number, which stands beside."""
    rows = pairs.sort("customers", descending=True, maintain_order=True).select(side, "customers").rows()
    names = [_FIRST if name == NOT_YET else name for name, _ in rows]
    if len(names) == 1:
        return names[0]
    largest_ways = [f"{name} {count(n)}" for name, (_, n) in zip(names[:_MOST], rows, strict=False)]
    others = sum(n for _, n in rows[_MOST:])
    return ", ".join([*largest_ways, *([f"others {count(others)}"] if others else [])])


def way_columns(rows: pl.DataFrame, currency: str) -> tuple[Column, ...]:
    """Columns of what moved since the first day, and of what is at stake."""
    _, decimals = style_of("money", largest(rows, "lately"))
    lately = f"Net revenue of these customers within the last {YEAR} days: what is at stake if they lapse."
    return (
        Column("before", "before", "count", ALL_TIME, help="Customers in this row on the first day.", rank=1),
        Column("change", "change", "count", ALL_TIME, help="Change: now minus before.", signed=True),
        Column("came", "← came", "count", ALL_TIME, help="Customers who joined after the first day.", name="came"),
        Column("came_from", "from", "text", ALL_TIME, help="What they were on the first day.", rank=1),
        Column(
            "went",
            "→ went",
            "count",
            ALL_TIME,
            help="Customers of this row on the first day who are in another now.",
            name="went",
        ),
        Column("went_to", "to", "text", ALL_TIME, help="What they are now.", rank=1),
        Column("lately", "last 12 mo", "units", ALL_TIME, decimals, lately, unit=currency, short="last 12 mo"),
    )
