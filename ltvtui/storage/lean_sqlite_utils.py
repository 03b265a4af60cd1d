"""sqlite-utils without pandas. Where there is one it would be imported with it, for a type that no row of ours has:
that takes longer than all else that a small shop is opened with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations


def load_database() -> type[Database]:
    """sqlite_utils.Database."""
    with _without_pandas():
        from sqlite_utils import Database
    return Database


def load_migrations() -> type[Migrations]:
    """sqlite_utils.migrations.Migrations."""
    with _without_pandas():
        from sqlite_utils.migrations import Migrations
    return Migrations


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Have what is imported meanwhile find no pandas, unless it is there already."""
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop("pandas", None)
