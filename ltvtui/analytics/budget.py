"""What may be paid for a customer: CAC, LTV:CAC, payback and the largest CAC, by channel (metrics.md §11).

An average CAC is not what one more customer costs: the next one may be dearer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ltvtui.analytics.acquired import Acquired, NewCustomers, acquired
from ltvtui.analytics.costs import Costs, costs
from ltvtui.analytics.dimensions import HINDSIGHT, PERIODS
from ltvtui.analytics.intervals import Money, curve_errors
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.marginal import Marginal
from ltvtui.analytics.retention import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.spend import Spend, channel_dimension, no_spend

VERDICTS: Final = pl.Enum(["scale", "hold", "reduce", "pause", "few", "wait", "no spend"])
"""scale: CAC is at most the lower bound of the largest to pay. hold: it lies within its interval. reduce: above that.
pause: above the upper bound of LTV. few: under 30 new customers, whose figures are shown and not leaned upon. wait:
less than the horizon was seen, so that there is no largest CAC yet. no spend: none is known, or nothing was paid."""

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
    customers or spend in the period, by the lower bound of LTV - CAC, the highest first and the unknown last;
    periods in their own order. A segment's CAC is that of its channel, and its spend is not known."""
    paid: pl.DataFrame
    """The same of the channels that something was spent on, in one row; its channel is null."""
    blended: pl.DataFrame
    """The same of all new customers and all spend of the period, in one row, with free_share (Float64): the share
    of customers whose channel nothing was spent on."""
    curves: pl.DataFrame
    """channel, where there is a second cut segment, month (Int32), margin (currency units): M_k, what a customer
    brings up to and with age month k, as far as it was seen."""
    paid_curve: pl.DataFrame
    """month, margin: the same of the channels that something was spent on."""
    blended_curve: pl.DataFrame
    """month, margin: the same of all new customers."""
    marginals: tuple[Marginal, ...]
    """What one more customer costs, of each channel that something was spent on, in the order of their names."""
    period: tuple[int, int]
    """The first and the last day of acquisition and spend that count, since 1970-01-01."""
    left_out: int
    """Customers of the asked period on whose day no spend is known: they count nowhere."""
    hindsight: bool
    """Whose customers these are is told by what they did later: no advice follows from it."""

    spend_without_customers: pl.DataFrame
    """channel (as the spend names it; null: not booked by channel), amount (currency units): in no row of `rows`."""
    customers_without_spend: pl.DataFrame
    """channel, customers: new in the period, and nothing is booked for them."""
    seldom: pl.DataFrame
    """channel (as the spend names it), months, of: channels whose spend is booked in fewer than half of the months
    between the first and the last new customer of the period; the other months count as if nothing was spent."""
    outside: float
    """Spend booked outside of the period, currency units: it counts nowhere."""

    @property
    def why_not_marginal(self) -> tuple[tuple[str, str], ...]:
        """(channel, why): channels of which no marginal CAC can be told."""
        return tuple((told.channel, told.why_not) for told in self.marginals if told.why_not)


def budget(
    snapshot: Snapshot, spend: Spend | None = None, terms: BudgetTerms | None = None, hindsight: bool = False
) -> Budget:
    """What customers of each channel cost and bring, from `spend` and the snapshot's customers.

    New customers are those whose first order lies in the period, on a day of which spend is known (metrics.md §11).
    Spend counts by its day, so a month that stands on its first day counts whole or not at all. CAC = spend ÷ new
    customers, null where either is missing. LTV is that of segments.profile for the same customers. M_k is followed
    over the horizon, or the payback limit where that is longer. payback_months = the first k with M_k ≥ CAC,
    interpolated, 0 where M_0 ≥ CAC, null where it is not reached in the payback_observed_to months that were seen.
    max_cac = min(LTV ÷ target, M at the payback limit); null where less than the horizon was seen. ltv_cac is null
    where nothing was paid.

    All of `spend` counts against the snapshot's customers: of a part of the shop it has to be what the part cost.
    With `hindsight` the snapshot is a part that is told by what customers did later.
    """
    terms, spend = terms or BudgetTerms(), spend or no_spend()
    terms = replace(terms, dimension=terms.dimension or channel_dimension(snapshot.people, spend))
    worth = worth_of(snapshot, terms)
    days = days_of(snapshot, spend, terms)
    found = acquired(snapshot, terms.dimension, terms.then, *days, followed(worth, terms))
    paid = costs(found, spend, terms.dimension, terms.aliases)
    curves = curves_of(found, paid, worth.margin, worth.discount, worth.of_revenue)
    return weigh(found, paid, curves, terms, worth, left_out(snapshot, terms, days), hindsight)


def days_of(snapshot: Snapshot, spend: Spend, terms: BudgetTerms) -> tuple[int | None, int]:
    """The period of `terms` as far as spend is known, and customers are known to be new."""
    since, until = _asked(snapshot, terms)
    proven = snapshot.entry.since
    if proven is not None:
        # Spend of a month in which only some of the customers count would be held against these alone.
        begun = spend.begins(proven)
        since = begun if since is None else max(since, begun)
    if spend.known is None:
        return since, until
    first, last = spend.known
    return (first if since is None else max(since, first)), min(until, last)


def left_out(snapshot: Snapshot, terms: BudgetTerms, days: tuple[int | None, int]) -> int:
    """Budget.left_out."""
    since, until = _asked(snapshot, terms)
    proven = snapshot.entry.since
    begin = max((day for day in (since, proven) if day is not None), default=None)
    first = snapshot.customers["first"]
    asked = (first <= until) if begin is None else first.is_between(begin, until)
    kept = (first <= days[1]) if days[0] is None else first.is_between(days[0], days[1])
    return int((asked & ~kept).sum())


