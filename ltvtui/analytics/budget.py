"""What may be paid for a customer: CAC, LTV:CAC, payback and the largest CAC, by channel (metrics.md §11).

An average CAC is not what one more customer costs: the next one may be dearer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from ltvtui.analytics.acquired import Acquired, acquired
from ltvtui.analytics.costs import Costs, costs
from ltvtui.analytics.dimensions import HINDSIGHT, PERIODS
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.segments import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.spend import Spend, channel_dimension, no_spend

VERDICTS: Final = pl.Enum(["raise", "keep", "cut", "few", "unknown"])
"""raise: CAC is at most the largest to pay. cut: it is above LTV. keep: between them. few: under 30 new customers,
whose figures are shown and not leaned upon. unknown: no spend, credits only, no LTV that was observed, or a CAC above
an LTV of which not all months of the horizon were: those to come may still pay it back."""

FIGURES: Final = (
    "new_customers",
    "spend",
    "cac",
    "ltv",
    "ltv_cac",
    "payback_months",
    "payback_observed_to",
    "max_cac",
    "headroom",
    "verdict",
)
"""Columns of a budget row behind its channel; money in currency units."""

_AT_ONCE: Final[dict[str, Any]] = {"engine": "in-memory", "optimizations": pl.QueryOptFlags.none()}
"""For frames of some hundred rows: to plan what to do with them takes longer than to do it."""
_NO_CHANNEL: Final = pl.lit(None, dtype=pl.String).alias("channel")


@dataclass(frozen=True)
class BudgetTerms:
    """What is agreed on beyond the snapshot's own terms, of which horizon, margin and discount hold here too."""

    dimension: str | None = None
    """What tells channels apart: a dimension whose values the spend names, or one of dimensions.PERIODS, by which
    spend is told by its day. None: spend.channel_dimension."""
    then: str | None = None
    """A second dimension that cuts the customers of each channel; spend is not told by it."""
    target: float = 3.0
    """LTV:CAC that is wanted."""
    payback_limit: int = 12
    """Months within which a customer has to bring back what they cost."""
    since: int | None = None
    """First day of acquisition and of spend, since 1970-01-01; None: the beginning."""
    until: int | None = None
    """Last day of both; None, or a day after it: the as-of day."""
    aliases: tuple[tuple[str, str], ...] = ()
    """(name in the spend, channel it means)."""
    horizon: int | None = None
    """Months over which LTV is counted; None: the snapshot's."""
    margin: float | None = None
    """Share of revenue that is kept; None: what the snapshot has."""
    discount: float | None = None
    """Annual discount rate; None: the snapshot's."""

    def short(self) -> dict[str, str]:
        """What is agreed on for the shop, as text; defaults are left out, and what is said for one look."""
        default = BudgetTerms()
        words = {
            "channel": self.dimension or "",
            "target": repr(self.target) if self.target != default.target else "",
            "payback_limit": str(self.payback_limit) if self.payback_limit != default.payback_limit else "",
        }
        return {name: word for name, word in words.items() if word}


@dataclass(frozen=True)
class Worth:
    """How customers are valued in a budget: what is tried of it, else what is agreed on."""

    horizon: int
    """Months over which LTV is counted."""
    margin: float
    """Factor on what customers bring."""
    of_revenue: bool
    """True where the margin is tried, and goes before a mapped one."""
    discount: float
    """Annual discount rate."""


@dataclass(frozen=True, eq=False)
class Budget:
    """The answer, under `terms`."""

    terms: BudgetTerms
    """Their dimension is the one that tells channels apart; None where the shop has none: all customers are of
    unknown channel."""
    worth: Worth
    rows: pl.DataFrame
    """channel (String, null unknown), where there is a second cut segment, then FIGURES: every channel with new
    customers or spend in the period, by LTV - CAC, the highest first and the unknown last; periods in their own
    order. A segment's CAC is that of its channel, its spend is not known, and it has no verdict where it was made
    with hindsight: nobody can buy VIPs."""
    blended: pl.DataFrame
    """The same of all new customers and all spend of the period, in one row; its channel is null."""
    curves: pl.DataFrame
    """channel, where there is a second cut segment, month (Int32), margin (currency units): M_k, what a customer
    brings up to and with age month k."""
    blended_curve: pl.DataFrame
    """month, margin: the same of all new customers."""
    spend_without_customers: pl.DataFrame
    """channel (as the spend names it; null: not booked by channel), amount (currency units): in no row of `rows`."""
    customers_without_spend: pl.DataFrame
    """channel, customers: new in the period, and nothing is booked for them."""
    seldom: pl.DataFrame
    """channel (as the spend names it), months, of: channels whose spend is booked in fewer than half of the months
    between the first and the last new customer of the period; the other months count as if nothing was spent."""
    outside: float
    """Spend booked outside of the period, currency units: it counts nowhere."""


