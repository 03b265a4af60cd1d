"""What was paid for the customers of a period, by channel: nothing of it depends on what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics.budget.acquisition import Acquisition, Arrivals, NewCustomers
from ltvtui.analytics.budget.marginal import Marginal, marginal
from ltvtui.analytics.budget.spend import LONGER_THAN_MONTHS, ChannelNames, Spend, by_name
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.schema import MONEY_SCALE, units

_UNKNOWN_SPEND: Final = pl.lit(None, dtype=pl.Float64).alias("spend")


@dataclass(frozen=True, eq=False)
class Costs:
    """Spend of a period against the new customers of it; money in currency units."""

    channels: pl.DataFrame
    """channel, new_customers, spend, cac: every channel with new customers or spend."""
    parts: pl.DataFrame
    """channel, segment, new_customers, spend (null: it is not told by segment), cac (of the channel); empty where
    channels are not cut."""
    whole: pl.DataFrame
    """The columns of `channels` for all of them, in one row; its channel is null."""
    paid: pl.DataFrame
    """The same for the channels that something was spent on, and no others."""
    bought: NewCustomers
    """What the customers of these channels bought."""
    marginals: tuple[Marginal, ...]
    """What one more customer costs, of each channel that something was spent on, in the order of their names."""
    spend_without_customers: pl.DataFrame
    """As Budget has it, which has the following too."""
    customers_without_spend: pl.DataFrame
    seldom: pl.DataFrame
    outside: float
    too_coarse: str
    """How spend is booked, where that is by longer periods than those that it is asked by; else blank."""


def costs(found: Acquisition, spend: Spend, dimension: str | None, aliases: tuple[tuple[str, str], ...]) -> Costs:
    """What `spend` booked for the customers that were `found` by `dimension`; `aliases` as in BudgetTerms."""
    booked = spend.within(found.since, found.until)
    matched = _matched(by_name(booked, dimension, found.week_start), found.counts, aliases)
    channels = _channels(matched, found.counts)
    whole = pl.DataFrame(
        {"channel": None, "new_customers": found.new_customers, "amount": booked["amount"].sum()},
        schema=channels.select("channel", "new_customers", "amount").schema,
    ).with_columns(pl.when(booked.height > 0).then(pl.col("amount")).alias("amount"))
    priced = _priced(channels)
    parts = found.parts_counts
    if found.parts is not None:
        each = parts.join(priced.select("channel", "cac"), on="channel", nulls_equal=True)
        parts = each.select("channel", "segment", "new_customers", _UNKNOWN_SPEND, "cac")
    bought_by = channels.filter(pl.col("amount") != 0)
    sums = bought_by.select(pl.lit(None, dtype=pl.String).alias("channel"), pl.col("new_customers", "amount").sum())
    some = pl.when(pl.lit(bought_by.height > 0)).then(pl.col("amount"))
    return Costs(
        priced,
        parts,
        _priced(whole),
        _priced(sums.with_columns(some.alias("amount"))),
        found.channels.only(bought_by["channel"]),
        _marginals(_monthly(booked, found, bought_by["channel"], dimension, aliases), spend.bucket),
        matched.filter(pl.col("channel").is_null())
        .select(pl.col("name").alias("channel"), units(pl.col("amount")))
        .sort("amount", "channel", descending=[True, False], nulls_last=True),
        channels.filter(pl.col("amount").is_null())
        .select("channel", pl.col("new_customers").alias("customers"))
        .sort("customers", "channel", descending=[True, False], nulls_last=True),
        _seldom(booked, found),
        (int(spend.rows["amount"].sum()) - int(booked["amount"].sum())) / MONEY_SCALE,
        "" if spend.covers(dimension) else spend.bucket,
    )


def paid_channels(
    found: Arrivals, spend: Spend, dimension: str | None, aliases: tuple[tuple[str, str], ...]
) -> pl.Series:
    """The channels that something was spent on in the period: those of Costs.paid."""
    booked = by_name(spend.within(found.since, found.until), dimension, found.week_start)
    channels = _channels(_matched(booked, found.counts, aliases), found.counts)
    return channels.filter(pl.col("amount") != 0)["channel"]


def _channels(matched: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """channel, customers, new_customers, amount (null: none is booked): with new customers or spend."""
    paid = matched.drop_nulls("channel").group_by("channel").agg(pl.col("amount").sum())
    return counts.join(paid, on="channel", how="left", maintain_order="left").filter(
        (pl.col("new_customers") > 0) | pl.col("amount").is_not_null()
    )


def _matched(booked: pl.DataFrame, counts: pl.DataFrame, aliases: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    """`booked` (name, amount) with the channel that each name means, null where it means none."""
    with_channel = counts.drop_nulls("channel")
    names = ChannelNames(dict(with_channel.select("channel", "customers").rows()), aliases)
    channels = [names.channel(name) for name in booked["name"]]
    return booked.with_columns(pl.Series("channel", channels, pl.String))


def _priced(channels: pl.DataFrame) -> pl.DataFrame:
    """channel, new_customers, spend, cac from channel, new_customers, amount (Int64 money, null: none is booked)."""
    spend = units(pl.col("amount"))
    cac = pl.when(pl.col("new_customers") > 0).then(spend / pl.col("new_customers"))
    return channels.select("channel", "new_customers", spend.alias("spend"), cac.alias("cac"))


def _marginals(monthly: pl.DataFrame, bucket: str) -> tuple[Marginal, ...]:
    """Of each channel in `monthly`; none can be told of spend whose `bucket` is longer than a month."""
    parts = sorted(
        (str(channel), months) for (channel,), months in monthly.partition_by("channel", as_dict=True).items()
    )
    if bucket in LONGER_THAN_MONTHS:
        why = f"spend is booked by {bucket}, not by month"
        return tuple(Marginal(channel, months.clear(), why_not=why) for channel, months in parts)
    return tuple(marginal(channel, months) for channel, months in parts)


def _monthly(
    booked: pl.DataFrame,
    found: Acquisition,
    channels: pl.Series,
    dimension: str | None,
    aliases: tuple[tuple[str, str], ...],
) -> pl.DataFrame:
    """channel, month (Int32 period), new_customers (Int64), spend (Float64, currency units): of each of `channels` in
    every whole month of the period in which there is either; nothing where channels are periods themselves."""
    schema = {"channel": pl.String, "month": pl.Int32, "new_customers": pl.Int64, "spend": pl.Float64}
    if dimension is None or dimension in PERIODS or channels.is_empty():
        return pl.DataFrame(schema=schema)
    months = booked.with_columns(calendar.period(booked["day"], "month").alias("month"))
    by_name = months.select(pl.col("channel").alias("name"), "month", "amount")
    spent = _matched(by_name, found.counts, aliases).group_by("channel", "month").agg(pl.col("amount").sum())
    both = spent.join(found.monthly, on=["channel", "month"], how="full", coalesce=True)
    first, last = (
        found.arrival_days if found.since is None and found.arrival_days else (found.since or 0, found.until)
    )
    begun, ended = calendar.period(pl.Series([first - 1, min(last, found.until) + 1], dtype=pl.Int32), "month")
    whole = pl.col("month").is_between(begun, ended, closed="none")
    whole_months = both.filter(pl.col("channel").is_in(channels.drop_nulls().implode()), whole)
    return whole_months.select(
        "channel", "month", pl.col("new_customers").fill_null(0), units(pl.col("amount").fill_null(0)).alias("spend")
    ).sort("channel", "month")


def _seldom(booked: pl.DataFrame, found: Acquisition) -> pl.DataFrame:
    """channel, months, of (UInt32, Int32): see Budget.seldom."""
    if found.arrival_days is None or booked.is_empty():
        return pl.DataFrame(schema={"channel": pl.String, "months": pl.UInt32, "of": pl.Int32})
    begun, ended = calendar.period(pl.Series(found.arrival_days, dtype=pl.Int32), "month")
    months = calendar.period(booked["day"], "month")
    counted = booked.select("channel", months.alias("month")).filter(pl.col("month").is_between(begun, ended))
    booked_months = counted.group_by("channel").agg(pl.col("month").n_unique().alias("months"))
    return (
        booked_months.with_columns(pl.lit(ended - begun + 1, dtype=pl.Int32).alias("of"))
        .filter(pl.col("months") * 2 < pl.col("of"))
        .sort("months", "channel")
    )
