"""The shop as it stands on one day under one set of terms: what every question is asked of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from ltvtui.analytics import dimensions
from ltvtui.analytics.ltv import counted_ages, tally
from ltvtui.analytics.people import People
from ltvtui.analytics.retention import ChurnGap, censor, churn_gap
from ltvtui.analytics.tiers import Thresholds, TierRule, assign, thresholds
from ltvtui.analytics.timeline import Standing, Timeline


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
    ages: pl.DataFrame
    """ltv.counted_ages of `customers`, row for row."""
    timeline: Timeline
    """The whole shop, past the as-of day too."""
    selected: bool = False
    """True where `customers` is a part of the shop."""
    _tallies: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict, repr=False)

    def where(self, *conditions: pl.Expr) -> Snapshot:
        """The part of the shop that meets all `conditions`; tiers, churn gap and clock stay the shop's."""
        if not conditions:
            return self
        meets = self.customers.select(pl.all_horizontal(*conditions)).to_series()
        customers, ages = self.customers.filter(meets), self.ages.filter(meets)
        return replace(self, customers=customers, ages=ages, selected=True, _tallies={})

    def by(self, *names: str) -> pl.DataFrame:
        """`customers` with the dimensions `names`."""
        return dimensions.add(self.customers, names, self.terms.as_of)

    def tally(self, *names: str) -> pl.DataFrame:
        """ltv.tally by the dimensions `names`: one pass over the customers, remembered."""
        if names not in self._tallies:
            self._tallies[names] = tally(self.by(*names), self.ages, names, self.terms.horizon)
        return self._tallies[names]


def take(timeline: Timeline, standing: Standing, people: People, terms: Terms) -> Snapshot:
    """The shop on `terms.as_of` (which is that of `standing`) under `terms`."""
    known, margin, kind = standing.customers, terms.margin, "value"
    if margin is not None:
        # An agreed margin goes before a mapped one: the analyst said so.
        known, kind = known.with_columns(pl.col("revenue").alias("value")), "revenue"
    gap = churn_gap(standing.gaps, terms.as_of - known["last"], terms.churn_gap)
    cuts = thresholds(standing.ranked[kind], terms.tier_rule, margin if margin is not None else 1.0)
    described = people.frame if known.height == people.frame.height else people.frame[known["customer"]]
    customers = pl.concat(
        [
            censor(known, terms.as_of, gap.days).with_columns(assign(pl.col("value"), cuts)),
            described.drop("customer"),
        ],
        how="horizontal",
    )
    ages = counted_ages(timeline, customers, terms.as_of, gap.days, terms.horizon)
    if margin is not None and timeline.margin_mapped:
        ages = ages.select(c for c in ages.columns if not c.startswith("value"))
    return Snapshot(terms, margin if margin is not None else 1.0, gap, cuts, customers, ages, timeline)
