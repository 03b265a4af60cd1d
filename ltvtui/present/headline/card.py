"""What the card says of one customer: what they are worth, whether they are gone, and when they are due."""

from __future__ import annotations

import polars as pl

from ltvtui.analytics.listing import Card
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.words import money, silence
from ltvtui.present.numbers import amount, count, counted


def card_clauses(found: Card, gap: int, sign: str) -> Clauses:
    """The clauses of a card; `gap` is the churn gap in days."""
    facts = found.facts
    kind = facts["tier"] if facts["tier"] == "VIP" else f"{facts['tier']} tier"
    worth = f"{money(facts['revenue'] / MONEY_SCALE, sign)} in {counted(facts['orders'], 'order')}"
    return (
        f"{kind}, rank {count(found.rank)} of {count(found.of)} by revenue: {worth}",
        _silent(facts["silent"], gap),
        *_rhythm(found.orders, facts["silent"]),
    )


def _silent(days: int, gap: int) -> str:
    last = "last order today" if days == 0 else f"last order {counted(days, 'day')} ago"
    if days >= gap:
        return f"{last}, so lapsed ({silence(gap)})"
    return f"{last}, within the churn gap of {counted(gap, 'day')}"


def _rhythm(orders: pl.DataFrame, silent: int) -> Clauses:
    """The usual days between orders, and how the present silence compares with them."""
    gaps = orders["gap"].drop_nulls()
    gaps = gaps.filter(gaps > 0)
    if gaps.is_empty():
        return ("all on one day",) if orders.filter(pl.col("kind") == "order").height > 1 else ("never came back",)
    if gaps.len() == 1:
        return (f"came back once, after {counted(int(gaps[0]), 'day')}",)
    usual = float(gaps.median() or 0)  # type: ignore[arg-type]
    every = f"usually {'daily' if usual == 1 else f'every {_days(usual)} days'} (median)"
    late = silent - usual
    if late > 0:
        return (f"{every}: {_days(late)} {'day' if late == 1 else 'days'} late",)
    if late == 0:
        return (f"{every}: the next one is due today",)
    due = int(orders.filter(pl.col("kind") == "order")["day"].max() + usual)  # type: ignore[operator]
    return (f"{every}: the next one is due on {iso(due)}",)


def _days(days: float) -> str:
    return amount(days, 0 if days == int(days) else 1)
