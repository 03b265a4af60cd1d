"""Ways to divide customers, and whether each fits a shop (metrics.md §14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.abcxyz import FEWEST_GAPS
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.pareto import top_share

METHODS: Final = {
    "tiers": "value tiers",
    "rfm": "RFM",
    "abc-xyz": "ABC–XYZ",
    "cohorts": "cohorts",
    "filter": "own filter",
}
"""Names of methods by their keys; filter: the analyst's own conditions."""
OFTEN_ENOUGH: Final = 0.2
"""Share of customers who ordered on two days or more, from which on RFM tells them apart."""
REGULAR_ENOUGH: Final = 0.1
"""Share of customers with the three gaps that XYZ needs, from which on it is switched on."""
PERIOD: Final = "first quarter"
"""Cohorts, where nothing else is said."""
_BEST: Final = 0.2


@dataclass(frozen=True)
class MethodFacts:
    """What of a shop speaks for a method or against it."""

    customers: int
    repeat: float | None
    """Share of customers who ordered on two days or more; None of nobody."""
    regular: float | None
    """Share of customers with the gaps that XYZ needs."""
    xyz_is_off: bool
    """The analyst has switched XYZ off."""
    best: float | None
    """Share of value that the best 20 % make."""
    cohorts: int
    """Cohorts of PERIOD with 30 customers or more."""

    @property
    def with_xyz(self) -> bool:
        """Whether orders are frequent enough for XYZ; rare purchases switch it off."""
        return not self.xyz_is_off and (self.regular or 0.0) >= REGULAR_ENOUGH

    @property
    def with_rfm(self) -> bool:
        """Whether customers come often enough for RFM."""
        return (self.repeat or 0.0) >= OFTEN_ENOUGH


def method_facts(snapshot: Snapshot) -> MethodFacts:
    """The facts of the snapshot's customers."""
    people = snapshot.customers
    days = people["days"]
    sizes = snapshot.by(PERIOD)[PERIOD].value_counts(name="size")["size"]
    return MethodFacts(
        people.height,
        _mean(days > 1),
        _mean(days > FEWEST_GAPS),
        snapshot.terms.rules.xyz is None,
        top_share(snapshot.ranked, _BEST) if people.height else None,
        int((sizes >= FEW).sum()),
    )


def dimensions_of(method: str, facts: MethodFacts, by: str | None, channel: str | None) -> tuple[str, ...]:
    """What segments of `method` are cut by: one dimension or two; none of filter.

    `by` is what cohorts were chosen by, `channel` what tells channels apart where spend is known by them.
    """
    match method:
        case "tiers":
            return ("tier",)
        case "rfm":
            return ("RFM",)
        case "abc-xyz":
            return ("ABC", "XYZ") if facts.with_xyz else ("ABC",)
        case "cohorts":
            return (by or channel or PERIOD,)
    return ()


def fitting_method(goal: str, facts: MethodFacts, channel: str | None) -> str:
    """The method that fits the goal and the shop: a key of METHODS."""
    if goal in ("cut-cac", "check-budget"):
        return "cohorts" if channel is not None or facts.cohorts > 1 else "tiers"
    if goal == "grow-vips":
        return "tiers"
    return "rfm" if facts.with_rfm else "tiers"


def is_calendar(names: tuple[str, ...]) -> bool:
    """Whether segments are calendar periods of the first order."""
    return len(names) == 1 and names[0] in PERIODS


def _mean(meets: pl.Series) -> float | None:
    return float(meets.sum()) / meets.len() if meets.len() else None
