"""A quick look at the rows of a table, while it is decided what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.sql import Row, Value

SECONDS: Final = 2.0


def glance(database: Database, sql: str, values: Sequence[Value] = (), seconds: float = SECONDS) -> list[Row] | None:
    """The rows of a SELECT; None where it fails, or takes longer than so many seconds: it decides nothing then."""
    try:
        return database.query(sql, values, seconds=seconds)
    except (TooSlow, LtvError):
        return None
