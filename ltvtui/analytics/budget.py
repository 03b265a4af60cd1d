"""What may be paid for a customer: CAC, LTV:CAC, payback and the largest CAC, by channel (metrics.md §11).

An average CAC is not what one more customer costs: the next one may be dearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.ltv import curve
from ltvtui.analytics.schema import MONEY_SCALE, units
from ltvtui.analytics.segments import FEW
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.spend import Names, Spend, channel_dimension, named, no_spend

VERDICTS: Final = pl.Enum(["raise", "keep", "cut", "few", "unknown"])
"""raise: CAC is at most the largest to pay. cut: it is above LTV. keep: between them. few: under 30 new customers,
whose figures are shown and not leaned upon. unknown: no spend, or no LTV that was observed."""

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


@dataclass(frozen=True)
class BudgetTerms:
    """What is agreed on beyond the snapshot's own terms, of which horizon, margin and discount hold here too."""

    dimension: str | None = None
    """What tells channels apart: a dimension whose values the spend names, or one of dimensions.PERIODS, by which
    spend is told by its day. None: spend.channel_dimension."""
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


@dataclass(frozen=True, eq=False)
class Budget:
    """The answer, under `terms`."""

    terms: BudgetTerms
    dimension: str | None
    """That by which channels are told apart; None where the shop has none: all customers are of unknown channel."""
    rows: pl.DataFrame
    """channel (String, null unknown), then FIGURES: every channel with new customers or spend in the period, by
    LTV - CAC, the highest first and the unknown last; periods in their own order."""
    blended: pl.DataFrame
    """The same of all new customers and all spend of the period, in one row; its channel is null."""
    curves: pl.DataFrame
    """channel, month (Int32), margin (currency units): M_k, what a customer brings up to and with age month k."""
    blended_curve: pl.DataFrame
    """month, margin: the same of all new customers."""
    spend_without_customers: pl.DataFrame
    """channel (as the spend names it; null: not booked by channel), amount (currency units): in no row of `rows`."""
    customers_without_spend: pl.DataFrame
    """channel, customers: new in the period, and nothing is booked for them."""
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
    dimension = terms.dimension or channel_dimension(snapshot.people, spend)
    until = snapshot.terms.as_of if terms.until is None else min(terms.until, snapshot.terms.as_of)
    booked = spend.within(terms.since, until)
    new = _acquired(snapshot, terms.since, until)
    counts = _counts(snapshot, dimension, terms.since, until)
    matched = _matched(named(booked, dimension, snapshot.terms.week_start), counts, terms)
    paid = matched.drop_nulls("channel").group_by("channel").agg(pl.col("amount").sum())
    channels = counts.join(paid, on="channel", how="left", maintain_order="left").filter(
        (pl.col("new_customers") > 0) | pl.col("amount").is_not_null()
    )
    curves = _curves(new, dimension, terms)
    whole = pl.DataFrame(
        {"channel": None, "new_customers": new.customers.height, "amount": booked["amount"].sum()},
        schema=channels.select("channel", "new_customers", "amount").schema,
    ).with_columns(pl.when(booked.height > 0).then(pl.col("amount")).alias("amount"))
    all_curve = _curves(new, None, terms)
    rows = _figures(channels, curves, snapshot.terms.horizon, terms)
    without = channels.filter(pl.col("amount").is_null())
    return Budget(
        terms,
        dimension,
        _ranked(rows, dimension),
        _figures(whole, all_curve, snapshot.terms.horizon, terms),
        curves.select("channel", "month", "margin"),
        all_curve.select("month", "margin"),
        matched.filter(pl.col("channel").is_null())
        .select(pl.col("name").alias("channel"), units(pl.col("amount")))
        .sort("amount", "channel", descending=[True, False], nulls_last=True),
        without.select("channel", pl.col("new_customers").alias("customers")).sort(
            "customers", "channel", descending=[True, False], nulls_last=True
        ),
        (int(spend.rows["amount"].sum()) - int(booked["amount"].sum())) / MONEY_SCALE,
    )


def _acquired(snapshot: Snapshot, since: int | None, until: int) -> Snapshot:
    """The snapshot's customers of the period; the snapshot itself where they all are, with all it remembers."""
    first = snapshot.customers["first"]
    earliest, latest = first.min(), first.max()
    if (since is None or (isinstance(earliest, int) and since <= earliest)) and (
        isinstance(latest, int) and latest <= until
    ):
        return snapshot
    return snapshot.where(_between(since, until))


def _between(since: int | None, until: int) -> pl.Expr:
    begun = pl.lit(True) if since is None else pl.col("first") >= since
    return begun & (pl.col("first") <= until)