def budget(snapshot: Snapshot, spend: Spend | None = None, terms: BudgetTerms | None = None) -> Budget:
    """What customers of each channel cost and bring, from `spend` and the snapshot's customers.

    New customers are those whose first order lies in the period; spend counts by its day, so a month that stands
    on its first day counts whole or not at all. CAC = spend ÷ new customers, null where either is missing. LTV is
    that of segments.profile for the same customers. M_k is followed over the horizon, or the payback limit where
    that is longer. payback_months = the first k with M_k ≥ CAC, interpolated, 0 where M_0 ≥ CAC, null where it is
    not reached in the payback_observed_to months that were seen. max_cac = min(LTV ÷ target, M at the payback
    limit), where fewer months were seen M at the last of them. ltv_cac is null where nothing was paid.

    All of `spend` counts against the snapshot's customers: of a part of the shop it has to be what the part cost.
    """
    terms, spend = terms or BudgetTerms(), spend or no_spend()
    terms = replace(terms, dimension=terms.dimension or channel_dimension(snapshot.people, spend))
    worth = worth_of(snapshot, terms)
    period = (terms.since, terms.until)
    found = acquired(snapshot, terms.dimension, terms.then, *period, followed(worth, terms))
    return weigh(found, costs(found, spend, terms.dimension, terms.aliases), terms, worth)


def worth_of(snapshot: Snapshot, terms: BudgetTerms) -> Worth:
    """What counts as worth of a customer: as `terms` say, else as the snapshot has it."""
    agreed = snapshot.terms
    return Worth(
        agreed.horizon if terms.horizon is None else terms.horizon,
        snapshot.margin if terms.margin is None else terms.margin,
        terms.margin is not None,
        agreed.discount if terms.discount is None else terms.discount,
    )


def followed(worth: Worth, terms: BudgetTerms) -> int:
    """Age months that have to be looked at, at the least: up to the horizon and to the payback limit."""
    return max(worth.horizon, terms.payback_limit)


def weigh(found: Acquired, paid: Costs, terms: BudgetTerms, worth: Worth) -> Budget:
    """`budget` of customers that are counted and priced already: `found` by terms.dimension and terms.then in the
    period of `terms`, over `followed` months or more."""
    if terms.then is None:
        rows, curves = _figures(paid.channels, ["channel"], found.ages, terms, worth)
    else:
        rows, curves = _figures(paid.parts, ["channel", "segment"], found.parts_ages, terms, worth)
    whole_ages = found.whole_ages.with_columns(_NO_CHANNEL)
    blended, blended_curve = _figures(paid.whole, ["channel"], whole_ages, terms, worth)
    return Budget(
        terms,
        worth,
        rows,
        blended,
        curves,
        blended_curve.select("month", "margin"),
        paid.spend_without_customers,
        paid.customers_without_spend,
        paid.seldom,
        paid.outside,
    )


