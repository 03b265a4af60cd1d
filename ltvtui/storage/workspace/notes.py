"""Notes, by shop and what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltvtui.storage.workspace.database import text
from ltvtui.user_state.notes import NO_NOTE, Note
from ltvtui.user_state.state import NoteChange

if TYPE_CHECKING:
    from sqlite_utils import Database


def notes_of(database: Database, shop: str | None) -> list[tuple[str, str, Note]]:
    """(shop, Subject.key, note) of one shop or, with None, of all, the oldest first."""
    where = None if shop is None else "shop = ?"
    rows = database.table("note").rows_where(
        where, None if shop is None else [shop], order_by="shop, changed, subject"
    )
    columns = ("name", "text", "actions", "changed")
    return [(text(row["shop"]), text(row["subject"]), Note(*(text(row[name]) for name in columns))) for row in rows]


def change_note(database: Database, shop: str, change: NoteChange) -> None:
    """Keep a note, within a transaction; what another session has noted of the same meanwhile is kept beside it."""
    rows = database.query("SELECT * FROM note WHERE shop = ? AND subject = ?", [shop, change.key])
    there = next((Note(row["name"], row["text"], row["actions"]) for row in rows), NO_NOTE)
    note = change.after if there in (change.before, change.after) else change.after.beside(there)
    if note.blank:
        database.table("note").delete_where("shop = ? AND subject = ?", [shop, change.key])
        return
    row = {"shop": shop, "subject": change.key, "name": note.name, "text": note.text, "actions": note.actions}
    database.table("note").upsert({**row, "changed": change.after.changed}, pk=("shop", "subject"))
