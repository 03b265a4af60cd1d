"""What has to be known beside the figures of a budget, so that they are not misread."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.budget import Budget
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.present.numbers import amount, count
from ltvtui.present.plain import plain

_NAMED: Final = 12
"""Channels that a line names, the largest first."""


def unmatched(found: Budget, currency: str | None, most: int = _NAMED) -> list[str]:
    """Lines of what does not match: spend under a name that no customer came by, and customers by channels that
    nothing is booked for. Each names at most so many, the largest first."""
    money = f" {plain(currency)}" if currency else ""
    lines = []
    if spent := found.spend_without_customers.rows():
        names = ", ".join(f"{_name(channel, 'not by channel')} ({amount(value)})" for channel, value in spent[:most])
        lines.append(f"spend without customers{money}: {names}{_more(len(spent), most)}")
    if found.blended["spend"][0] is not None and (without := found.customers_without_spend.rows()):
        names = ", ".join(f"{_name(channel, 'unknown')} ({count(n)})" for channel, n in without[:most])
        lines.append(f"customers without spend: {names}{_more(len(without), most)}{_of_others(found)}")
    if seldom := found.seldom.rows():
        names = ", ".join(f"{_name(channel, 'not by channel')} {n} of {of}" for channel, n, of in seldom[:most])
        lines.append(f"months with spend: {names}{_more(len(seldom), most)}; CAC takes the others for months without")
    if found.outside:
        lines.append(f"spend outside of the period: {amount(found.outside)}{money}, not counted")
    return lines


def _of_others(found: Budget) -> str:
    """What a customer costs where spend is known: those who cost nothing make the whole look cheap."""
    paid = found.rows.drop_nulls("spend")
    customers, spend = int(paid["new_customers"].sum()), float(paid["spend"].sum())
    return f"; CAC of the others {amount(spend / customers)}" if customers else ""


def cautions(found: Budget) -> list[str]:
    """What kind of figures these are."""
    lines = []
    if found.terms.then in HINDSIGHT:
        lines.append(f"{found.terms.then} is made with hindsight: it describes, and has no verdict")
    if found.terms.then is not None:
        lines.append("spend is told by channel: each part is held against the CAC of its channel")
    if (found.rows["verdict"].cast(pl.String) == "few").any():
        lines.append("few: under 30 new customers")
    return lines


def _name(channel: str | None, without: str) -> str:
    return without if channel is None else plain(channel)


def _more(names: int, most: int) -> str:
    return f" and {names - most} more" if names > most else ""
