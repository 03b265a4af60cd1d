"""Columns that are called dates and are not understood: said with an example, instead of seeing no orders."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.sources.catalog_table import CatalogColumn, CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.values.date_guess import guess_formats
from ltvtui.sources.values.dates import READABLE_ENOUGH, are_dates, decode, is_placeholder


def refuse_strange_dates(tables: Iterable[CatalogTable]) -> None:
    """LtvError (exit code 2) where a table has a customer, an amount and a date, were its dates understood."""
    for table in tables:
        customer = any(scoring.customer_score(column) for column in table.columns)
        if not customer or not any(scoring.amount_score(column) for column in table.columns):
            continue
        for column in table.columns:
            if scoring.is_called_date(column) and (example := _strange(column)) is not None:
                raise LtvError(
                    f"The dates in {column.name} of {table.name} cannot be read, such as {example}.",
                    "Write dates as 2024-01-31, or name another column: --date COLUMN.",
                    2,
                )


def _strange(column: CatalogColumn) -> str | None:
    """The first of its dates that is not understood, where that is more than an odd one."""
    written = scoring.as_text(column.sample)
    present = [text.strip() for text in written if text is not None and not is_placeholder(text)]
    if guess_formats(present).readable >= READABLE_ENOUGH:
        return None
    strange = next((text for text, read in zip(present, are_dates(present), strict=True) if not read), None)
    return _both_ways(present) if strange is None else repr(strange)


def _both_ways(texts: list[str]) -> str | None:
    """Two of the dates, one of which has the month first and the other the day; None where there are none."""
    days = [decode(pl.Series(texts, dtype=pl.String), (name,))["day"] for name in ("mdy", "dmy")]
    firsts = [own.is_not_null() & other.is_null() for own, other in (days, days[::-1])]
    if not all(first.any() for first in firsts):
        return None
    month, day = (texts[first.arg_true()[0]] for first in firsts)
    return f"{month!r}, month first, and {day!r}, day first"
