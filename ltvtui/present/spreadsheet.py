"""Rows for a spreadsheet: full precision, and nothing that it would run."""

from __future__ import annotations

import csv
import io

import polars as pl

from ltvtui.present.plain import plain


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
    """`text` as a cell that no spreadsheet takes for a formula: such text is set off by a quote."""
    clean = plain(text)
    return "'" + clean if clean.lstrip().startswith(("=", "+", "-", "@")) else clean
