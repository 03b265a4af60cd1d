"""What has to be known beside the figures of a budget, so that they are not misread."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.budget.budget import Budget
from ltvtui.analytics.budget.rows import is_costly_at_the_margin
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.days import iso
from ltvtui.present.budget.table import ALL, CAP, PAID, SEE_PAID, is_good_by_free
from ltvtui.present.headline.words import money, share
from ltvtui.present.numbers import amount, count, counted, symbol
from ltvtui.present.plain import plain

_MOST_CHANNELS: Final = 12
"""Channels that a line names, the largest first."""


def unmatched(found: Budget, currency: str | None, most: int = _MOST_CHANNELS) -> list[str]:
    """Lines of what does not match: spend under a name that no customer came by, and customers by channels that
    nothing is booked for. Each names at most so many, the largest first."""
    sign = plain(symbol(currency))
    unit = f", {sign}" if sign else ""
    lines = []
    if spent := found.spend_without_customers.rows():
        names = ", ".join(f"{_name(channel, 'not by channel')} ({amount(value)})" for channel, value in spent[:most])
        lines.append(f"spend without customers{unit}: {names}{_more(len(spent), most)}")
    if found.blended["spend"][0] is not None and (without := found.customers_without_spend.rows()):
        names = ", ".join(f"{_name(channel, 'unknown')} ({count(n)})" for channel, n in without[:most])
        lines.append(f"customers without spend: {names}{_more(len(without), most)}{_of_others(found, sign)}")
    if seldom := found.seldom.rows():
        names = ", ".join(f"{_name(channel, 'not by channel')} {n} of {of}" for channel, n, of in seldom[:most])
        lines.append(
            f"months with spend: {names}{_more(len(seldom), most)}; CAC counts the other months as months "
            f"without spend"
        )
    if found.left_out:
        since, until = (iso(day) for day in found.period)
        lines.append(
            f"spend is known from {since} to {until}: {counted(found.left_out, 'customer')} with a first order on "
            f"other days left out"
        )
    if found.outside:
        lines.append(f"spend outside the period: {money(found.outside, sign)}, not counted")
    if found.why_not_marginal and found.blended["spend"][0] is not None and not found.hindsight:
        reasons: dict[str, list[str]] = {}
        for channel, why in found.why_not_marginal[:most]:
            reasons.setdefault(why, []).append(plain(channel))
        notes = [f"{', '.join(channels)} ({why})" for why, channels in reasons.items()]
        lines.append(f"no marginal CAC: {', '.join(notes)}{_more(len(found.why_not_marginal), most)}")
    return lines


def _of_others(found: Budget, sign: str) -> str:
    """What a customer costs where spend is known: those who cost nothing make the whole look cheap."""
    paid = found.rows.drop_nulls("spend")
    customers, spend = int(paid["new_customers"].sum()), float(paid["spend"].sum())
    return f"; CAC of the others {money(spend / customers, sign)}" if customers else ""


def descriptive_note(found: Budget) -> list[str]:
    """Why there is no verdict, where that is so of rows or of all."""
    lines = []
    if found.hindsight:
        lines.append("These customers are chosen by what they did later, so there is no max CAC for them.")
    if found.too_coarse:
        by = found.terms.dimension
        lines.append(
            f"Spend is booked by {found.too_coarse}: CAC by {by} is not meaningful, and rows have no verdict."
        )
    for name in (found.terms.dimension, found.terms.then):
        if name in HINDSIGHT:
            lines.append(f"{name} is descriptive: based on past spend, so it has no verdict")
    return lines


def cautions(found: Budget, sign: str = "") -> list[str]:
    """What kind of figures these are; `sign` of the currency, blank for none."""
    lines = descriptive_note(found)
    if found.terms.then is not None:
        lines.append("spend is split by channel only: each part is compared with the CAC of its channel")
    lines += costly_notes(found, sign)
    if (found.rows["verdict"].cast(pl.String) == "few").any():
        lines.append("few: under 30 new customers")
    return lines


def costly_notes(found: Budget, sign: str = "") -> list[str]:
    """Why verdicts of words of their own are no reason to pay more."""
    return [*_costly_at_the_margin(found, sign), *_all_with_free(found)]


def _costly_at_the_margin(found: Budget, sign: str) -> list[str]:
    """Channels that are cheap enough on average, while one more of their customers costs more than max CAC."""
    costly = found.rows.filter(is_costly_at_the_margin())
    if found.terms.then is not None:  # a channel costs the same in each of its segments: the worst of them tells it
        costly = costly.sort("max_cac", maintain_order=True).unique("channel", keep="first", maintain_order=True)
    return [
        f"{CAP}: one more customer by {_name(channel, 'unknown')} costs {money(cost, sign)}, more than max CAC "
        f"{money(most, sign)}: do not raise its budget"
        for channel, cost, most in costly.select("channel", "marginal_cac", "max_cac").rows()
    ]


def _all_with_free(found: Budget) -> list[str]:
    """That the row of all is no reason to pay, where it looks good by those who came for nothing."""
    free = found.blended["free_share"][0]
    if not is_good_by_free(found) or free is None:
        return []
    return [f"{SEE_PAID}: {share(free)} of {ALL} came without spend, so “{PAID}” says what to pay"]


def _name(channel: str | None, without: str) -> str:
    return without if channel is None else plain(channel)


def _more(names: int, most: int) -> str:
    return f" and {names - most} more" if names > most else ""
