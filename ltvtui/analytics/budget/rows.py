"""The rows of a budget: LTV with its interval against CAC, payback, max CAC and a verdict (metrics.md §11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.budget.acquisition import Acquisition, NewCustomers
from ltvtui.analytics.budget.costs import Costs
from ltvtui.analytics.budget.terms import BudgetTerms, Worth, followed
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.intervals import Money, curve_errors
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.segments import beside

VERDICTS: Final = pl.Enum(["scale", "hold", "reduce", "pause", "few", "wait", "no spend"])
"""scale: CAC is at most the lower bound of the largest to pay. hold: it lies within its interval. reduce: above that.
pause: above the upper bound of LTV. few: under 30 new customers, whose figures are shown and not leaned upon. wait:
less data than the horizon, so that there is no largest CAC yet. no spend: none is known, or nothing was paid."""

FIGURES: Final = (
    "new_customers",
    "spend",
    "cac",
    "ltv",
    "ltv_se",
    "ltv_lower",
    "ltv_upper",
    "within_months",
    "ltv_cac",
    "payback_months",
    "payback_observed_to",
    "max_cac",
    "max_cac_lower",
    "max_cac_upper",
    "headroom",
    "marginal_cac",
    "verdict",
)
"""Columns of a budget row behind its channel; money in currency units. ltv_lower … max_cac_upper bound the 95 %
intervals; within_months is τ of ltv."""
ADVICE: Final = (
    *("payback_months", "max_cac", "max_cac_lower", "max_cac_upper"),
    *("headroom", "marginal_cac", "verdict"),
)
"""Those of them that read as advice to buy: null under a cut made with hindsight."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What customers bring by age with its interval (intervals.curve_errors), over all months that were followed."""

    rows: pl.DataFrame
    """By channel, or by channel and segment."""
    paid: pl.DataFrame
    """Of the channels that something was spent on."""
    whole: pl.DataFrame
    """Of all new customers."""


def curves_of(found: Acquisition, paid: Costs, margin: float, discount: float, of_revenue: bool) -> Curves:
    """Curves of new customers; `margin`, `discount` and `of_revenue` as Worth has them."""
    money: Money = "revenue" if of_revenue else "value"

    def bands(bought: NewCustomers) -> pl.DataFrame:
        ages = bought.ages
        if of_revenue:  # an agreed margin goes before a mapped one
            ages = ages.with_columns(pl.col("revenue").alias("value"))
        sums = curve(ages, bought.keys, margin, discount)
        return curve_errors(bought.groups, sums, bought.keys, margin, discount, money)

    return Curves(bands(found.parts or found.channels), bands(paid.bought), bands(found.whole))


