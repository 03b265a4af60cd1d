"""Rows into a file: whole or not at all, a chunk at a time, so that it moves and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.exporting.delimited import write_csv, write_jsonl, write_markdown
from ltvtui.exporting.destination import Destination, Written
from ltvtui.exporting.formats import Format
from ltvtui.exporting.overwrite import refuse_existing
from ltvtui.exporting.parquet import write_parquet
from ltvtui.exporting.rasterising import png
from ltvtui.exporting.source import Progress, Rows, Stop, Stopped
from ltvtui.exporting.workbook import check_room, write_workbook
from ltvtui.present.tables import Table
from ltvtui.storage.atomic_file import atomic_write

__all__ = ["Progress", "Stop", "Stopped", "write", "write_picture", "write_text"]

_WRITERS: Final[dict[Format, Callable[[Rows, Path, str], None]]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "xlsx": write_workbook,
    "jsonl": write_jsonl,
    "markdown": write_markdown,
}


def write(table: Table, to: Destination, format: Format, progress: Progress, stop: Stop) -> Written:
    """Write `table` to its destination; gives what was written.

    Raises LtvError where it must not or cannot be written, Stopped on `stop`: then nothing has changed.
    """
    to.check()
    refuse_existing(to, format)
    rows = Rows(table, progress, stop)
    if format == "sqlite":
        from ltvtui.exporting.database import write_table

        write_table(rows, to)
        return Written(to.path, table.height, to.path.stat().st_size, to.table)
    if format == "xlsx":
        check_room(table)
    with atomic_write(to.path, replace=to.replace) as part:
        try:
            _WRITERS[format](rows, part, to.table)
        except pl.exceptions.PolarsError as error:
            why = " ".join(str(error).split())[:160]
            raise LtvError(f"{to.path} could not be written: {why}.", "Check the free space on its disk.") from error
    return Written(to.path, table.height, to.path.stat().st_size)


def write_picture(picture: str, ending: str, to: Destination) -> Written:
    """Write a picture of the screen, which is text or SVG, into a file of that ending. Raises LtvError."""
    return _write(png(picture) if ending == ".png" else picture.encode(), to)


def write_text(text: str, to: Destination) -> Written:
    """Write a text, such as a page of HTML, into a file. Raises LtvError."""
    return _write(text.encode(), to)


def _write(content: bytes, to: Destination) -> Written:
    to.check()
    refuse_existing(to)
    with atomic_write(to.path, replace=to.replace) as part:
        part.write_bytes(content)
    return Written(to.path, None, to.path.stat().st_size)
