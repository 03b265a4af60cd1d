"""What the sentence over tiers tells beside their rows, asked of a dataset: where the best came from, and what a
customer may cost."""

from __future__ import annotations

from ltvtui.analytics.budget.largest_cac import largest_cac
from ltvtui.analytics.budget.spend import Spend, channel_dimension, no_spend
from ltvtui.analytics.lifecycle.best_fading import best_tier
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.origins import Origin, origin
from ltvtui.query.query import Query
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.dataset import Dataset


def origin_of_best(dataset: Dataset, query: Query) -> Origin | None:
    """Where customers of the best tier that somebody is in came from; None where no attribute is a channel, or the
    filters have chosen one."""
    dimension = free_channel(dataset, query)
    return None if dimension is None else dataset.ask(_origin, query, dimension)


def free_channel(dataset: Dataset, query: Query) -> str | None:
    """The dimension that tells where customers came from; None where there is none, or the filters have chosen it."""
    spend = no_spend() if dataset.spend is None else Spend(dataset.spend)
    dimension = dataset.results.recall("channel", lambda: channel_dimension(dataset.people, spend))
    return None if dimension is None or dimension in query.fixed_dimensions else dimension


def largest_cac_of(dataset: Dataset, query: Query, target: float, payback_limit: int) -> float | None:
    """analytics.largest_cac; None of customers who are chosen by what they did later: nobody can be acquired so."""
    return None if made_with_hindsight(dataset, query) else dataset.ask(largest_cac, query, target, payback_limit)


def _origin(snapshot: Snapshot, dimension: str) -> Origin | None:
    best = best_tier(snapshot)
    return None if best is None else origin(snapshot, best, dimension)
