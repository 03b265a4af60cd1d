"""Who was acquired in a period, by channel, and what they bought by age month: over it spend, margin, target and
limits are laid, as often as the analyst tries others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl

from ltvtui.analytics.aggregate import Aggregate
from ltvtui.analytics.intervals import GROUPS
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.ltv import age_table
from ltvtui.analytics.snapshot import Snapshot
from ltvtui.analytics.summaries import aggregate_of, groups_of

MONTH: Final = "first month"
"""The dimension by which periods are put together."""


@dataclass(frozen=True, eq=False)
class NewCustomers:
    """What new customers bought by age month, by `keys`."""

    keys: tuple[str, ...]
    """Columns of text that part them (null: unknown): channel, or channel and segment, or none."""
    aggregate: Aggregate
    """By `keys`."""
    ages: pl.DataFrame
    """ltv.age_table of `tally` over the months that are followed."""
    groups: pl.DataFrame
    """intervals.group_sums by `keys`."""

    def only(self, channels: pl.Series) -> NewCustomers:
        """All customers of these `channels` together."""
        theirs = _of_channels(channels)
        aggregate = self.aggregate.of_each(lambda rows: rows.filter(theirs)).by()
        sums = [name for name in self.groups.columns if name not in (*self.keys, "group")]
        # Channels take their groups one behind the other, as if their customers had been counted through: else few of
        # each would stand in the same few groups.
        own = self.groups.filter(theirs).sort("channel", "group", nulls_last=True).with_row_index("place")
        begun = pl.col("place").min().over("channel")
        placed = own.with_columns(((begun + pl.col("group")) % GROUPS).alias("group"))
        groups = placed.group_by("group").agg(pl.col(sums).sum()).sort("group")
        return NewCustomers((), aggregate, age_table(aggregate, (), _months(self.groups)), groups)


@dataclass(frozen=True, eq=False)
class Acquisition:
    """New customers of a period, and all customers of the channels they came by."""

    since: int | None
    """First day of the period, since 1970-01-01; None: the beginning."""
    until: int
    """Last day of it, not after the as-of day."""
    week_start: int
    """Weekday on which weeks begin, 0 for Monday."""
    arrival_days: tuple[int, int] | None
    """The first and the last day on which they may have come; None where there is nobody."""
    counts: pl.DataFrame
    """channel (String, null unknown), customers of any day, new_customers of the period (Int64)."""
    parts_counts: pl.DataFrame
    """channel, segment (String, null unknown), new_customers: the same cut once more; empty where it was not."""
    monthly: pl.DataFrame
    """channel, month (Int32 period), new_customers: those of the period by the month in which they came."""
    channels: NewCustomers
    """The new customers by channel."""
    parts: NewCustomers | None
    """By channel and segment; None where channels were not cut."""
    whole: NewCustomers
    """All of them together."""
    new_customers: int


def acquisition_of(
    snapshot: Snapshot, dimension: str | None, then: str | None, since: int | None, until: int | None, months: int
) -> Acquisition:
    """Customers of `snapshot` whose first order lies from `since` to `until` (None: the as-of day), followed for
    `months` age months.

    Channels are the values of `dimension`; without one all are of unknown channel. `then` cuts them once more. Who
    may be older than the history (Snapshot.entry) is new to nobody: the period begins with those who count.
    """
    begin, last = _period(snapshot, since, until)
    groups = _groups_of(snapshot, snapshot.over(months), begin, last)
    channels = _channels(dimension)
    segments = {} if then is None else {**channels, "segment": then}
    by_channel = _new_customers(groups, channels, months)
    parts = _new_customers(groups, segments, months) if segments else None
    counts = _customers_and_new(snapshot, channels, by_channel.aggregate)
    keys = {"channel": "channel", "segment": "segment"}
    return Acquisition(
        begin,
        last,
        snapshot.terms.week_start,
        _arrival_days(snapshot, begin, last),
        counts,
        pl.DataFrame() if parts is None else _counts(parts.aggregate, keys, "new_customers"),
        _monthly(groups, channels),
        by_channel,
        parts,
        _new_customers(groups, None, months),
        int(counts["new_customers"].sum()),
    )


@dataclass(frozen=True, eq=False)
class _Groups:
    """The customers of a period, counted by any dimensions."""

    aggregate: Callable[..., Aggregate]
    part: Callable[[], Snapshot]
    """These customers themselves: what is not put together from months asks them."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """What of an Acquisition tells who came and what they brought, without what its intervals are made of: of many
    customers that takes a fraction of the time."""

    since: int | None
    until: int
    week_start: int
    counts: pl.DataFrame
    aggregate: Aggregate
    """By channel."""

    def ages(self, months: int, channels: pl.Series | None = None) -> pl.DataFrame:
        """ltv.age_table over so many months of all of them, or of those of `channels` (null: unknown), together."""

        def chosen(rows: pl.DataFrame) -> pl.DataFrame:
            return rows if channels is None else rows.filter(_of_channels(channels))

        return age_table(self.aggregate.of_each(chosen).by(), (), months)


def arrivals_of(
    snapshot: Snapshot, dimension: str | None, since: int | None, until: int | None, months: int
) -> Arrivals:
    """As `acquisition_of`, whose figures it has."""
    begin, last = _period(snapshot, since, until)
    channels = _channels(dimension)
    groups = _groups_of(snapshot, snapshot.over(months), begin, last)
    by_channel = groups.aggregate(*channels.values()).of_each(lambda rows: _with_keys(rows, channels))
    counts = _customers_and_new(snapshot, channels, by_channel)
    return Arrivals(begin, last, snapshot.terms.week_start, counts, by_channel)


def _period(snapshot: Snapshot, since: int | None, until: int | None) -> tuple[int | None, int]:
    """The first and the last day of new customers."""
    last = snapshot.terms.as_of if until is None else min(until, snapshot.terms.as_of)
    proven = snapshot.entry.since
    if proven is None:
        return since, last
    return (proven if since is None else max(since, proven)), last


def _channels(dimension: str | None) -> dict[str, str]:
    return {} if dimension is None else {"channel": dimension}


def _of_channels(channels: pl.Series) -> pl.Expr:
    return pl.col("channel").is_in(channels.implode(), nulls_equal=True)


def _customers_and_new(snapshot: Snapshot, channels: dict[str, str], new: Aggregate) -> pl.DataFrame:
    """Acquisition.counts, from the `new` customers by channel."""
    customers = _counts(aggregate_of(snapshot, *channels.values()), channels, "customers")
    new_counts = _counts(new, {"channel": "channel"}, "new_customers")
    counts = customers.join(new_counts, on="channel", how="left", nulls_equal=True)
    return counts.with_columns(pl.col("new_customers").fill_null(0)).sort("channel", nulls_last=True)


def _groups_of(snapshot: Snapshot, seen: Snapshot, since: int | None, until: int) -> _Groups:
    """Aggregates of the snapshot's customers of the period; `seen` are all of its customers, followed for longer.

    A period of whole months is a part of what is tallied by month, which serves every other such period too.
    """
    first = snapshot.customers["first"]
    earliest, latest = first.min(), first.max()
    if not isinstance(earliest, int) or not isinstance(latest, int):
        return _Groups(partial(aggregate_of, seen), lambda: seen)
    begin, end = max(earliest, since if since is not None else earliest), min(latest, until)
    if (begin, end) == (earliest, latest):
        return _Groups(partial(aggregate_of, seen), lambda: seen)

    def part() -> Snapshot:
        name = ("came", begin, end)
        arrived = pl.col("first").is_between(begin, end)
        return seen.recall((name, seen.terms), (), lambda: seen.where(arrived, name=name))

    if begin in (earliest, _begins(begin)) and end in (latest, _ends(end)):
        low, high = (calendar.label(_month(day), "month")[0] for day in (begin, end))
        return _Groups(lambda *names: _of_months(seen, names, low, high), part)
    return _Groups(lambda *names: aggregate_of(part(), *names), part)


def _of_months(seen: Snapshot, names: tuple[str, ...], low: str, high: str) -> Aggregate:
    """The tally by `names` of those whose first month lies from `low` to `high`."""
    within = pl.col(MONTH).cast(pl.String).is_between(pl.lit(low), pl.lit(high))
    parts = aggregate_of(seen, *dict.fromkeys((*names, MONTH))).of_each(lambda rows: rows.filter(within))
    return parts if MONTH in names else parts.by(*names)


def _new_customers(groups: _Groups, names: dict[str, str] | None, months: int) -> NewCustomers:
    """By the dimensions that `names` names, as text; of all together where it is None."""
    dimensions = tuple((names or {}).values())
    keys = () if names is None else ("channel", *(name for name in names if name != "channel"))

    def renamed(rows: pl.DataFrame) -> pl.DataFrame:
        return rows if names is None else _with_keys(rows, names)

    aggregate = groups.aggregate(*dimensions).of_each(renamed)
    return NewCustomers(
        keys, aggregate, age_table(aggregate, keys, months), renamed(groups_of(groups.part(), *dimensions))
    )


def _monthly(groups: _Groups, names: dict[str, str]) -> pl.DataFrame:
    """Acquired.monthly."""
    dimensions = tuple(dict.fromkeys((*names.values(), MONTH)))
    counted = (
        groups.aggregate(*dimensions)
        .bought.group_by(dimensions)
        .agg(pl.col("customers").sum().alias("new_customers"))
    )
    day = (pl.col(MONTH).cast(pl.String) + "-01").str.to_date("%Y-%m-%d").cast(pl.Int32)
    dated = counted.with_columns(calendar.period(counted.select(day.alias("month"))["month"], "month"))
    return _with_keys(dated, names).select("channel", "month", "new_customers")


def _arrival_days(snapshot: Snapshot, since: int | None, until: int) -> tuple[int, int] | None:
    """The first and the last day, from `since` to `until`, on which somebody may have come."""
    first = snapshot.customers["first"]
    earliest, latest = first.min(), first.max()
    if not isinstance(earliest, int) or not isinstance(latest, int):
        return None
    begin, end = (earliest if since is None else max(earliest, since)), min(latest, until)
    return (begin, end) if begin <= end else None


def _counts(aggregate: Aggregate, names: dict[str, str], column: str) -> pl.DataFrame:
    """channel, and what else is named, with customers (Int64) as `column`."""
    customers = pl.col("customers").sum().alias(column)
    dimensions = list(names.values())
    rows = aggregate.bought
    return _with_keys(rows.group_by(dimensions).agg(customers) if names else rows.select(customers), names)


def _with_keys(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """`rows` with the dimensions that `names` names, as text, before all else; without one the channel is unknown."""
    keys = [pl.col(dimension).cast(pl.String).alias(name) for name, dimension in names.items()]
    unknown = [] if "channel" in names else [pl.lit(None, dtype=pl.String).alias("channel")]
    return rows.select(*unknown, *keys, pl.all().exclude(list(names.values())))


def _months(groups: pl.DataFrame) -> int:
    """Age months that are followed."""
    return sum(name.startswith("seen ") for name in groups.columns)


def _month(day: int) -> pl.Series:
    return calendar.period(pl.Series([day], dtype=pl.Int32), "month")


def _begins(day: int) -> int:
    return calendar.first_day(int(_month(day)[0]), "month")


def _ends(day: int) -> int:
    return calendar.last_day(int(_month(day)[0]), "month")
