"""What Overview and a report by tier say: how few bring how much, how many of them have lapsed, what one may cost."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ltvtui.analytics.budget.prices import Prices
from ltvtui.analytics.tiers.origins import Origin
from ltvtui.analytics.tiers.tiers import TIERS
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.price import price_clauses
from ltvtui.present.headline.words import money, name, share, silence
from ltvtui.present.numbers import count, counted

NOBODY: Final = ("no customers in this selection",)


def overview_clauses(
    rows: pl.DataFrame,
    base: pl.DataFrame,
    gap: int,
    sign: str,
    origin: Origin | None = None,
    prices: Prices | None = None,
    *,
    target: float = 3.0,
    horizon: int = 12,
    gross: bool = False,
) -> Clauses:
    """The clauses of `rows` (segments.profile by tier, with lapsed_share) and `base` (the same of all).

    `gap`: churn gap in days. `sign` of the currency, blank for none. `origin` is that of the best tier, `prices`
    what a customer may cost at `target` (None: no advice); `gross`: LTV is before costs.
    """
    tiers = {row["tier"]: row for row in rows.iter_rows(named=True) if row["customers"]}
    best = next((tier for tier in TIERS if tier in tiers), None)
    if best is None:
        return NOBODY
    return (
        _concentration(best, tiers, sign),
        _lapsed(tiers[best], gap),
        *price_clauses(base.row(0, named=True), prices, sign, target=target, horizon=horizon, gross=gross),
        *_origin_clauses(best, origin),
    )


def _concentration(best: str, tiers: dict[str, dict[str, Any]], sign: str) -> str:
    row = tiers[best]
    customers, brought = row["customers"], row["revenue"]
    if len(tiers) == 1:
        who = "the only customer is" if customers == 1 else f"all {count(customers)} customers are"
        return f"{who} in tier {best}, with {money(brought, sign)} of revenue"
    who = f"{counted(customers, _noun(best))} ({share(row['customer_share'])})"
    verb = "brings" if customers == 1 else "bring"
    if row["revenue_share"] is None:
        return f"{who} {verb} {money(brought, sign)}; all customers together bring no revenue after refunds"
    only = "" if row["revenue_share"] >= row["customer_share"] else " only"
    return f"{who} {verb}{only} {share(row['revenue_share'])} of revenue"


def _lapsed(row: dict[str, Any], gap: int) -> str:
    lapsed, silent = row["lapsed_share"], silence(gap)
    if row["customers"] == 1:
        return f"this customer has lapsed ({silent})" if lapsed else f"this customer has not lapsed ({silent})"
    if lapsed == 0:
        return f"none of them has lapsed ({silent})"
    if lapsed == 1:
        return f"all of them have lapsed ({silent})"
    return f"{share(lapsed)} of them have lapsed ({silent})"


def _noun(tier: str) -> str:
    """One customer of it."""
    return tier if tier == "VIP" else f"{tier} customer"


def _origin_clauses(tier: str, origin: Origin | None) -> Clauses:
    """Where most came from; nothing where no channel has more than any other."""
    if origin is None or origin.of < 2 or origin.customers == origin.next:
        return ()
    who = f"{_noun(tier)}s"
    if origin.customers == origin.of:
        return (f"all {who} came by {name(origin.value)}",)
    if origin.customers * 2 > origin.of:
        return (f"most {who} came by {name(origin.value)}",)
    if origin.with_value * 2 < origin.of:
        return (f"{name(origin.dimension)} of most {who} is unknown",)
    return (f"more {who} came by {name(origin.value)} than by any other {name(origin.dimension)}",)
