"""Rows as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from ltvtui.exporting.source import Rows


def write_parquet(rows: Rows, path: Path, name: str) -> None:
    """Texts as they are, days as dates; rows stream through, so that a large table is not copied first."""

    def source(
        columns: list[str] | None, predicate: pl.Expr | None, limit: int | None, batch: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from rows.chunks()  # the whole is sunk: nothing is ever pushed down

    # By its path a sink that is stopped may still make the file, once it is swept away already.
    with path.open("wb") as file:
        register_io_source(source, schema=rows.schema).sink_parquet(file)
