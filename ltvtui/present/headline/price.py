"""What a customer may cost, or why that cannot be said yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ltvtui.analytics.budget.prices import Prices
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.words import money, within
from ltvtui.present.numbers import counted


def price_clauses(
    row: Mapping[str, Any], prices: Prices | None, sign: str, *, target: float, horizon: int, gross: bool
) -> Clauses:
    """The clause of a row of segments.profile or of a budget (ltv, within_months) and its `prices`: of all customers,
    and of those that were paid for, where spend is known; none where LTV covers the horizon and no price is given."""
    seen, ltv = row["within_months"], row["ltv"]
    if ltv is None or not seen:
        return ("no customer has a complete month of data, so there is no LTV yet",)
    if seen < horizon:
        before = ", LTV before costs" if gross else ""
        so_far = f" ({money(ltv / target, sign)} at target {target:g} so far{before})" if ltv > 0 else ""
        return (f"LTV is {money(ltv, sign)} {within(seen, horizon)}{so_far}: too early to say what one may cost",)
    if prices is None or prices.of_all is None:
        return ()
    notes = "; ".join((*paid_price(prices, sign), *_left_out(prices), *(["LTV before costs"] if gross else [])))
    noted = with_fixed_brackets(f" ({notes})") if notes else ""
    if prices.of_all <= 0:
        return (f"a customer may cost nothing: LTV is {money(ltv, sign)} {within(seen, horizon)}{noted}",)
    return (f"at target {target:g} pay up to {money(prices.of_all, sign)} for a customer{noted}",)


def paid_price(prices: Prices, sign: str) -> Clauses:
    """What those who were paid for may cost; nothing where spend is not known by channel."""
    if not prices.is_by_channel:
        return ()
    if prices.of_paid is None:
        return ("paid channels: too early to say",)
    return (f"paid channels: {money(prices.of_paid, sign) if prices.of_paid > 0 else 'nothing'}",)


def _left_out(prices: Prices) -> Clauses:
    """Who is not among them, so that the figure is not taken for that of all."""
    return (f"without {counted(prices.left_out, 'customer')} of days without known spend",) if prices.left_out else ()