def _asked(snapshot: Snapshot, terms: BudgetTerms) -> tuple[int | None, int]:
    as_of = snapshot.terms.as_of
    return terms.since, as_of if terms.until is None else min(terms.until, as_of)


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


@dataclass(frozen=True, eq=False)
class Curves:
    """What customers bring by age with its interval (intervals.curve_errors), over all months that were followed."""

    rows: pl.DataFrame
    """By channel, or by channel and segment."""
    paid: pl.DataFrame
    """Of the channels that something was spent on."""
    whole: pl.DataFrame
    """Of all new customers."""


def curves_of(found: Acquired, paid: Costs, margin: float, discount: float, of_revenue: bool) -> Curves:
    """Curves of new customers; `margin`, `discount` and `of_revenue` as Worth has them."""
    money: Money = "revenue" if of_revenue else "value"

    def bands(bought: NewCustomers) -> pl.DataFrame:
        ages = bought.ages
        if of_revenue:  # an agreed margin goes before a mapped one
            ages = ages.with_columns(pl.col("revenue").alias("value"))
        sums = curve(ages, bought.keys, margin, discount)
        return curve_errors(bought.groups, sums, bought.keys, margin, discount, money)

    return Curves(bands(found.parts or found.channels), bands(paid.bought), bands(found.whole))


def weigh(
    found: Acquired,
    paid: Costs,
    curves: Curves,
    terms: BudgetTerms,
    worth: Worth,
    left_out: int = 0,
    hindsight: bool = False,
) -> Budget:
    """`budget` of customers that are counted, priced and valued already: `found` by terms.dimension and terms.then in
    the days of `days_of`, over `followed` months or more, `curves` under `worth`."""
    known = pl.DataFrame(
        [(told.channel, told.cac) for told in paid.marginals],
        schema={"channel": pl.String, "marginal_cac": pl.Float64},
        orient="row",
    )
    parts = paid.channels if found.parts is None else paid.parts
    advises = not hindsight and terms.then not in HINDSIGHT and terms.dimension not in HINDSIGHT
    rows, row_curves = _figures(parts, curves.rows, terms, worth, known, advises)
    bought, paid_curve = _figures(paid.paid, curves.paid, terms, worth, known, not hindsight)
    blended, blended_curve = _figures(paid.whole, curves.whole, terms, worth, known, not hindsight)
    customers = int(blended["new_customers"][0])
    free = None if customers == 0 else 1 - int(bought["new_customers"][0]) / customers
    return Budget(
        terms,
        worth,
        rows,
        bought,
        blended.with_columns(pl.lit(free, dtype=pl.Float64).alias("free_share")),
        row_curves,
        paid_curve,
        blended_curve,
        paid.marginals,
        (found.came[0] if found.since is None and found.came else found.since or found.until, found.until),
        left_out,
        hindsight,
        paid.spend_without_customers,
        paid.customers_without_spend,
        paid.seldom,
        paid.outside,
    )


def _figures(
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
    told = [
        *(pl.col(name).filter(by_horizon).last().alias(f"ltv{end}") for name, end in _ENDS.items()),
        *(pl.col(name).filter(by_limit).last().alias(f"limit{end}") for name, end in _ENDS.items()),
        by_horizon.sum().cast(pl.Int32).alias("within_months"),
        pl.len().cast(pl.Int32).alias("payback_observed_to"),
    ]
    reached = bands.group_by(keys).agg(told) if keys else bands.select(told)
    names = list(priced.columns[: priced.columns.index("new_customers")])
    known = _joined(_joined(priced, reached, keys), _paybacks(priced, keys, curves), keys)
    known = known.join(marginals, on="channel", how="left", maintain_order="left")
    whole = pl.col("within_months") >= horizon
    most = [
        pl.when(whole)
        .then(pl.min_horizontal(pl.col(f"ltv{end}") / terms.target, f"limit{end}"))
        .alias(f"max_cac{end}")
        for end in ("", "_lower", "_upper")
    ]
    figures = (
        known.with_columns(pl.col("payback_observed_to", "within_months").fill_null(0), *most)
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


def _joined(rows: pl.DataFrame, part: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`rows` with the columns of `part`, which has a row each of `keys`; without keys one row at most."""
    if keys:
        return rows.join(part, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return pl.concat([rows, part if part.height else part.clear(1)], how="horizontal")


def _paybacks(priced: pl.DataFrame, keys: list[str], curves: pl.DataFrame) -> pl.DataFrame:
    """keys…, payback_months (Float64): of the rows that are paid back in what was seen."""
    cac, margin, before = pl.col("cac"), pl.col("margin"), pl.col("before")
    earlier = margin.shift(1).over(keys, order_by="month") if keys else margin.shift(1)
    steps = curves.with_columns(earlier.alias("before"))
    costs = priced.select(*keys, "cac")
    both = steps.join(costs, on=keys, nulls_equal=True) if keys else steps.join(costs, how="cross")
    reached = both.filter(margin >= cac).sort("month")
    first = reached.group_by(keys, maintain_order=True).first() if keys else reached.head(1)
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


def _ranked(rows: pl.DataFrame, keys: list[str], terms: BudgetTerms, horizon: int) -> pl.DataFrame:
    if terms.dimension in PERIODS:
        return rows.sort(keys, nulls_last=True)
    # What was seen in part brings more than it says: it is not held against what was seen as a whole.
    gain = pl.coalesce("ltv_lower", "ltv") - pl.col("cac")
    told = pl.when(gain.is_null()).then(2).when(pl.col("within_months") < horizon).then(1).otherwise(0)
    descending = [False, True, True, *(False for _ in keys)]
    return rows.sort(told, gain, "new_customers", *keys, descending=descending, nulls_last=True)
