"""Tables without a header: told by their first row, which looks like those below it, and named column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.files.heading import is_figure

SAMPLE_ROWS: Final = 50
"""Rows below the first one that are compared with it."""
NO_HEADER_HINT: Final = (
    "If it is data, use --no-header: columns are named column_1, column_2 and so on. Then map them, such as "
    "--customer column_2."
)
AFTER_ALL: Final = "If it is a header: --skip-rows 0."
_DAY: Final = re.compile(r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:[T ].*)?")
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_CODE: Final = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w./#-]+")
_CENTS: Final = re.compile(r"[^\w]*\d[\d\s.,'’]*[.,]\d{1,2}[^\w]*(?:[A-Z]{3})?")
_YEARS: Final = range(1970, 2101)
_ALIKE: Final = 0.8
"""Share of the values below that are of the kind of the first."""
_FEW: Final = 3
"""Rows below it from which on a first row can be told from them."""


def is_data_row(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the first row of a table is none of names: a day, or an amount with cents, is above its like, and
    no cell above values of another kind."""
    rows = [row for row in below if any(cell.strip() for cell in row)][:SAMPLE_ROWS]
    if len(rows) < _FEW or len({cell.strip() for cell in first if cell.strip()}) < 2:
        return False
    kinds = [_kind(cell) for cell in first]
    evident = False
    for place, kind in enumerate(kinds):
        column = [_kind(row[place]) for row in rows if place < len(row) and row[place].strip()]
        if kind == "" or not column:
            continue
        alike = sum(_same(kind, other) for other in column)
        if alike < _ALIKE * len(column):
            return False
        evident = evident or kind in ("day", "cents", "mail")
    numbers = [cell.strip() for cell in first if _kind(cell) == "number"]
    if not evident and len(numbers) > 1:
        evident = not all(cell.isdigit() and int(cell) in _YEARS for cell in numbers)
    return evident


def refuse_headless(path: Path, first: Sequence[str], below: Sequence[Sequence[str]], where: str) -> None:
    """LtvError (exit code 2) where the first row looks like data."""
    if not is_data_row(first, below):
        return
    shown = ", ".join(cell.strip() for cell in first[:5]) + (", …" if len(first) > 5 else "")
    raise LtvError(
        f"{path.name} has no header: {where} looks like data ({shown[:120]}).", f"{NO_HEADER_HINT} {AFTER_ALL}", 2
    )


def _kind(cell: str) -> str:
    text = cell.strip()
    if not text:
        return ""
    if _DAY.fullmatch(text):
        return "day"
    if _CENTS.fullmatch(text):
        return "cents"
    if is_figure(text):
        return "number"
    if _MAIL.fullmatch(text):
        return "mail"
    return "code" if _CODE.fullmatch(text) else "text"


def _same(kind: str, other: str) -> bool:
    numbers, words = {"number", "cents"}, {"code", "text", "mail"}
    return kind == other or {kind, other} <= numbers or (kind != "mail" and {kind, other} <= words)
