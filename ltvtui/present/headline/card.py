"""What the card says of one customer: what they are worth, whether they have lapsed, and when they are due."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.listing import Card
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import money, silence
from ltvtui.present.numbers import count, counted
from ltvtui.present.rhythm import usual_days


def card_clauses(found: Card, gap: int, sign: str) -> Clauses:
    """The clauses of a card; `gap` is the churn gap in days."""
    facts = found.facts
    kind = facts["tier"] if facts["tier"] == "VIP" else f"{facts['tier']} tier"
    worth = f"{money(facts['revenue'] / MONEY_SCALE, sign)} in {counted(facts['orders'], 'order')}"
    return (
        f"{kind}, rank {count(found.rank)} of {count(found.of)} by revenue: {worth}",
        _silent(facts["silent"], gap, facts["stage"]),
        *_rhythm(found, facts["last"] + facts["silent"], has_lapsed=facts["silent"] >= gap),
    )


def _silent(days: int, gap: int, stage: str) -> str:
    last = "last order today" if days == 0 else f"last order {counted(days, 'day')} ago"
    if days >= gap:
        return f"{last}, so lapsed ({silence(gap)})"
    state = "so fading, though not lapsed yet" if stage == "fading" else "so not lapsed"
    return f"{last}, {state} (lapsed from {counted(gap, 'day')} on)"


def _rhythm(found: Card, as_of: int, *, has_lapsed: bool) -> Clauses:
    """The usual days between orders, and how the present silence compares with them."""
    rhythm, orders = found.rhythm, found.orders.filter(pl.col("kind") == "order")
    if rhythm is None:
        once = "never came back" if has_lapsed else "one order so far"
        return ("all on one day",) if orders.height > 1 else (once,)
    if rhythm.gaps == 1:
        return (f"came back once, after {usual_days(rhythm)}",)
    every = f"usually {'daily' if rhythm.median == 1 else f'every {usual_days(rhythm)}'} (median)"
    late = as_of - rhythm.due
    if late > 0:
        return (f"{every}: {counted(late, 'day')} late by this rhythm",)
    return (f"{every}: by this rhythm due {'today' if late == 0 else f'on {iso(rhythm.due)}'}",)
