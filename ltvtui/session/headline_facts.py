"""What the sentence over tiers tells beside their rows, asked of a dataset: where the best came from, and what a
customer may cost."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.analytics.budget.prices import Prices, prices
from ltvtui.analytics.budget.spend import Spend, channel_dimension, no_spend
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.entry import OfEverybody, of_everybody
from ltvtui.analytics.lifecycle.best_fading import best_tier
from ltvtui.analytics.segments import value_curves
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.tiers.origins import Origin, origin
from ltvtui.query.query import Query
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.budget import spend_of
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


def prices_of(dataset: Dataset, query: Query, terms: BudgetTerms) -> Prices | None:
    """What Budget says of the customers of `query` under the saved `terms`; None of customers who are chosen by what
    they did later: nobody can be acquired so."""
    if made_with_hindsight(dataset, query):
        return None
    spend = dataset.spending or no_spend()
    dimension = terms.dimension if terms.dimension in dataset.dimensions else None
    if dimension is None:
        dimension = dataset.results.recall(("channel", spend), lambda: channel_dimension(dataset.people, spend))
    terms = replace(terms, dimension=dimension, aliases=(*dataset.typed.aliases, *terms.aliases))
    return dataset.ask(prices, query, spend_of(dataset, query, terms) or no_spend(), terms)


def everybody_beside(dataset: Dataset, query: Query) -> OfEverybody | None:
    """LTV of everybody, where only those proven new count; None where all do."""
    snapshot = dataset.snapshot(query)
    if snapshot.entry.since is None:
        return None
    own, of_all = (dataset.ask(value_curves, each, ()) for each in (query, replace(query, entry="all")))
    return of_everybody(int(snapshot.customers["seen"].count()), own, of_all)


def _origin(snapshot: Snapshot, dimension: str) -> Origin | None:
    best = best_tier(snapshot)
    return None if best is None else origin(snapshot, best, dimension)
