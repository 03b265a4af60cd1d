"""Every change of the workspace's tables since the first version, in order; each is applied once.

What stands here is not changed any more: another change is added below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltvtui.storage.lean_sqlite_utils import load_migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


def changes_of_tables() -> Any:
    """All of them, as sqlite_utils.migrations.Migrations."""
    changes = load_migrations()("ltvtui")

    @changes()
    def spend_and_aliases(database: Database) -> None:
        database.table("spend").create(
            {"shop": str, "day": str, "channel": str, "amount": int}, pk=("shop", "day", "channel")
        )
        database.table("alias").create({"shop": str, "name": str, "channel": str}, pk=("shop", "name"))

    @changes()
    def views_and_notes(database: Database) -> None:
        database.table("saved_view").create(
            {"shop": str, "name": str, "told": str, "saved": str}, pk=("shop", "name")
        )
        database.table("note").create(
            {"shop": str, "subject": str, "name": str, "text": str, "actions": str, "changed": str},
            pk=("shop", "subject"),
        )

    @changes()
    def tier_history(database: Database) -> None:
        database.table("tier_recording").create(
            {"id": int, "shop": str, "terms": str, "as_of": str, "at": str, "customers": int, "changed": int}, pk="id"
        )
        database.table("tier_recording").create_index(["shop", "terms"])
        # Of a large shop this is the largest table: the key is all the index it has.
        database.execute(
            "CREATE TABLE tier_change (customer TEXT, recording INTEGER, before TEXT, after TEXT,"
            " PRIMARY KEY (customer, recording)) WITHOUT ROWID"
        )
        database.table("tier_state").create(
            {"shop": str, "terms": str, "recording": int, "state": bytes}, pk=("shop", "terms")
        )

    @changes()
    def plans_and_lead_orders(database: Database) -> None:
        for name in ("plan", "lead_order"):
            database.table(name).create({"shop": str, "content": str, "changed": str}, pk="shop")

    return changes
