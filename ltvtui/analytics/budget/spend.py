"""What was spent on being found: by channel, or by the month in which customers came (metrics.md §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import polars as pl

from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.kernel.calendar import BUCKETS
from ltvtui.analytics.people import People
from ltvtui.analytics.schema import SPEND
from ltvtui.errors import LtvError

CHANNEL_WORDS: Final = ("channel", "source", "medium", "network", "platform", "campaign")
"""Words of an attribute that tells where customers came from, those that say it best first."""

_WEEK: Final = 7
_SELDOM: Final = 20
"""Days between bookings, half of the time or more, from which on each is that of a month."""
LONGER_THAN_MONTHS: Final = {"year": 12, "quarter": 3}
"""Such periods, in months."""


@dataclass(frozen=True, eq=False)
class Spend:
    """Spend as it was booked; two of them are never the same question."""

    rows: pl.DataFrame
    """schema.SPEND: day, channel (null: not told apart), amount (Int64 money). A month stands on its first day."""

    def within(self, since: int | None, until: int) -> pl.DataFrame:
        """Rows of the days from `since` (None: from the beginning) up to and with `until`."""
        started = pl.lit(True) if since is None else pl.col("day") >= since
        return self.rows.filter(started, pl.col("day") <= until)

    @cached_property
    def bucket(self) -> str:
        """How spend is booked: by day, week, month, quarter or year.

        Whole months stand on their first day, weeks on one weekday, and invoices of a month on any of its days, so
        that the days tell; of a single row its month is meant.
        """
        days = self.rows["day"].unique().sort()
        steps, months = days.diff().drop_nulls(), calendar.period(days, "month")
        firsts = pl.Series([calendar.first_day(month, "month") for month in months], dtype=pl.Int32)
        if not (days == firsts).all() and steps.len():
            if (steps % _WEEK == 0).all():
                return "week"
            usual = steps.median()
            return "month" if isinstance(usual, float) and usual >= _SELDOM else "day"
        steps = months.diff().drop_nulls()
        for bucket, length in LONGER_THAN_MONTHS.items():
            if steps.len() and bool((steps % length == 0).all()) and bool((months % length == 0).all()):
                return bucket
        return "month"

    def covers(self, dimension: str | None) -> bool:
        """Whether it can be compared with customers by `dimension`: it is booked by days, or by periods as short as
        those of dimensions.PERIODS."""
        if dimension not in PERIODS or self.bucket == "day":
            return True
        return BUCKETS.index(self.bucket) <= BUCKETS.index(PERIODS[dimension])

    @property
    def covered_days(self) -> tuple[int, int] | None:
        """The first and the last day of which spend is known, gaps between them counting as nothing spent; None
        where nothing is."""
        days = self.rows["day"]
        first, last = days.min(), days.max()
        if not isinstance(first, int) or not isinstance(last, int):
            return None
        if self.bucket == "day":
            return first, last
        if self.bucket == "week":
            return first, last + _WEEK - 1
        begun, ended = calendar.period(pl.Series([first, last], dtype=pl.Int32), self.bucket)
        return calendar.first_day(int(begun), self.bucket), calendar.last_day(int(ended), self.bucket)

    def begins(self, day: int) -> int:
        """The first day from `day` on with which a period of this spend begins: before it, it is in part known."""
        if self.bucket == "day" or self.covered_days is None:
            return day
        if self.bucket == "week":
            return day + (self.covered_days[0] - day) % _WEEK
        period = int(calendar.period(pl.Series([day], dtype=pl.Int32), self.bucket)[0])
        own = calendar.first_day(period, self.bucket)
        return own if own == day else calendar.first_day(period + 1, self.bucket)


@cache
def no_spend() -> Spend:
    """Where nothing is known of it: always the same, so that what was made of it is remembered."""
    return Spend(pl.DataFrame(schema=SPEND))


def by_name(rows: pl.DataFrame, dimension: str | None, week_start: int = 0) -> pl.DataFrame:
    """name (String), amount (Int64 money): what `rows` spent under each name, null where no name is given.

    Names are those of channels, or of calendar periods where `dimension` is one of dimensions.PERIODS.
    """
    name = rows["channel"]
    if dimension in PERIODS:
        bucket = PERIODS[dimension]
        name = calendar.label(calendar.period(rows["day"], bucket, week_start), bucket, week_start)
    return rows.select(name.alias("name"), "amount").group_by("name").agg(pl.col("amount").sum())


class ChannelNames:
    """Tells which channel of the customers a name of the spend means.

    An alias goes first, for the analyst said so; then the very name, then the name whatever its case. Of channels
    that differ in case alone the one with most customers is meant. Blanks around a name never count.
    """

    def __init__(self, channels: Mapping[str, int], aliases: Iterable[tuple[str, str]] = ()) -> None:
        """`channels` with their customers; `aliases` are (name in the spend, channel)."""
        self._exact = {channel.strip(): channel for channel in sorted(channels, key=lambda c: channels[c])}
        by_size = sorted(channels, key=lambda c: (-channels[c], c))
        self._folded: dict[str, str] = {}
        for channel in by_size:
            self._folded.setdefault(fold(channel), channel)
        self._aliases = {fold(name): channel for name, channel in aliases}

    def channel(self, name: str | None) -> str | None:
        """The channel that is meant, None where none is."""
        if name is None:
            return None
        wanted = self._aliases.get(fold(name), name).strip()
        return self._exact.get(wanted, self._folded.get(fold(wanted)))


def channel_dimension(people: People, spend: Spend) -> str | None:
    """The attribute of the channel by which customers came: of those named so, the one that matches most spend.

    Of equals the customers' own goes before that of the first order. None where no attribute is named so.
    """
    candidates = [attribute for attribute in people.attributes if any(word in attribute for word in CHANNEL_WORDS)]
    if not candidates:
        return None
    booked = {fold(name) for name in spend.rows["channel"].drop_nulls().unique()}

    def unlike(attribute: str) -> int:
        channels = people.frame[attribute].unique().drop_nulls().cast(pl.String)
        return -len(booked & {fold(channel) for channel in channels})

    def place(attribute: str) -> int:
        return next(place for place, word in enumerate(CHANNEL_WORDS) if word in attribute)

    return min(candidates, key=lambda name: (unlike(name), name in people.of_first_order, place(name)))


def check_aliases(aliases: Iterable[tuple[str, str]], spend: Spend, channels: Iterable[str]) -> None:
    """LtvError (exit code 2) for an alias of a name without spend, or of a channel without customers."""
    there = {fold(channel) for channel in channels}
    booked = sorted({name.strip() for name in spend.rows["channel"].drop_nulls()})
    for name, channel in aliases:
        if fold(name) not in {fold(other) for other in booked}:
            raise LtvError(f"No spend is booked under {name!r}.", _there_are(booked), 2)
        if fold(channel) not in there:
            raise LtvError(f"No customer came through {channel!r}.", _there_are(sorted(set(channels))), 2)


def _there_are(names: list[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Choose from: {', '.join(names[:12])}{more}." if names else "There are no names."


def fold(name: str) -> str:
    """A channel's name as names are told apart: whatever their case, without the blanks around."""
    return name.strip().casefold()
