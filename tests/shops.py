"""Shops that tests open: built from SQL in a temporary folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORNER_SHOP = ROOT / "fixtures" / "corner_shop.sql"


def build(folder: Path, sql: str, name: str = "shop.sqlite") -> Path:
    """A database in `folder` made by `sql`."""
    path = folder / name
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        connection.commit()
    return path


def corner_shop(folder: Path) -> Path:
    """The shop that is checked by hand."""
    return build(folder, CORNER_SHOP.read_text("utf-8"), "corner.sqlite")
