"""The plan of a shop, and the order of its lead stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ltvtui.storage.workspace.database import text
from ltvtui.user_state.lead_order import LeadOrder, read_lead_order
from ltvtui.user_state.plans import MarketingPlan, read_plan, write_plan

if TYPE_CHECKING:
    from sqlite_utils import Database

Table = Literal["plan", "lead_order"]
_NOTHING: Final = LeadOrder()


def plan_of(database: Database, shop: str) -> MarketingPlan | None:
    """The plan that was kept; None where none was."""
    found = _row(database, "plan", shop)
    return None if found is None else read_plan(*found)


def save_plan(database: Database, shop: str, plan: MarketingPlan | None) -> None:
    """Keep a plan in place of the one before, or none, within a transaction."""
    _save(database, "plan", shop, None if plan is None else write_plan(plan), "" if plan is None else plan.changed)


def lead_order_of(database: Database, shop: str) -> LeadOrder:
    """The order of the stages that was kept; a blank one where none was."""
    found = _row(database, "lead_order", shop)
    return _NOTHING if found is None else read_lead_order(found[0])


def save_lead_order(database: Database, shop: str, order: LeadOrder, changed: str) -> None:
    """Keep the order of the stages, within a transaction; a blank one takes it away."""
    _save(database, "lead_order", shop, None if order == _NOTHING else order.write(), changed)


def _row(database: Database, table: Table, shop: str) -> tuple[str, str] | None:
    """(content, changed); None where nothing is kept, or the workspace is of a version that had no such table."""
    if table not in database.table_names():
        return None
    rows = database.table(table).rows_where("shop = ?", [shop])
    return next(((text(row["content"]), text(row["changed"])) for row in rows), None)


def _save(database: Database, table: Table, shop: str, content: str | None, changed: str) -> None:
    if content is None:
        database.table(table).delete_where("shop = ?", [shop])
        return
    database.table(table).upsert({"shop": shop, "content": content, "changed": changed}, pk="shop")