def rows_of(
    priced: pl.DataFrame,
    bands: pl.DataFrame,
    terms: BudgetTerms,
    worth: Worth,
    marginals: pl.DataFrame,
    advises: bool,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """channel…, FIGURES from channel…, new_customers, spend, cac, in their order; and channel…, month, margin: M_k
    as far as it was seen and is followed. `bands` are Curves of them; of all together they have no channel."""
    keys, horizon = bands.columns[: bands.columns.index("age_month")], worth.horizon
    bands = bands.filter(pl.col("age_month") < followed(worth, terms))
    curves = bands.select(*keys, pl.col("age_month").alias("month"), pl.col("ltv").alias("margin"))
    month, cac, ltv = pl.col("age_month"), pl.col("cac"), pl.col("ltv")
    by_horizon, by_limit = month < horizon, month <= terms.payback_limit
    sums = [
        *(pl.col(name).filter(by_horizon).last().alias(f"ltv{end}") for name, end in _ENDS.items()),
        *(pl.col(name).filter(by_limit).last().alias(f"limit{end}") for name, end in _ENDS.items()),
        by_horizon.sum().cast(pl.Int32).alias("within_months"),
        pl.len().cast(pl.Int32).alias("payback_observed_to"),
    ]
    observed = bands.group_by(keys).agg(sums) if keys else bands.select(sums)
    names = list(priced.columns[: priced.columns.index("new_customers")])
    joined = beside(beside(priced, observed, keys), _paybacks(priced, keys, curves), keys)
    joined = joined.join(marginals, on="channel", how="left", maintain_order="left")
    whole = pl.col("within_months") >= horizon
    most = [
        pl.when(whole)
        .then(pl.min_horizontal(pl.col(f"ltv{end}") / terms.target, f"limit{end}"))
        .alias(f"max_cac{end}")
        for end in ("", "_lower", "_upper")
    ]
    figures = (
        joined.with_columns(pl.col("payback_observed_to", "within_months").fill_null(0), *most)
        .with_columns(
            pl.when(cac > 0).then(ltv / cac).alias("ltv_cac"),
            (pl.col("max_cac") - cac).alias("headroom"),
            _verdict(horizon).alias("verdict"),
        )
        .select(*names, *FIGURES)
    )
    if not advises:
        figures = figures.with_columns(pl.lit(None, dtype=figures.schema[name]).alias(name) for name in ADVICE)
    return _ranked(figures, names, terms, horizon), curves


_ENDS: Final = {"ltv": "", "se": "_se", "lower": "_lower", "upper": "_upper"}
"""Columns of intervals.curve_errors, and how those that are taken of them end."""


def _paybacks(priced: pl.DataFrame, keys: list[str], curves: pl.DataFrame) -> pl.DataFrame:
    """keys…, payback_months (Float64): of the rows that are paid back in what was seen."""
    cac, margin, before = pl.col("cac"), pl.col("margin"), pl.col("before")
    earlier = margin.shift(1).over(keys, order_by="month") if keys else margin.shift(1)
    steps = curves.with_columns(earlier.alias("before"))
    costs = priced.select(*keys, "cac")
    both = steps.join(costs, on=keys, nulls_equal=True) if keys else steps.join(costs, how="cross")
    paid_back = both.filter(margin >= cac).sort("month")
    first = paid_back.group_by(keys, maintain_order=True).first() if keys else paid_back.head(1)
    within = pl.col("month") - 1 + (cac - before) / (margin - before)
    months = pl.when(pl.col("month") == 0).then(0.0).otherwise(within).cast(pl.Float64)
    return first.select(*keys, months.alias("payback_months"))


def _verdict(horizon: int) -> pl.Expr:
    cac, verdict = pl.col("cac"), pl.lit
    return (
        pl.when(cac.is_null() | (cac <= 0))
        .then(verdict("no spend"))
        .when(pl.col("new_customers") < FEW)
        .then(verdict("few"))
        .when(pl.col("within_months") < horizon)
        .then(verdict("wait"))
        .when(cac <= pl.col("max_cac_lower"))
        .then(verdict("scale"))
        .when(cac <= pl.col("max_cac_upper"))
        .then(verdict("hold"))
        .when(cac > pl.col("ltv_upper"))
        .then(verdict("pause"))
        .otherwise(verdict("reduce"))
        .cast(VERDICTS)
    )


def is_costly_at_the_margin() -> pl.Expr:
    """Of FIGURES (Boolean): CAC on average allows to go on, while one more customer costs more than max CAC. The
    verdict is about what was paid; this is about paying more."""
    continued = pl.col("verdict").cast(pl.String).is_in(["scale", "hold"])
    return (continued & (pl.col("marginal_cac") > pl.col("max_cac"))).fill_null(False)


def _ranked(rows: pl.DataFrame, keys: list[str], terms: BudgetTerms, horizon: int) -> pl.DataFrame:
    if terms.dimension in PERIODS:
        return rows.sort(keys, nulls_last=True)
    # What was seen in part brings more than its figures: it is not compared with what was seen as a whole.
    gain = pl.coalesce("ltv_lower", "ltv") - pl.col("cac")
    incomplete = pl.when(gain.is_null()).then(2).when(pl.col("within_months") < horizon).then(1).otherwise(0)
    descending = [False, True, True, *(False for _ in keys)]
    return rows.sort(incomplete, gain, "new_customers", *keys, descending=descending, nulls_last=True)
