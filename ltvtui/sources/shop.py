"""What one reading of a shop gave, and from where to read on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from ltvtui.analytics.facts import Facts


@dataclass(frozen=True, eq=False)
class Shop:
    """What one reading of a shop gave."""

    rows: pl.DataFrame
    """One row per row of the shop's table, in its own order: schema.ROW_REQUIRED, those of ROW_OPTIONAL that
    are mapped, then the order attributes (Categorical)."""
    people: pl.DataFrame | None
    """schema.PEOPLE_REQUIRED, PEOPLE_OPTIONAL as mapped, then the customer attributes (String)."""
    spend: pl.DataFrame | None
    """schema.SPEND, summed by day and channel."""
    notices: tuple[str, ...]
    """One sentence each: what the user should know about the reading."""
    extent: ReadCheckpoint | None = None
    """How to read on where the shop has grown; None where only the whole can be read again."""
    facts: Facts = field(default_factory=Facts)
    """What stands around the rows."""


@dataclass(frozen=True)
class ReadCheckpoint:
    """What was read of a table that is read by row id, so that what came later can be told and added."""

    root: int
    """What stands for the table as long as it is not replaced (Catalog.table_id)."""
    pieces: tuple[tuple[int, int], ...]
    """Last row id and number of rows of each range, rising and without gaps."""
    manner: tuple[str, ...]
    """How cells were understood: read on in any other way, the rows would not fit together."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of a shop, to read on from there."""

    rows: Callable[[int, int], pl.DataFrame]
    """Of the rows as they were read so many from one on: (start, count)."""
    height: int
    """How many there are."""
    people: pl.DataFrame | None
    """Shop.people, where it is known."""
    extent: ReadCheckpoint | None
    """Where in the table they stand; None where only the whole can be read again."""

    @classmethod
    def of(cls, shop: Shop) -> Reading:
        """What `shop` holds."""
        # Copies are told from lines by the whole row: what comes later cannot be judged on its own.
        extent = None if "copy" in shop.rows.columns else shop.extent
        return cls(shop.rows.slice, shop.rows.height, shop.people, extent)
