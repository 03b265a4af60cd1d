"""What is said of two days: stages of the life cycle, and tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ltvtui.analytics.lifecycle.migration import LAPSED, NEW, Moves
from ltvtui.analytics.tiers.tiers import TIERS
from ltvtui.days import iso
from ltvtui.present.headline import Clauses
from ltvtui.present.headline.overview import NOBODY
from ltvtui.present.headline.words import lapsed_parts, money, share
from ltvtui.present.numbers import count, counted

WORST_FIRST: Final = ("lost", "fading", "one-time", "new", "regular")
"""Stages in the order in which they are told."""
MOST: Final = 0.75
"""Share of new customers above which moves between tiers tell little."""
AT_STAKE: Final = "fading"
"""Stage of customers who can still be held."""
LAPSED_STAGES: Final = ("lost", "one-time")
"""Stages of customers who have lapsed."""


def move_clauses(found: Moves, lately: pl.DataFrame | None = None, sign: str = "") -> Clauses:
    """The clauses of moves between stages or tiers; `lately`: lifecycle_worth.brought_lately, of stages."""
    if not found.frame["customers"].sum():
        return NOBODY
    if found.cut == "tier":
        return _tiers(found)
    brought = {} if lately is None else dict(lately.select(pl.col("stage").cast(pl.String), "lately").rows())
    return _stages(found, brought, sign)


def _stages(found: Moves, lately: Mapping[str, float], sign: str) -> Clauses:
    now = dict(found.totals("after").select(pl.col("after").cast(pl.String), "customers").rows())
    change = dict(found.changes().select("state", "change").rows())
    of, since = sum(now.values()), iso(found.since)
    # Stages that nobody is in and nobody was: nothing to say.
    shown = [stage for stage in WORST_FIRST if now[stage] or change[stage]]
    clauses = _lapsed(now, of) if set(shown) & set(LAPSED_STAGES) else ["nobody has lapsed"]
    for place, stage in enumerate(shown):
        more = change[stage]
        than = f" than on {since}" if not place else ""
        moved = f"{count(abs(more))} {'more' if more > 0 else 'fewer'}{than}" if more else f"as many as on {since}"
        worth = lately.get(stage, 0.0) if stage == AT_STAKE else 0.0
        stake = f"; they brought {money(worth, sign)} in the last 12 months" if worth > 0 and now[stage] > 1 else ""
        clauses.append(f"{stage}: {counted(now[stage], 'customer')} ({share(now[stage] / of)}), {moved}{stake}")
    return tuple(clauses)


def _lapsed(now: Mapping[str, int], of: int) -> list[str]:
    """Both stages of who has lapsed together, where there are both."""
    lost, once = (now[stage] for stage in LAPSED_STAGES)
    if not lost or not once:
        return []
    both = lost + once
    return [f"{counted(both, 'customer')} ({share(both / of)}) have lapsed{lapsed_parts(both, once)}"]


def _tiers(found: Moves) -> Clauses:
    cells = {
        (was, now): customers
        for was, now, customers in found.frame.select(
            pl.col("before", "after").cast(pl.String), "customers"
        ).iter_rows()
    }
    best, since = TIERS[0], iso(found.since)
    before = sum(customers for (was, _), customers in cells.items() if was == best)
    now = sum(customers for (_, after), customers in cells.items() if after == best)
    if not before:
        later = f"there {'is' if now == 1 else 'are'} {count(now)} now" if now else "nor is there one now"
        clauses = [f"there was no active {best} on {since}, {later}"]
    else:
        lapsed, stayed = (_part(cells[best, to], before) for to in (LAPSED, best))
        clauses = [
            f"of {counted(before, f'active {best}')} on {since}, {lapsed} lapsed and {stayed} stayed {best}",
            f"there {'is' if now == 1 else 'are'} {counted(now, f'active {best}')} now{_risen(cells, now)}",
        ]
    return (*_newcomers(cells, since), *clauses, *_largest(cells))


def _risen(cells: Mapping[tuple[str, str], int], now: int) -> str:
    """, as 186 others became VIP: the other side of those who lapsed."""
    risen = now - cells[TIERS[0], TIERS[0]]
    return f", as {count(risen)} other{'s' if risen > 1 else ''} became {TIERS[0]}" if risen else ""


def _newcomers(cells: Mapping[tuple[str, str], int], since: str) -> Clauses:
    """That moves tell little, where most customers had no order on the first day."""
    everybody = sum(cells.values())
    new = sum(customers for (was, _), customers in cells.items() if was == NEW)
    if new <= MOST * everybody or new == everybody:
        return ()
    return (f"{share(new / everybody)} of customers are new since {since}, so few could move: b chooses a later day",)


def _part(customers: int, of: int) -> str:
    return f"{count(customers)} ({share(customers / of)})" if customers else "none"


def _largest(cells: dict[tuple[str, str], int]) -> Clauses:
    """The move of most customers who were there before; a tie has none."""
    went = {pair: n for pair, n in cells.items() if pair[0] not in (NEW, pair[1]) and n}
    if not went:
        return ("nobody who was a customer then changed tier",)
    most = max(went.values())
    pairs = [pair for pair, n in went.items() if n == most]
    if len(pairs) > 1:
        return ()
    (was, now) = pairs[0]
    return (f"of those who were customers then most went from {was} to {now}: {counted(most, 'customer')}",)
