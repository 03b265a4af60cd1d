"""What a customer may cost, or why that cannot be said yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.words import money, within


def price_clauses(
    row: Mapping[str, Any], price: float | None, sign: str, *, target: float, horizon: int, gross: bool
) -> Clauses:
    """The clause of a row of segments.profile or of a budget (ltv, within_months) and its `price`, the largest CAC;
    none where LTV covers the horizon and no price is given."""
    seen, ltv = row["within_months"], row["ltv"]
    costs = with_fixed_brackets(" (LTV before costs)") if gross else ""
    if ltv is None or not seen:
        return ("no customer has a complete month of data, so there is no LTV yet",)
    if seen < horizon:
        return (f"LTV is {money(ltv, sign)} {within(seen, horizon)}: too early to say what one may cost",)
    if price is None:
        return ()
    if price <= 0:
        return (f"a customer may cost nothing: LTV is {money(ltv, sign)} {within(seen, horizon)}",)
    return (f"at target {target:g} pay up to {money(price, sign)} for a customer{costs}",)
