"""The fields of the form: a role each, and what may play it."""

from __future__ import annotations

from typing import Final

from ltvtui.sources.mapping import Mapping
from ltvtui.tui.widgets.line import TextLine

FIELDS: Final = (
    ("orders", "orders table"),
    ("customer", "customer id"),
    ("date", "date"),
    ("date_format", "date format"),
    ("amount", "amount"),
    ("decimal", "decimal mark"),
    ("order_id", "order id"),
    ("lines", "order lines"),
    ("status", "status"),
    ("currency", "currency"),
    ("rate", "currency rate"),
    ("cost", "cost"),
    ("margin", "margin"),
    ("refund_of", "refund of"),
    ("refunded", "refunded part"),
    ("cancelled", "cancelled at"),
    ("row_type", "row type"),
    ("updated_at", "updated at"),
)


class MappingField(TextLine):
    """A field whose greyed proposal is taken with →."""

    def action_cursor_right(self, select: bool = False) -> None:
        """Take the proposal where nothing is typed."""
        if not self.value and self.placeholder:
            self.value = str(self.placeholder)
            self.cursor_position = len(self.value)
        else:
            super().action_cursor_right(select)


def role_column(mapping: Mapping | None, role: str) -> str:
    """What plays `role` in the mapping; blank where nothing does."""
    if mapping is None:
        return ""
    return ", ".join(mapping.date_formats) if role == "date_format" else getattr(mapping, role) or ""
