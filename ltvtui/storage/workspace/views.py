"""Saved views, by shop and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltvtui.storage.workspace.database import text
from ltvtui.user_state.state import SavedView, ViewChange

if TYPE_CHECKING:
    from sqlite_utils import Database


def views_of(database: Database, shop: str | None) -> list[tuple[str, SavedView]]:
    """(shop, view) of one shop or, with None, of all, by name."""
    where = None if shop is None else "shop = ?"
    rows = database.table("saved_view").rows_where(where, None if shop is None else [shop])
    columns = ("name", "told", "saved")
    found = [(text(row["shop"]), SavedView(*(text(row[name]) for name in columns))) for row in rows]
    return sorted(found, key=lambda pair: (pair[0], pair[1].name.casefold(), pair[1].name))


def change_view(database: Database, shop: str, change: ViewChange) -> None:
    """Save or remove a view, within a transaction."""
    if change.view is None:
        database.table("saved_view").delete_where("shop = ? AND name = ?", [shop, change.name])
        return
    row = {"shop": shop, "name": change.name, "told": change.view.location_json, "saved": change.view.saved}
    database.table("saved_view").upsert(row, pk=("shop", "name"))
