"""What a portrait says: how many they are, what they are worth, and what sets them apart."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ltvtui.analytics.comparison.profile_index import CLEAR
from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.analytics.portrait.portrait import Portrait
from ltvtui.analytics.retention import FEW
from ltvtui.present.headline import Clauses, with_fixed_brackets
from ltvtui.present.headline.words import listed, money, name, share, within
from ltvtui.present.numbers import amount, counted
from ltvtui.present.plain import plain

MOST: Final = 3
"""Values that are named on either side."""
_NOTABLE: Final = 10
"""Points of an index from 100 that are worth a word."""


def portrait_clauses(found: Portrait, of: str, horizon: int, sign: str = "") -> Clauses:
    """The clauses of a portrait of the customers that `of` names."""
    row, base = found.row.row(0, named=True), found.base.row(0, named=True)
    whole = row["customers"] == base["customers"]
    size = f"{with_fixed_brackets(plain(of))}: {counted(row['customers'], 'customer')}"
    part = "" if whole else f" ({share(row['customers'] / base['customers'])} of all)"
    revenue = row["revenue"] / base["revenue"] if base["revenue"] > 0 else None
    with_revenue = "" if whole or revenue is None else f" with {share(revenue)} of revenue"
    worth = _worth(row, base, horizon, sign, whole)
    return (f"{size}{part}{with_revenue}", *worth, *_apart(found.index), *_when(found))


def _worth(row: dict[str, Any], base: dict[str, Any], horizon: int, sign: str, whole: bool) -> Clauses:
    if row["ltv"] is None:
        return ("LTV is not known: there is less than a month of data on them",)
    own = f"LTV {money(row['ltv'], sign)}"
    if whole or base["ltv"] is None or base["within_months"] != row["within_months"]:
        return (f"{own} {within(row['within_months'], horizon)}",)
    return (f"{own} {within(row['within_months'], horizon)}, all customers {money(base['ltv'], sign)}",)


def index_clauses(index: pl.DataFrame, a: str, b: str) -> Clauses:
    """The clauses of profile_index.INDEX of the groups called `a` and `b`."""
    return (
        f"{with_fixed_brackets(plain(a))} compared with {with_fixed_brackets(plain(b))}",
        *_apart(index, "more frequent", "less"),
    )


def when_clauses(found: Portrait, of: str) -> Clauses:
    """The clauses of when the customers that `of` names order."""
    orders = int(found.times.weekdays["orders"].sum())
    days = _when(found) or ("on no weekday do they clearly order more than others",)
    return (f"{with_fixed_brackets(plain(of))}: {counted(orders, 'order')}", *days)


def _apart(index: pl.DataFrame, more: str = "above average", less: str = "below") -> Clauses:
    notable = index.filter("notable")
    parts = []
    above, below = notable.filter(pl.col("z") > 0), notable.filter(pl.col("z") < 0)
    for word, rows in ((more, above), (less, below)):
        if rows.height:
            # Two columns of one thing, such as the channel of the sign-up and of the first order, are one finding.
            once = rows.unique("value", keep="first", maintain_order=True)
            values = [
                f"{name(row['dimension'])} {name(row['value'])} ({_index_words(row['index'])})"
                for row in once.head(MOST).iter_rows(named=True)
            ]
            parts.append(f"{word}: {listed(values)}")
    if not parts:
        return ("no attribute sets them clearly apart",) if index.height and index["z"].count() else ()
    return tuple(parts)


def _index_words(index: float | None) -> str:
    return "none of the others" if index is None else f"index {amount(index, 0)}"


def _when(found: Portrait) -> Clauses:
    """The weekday on which they order more than the others, where that is no chance."""
    days = found.times.weekdays
    own, all_of_them = int(days["orders"].sum()), int(days["base_orders"].sum())
    others = all_of_them - own
    if own == 0 or others == 0:
        return ()
    pooled = pl.col("base_orders") / all_of_them
    spread = (pooled * (1 - pooled) * (1 / own + 1 / others)).sqrt()
    rest = (pl.col("base_orders") - pl.col("orders")) / others
    clear = ((pl.col("orders") / own - rest) / spread > CLEAR) & (pl.col("orders") >= FEW)
    most = days.filter(clear, pl.col("index") >= 100 + _NOTABLE).sort("index", "weekday", descending=[True, False])
    if most.is_empty():
        return ()
    day = most.row(0, named=True)
    return (f"they order more on {WEEKDAYS[day['weekday']]}s than others (index {amount(day['index'], 0)})",)
