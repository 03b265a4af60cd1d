"""Rows as an Excel workbook that is made row by row: one made at once, as Polars does, would hold every cell twice
and could not be stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ltvtui.errors import LtvError
from ltvtui.exporting.source import Rows
from ltvtui.present.numbers import Kind
from ltvtui.present.tables import Column, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its heading, by Excel's limits."""
MOST_COLUMNS: Final = 16_384
LONGEST: Final = 32_767
"""Characters of a cell."""
_WIDEST: Final = 40
_SHEET: Final = 31
"""Characters of a sheet's name."""
_FORBIDDEN: Final = str.maketrans("[]:*?/\\", "       ")


def check_room(table: Table) -> None:
    """Raises LtvError (exit code 2) where a sheet cannot hold the table."""
    if table.height > MOST_ROWS or len(table.in_files) > MOST_COLUMNS:
        raise LtvError(
            f"A sheet holds {MOST_ROWS} rows and {MOST_COLUMNS} columns; the table has {table.height} and "
            f"{len(table.in_files)}.",
            "Choose csv or parquet.",
            2,
        )


def write_workbook(rows: Rows, path: Path, name: str) -> None:
    """One sheet called `name`: bold heading that stays in view, numbers and days as such, with their formats.

    No text is a formula: cells of text are marked as quoted, and stay what they are when they are edited.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f"{path.name}-") as room:
        workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": room})
        sheet = workbook.add_worksheet(" ".join(name.translate(_FORBIDDEN).split()).strip("'")[:_SHEET] or "rows")
        try:
            _fill(workbook, sheet, rows)
            rows.check()
            workbook.close()
        except XlsxWriterException as error:
            raise OSError(None, str(error)) from error
        finally:
            if not workbook.fileclosed:
                workbook.fileclosed = True  # else it would write itself when it is forgotten
                sheet._opt_close()


def _fill(workbook: Workbook, sheet: Worksheet, rows: Rows) -> None:
    columns, names = rows.table.in_files, list(rows.schema)
    bold = workbook.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
    text = workbook.add_format({"quote_prefix": True})
    formats = [_format(workbook, column, text) for column in columns]
    writers: list[Callable[..., Any]] = [_WRITERS.get(column.kind, _write_number) for column in columns]
    for place, title in enumerate(names):
        sheet.write_string(0, place, title, bold)
    sheet.freeze_panes(1, 1)
    if names:
        sheet.autofilter(0, 0, rows.table.height, len(names) - 1)
    done = 0
    for chunk in rows.chunks():
        if not done:
            for place, wide in enumerate(_widths(chunk)):
                sheet.set_column(place, place, wide)
        for line, row in enumerate(chunk.iter_rows(), done + 1):
            if line % 1_000 == 0:
                rows.check()
            for place, value in enumerate(row):
                if value is not None:
                    writers[place](sheet, line, place, value, formats[place])
        done += chunk.height


def _write_text(sheet: Worksheet, line: int, place: int, value: str, format: Any) -> None:
    sheet.write_string(line, place, value[:LONGEST], format)


def _write_number(sheet: Worksheet, line: int, place: int, value: float, format: Any) -> None:
    sheet.write_number(line, place, value, format)


def _write_day(sheet: Worksheet, line: int, place: int, value: date, format: Any) -> None:
    if value.year < 1900:  # a sheet knows no earlier day
        sheet.write_string(line, place, value.isoformat())
    else:
        sheet.write_datetime(line, place, value, format)


def _write_mark(sheet: Worksheet, line: int, place: int, value: bool, format: Any) -> None:
    sheet.write_boolean(line, place, value)


_WRITERS: Final[dict[Kind, Callable[..., Any]]] = {"text": _write_text, "day": _write_day, "flag": _write_mark}


def _format(workbook: Workbook, column: Column, text: Any) -> Any:
    decimals = "." + "0" * column.decimals if column.decimals else ""
    match column.kind:
        case "text" | "flag":
            return text
        case "count":
            shown = "#,##0"
        case "share":
            shown = "0.0%"
        case "day":
            shown = "yyyy-mm-dd"
        case "months":
            shown = "0.0"
        case _:
            shown = f"#,##0{decimals}"
    return workbook.add_format({"num_format": shown})


def _widths(chunk: pl.DataFrame) -> list[int]:
    """Characters of each column, as wide as its first rows need."""
    seen = chunk.head(1_000)
    return [
        min(max(len(name), int(texts.str.len_chars().max() or 0)) + 2, _WIDEST)  # type: ignore[arg-type]
        for name, texts in ((name, seen[name].cast(pl.String)) for name in seen.columns)
    ]
