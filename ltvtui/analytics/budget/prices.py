"""The most that a customer may cost, of all alike and of those that were paid for (metrics.md §11)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.budget.acquisition import arrivals_of
from ltvtui.analytics.budget.costs import paid_channels
from ltvtui.analytics.budget.spend import Spend
from ltvtui.analytics.budget.terms import BudgetTerms, Worth, days_of, followed, left_out, worth_of
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True)
class Prices:
    """Largest CACs, currency units; None where less data than the horizon. They are max_cac of Budget.blended and of
    Budget.paid."""

    of_all: float | None
    """Of all new customers, those included that came for nothing."""
    of_paid: float | None
    """Of those whose channel something was spent on."""
    is_by_channel: bool
    """Whether something was spent on a channel that is known: else nobody is told to be paid for."""
    left_out: int
    """Customers who count in neither, since no spend is known of the day on which they came."""


def prices(snapshot: Snapshot, spend: Spend, terms: BudgetTerms) -> Prices:
    """min(LTV ÷ target, what a customer brings until the payback limit) of the customers and the days that a budget
    of `spend` under `terms` counts. Terms name their dimension."""
    of_value = snapshot.terms.horizon, snapshot.terms.discount
    by = () if terms.dimension is None else (terms.dimension,)
    return snapshot.recall(
        ("prices", spend, terms, of_value), by, lambda: _prices(snapshot, spend, terms), of_gap=False
    )


def _prices(snapshot: Snapshot, spend: Spend, terms: BudgetTerms) -> Prices:
    worth = worth_of(snapshot, terms)
    months, days = followed(worth, terms), days_of(snapshot, spend, terms)
    found = arrivals_of(snapshot, terms.dimension, *days, months)
    paid = paid_channels(found, spend, terms.dimension, terms.aliases)
    return Prices(
        _largest_cac(found.ages(months), worth, terms),
        _largest_cac(found.ages(months, paid), worth, terms) if paid.len() else None,
        paid.len() > 0,
        left_out(snapshot, terms, days),
    )


def _largest_cac(ages: pl.DataFrame, worth: Worth, terms: BudgetTerms) -> float | None:
    if worth.of_revenue:
        ages = ages.with_columns(pl.col("revenue").alias("value"))
    brought = curve(ages, (), worth.margin, worth.discount)
    within = brought.filter(pl.col("age_month") < worth.horizon)
    if within.height < worth.horizon:
        return None
    until = brought.filter(pl.col("age_month") <= min(terms.payback_limit, followed(worth, terms) - 1))
    return min(float(within["ltv"][-1]) / terms.target, float(until["ltv"][-1]))
