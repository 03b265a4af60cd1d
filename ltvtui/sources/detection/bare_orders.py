"""Orders that no line and no payment belongs to: read by their lines, they are not read, and a notice says so."""

from __future__ import annotations

from ltvtui.errors import thousands
from ltvtui.sources.base import Database
from ltvtui.sources.detection.candidate import Candidate
from ltvtui.sources.detection.glance import glance
from ltvtui.sources.sql import quote

SECONDS = 1.0
"""Longest time that is waited for the count."""


def bare_order_notices(database: Database, best: Candidate) -> tuple[str, ...]:
    """A sentence where orders are left out for want of lines; none without such, or where counting would be slow."""
    order_id = best.finds.get("order_id")
    if best.lines is None or best.lines_order_id is None or order_id is None or best.base is not None:
        return ()
    lines, key = quote(best.lines), quote(best.lines_order_id)
    with_lines = f"SELECT {key} FROM {lines} WHERE {key} IS NOT NULL"  # noqa: S608
    sql = f"SELECT count(*) FROM {quote(best.orders)} WHERE {quote(order_id.column)} NOT IN ({with_lines})"  # noqa: S608
    rows = glance(database, sql, seconds=SECONDS)
    bare = rows[0][0] if rows else None
    if not isinstance(bare, int) or not bare:
        return ()
    return (f"Rows of {best.title} left out because they have no lines in {best.lines}: {thousands(bare)}.",)
