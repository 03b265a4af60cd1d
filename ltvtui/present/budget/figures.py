"""The key figures of a budget: what all channels together cost and bring."""

from __future__ import annotations

from typing import Any

from ltvtui.analytics.budget.budget import Budget
from ltvtui.present.budget.table import NO_FIGURE, payback_words
from ltvtui.present.figures import Figures, Kpi
from ltvtui.present.numbers import amount, at_least, count, months_of, percent, symbol


def budget_figures(found: Budget, currency: str | None, gross: bool) -> Figures:
    """The strip over the rows: what was paid for, or all where spend is not split by channel, and the terms."""
    by_channel = found.paid["spend"][0] is not None
    row, terms = (found.paid if by_channel else found.blended).row(0, named=True), found.terms
    total = found.blended.row(0, named=True)
    sign = symbol(currency)

    def money(value: float | None) -> str:
        if value is None:
            return NO_FIGURE
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    ratio = NO_FIGURE if row["ltv_cac"] is None else amount(row["ltv_cac"])
    words = payback_words(row["verdict"], row["cac"], row["payback_months"], row["payback_observed_to"])
    payback = words or NO_FIGURE
    worth = "of revenue" if gross else f"× margin {percent(found.worth.margin, 0)}"
    if not gross and not found.worth.of_revenue and found.worth.margin == 1:
        worth = "on margin"
    horizon, seen = found.worth.horizon, months_of(row["within_months"], found.worth.horizon)
    short = 0 < row["within_months"] < horizon
    ltv = at_least(money(row["ltv"])) if short and row["ltv"] is not None else money(row["ltv"])
    blended = f"blended {money(total['cac'])}" if by_channel else "blended"
    boxes = (
        Kpi(
            "paid customers" if by_channel else "new customers",
            count(row["new_customers"]),
            "",
            f"of {count(total['new_customers'])}" if by_channel else "",
            row["new_customers"],
            lambda n: count(round(n)),
        ),
        Kpi("spend", money(row["spend"]), "", "", row["spend"], money),
        Kpi("CAC", money(row["cac"]), "", blended, row["cac"], money),
        Kpi(f"LTV {seen if row['within_months'] else f'{horizon} mo'}", ltv, "", worth, row["ltv"], money),
        Kpi("LTV:CAC", ratio, "", f"target {terms.target:g}", row["ltv_cac"], amount),
        Kpi("payback", payback, note=f"≤ {terms.payback_limit} mo"),
        Kpi("max CAC", money(row["max_cac"]), "", _between(row), row["max_cac"], money),
    )
    of = " of revenue" if gross else ""
    line = (
        f"{boxes[0].value} {'paid' if by_channel else 'new'}",
        f"spend {boxes[1].value}",
        f"payback {payback}",
        f"LTV {ltv}{of}{f' ({seen})' if short else ''}" + (f" = {ratio} × CAC" if row["ltv_cac"] is not None else ""),
        f"CAC {boxes[2].value}, at most {boxes[6].value}",
    )
    return Figures(boxes, line)


def _between(row: dict[str, Any]) -> str:
    """31.20 – 34.60: the 95 % interval of the largest CAC."""
    low, high = row["max_cac_lower"], row["max_cac_upper"]
    return "" if low is None or high is None else f"{amount(low)} – {amount(high)}"
