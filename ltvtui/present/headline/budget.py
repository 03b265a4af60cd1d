"""What Budget says: whether customers cost more than they may, where, and what one more costs."""

from __future__ import annotations

from typing import Any

import polars as pl

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.prices import Prices
from ltvtui.analytics.budget.rows import is_costly_at_the_margin
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.price import price_clauses
from ltvtui.present.headline.words import listed, money, names, share
from ltvtui.present.numbers import count

NOBODY: tuple[str, ...] = ("no new customers and no spend in this period",)


def budget_clauses(found: Budget, sign: str, gross: bool) -> Clauses:
    """The clauses of a budget; `gross`: LTV is revenue, not profit."""
    total = found.blended.row(0, named=True)
    if not total["new_customers"] and total["spend"] is None:
        return NOBODY
    if found.hindsight:
        return ("these customers are chosen by what they did later, so there is no advice on what to pay",)
    by_channel = found.paid["spend"][0] is not None
    row = found.paid.row(0, named=True) if by_channel else total
    if row["cac"] is None:
        no_spend = "no spend is known" if total["spend"] is None else f"{money(total['spend'], sign)} brought nobody"
        return (no_spend, *_price(found, total, sign, gross))
    return (
        *_paid(row, prices_in(found), sign, found.terms.target, gross),
        *(_price(found, row, sign, gross) if row["max_cac"] is None else ()),
        *verdict_clauses(found, sign),
        *(_free(total["free_share"]) if by_channel else ("spend is not split by channel, so channels have no CAC",)),
    )


def _price(found: Budget, row: dict[str, Any], sign: str, gross: bool) -> Clauses:
    terms, horizon = found.terms, found.worth.horizon
    return price_clauses(row, prices_in(found), sign, target=terms.target, horizon=horizon, gross=gross)


def prices_in(found: Budget) -> Prices:
    """The largest CACs of a budget."""
    paid, together = found.paid.row(0, named=True), found.blended.row(0, named=True)
    return Prices(together["max_cac"], paid["max_cac"], paid["spend"] is not None, found.left_out)


def _paid(row: dict[str, Any], prices: Prices, sign: str, target: float, gross: bool) -> Clauses:
    """CAC against the largest there may be."""
    who = "paid customers" if prices.is_by_channel else "new customers"
    costs = f"{who} cost {money(row['cac'], sign)} each"
    most = row["max_cac"]
    if most is None:
        return (costs,)
    low, high = row["max_cac_lower"], row["max_cac_upper"]
    is_about = low is not None and high is not None and low < row["cac"] <= high
    of_all = prices.is_by_channel and prices.of_all is not None
    notes = (
        *([f"95 % interval {money(low, sign)} to {money(high, sign)}"] if is_about else []),
        *([f"all customers: {money(prices.of_all or 0.0, sign)}"] if of_all else []),
    )
    before = ", LTV before costs" if gross else ""
    noted = f"{before} ({'; '.join(notes)})" if notes else before
    against = "about" if is_about else "more than" if row["cac"] > most else "less than"
    return (f"{costs}, {against} the {money(most, sign)} that target {target:g} allows{noted}",)


def verdict_clauses(found: Budget, sign: str) -> Clauses:
    """Verdicts, the worst first, with the money that is at stake, and where one more customer costs too much."""
    keys = ["channel", *(["segment"] if "segment" in found.rows.columns else [])]
    clauses, counts = [], {}
    for verdict in ("pause", "reduce", "scale", "wait", "few"):
        rows = found.rows.filter(pl.col("verdict").cast(pl.String) == verdict)
        counts[verdict] = rows.height
        if rows.is_empty():
            continue
        if verdict in ("pause", "reduce"):
            rows = rows.sort("spend", descending=True, nulls_last=True, maintain_order=True)
            spent = [
                names(row) if spend is None else f"{names(row)} ({money(spend, sign)} spent)"
                for *row, spend in rows.select(*keys, "spend").iter_rows()
            ]
            clauses.append(f"{verdict} {listed(spent, 2)}")
        elif verdict == "scale":
            cheap = rows.filter(is_costly_at_the_margin().not_())
            if cheap.height:  # of the others the next clause says what one more costs
                clauses.append(f"scale {listed([names(row) for row in cheap.select(keys).iter_rows()])}")
        else:
            why = "too few new customers" if verdict == "few" else f"less than {found.worth.horizon} months of data"
            clauses.append(f"{why}: {listed([names(row) for row in rows.select(keys).iter_rows()])}")
    if not counts["pause"] and not counts["reduce"] and counts["scale"]:
        clauses.insert(0, "no channel costs clearly more than it may")
    return (*clauses, *_costly_at_the_margin(found, sign))


def _costly_at_the_margin(found: Budget, sign: str) -> Clauses:
    """Channels that are cheap enough on average, while one more of their customers is not; the dearest of them."""
    dear = found.rows.filter(is_costly_at_the_margin())
    if dear.is_empty():
        return ()
    worst = dear.sort(pl.col("marginal_cac") - pl.col("max_cac"), descending=True, maintain_order=True)
    row = worst.row(0, named=True)
    others = dear["channel"].n_unique() - 1
    more = f" (nor that of {count(others)} more)" if others else ""
    return (
        f"one more customer by {names([row['channel']])} costs {money(row['marginal_cac'], sign)}, more than its max "
        f"CAC of {money(row['max_cac'], sign)}: do not raise its budget{more}",
    )


def _free(part: float | None) -> Clauses:
    return (f"{share(part)} of new customers came without spend",) if part else ()
