"""What drivers say: which dimensions tell customers apart, and which do not."""

from __future__ import annotations

from typing import Any, Final

from ltvtui.analytics.comparison.probability import SIGNIFICANT
from ltvtui.analytics.drivers.drivers import Drivers, Figure
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.comparison import NO_CAUSE
from ltvtui.present.headline.words import listed, money, name, share
from ltvtui.present.numbers import counted, percent

MOST: Final = 3
"""Dimensions that are named."""


def driver_clauses(ltv: Drivers, repeat: Drivers, sign: str = "", first: Figure = "ltv") -> Clauses:
    """The clauses of the drivers of LTV and of repeat orders, of dimensions known at the first order; those of the
    figure `first` begin."""
    if first == "repeat" and (of_repeat := _repeat(repeat)):
        others = (clause for clause in driver_clauses(ltv, repeat, sign) if clause not in of_repeat)
        return (*of_repeat, *others)
    rows = [row for row in ltv.of_first_order.iter_rows(named=True) if row["i2"] is not None]
    if not rows:
        return ("no dimension known at the first order has two segments of 30 customers", *_repeat(repeat))
    clear = [row for row in rows if row["p_adjusted"] < SIGNIFICANT and row["i2"] > 0]
    chance = [name(row["dimension"]) for row in rows if row not in clear]
    beyond = (f"no difference of LTV beyond chance by {listed(chance, MOST)}",) if chance else ()
    return (*_best(clear, sign), *beyond, *_repeat(repeat), *([NO_CAUSE] if clear else []))


def _best(clear: list[dict[str, Any]], sign: str) -> Clauses:
    if not clear:
        return ()
    first, *others = clear
    months = f"within {counted(first['within_months'], 'month')}"
    ends = " against ".join(
        f"{money(first[f'{end}_figure'], sign)} for {name(first[f'{end}_value'])}" for end in ("best", "worst")
    )
    verdict = f"LTV differs most by {name(first['dimension'])} (I² {percent(first['i2'])}): {ends} {months}"
    then = [f"{name(row['dimension'])} ({percent(row['i2'])})" for row in others[: MOST - 1]]
    return (verdict, *([f"then by {listed(then)}"] if then else []))


def _repeat(repeat: Drivers) -> Clauses:
    rows = repeat.of_first_order.iter_rows(named=True)
    clear = [row for row in rows if row["i2"] and row["p_adjusted"] < SIGNIFICANT]
    if not clear:
        return ()
    first = clear[0]
    ends = " against ".join(
        f"{share(first[f'{end}_figure'])} for {name(first[f'{end}_value'])}" for end in ("best", "worst")
    )
    by = f"a second order within {counted(repeat.days, 'day')} differs most by {name(first['dimension'])}"
    return (f"{by}: {ends}",)
