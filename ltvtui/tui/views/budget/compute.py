"""What Budget shows: channels under the settings that are tried, and all that is said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.budget.budget import Budget as Found
from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.dimensions import HINDSIGHT
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.segments import profile
from ltvtui.days import iso
from ltvtui.present.budget.figures import budget_figures
from ltvtui.present.budget.notes import cautions, costly_notes, descriptive_note, unmatched
from ltvtui.present.budget.plots import prices_plot
from ltvtui.present.budget.table import BudgetRows, budget_table
from ltvtui.present.changes import compare_figures
from ltvtui.present.charts import BarChart
from ltvtui.present.colours import Orders
from ltvtui.present.figures import Figures
from ltvtui.present.headline.budget import budget_clauses
from ltvtui.present.numbers import symbol
from ltvtui.query.query import Query, Step
from ltvtui.session.apply_filters import step_of
from ltvtui.session.budget import budget_of, gross, spend_of
from ltvtui.session.dataset import Dataset
from ltvtui.session.value_order import value_orders
from ltvtui.tui.location import Location
from ltvtui.tui.views.answer import Answer
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.budget.what_if import BaseValues
from ltvtui.tui.views.segments import history_words

REVENUE = "LTV is revenue, not profit (margin: w)"
NO_SPEND = "No spend is known. Press e to enter it, or start with --spend FILE."
OF_ALL = "Spend isn't split for this segment: only max CAC is shown."
OTHER_CUTS: Final = ("first quarter", "first month")
"""By which customers are told apart where nothing else tells them."""
MOST_CHANNELS: Final = 4
"""Channels that a note names."""


@dataclass(frozen=True, eq=False, kw_only=True)
class BudgetAnswer(Answer):
    """What the screen shows."""

    found: Found
    gross: bool
    orders: Orders
    """Order of channels and of what cuts them, by which they have their colours."""
    rows: BudgetRows
    """The table, as it is found again by channel and segment."""
    base: BaseValues
    notes: tuple[str, ...]
    """What keeps figures from being read at all comes first."""
    cautions: tuple[str, ...]
    """What comes after notices of the reading."""
    of_rows: tuple[str, ...]
    """What is said of single rows, where they are under the cursor, and of all where all is read."""
    prices: BarChart | None
    """What one may pay, where no spend is known to hold against it."""
    period: Step | None
    """Who was acquired in the period, where one is chosen."""


def budget(dataset: Dataset, location: Location) -> BudgetAnswer:
    """The budget under the settings that are tried."""
    draft, query, currency = terms_of(dataset, location), location.query, dataset.cleaned.currency
    spend = spend_of(dataset, query, draft)
    found = budget_of(dataset, query, draft, spend)
    if location.sort and location.sort[0] in found.rows.columns:
        by, falls = location.sort
        found = replace(found, rows=found.rows.sort(by, descending=falls, nulls_last=True))
    is_gross = gross(dataset, query, draft)
    # Lines are few on a small screen: first what keeps figures from being read at all.
    notes = [*descriptive_note(found), *_history(dataset, location, draft, found), *([REVENUE] if is_gross else [])]
    if found.blended["spend"][0] is None:
        notes += [NO_SPEND] if spend is dataset.spending else [] if found.hindsight else [OF_ALL]
    notes += unmatched(found, currency, MOST_CHANNELS)
    of_rows = tuple(costly_notes(found, symbol(currency)))
    table = budget_table(found, is_gross, symbol(currency))
    _ = table.widths  # measured here: there may be thousands of rows
    return BudgetAnswer(
        tables=(table,),
        headline=budget_clauses(found, symbol(currency), is_gross),
        figures=_figures(dataset, location, found, spend),
        found=found,
        gross=is_gross,
        orders=value_orders(dataset, tuple(by for by in (found.terms.dimension, found.terms.then) if by is not None)),
        rows=table,
        base=_base_values(dataset, query, location.state(BudgetState).saved),
        notes=tuple(notes),
        cautions=tuple(line for line in cautions(found, symbol(currency)) if line not in of_rows),
        of_rows=of_rows,
        prices=_prices(dataset, query, draft, found),
        period=_period(dataset, query, draft),
    )


def _prices(dataset: Dataset, query: Query, draft: BudgetTerms, found: Found) -> BarChart | None:
    """By the channels; where there are not several, by another dimension known at the first order."""
    if found.blended["spend"][0] is not None or found.hindsight or found.terms.then is not None:
        return None
    sign = symbol(dataset.cleaned.currency)
    if found.rows.filter(pl.col("new_customers") >= FEW).height > 1:
        return prices_plot(found, sign)
    for dimension in (*dataset.people.attributes, *OTHER_CUTS):
        if dimension not in dataset.dimensions_of(query) or dimension in HINDSIGHT:
            continue
        other = budget_of(dataset, query, replace(draft, dimension=dimension), None)
        if other.rows.filter(pl.col("new_customers") >= FEW).height > 1:
            return prices_plot(other, sign)
    return prices_plot(found, sign)


def terms_of(dataset: Dataset, location: Location) -> BudgetTerms:
    """What is tried in `location`, with the names that were joined; a dimension that the shop has not counts for
    nothing."""
    draft = location.state(BudgetState).draft
    dimensions = set(dataset.dimensions)
    dimension = draft.dimension if draft.dimension in dimensions else None
    then = draft.then if draft.then in dimensions and draft.then != dimension else None
    return replace(draft, dimension=dimension, then=then, aliases=(*dataset.typed.aliases, *draft.aliases))


def _figures(dataset: Dataset, location: Location, found: Found, spend: Spend | None) -> Figures:
    """The strip; while something else is tried, with how much each figure differs from what is saved."""
    currency, query = dataset.cleaned.currency, location.query
    figures = budget_figures(found, currency, gross(dataset, query, terms_of(dataset, location)))
    saved = location.changed(BudgetState, draft=location.state(BudgetState).saved)
    saved_terms = terms_of(dataset, saved)
    if saved_terms == terms_of(dataset, location):
        return figures
    before = budget_of(dataset, query, saved_terms, spend)
    return compare_figures(figures, budget_figures(before, currency, gross(dataset, query, saved_terms)))


def _history(dataset: Dataset, location: Location, draft: BudgetTerms, found: Found) -> tuple[str, ...]:
    """What has to be known of the history beside LTV, as it is tried."""
    worth, margin = found.worth, location.query.margin if draft.margin is None else draft.margin
    query = replace(location.query, horizon=worth.horizon, margin=margin, discount=worth.discount)
    return history_words(dataset, replace(location, query=query))


def _base_values(dataset: Dataset, query: Query, saved_terms: BudgetTerms) -> BaseValues:
    margin, note = query.margin, ""
    if margin is None:
        # Without the discount, which lowers what is left of the revenue and is no part of the margin.
        mapped = dataset.ask(profile, replace(query, discount=0.0))["margin"][0] if dataset.margin_mapped else None
        margin, note = (1.0, "(revenue)") if mapped is None else (float(mapped), "(mapped)")
    terms = (saved_terms.target, query.horizon, saved_terms.payback_limit, query.discount)
    return BaseValues(margin, note, *terms, dataset.first_day, dataset.as_of(query))


def _period(dataset: Dataset, query: Query, terms: BudgetTerms) -> Step | None:
    ends = ((">=", terms.since), ("<=", terms.until))
    ranges = [f"first {sign} {iso(day)}" for sign, day in ends if day is not None]
    return step_of(dataset, query, " and ".join(ranges)) if ranges else None
