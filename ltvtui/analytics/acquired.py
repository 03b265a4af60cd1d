"""Who was acquired in a period, by channel, and what they bought by age month: over it spend, margin, target and
limits are laid, as often as the analyst tries others."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ltvtui.analytics.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Acquired:
    """New customers of a period, and all customers of the channels they came by."""

    since: int | None
    """First day of the period, since 1970-01-01; None: the beginning."""
    until: int
    """Last day of it, not after the as-of day."""
    week_start: int
    """Weekday on which weeks begin, 0 for Monday."""
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
    new = _of_period(snapshot, since, last)
    seen = new.over(months)
    channels = {} if dimension is None else {"channel": dimension}
    segments = {} if then is None else {**channels, "segment": then}
    begun = _between(since, last)
    counts = _counts(snapshot, channels, pl.len().alias("customers"), begun.sum().alias("new_customers"))
    return Acquired(
        since,
        last,
        snapshot.terms.week_start,
        counts.sort("channel", nulls_last=True),
        _counts(new, segments, pl.len().alias("new_customers")) if segments else pl.DataFrame(),
        _told(seen.age_table(*channels.values()), channels),
        _told(seen.age_table(*segments.values()), segments) if segments else pl.DataFrame(),
        seen.age_table(),
        new.customers.height,
    )


def _counts(snapshot: Snapshot, names: dict[str, str], *counts: pl.Expr) -> pl.DataFrame:
    """channel, and what else is named, with `counts` (Int64) of the snapshot's customers."""
    known = snapshot.by(*names.values())
    counted = known.group_by(*names.values()).agg(*counts) if names else known.select(*counts)
    return _told(counted, names).with_columns(pl.selectors.integer().cast(pl.Int64))


def _told(rows: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """`rows` with the dimensions that `names` names, as text; without one the channel is unknown."""
    told = [pl.col(dimension).cast(pl.String).alias(name) for name, dimension in names.items()]
    unknown = [] if "channel" in names else [pl.lit(None, dtype=pl.String).alias("channel")]
    return rows.select(*unknown, *told, pl.all().exclude(list(names.values())))


def _of_period(snapshot: Snapshot, since: int | None, until: int) -> Snapshot:
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
