"""What an ad may cost, asked of a book: who was acquired is counted once, what is tried is laid over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.acquired import Acquired, acquired
from ltvtui.analytics.budget import Budget, weigh
from ltvtui.analytics.budget_rows import Curves, curves_of
from ltvtui.analytics.budget_terms import BudgetTerms, Worth, days_of, followed, left_out, worth_of
from ltvtui.analytics.costs import Costs, costs
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.spend import Names, Spend, channel_dimension, no_spend
from ltvtui.book import Book
from ltvtui.lens import Filter, Lens
from ltvtui.where import made_with_hindsight

_STEP: Final = 12
"""Months are followed in whole years, so that to try a longer horizon seldom means to count anew."""


def budget_of(book: Book, lens: Lens, terms: BudgetTerms, spend: Spend | None) -> Budget:
    """analytics.budget of the customers of `lens`; fast where only money terms differ from what was asked before."""
    spend = spend or no_spend()
    dimension = terms.dimension or book.ask(_channels_by, lens.whole(), spend)
    terms = replace(terms, dimension=dimension)
    snapshot = book.snapshot(lens)
    worth = worth_of(snapshot, terms)
    months = -(-followed(worth, terms) // _STEP) * _STEP
    days = days_of(snapshot, spend, terms)
    found = book.ask(acquired, lens, dimension, terms.then, *days, months)
    paid = book.ask(_costs_of, lens, found, spend, dimension, terms.aliases)
    curves = book.ask(_curves_of, lens, found, paid, worth.margin, worth.discount, worth.of_revenue)
    others = left_out(snapshot, terms, days)
    return book.ask(_weighed, lens, found, paid, curves, terms, worth, others, made_with_hindsight(book, lens))


def _channels_by(whole: Snapshot, spend: Spend) -> str | None:
    return channel_dimension(whole.people, spend)


def _costs_of(
    _: Snapshot, found: Acquired, spend: Spend, dimension: str | None, aliases: tuple[tuple[str, str], ...]
) -> Costs:
    return costs(found, spend, dimension, aliases)


def _curves_of(_: Snapshot, found: Acquired, paid: Costs, margin: float, discount: float, of_revenue: bool) -> Curves:
    return curves_of(found, paid, margin, discount, of_revenue)


def _weighed(
    _: Snapshot,
    found: Acquired,
    paid: Costs,
    curves: Curves,
    terms: BudgetTerms,
    worth: Worth,
    left_out: int,
    hindsight: bool,
) -> Budget:
    return weigh(found, paid, curves, terms, worth, left_out, hindsight)


def spend_of(book: Book, lens: Lens, terms: BudgetTerms) -> Spend | None:
    """Spend of the customers of `lens`: all of it of the whole shop, that of a channel where the trail chose nothing
    but the channel, else None: it is not told."""
    spend = book.spending
    if spend is None or not lens.trail:
        return spend
    dimension = terms.dimension or channel_dimension(book.people, spend)
    chosen = {step.value for step in lens.trail if isinstance(step, Filter) and step.dimension == dimension}
    if len(chosen) != 1 or len(lens.trail) > 1 or dimension in PERIODS or (channel := chosen.pop()) is None:
        return None
    names = Names({channel: 1}, terms.aliases)
    theirs = [name for name in spend.rows["channel"].unique() if names.channel(name) is not None]
    return Spend(spend.rows.filter(pl.col("channel").is_in(theirs)))


def gross(book: Book, lens: Lens, terms: BudgetTerms) -> bool:
    """True where LTV is revenue, not profit: no margin is agreed on, tried or mapped."""
    return terms.margin is None and book.gross(lens)
