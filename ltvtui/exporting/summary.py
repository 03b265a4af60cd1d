"""What has left, in words."""

from __future__ import annotations

from ltvtui.exporting.destination import Written
from ltvtui.present.cached import size_words
from ltvtui.present.numbers import counted


def words_of(written: Written, word: str = "row") -> str:
    """Rows, size and path on one line; `word` is what a row is."""
    rows = "" if written.rows is None else f"{counted(written.rows, word)} · "
    table = f", table {written.table}" if written.table else ""
    return f"{rows}{size_words(written.bytes)} · {written.path}{table}"
