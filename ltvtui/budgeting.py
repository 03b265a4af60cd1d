"""What an ad may cost, asked of a book: who was acquired is counted once, what is tried is laid over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ltvtui.analytics.acquired import acquired
from ltvtui.analytics.budget import Budget, BudgetTerms, followed, weigh, worth_of
from ltvtui.analytics.spend import Spend, channel_dimension, no_spend
from ltvtui.book import Book
from ltvtui.lens import Lens

_STEP: Final = 12
"""Months are followed in whole years, so that to try a longer horizon seldom means to count anew."""


def budget_of(book: Book, lens: Lens, terms: BudgetTerms, spend: Spend | None) -> Budget:
    """analytics.budget of the customers of `lens`; fast where only money terms differ from what was asked before."""
    spend = spend or no_spend()
    terms = replace(terms, dimension=terms.dimension or channel_dimension(book.people, spend))
    snapshot = book.snapshot(lens)
    worth = worth_of(snapshot, terms)
    months = -(-followed(worth, terms) // _STEP) * _STEP
    found = book.ask(acquired, lens, terms.dimension, terms.then, terms.since, terms.until, months)
    return weigh(found, spend, terms, worth)


def gross(book: Book, lens: Lens, terms: BudgetTerms) -> bool:
    """True where LTV is revenue, not profit: no margin is agreed on, tried or mapped."""
    return terms.margin is None and book.gross(lens)
