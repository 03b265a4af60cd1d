"""Names of the columns of a table in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ltvtui.errors import LtvError, thousands

MOST_COLUMNS: Final = 2_000
"""Of a table in SQLite (https://sqlite.org/limits.html)."""


def column_names(path: Path, header: Sequence[str], where: str) -> tuple[str, ...]:
    """Names of columns: trimmed, and one for each that has none.

    LtvError (exit code 1) where two are the same, or where they are more than a table in SQLite has.
    """
    check_count(path, len(header))
    names = tuple(" ".join(name.replace("\0", "").split()) or f"column {n}" for n, name in enumerate(header, 1))
    counted = Counter(name.lower() for name in names)
    twice = [name for name in dict.fromkeys(names) if counted[name.lower()] > 1]
    if twice:
        places = [str(n) for n, name in enumerate(names, 1) if name.lower() == twice[0].lower()]
        raise LtvError(
            f"{path.name} cannot be read: {where} names columns {' and '.join(places)} {twice[0]!r}.",
            "Give every column a different name; upper and lower case count as the same.",
        )
    return names


def check_count(path: Path, columns: int) -> None:
    """LtvError (exit code 1) where they are more than a table in SQLite has."""
    if columns > MOST_COLUMNS:
        raise LtvError(
            f"{path.name} cannot be read: it has {thousands(columns)} columns, and a table has "
            f"{thousands(MOST_COLUMNS)} at most.",
            "Remove columns you do not need: a customer, a date and an amount are enough.",
        )
