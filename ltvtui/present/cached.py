"""What is kept of shops that were opened, one entry a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from ltvtui.masking import masked
from ltvtui.present.numbers import amount, counted
from ltvtui.present.spreadsheet import rows_as_csv
from ltvtui.present.tables import Column, Table
from ltvtui.present.text_tables import markdown_table, text_table

if TYPE_CHECKING:
    from ltvtui.storage.cache.cache import EntryInfo


def write_cached(entries: Sequence[EntryInfo], format: str) -> str:
    """Entries of the cache as table, csv (sizes in bytes) or markdown, ending in a line break."""
    columns = (
        Column("database", "database"),
        Column("size", "size"),
        Column("made", "made"),
        Column("used", "last used"),
        Column("folder", "folder", widest=1_000),
    )
    width = max((len(size_words(entry.bytes)) for entry in entries), default=0)
    cells = [
        (
            masked(e.name),
            size_words(e.bytes).rjust(width),
            _minute(e.made),
            _minute(e.used),
            masked(str(e.folder or "")),
        )
        for e in entries
    ]
    rows = pl.DataFrame(cells, dict.fromkeys((c.key for c in columns), pl.String), orient="row")
    if format == "csv":
        return rows_as_csv(rows.with_columns(pl.Series("size", [entry.bytes for entry in entries], pl.Int64)))
    if format == "markdown":
        return markdown_table(Table(rows, columns))
    return text_table(Table(rows, columns)) if entries else "the cache is empty\n"


def size_words(count: int) -> str:
    """1.6 MB."""
    for unit, word in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{amount(count / unit, 1).removesuffix('.0')} {word}"
    return counted(count, "byte")


def _minute(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).isoformat(" ", "minutes")
    except (ValueError, OverflowError, OSError):  # a clock that stood in no year there is
        return "?"
