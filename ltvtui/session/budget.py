"""What an ad may cost, asked of a dataset: who was acquired is counted once, what is tried is laid over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.budget.acquisition import Acquisition, acquisition_of
from ltvtui.analytics.budget.budget import Budget, weigh
from ltvtui.analytics.budget.costs import Costs, costs
from ltvtui.analytics.budget.rows import Curves, curves_of
from ltvtui.analytics.budget.spend import ChannelNames, Spend, channel_dimension, no_spend
from ltvtui.analytics.budget.terms import BudgetTerms, Worth, days_of, followed, left_out, worth_of
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.query.query import Filter, Query
from ltvtui.session.apply_filters import made_with_hindsight
from ltvtui.session.dataset import Dataset

_STEP: Final = 12
"""Months are followed in whole years, so that to try a longer horizon seldom means to count anew."""


def budget_of(dataset: Dataset, query: Query, terms: BudgetTerms, spend: Spend | None) -> Budget:
    """analytics.budget of the customers of `query`; fast where only money terms differ from what was asked before."""
    spend = spend or no_spend()
    dimension = terms.dimension or dataset.ask(_channels_by, query.whole(), spend)
    terms = replace(terms, dimension=dimension)
    snapshot = dataset.snapshot(query)
    worth = worth_of(snapshot, terms)
    months = -(-followed(worth, terms) // _STEP) * _STEP
    days = days_of(snapshot, spend, terms)
    found = dataset.ask(acquisition_of, query, dimension, terms.then, *days, months)
    paid = dataset.ask(_costs_of, query, found, spend, dimension, terms.aliases)
    curves = dataset.ask(_curves_of, query, found, paid, worth.margin, worth.discount, worth.of_revenue)
    others = left_out(snapshot, terms, days)
    return dataset.ask(
        _weighed, query, found, paid, curves, terms, worth, others, made_with_hindsight(dataset, query)
    )


def _channels_by(whole: Snapshot, spend: Spend) -> str | None:
    return channel_dimension(whole.people, spend)


def _costs_of(
    _: Snapshot, found: Acquisition, spend: Spend, dimension: str | None, aliases: tuple[tuple[str, str], ...]
) -> Costs:
    return costs(found, spend, dimension, aliases)


def _curves_of(
    _: Snapshot, found: Acquisition, paid: Costs, margin: float, discount: float, of_revenue: bool
) -> Curves:
    return curves_of(found, paid, margin, discount, of_revenue)


def _weighed(
    _: Snapshot,
    found: Acquisition,
    paid: Costs,
    curves: Curves,
    terms: BudgetTerms,
    worth: Worth,
    left_out: int,
    hindsight: bool,
) -> Budget:
    return weigh(found, paid, curves, terms, worth, left_out, hindsight)


def spend_of(dataset: Dataset, query: Query, terms: BudgetTerms) -> Spend | None:
    """Spend of the customers of `query`: all of it of the whole shop, that of a channel where the trail chose nothing
    but the channel, else None: it is not told."""
    spend = dataset.spending
    if spend is None or not query.trail:
        return spend
    dimension = terms.dimension or channel_dimension(dataset.people, spend)
    chosen = {step.value for step in query.trail if isinstance(step, Filter) and step.dimension == dimension}
    if len(chosen) != 1 or len(query.trail) > 1 or dimension in PERIODS or (channel := chosen.pop()) is None:
        return None
    names = ChannelNames({channel: 1}, terms.aliases)
    theirs = [name for name in spend.rows["channel"].unique() if names.channel(name) is not None]
    return Spend(spend.rows.filter(pl.col("channel").is_in(theirs)))


def gross(dataset: Dataset, query: Query, terms: BudgetTerms) -> bool:
    """True where LTV is revenue, not profit: no margin is agreed on, tried or mapped."""
    return terms.margin is None and dataset.gross(query)
