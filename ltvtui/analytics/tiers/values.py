"""Tiers of the customers of a whole shop, by past or expected value."""

from __future__ import annotations

from typing import Final

import polars as pl

from ltvtui.analytics.forecast.forecast import ForecastQuestion
from ltvtui.analytics.forecast.observed import money_under
from ltvtui.analytics.forecast.remembered import forecast_on
from ltvtui.analytics.kernel.activity_index import CustomerTotals
from ltvtui.analytics.kernel.cached_activity import CachedActivity
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.analytics.terms import Terms
from ltvtui.analytics.tiers.tiers import Thresholds, assign, thresholds
from ltvtui.errors import LtvError

HISTORIC: Final = "Use tiers by historic value (t, or --tier-value historic), or choose a later as-of day."
"""What mends tiers by expected value of a shop without a forecast."""


def tiered(
    customers: pl.DataFrame, totals: CustomerTotals, terms: Terms, activity: CachedActivity
) -> tuple[pl.DataFrame, Thresholds]:
    """`customers`, all of the shop, with their tier, and what tiers are cut at.

    Raises LtvError where tiers are by expected LTV and there is no forecast.
    """
    margin, expected = 1.0 if terms.margin is None else terms.margin, terms.tier_rule.value == "expected"
    values = tier_values(totals, terms, activity)
    ranked = values.sort(descending=True) if expected else totals.values(terms.margin)
    cuts = thresholds(ranked, terms.tier_rule, margin)
    return customers.with_columns(assign(pl.lit(values), cuts)), cuts


def tier_values(totals: CustomerTotals, terms: Terms, activity: CachedActivity) -> pl.Series:
    """What tiers of the customers of `totals` are cut by (Int64 money, before an agreed margin), row for row.

    Raises LtvError where tiers are by expected LTV and there is no forecast of that day.
    """
    if terms.tier_rule.value == "historic":
        return totals.customers["value" if terms.margin is None else "revenue"]
    margin = 1.0 if terms.margin is None else terms.margin
    money = money_under(terms.margin, activity.index.margin_mapped)
    question = ForecastQuestion(totals.as_of, money=money, margin=margin)
    try:
        found = forecast_on(activity, question)
    except LtvError as error:
        raise LtvError(f"Tiers by expected LTV need a forecast. {error.what}", HISTORIC) from None
    if no_value := found.model.no_value:
        raise LtvError(f"Tiers by expected LTV need a forecast of value. {no_value}", HISTORIC)
    return (found.customers["expected_ltv"] / margin * MONEY_SCALE).round().cast(pl.Int64)
