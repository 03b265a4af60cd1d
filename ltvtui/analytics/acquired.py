"""Who was acquired in a period, by channel, and what they bought by age month: over it spend, margin, target and
limits are laid, as often as the analyst tries others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ltvtui.analytics import calendar
from ltvtui.analytics.ltv import age_table
from ltvtui.analytics.snapshot import Snapshot

MONTH: Final = "first month"
"""The dimension by which periods are put together."""


@dataclass(frozen=True, eq=False)
class Acquired:
    """New customers of a period, and all customers of the channels they came by."""

    since: int | None
    """First day of the period, since 1970-01-01; None: the beginning."""
    until: int
    """Last day of it, not after the as-of day."""
    week_start: int
    """Weekday on which weeks begin, 0 for Monday."""
    came: tuple[int, int] | None
    """Days between which they came; None where there is nobody."""
    counts: pl.DataFrame
    """channel (String, null unknown), customers of any day, new_customers of the period (Int64)."""
    parts: pl.DataFrame
    """channel, segment (String, null unknown), new_customers: the same cut once more; empty where it was not."""
    ages: pl.DataFrame
    """ltv.age_table of the new customers by channel."""
    parts_ages: pl.DataFrame
    """The same by channel and segment; empty where channels were not cut."""
    whole_ages: pl.DataFrame
    """The same of all new customers."""
    new_customers: int


def acquired(
    snapshot: Snapshot, dimension: str | None, then: str | None, since: int | None, until: int | None, months: int
) -> Acquired:
    """Customers of `snapshot` whose first order lies from `since` to `until` (None: the as-of day), followed for
    `months` age months.

    Channels are the values of `dimension`; without one all are of unknown channel. `then` cuts them once more.
    """
    last = snapshot.terms.as_of if until is None else min(until, snapshot.terms.as_of)
    tallied = _tallies(snapshot, since, last, months)
    channels = {} if dimension is None else {"channel": dimension}
    segments = {} if then is None else {**channels, "segment": then}
    known = _counts(snapshot.tally(*channels.values()), channels, "customers")
    new = _counts(tallied(*channels.values()), channels, "new_customers")
    counts = known.join(new, on="channel", how="left", nulls_equal=True).with_columns(
        pl.col("new_customers").fill_null(0)
    )
    return Acquired(
        since,
        last,
        snapshot.terms.week_start,
        _came(snapshot, since, last),
        counts.sort("channel", nulls_last=True),
        _counts(tallied(*segments.values()), segments, "new_customers") if segments else pl.DataFrame(),
        _ages(tallied, channels, months),
        _ages(tallied, segments, months) if segments else pl.DataFrame(),
        _ages(tallied, {}, months).drop("channel"),
        int(new["new_customers"].sum()),
    )


def _came(snapshot: Snapshot, since: int | None, until: int) -> tuple[int, int] | None:
    """The first and the last day, from `since` to `until`, on which somebody may have come."""
    first = snapshot.customers["first"]
    earliest, latest = first.min(), first.max()
    if not isinstance(earliest, int) or not isinstance(latest, int):
        return None
    begin, end = (earliest if since is None else max(earliest, since)), min(latest, until)
    return (begin, end) if begin <= end else None


def _tallies(snapshot: Snapshot, since: int | None, until: int, months: int) -> Callable[..., pl.DataFrame]:
    """What gives the ltv.tally, by dimensions, of the snapshot's customers of the period.

    A period of whole months is a part of what is tallied by month, which serves every other such period too.
    """
    seen = snapshot.over(months)
    first = snapshot.customers["first"]
    earliest, latest = first.min(), first.max()
    if not isinstance(earliest, int) or not isinstance(latest, int):
        return seen.tally
    begin, end = max(earliest, since if since is not None else earliest), min(latest, until)
    if (begin, end) == (earliest, latest):
        return seen.tally
    if begin in (earliest, _begins(begin)) and end in (latest, _ends(end)):
        low, high = (calendar.label(_month(day), "month")[0] for day in (begin, end))
        return lambda *names: _of_months(seen, names, low, high)
    return snapshot.where(pl.col("first").is_between(begin, end)).over(months).tally


def _of_months(seen: Snapshot, names: tuple[str, ...], low: str, high: str) -> pl.DataFrame:
    """The tally by `names` of those whose first month lies from `low` to `high`."""
    parts = seen.tally(*dict.fromkeys((*names, MONTH)))
    within = parts.filter(pl.col(MONTH).cast(pl.String).is_between(pl.lit(low), pl.lit(high)))
    if MONTH in names:
        return within
    return within.drop(MONTH).group_by(*names, "months").agg(pl.all().sum())


def _counts(tally: pl.DataFrame, names: dict[str, str], told: str) -> pl.DataFrame:
    """channel, and what else is named, with customers (Int64) as `told`."""
    customers = pl.col("customers").sum().alias(told)
    dimensions = list(names.values())
    return _told(tally.group_by(dimensions).agg(customers) if names else tally.select(customers), names)


def _ages(tallied: Callable[..., pl.DataFrame], names: dict[str, str], months: int) -> pl.DataFrame:
    dimensions = tuple(names.values())
    return _told(age_table(tallied(*dimensions), dimensions, months), names)


def _told(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """`rows` with the dimensions that `names` names, as text; without one the channel is unknown."""
    told = [pl.col(dimension).cast(pl.String).alias(name) for name, dimension in names.items()]
    unknown = [] if "channel" in names else [pl.lit(None, dtype=pl.String).alias("channel")]
    return rows.select(*unknown, *told, pl.all().exclude(list(names.values())))


def _month(day: int) -> pl.Series:
    return calendar.period(pl.Series([day], dtype=pl.Int32), "month")


def _begins(day: int) -> int:
    return calendar.first_day(int(_month(day)[0]), "month")


def _ends(day: int) -> int:
    return calendar.last_day(int(_month(day)[0]), "month")
