"""The key figures of a budget: what all channels together cost and bring."""

from __future__ import annotations

from ltvtui.analytics.budget import Budget
from ltvtui.present.budget.table import NOTHING_KNOWN, payback_words
from ltvtui.present.figures import Figures, Kpi
from ltvtui.present.numbers import amount, count, percent, symbol


def budget_figures(found: Budget, currency: str | None, gross: bool) -> Figures:
    """The strip over the rows: the blended row, and the terms that make it."""
    row, terms = found.blended.row(0, named=True), found.terms
    sign = symbol(currency)

    def money(value: float | None) -> str:
        if value is None:
            return NOTHING_KNOWN
        return f"{amount(value, 0 if abs(value) >= 10_000 else 2)} {sign}".rstrip()

    ratio = NOTHING_KNOWN if row["ltv_cac"] is None else amount(row["ltv_cac"])
    payback = payback_words(row["cac"], row["payback_months"], row["payback_observed_to"]) or NOTHING_KNOWN
    worth = "of revenue" if gross else f"× margin {percent(found.worth.margin, 0)}"
    if not gross and not found.worth.of_revenue and found.worth.margin == 1:
        worth = "on margin"
    by_ratio = row["ltv"] is not None and row["max_cac"] == row["ltv"] / terms.target
    most = f"LTV ÷ {terms.target:g}" if by_ratio else f"back in {terms.payback_limit} mo"
    horizon, watched = found.worth.horizon, row["payback_observed_to"]
    seen = f"{horizon} mo" if watched >= horizon or not watched else f"{watched} of {horizon} mo"
    boxes = (
        Kpi("new customers", count(row["new_customers"]), "", "", row["new_customers"], lambda n: count(round(n))),
        Kpi("spend", money(row["spend"]), "", "", row["spend"], money),
        Kpi("CAC", money(row["cac"]), "", "blended", row["cac"], money),
        Kpi(f"LTV {seen}", money(row["ltv"]), "", worth, row["ltv"], money),
        Kpi("LTV:CAC", ratio, "", f"target {terms.target:g}", row["ltv_cac"], amount),
        Kpi("payback", payback, note=f"≤ {terms.payback_limit} mo"),
        Kpi("largest CAC", money(row["max_cac"]), "", most * (row["max_cac"] is not None), row["max_cac"], money),
    )
    of = " of revenue" if gross else ""
    short = "" if watched >= horizon else f" ({seen})"
    line = (
        f"{boxes[0].value} new",
        f"spend {boxes[1].value}",
        f"payback {payback}",
        f"LTV {boxes[3].value}{of}{short}" + (f" = {ratio} × CAC" if row["ltv_cac"] is not None else ""),
        f"CAC {boxes[2].value}, at most {boxes[6].value}",
    )
    return Figures(boxes, line)