def _counts(snapshot: Snapshot, dimension: str | None, since: int | None, until: int) -> pl.DataFrame:
    """channel (String), customers of any day, new_customers of the period (Int64)."""
    known = snapshot.customers if dimension is None else snapshot.by(dimension)
    channel = pl.lit(None, dtype=pl.String) if dimension is None else pl.col(dimension)
    found = known.select(channel.alias("channel"), _between(since, until).alias("new"))
    counted = found.group_by("channel").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("new").sum().cast(pl.Int64).alias("new_customers")
    )
    return counted.with_columns(pl.col("channel").cast(pl.String)).sort("channel", nulls_last=True)


def _matched(booked: pl.DataFrame, counts: pl.DataFrame, terms: BudgetTerms) -> pl.DataFrame:
    """`booked` (name, amount) with the channel that each name means, null where it means none."""
    known = counts.drop_nulls("channel")
    names = Names(dict(known.select("channel", "customers").rows()), terms.aliases)
    channels = [names.channel(name) for name in booked["name"]]
    return booked.with_columns(pl.Series("channel", channels, pl.String))


def _curves(new: Snapshot, dimension: str | None, terms: BudgetTerms) -> pl.DataFrame:
    """channel (String), month, margin: M_k as far as it was observed; null channel without `dimension`."""
    keys = [] if dimension is None else [dimension]
    seen = new.over(max(new.terms.horizon, terms.payback_limit))
    found = curve(seen.age_table(*keys), keys, seen.margin, seen.terms.discount)
    channel = pl.col(keys[0]).cast(pl.String) if keys else pl.lit(None, dtype=pl.String)
    return found.select(channel.alias("channel"), pl.col("age_month").alias("month"), pl.col("ltv").alias("margin"))


def _figures(channels: pl.DataFrame, curves: pl.DataFrame, horizon: int, terms: BudgetTerms) -> pl.DataFrame:
    """channel and FIGURES from channel, new_customers, amount (Int64 money, null: nothing is booked)."""
    spend, cac, ltv = units(pl.col("amount")), pl.col("cac"), pl.col("ltv")
    priced = channels.select(
        "channel",
        "new_customers",
        spend.alias("spend"),
        pl.when(pl.col("new_customers") > 0).then(spend / pl.col("new_customers")).alias("cac"),
    )
    month, margin = pl.col("month"), pl.col("margin")
    worth = curves.group_by("channel").agg(
        margin.filter(month < horizon).last().alias("ltv"),
        margin.filter(month <= terms.payback_limit).last().alias("at_limit"),
        pl.len().cast(pl.Int32).alias("payback_observed_to"),
    )
    together = {"on": "channel", "how": "left", "nulls_equal": True, "maintain_order": "left"}
    known = priced.join(worth, **together).join(_paybacks(priced, curves), **together)  # type: ignore[arg-type]
    most = pl.min_horizontal(ltv / terms.target, "at_limit")
    return (
        known.with_columns(pl.col("payback_observed_to").fill_null(0), most.alias("max_cac"))
        .with_columns(
            pl.when(cac > 0).then(ltv / cac).alias("ltv_cac"),
            (pl.col("max_cac") - cac).alias("headroom"),
            _verdict().alias("verdict"),
        )
        .select("channel", *FIGURES)
    )


def _paybacks(priced: pl.DataFrame, curves: pl.DataFrame) -> pl.DataFrame:
    """channel, payback_months (Float64): of the channels that are paid back in what was observed."""
    cac, margin, before = pl.col("cac"), pl.col("margin"), pl.col("before")
    steps = curves.with_columns(margin.shift(1).over("channel", order_by="month").alias("before"))
    reached = steps.join(priced.select("channel", "cac"), on="channel", nulls_equal=True).filter(margin >= cac)
    first = reached.sort("month").group_by("channel", maintain_order=True).first()
    within = pl.col("month") - 1 + (cac - before) / (margin - before)
    return first.select(
        "channel", pl.when(pl.col("month") == 0).then(0.0).otherwise(within).cast(pl.Float64).alias("payback_months")
    )


def _verdict() -> pl.Expr:
    cac, ltv = pl.col("cac"), pl.col("ltv")
    return (
        pl.when(pl.col("new_customers") < FEW)
        .then(pl.lit("few"))
        .when(cac.is_null() | ltv.is_null())
        .then(pl.lit("unknown"))
        .when(cac <= pl.col("max_cac"))
        .then(pl.lit("raise"))
        .when(cac > ltv)
        .then(pl.lit("cut"))
        .otherwise(pl.lit("keep"))
        .cast(VERDICTS)
    )


def _ranked(rows: pl.DataFrame, dimension: str | None) -> pl.DataFrame:
    if dimension in PERIODS:
        return rows.sort("channel", nulls_last=True)
    gain = (pl.col("ltv") - pl.col("cac")).alias("gain")
    by = [gain, pl.col("new_customers"), pl.col("channel")]
    return rows.sort(by, descending=[True, True, False], nulls_last=True)