def _figures(
    priced: pl.DataFrame, keys: list[str], ages: pl.DataFrame, terms: BudgetTerms, worth: Worth
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """keys… and FIGURES from keys…, new_customers, spend, cac, in their order; and keys…, month, margin: M_k as far
    as it was observed and is followed."""
    near = ages.lazy().filter(pl.col("age_month") < followed(worth, terms))
    if worth.of_revenue:  # an agreed margin goes before a mapped one
        near = near.with_columns(pl.col("revenue").alias("value"))
    sums = curve(near, keys, worth.margin, worth.discount)
    curves = sums.select(*keys, pl.col("age_month").alias("month"), pl.col("ltv").alias("margin")).collect(**_AT_ONCE)
    month, margin, cac, ltv = pl.col("month"), pl.col("margin"), pl.col("cac"), pl.col("ltv")
    reached = (
        curves.lazy()
        .group_by(keys)
        .agg(
            margin.filter(month < worth.horizon).last().alias("ltv"),
            margin.filter(month <= terms.payback_limit).last().alias("at_limit"),
            pl.len().cast(pl.Int32).alias("payback_observed_to"),
        )
    )
    together = {"on": keys, "how": "left", "nulls_equal": True, "maintain_order": "left"}
    known = priced.lazy()
    for told in (reached, _paybacks(priced, keys, curves), _gone(ages, keys)):
        known = known.join(told, **together)  # type: ignore[arg-type]
    most = pl.min_horizontal(ltv / terms.target, "at_limit")
    hindsight = terms.then in HINDSIGHT and "segment" in keys
    verdict = pl.lit(None, dtype=VERDICTS) if hindsight else _verdict(worth.horizon)
    figures = (
        known.with_columns(pl.col("payback_observed_to").fill_null(0), most.alias("max_cac"))
        .with_columns(
            pl.when(cac > 0).then(ltv / cac).alias("ltv_cac"),
            (pl.col("max_cac") - cac).alias("headroom"),
            verdict.alias("verdict"),
        )
        .select(*keys, *FIGURES)
    )
    return _ranked(figures, keys, terms).collect(**_AT_ONCE), curves


def _gone(ages: pl.DataFrame, keys: list[str]) -> pl.LazyFrame:
    """keys…, gone: customers (Int64) of a group in which nobody is left after the months that were observed, else 0.

    Near the as-of day a sample holds those alone who have left already (metrics.md §3): that they are gone says
    nothing as long as others of the group stand outside of it.
    """
    all_lapsed = (pl.col("lapsed") == pl.col("at_risk")).filter("observed").last()
    return (
        ages.lazy()
        .group_by(keys)
        .agg(pl.when(all_lapsed).then(pl.col("sample").first()).otherwise(0).cast(pl.Int64).alias("gone"))
    )


def _paybacks(priced: pl.DataFrame, keys: list[str], curves: pl.DataFrame) -> pl.LazyFrame:
    """keys…, payback_months (Float64): of the rows that are paid back in what was observed."""
    cac, margin, before = pl.col("cac"), pl.col("margin"), pl.col("before")
    steps = curves.lazy().with_columns(margin.shift(1).over(keys, order_by="month").alias("before"))
    reached = steps.join(priced.lazy().select(*keys, "cac"), on=keys, nulls_equal=True).filter(margin >= cac)
    first = reached.sort("month").group_by(keys, maintain_order=True).first()
    within = pl.col("month") - 1 + (cac - before) / (margin - before)
    months = pl.when(pl.col("month") == 0).then(0.0).otherwise(within).cast(pl.Float64)
    return first.select(*keys, months.alias("payback_months"))


def _verdict(horizon: int) -> pl.Expr:
    cac, ltv = pl.col("cac"), pl.col("ltv")
    return (
        pl.when(pl.col("new_customers") < FEW)
        .then(pl.lit("few"))
        .when(cac.is_null() | ltv.is_null() | (cac < 0))
        .then(pl.lit("unknown"))
        .when(cac <= pl.col("max_cac"))
        .then(pl.lit("raise"))
        .when((cac > ltv) & (pl.col("payback_observed_to") < horizon) & (pl.col("gone") < pl.col("new_customers")))
        .then(pl.lit("unknown"))
        .when(cac > ltv)
        .then(pl.lit("cut"))
        .otherwise(pl.lit("keep"))
        .cast(VERDICTS)
    )


def _ranked(rows: pl.LazyFrame, keys: list[str], terms: BudgetTerms) -> pl.LazyFrame:
    if terms.dimension in PERIODS:
        return rows.sort(keys, nulls_last=True)
    gain = (pl.col("ltv") - pl.col("cac")).alias("gain")
    descending = [True, True, *(False for _ in keys)]
    return rows.sort(gain, "new_customers", *keys, descending=descending, nulls_last=True)
