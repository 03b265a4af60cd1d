"""The time of the year: how far a year ago the same window turned out otherwise than was forecast for it then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ltvtui.analytics.forecast.gate import SHORTEST_HISTORY
from ltvtui.analytics.forecast.horizon import Horizon
from ltvtui.analytics.forecast.observed import Past
from ltvtui.analytics.forecast.repeat_likelihood import Kind
from ltvtui.analytics.forecast.shop_model import ShopModel, shop_model
from ltvtui.errors import LtvError

YEAR: Final = 365
"""Days."""
DOUBT: Final = 30
"""Order days that are added to both sides, so that few of them do not make a season."""


NOTABLE: Final = 0.1
"""How far a factor is from 1 where it is worth a caution."""


@dataclass(frozen=True)
class Season:
    """Factors on what the model expects."""

    order_days: float = 1.0
    value: float = 1.0
    unknown: str = ""
    """Why there are none; empty where there are."""
    unknown_value: str = ""
    """Why there is none of value, which then is 1, though there is one of order days; empty where there is."""


def a_year_before(past: Past, day: int, kind: Kind) -> ShopModel | None:
    """The model of what was known a year before `day`; None where too little was."""
    observed = past.observed(day - YEAR)
    if observed.history_days < SHORTEST_HISTORY:
        return None
    if observed.history.distinct.with_repeat == 0:
        return None
    try:
        return shop_model(observed, kind)
    except LtvError:
        return None


def season(past: Past, before: ShopModel | None, horizon: Horizon, until: int) -> Season:
    """The factors for a horizon after the day `until`, from the model of a year `before` it."""
    return seasons(past, before, (horizon,), until)[0]


def seasons(past: Past, before: ShopModel | None, horizons: Sequence[Horizon], until: int) -> tuple[Season, ...]:
    """The same for several horizons, in one look at what happened."""
    if before is None:
        is_short = past.observed(until - YEAR).history_days < SHORTEST_HISTORY
        why = f"less than {YEAR + SHORTEST_HISTORY} days of history" if is_short else "nobody came back a year before"
        return (Season(unknown=f"Season unknown: {why}."),) * len(horizons)
    start = before.observed.day
    ends = [start + horizon.whole_days for horizon in horizons]
    happened = past.totals_after(start, [end for end in ends if end <= until])
    return tuple(
        _factors(before, horizon, *happened[end])
        if end in happened
        else Season(unknown=f"Season unknown: it is measured within a year, and this is {horizon.whole_days} days.")
        for horizon, end in zip(horizons, ends, strict=True)
    )


def _factors(before: ShopModel, horizon: Horizon, days: float, money: float) -> Season:
    """Of what happened within the horizon after the model's day."""
    expected_days, expected_money = before.expected(horizon.whole)
    of_order_days, doubt = (days + DOUBT) / (expected_days + DOUBT), DOUBT * before.mean_check
    if before.spend is None or doubt <= 0:
        return Season(of_order_days, unknown_value="Season of value unknown: the year before tells of no value.")
    # Money may have flown back; less than nothing is not expected for that.
    return Season(of_order_days, max((money + doubt) / (expected_money + doubt), 0.0))
