"""What the sentence over tiers tells beside their rows, asked of a dataset: where the best came from, and what a
customer may cost."""

from __future__ import annotations

from ltvtui.analytics.largest_cac import largest_cac
from ltvtui.analytics.origins import Origin, origin
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.spend import Spend, channel_dimension, no_spend
from ltvtui.analytics.tiers import TIERS
from ltvtui.query.query import Query
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.dataset import Dataset


def origin_of_best(dataset: Dataset, query: Query) -> Origin | None:
    """Where customers of the best tier that somebody is in came from; None where no attribute is a channel, or the
    filters have chosen one."""
    spend = no_spend() if dataset.spend is None else Spend(dataset.spend)
    dimension = dataset.results.recall("channel", lambda: channel_dimension(dataset.people, spend))
    if dimension is None or dimension in query.fixed_dimensions:
        return None
    return dataset.ask(_origin, query, dimension)


def largest_cac_of(dataset: Dataset, query: Query, target: float, payback_limit: int) -> float | None:
    """analytics.largest_cac; None of customers who are chosen by what they did later: nobody can be acquired so."""
    return None if made_with_hindsight(dataset, query) else dataset.ask(largest_cac, query, target, payback_limit)


def _origin(snapshot: Snapshot, dimension: str) -> Origin | None:
    there = set(snapshot.customers["tier"].unique().cast(str))
    best = next((tier for tier in TIERS if tier in there), None)
    return None if best is None else origin(snapshot, best, dimension)
