"""The shop as it stands on one day under one set of terms: what every question is asked of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from ltvtui.analytics import dimensions, reduce
from ltvtui.analytics.ltv import ledger
from ltvtui.analytics.people import People
from ltvtui.analytics.retention import ChurnGap, censor, churn_gap, gaps
from ltvtui.analytics.tiers import Thresholds, TierRule, assign, thresholds


@dataclass(frozen=True)
class Terms:
    """What has to be agreed on before any figure means something."""

    as_of: int
    """Days since 1970-01-01; nothing after this day is known."""
    horizon: int = 12
    """Months over which LTV is counted."""
    churn_gap: int | None = None
    """Silent days after which a customer has left; None: measured (metrics.md §3)."""
    margin: float | None = None
    """Share of revenue that is kept; None: the mapped margin column, else 1.0, gross of costs."""
    discount: float = 0.0
    """Annual discount rate."""
    tier_rule: TierRule = field(default_factory=TierRule)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Customers and what they did, under `terms`. Frames are never changed in place."""

    terms: Terms
    margin: float
    """Factor on `value`: the agreed margin, or 1.0 where value already is margin or stays gross."""
    churn_gap: ChurnGap
    thresholds: Thresholds
    customers: pl.DataFrame
    """customer, orders, revenue, value, days, first, last, months, lapsed, tier, then the columns of
    People.frame; sorted by customer."""
    activity: pl.DataFrame
    """schema.ACTIVITY up to the as-of day; may hold customers that are not in `customers`."""
    ledger: pl.DataFrame
    """ltv.ledger of all customers; may hold customers that are not in `customers`."""
    selected: bool = False
    """True where `customers` is a part of the shop."""

    def where(self, *conditions: pl.Expr) -> Snapshot:
        """The part of the shop that meets all `conditions`; tiers, churn gap and clock stay the shop's."""
        if not conditions:
            return self
        return replace(self, customers=self.customers.filter(*conditions), selected=True)

    def by(self, *names: str) -> pl.DataFrame:
        """`customers` with the dimensions `names`."""
        return dimensions.add(self.customers, names, self.terms.as_of)


def take(activity: pl.DataFrame, people: People, terms: Terms) -> Snapshot:
    """The shop on `terms.as_of`, from its whole activity (schema.ACTIVITY, sorted) and people."""
    seen = activity.filter(pl.col("day") <= terms.as_of)
    if terms.margin is not None:
        # An agreed margin goes before a mapped one: the analyst said so.
        seen = seen.with_columns(pl.col("revenue").alias("value"))
    margin = 1.0 if terms.margin is None else terms.margin
    known = reduce.customers(seen.lazy(), terms.as_of).sort("customer").collect()
    gap = churn_gap(gaps(seen), terms.as_of - known["last"], terms.churn_gap)
    cuts = thresholds(known["value"], terms.tier_rule, margin)
    customers = (
        censor(known, terms.as_of, gap.days)
        .with_columns(assign(pl.col("value"), cuts))
        .join(people.frame, on="customer", how="left", maintain_order="left")
    )
    return Snapshot(terms, margin, gap, cuts, customers, seen, ledger(seen, customers))
