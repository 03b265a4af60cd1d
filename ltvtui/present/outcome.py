"""What comes out of a shop under one understanding of its columns, in a line."""

from __future__ import annotations

from ltvtui.analytics.cleaning.data_quality import Quality
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.numbers import amount, counted
from ltvtui.present.plain import plain
from ltvtui.present.quality import left_out


def outcome_words(quality: Quality, customers: int, revenue: int, currency: str | None) -> str:
    """Orders, customers, revenue (Int64 money), days and rows left out."""
    unit = f" {plain(currency)}" if currency else ""
    return (
        f"{counted(quality.orders, 'order')} of {counted(customers, 'customer')}"
        f" · revenue {amount(revenue / MONEY_SCALE, 0)}{unit}"
        f" · {iso(quality.first_day)} to {iso(quality.last_day)} · {left_out(quality)}"
    )
