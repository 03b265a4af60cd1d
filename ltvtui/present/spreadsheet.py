"""Rows for a spreadsheet: full precision, and nothing that it would run."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

import polars as pl

from ltvtui.present.plain import plain

STARTS: Final = "=+@＝＋－＠-"
"""What a formula begins with, in some of the world as wide letters."""
NUMBER: Final = re.compile(r"-[0-9][0-9 .,\u00a0]*( ?%)?")
"""A negative number as it is written on screen: it begins like a formula, and is none."""


def rows_as_csv(rows: pl.DataFrame) -> str:
    """Rows as CSV with a heading; null is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(c) for c in rows.columns])
    writer.writerows([_cell(v) for v in row] for row in rows.iter_rows())
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula: such text is set off by a quote.

    A negative number stays one.
    """
    clean = plain(text)
    return "'" + clean if clean.lstrip().startswith(tuple(STARTS)) and not NUMBER.fullmatch(clean) else clean
