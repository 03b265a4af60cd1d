"""What was spent on being found: by channel, or by the month in which customers came (metrics.md §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from ltvtui.analytics import calendar
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.analytics.people import People
from ltvtui.analytics.schema import SPEND
from ltvtui.errors import LtvError

CHANNEL_WORDS: Final = ("channel", "source", "medium", "network", "platform", "campaign")
"""Words of an attribute that tells where customers came from, those that say it best first."""


@dataclass(frozen=True, eq=False)
class Spend:
    """Spend as it was booked; two of them are never the same question."""

    rows: pl.DataFrame
    """schema.SPEND: day, channel (null: not told apart), amount (Int64 money). A month stands on its first day."""

    def within(self, since: int | None, until: int) -> pl.DataFrame:
        """Rows of the days from `since` (None: from the beginning) up to and with `until`."""
        started = pl.lit(True) if since is None else pl.col("day") >= since
        return self.rows.filter(started, pl.col("day") <= until)


@cache
def no_spend() -> Spend:
    """Where nothing is known of it: always the same, so that what was made of it is remembered."""
    return Spend(pl.DataFrame(schema=SPEND))


def named(rows: pl.DataFrame, dimension: str | None, week_start: int = 0) -> pl.DataFrame:
    """name (String), amount (Int64 money): what `rows` spent under each name, null where no name is given.

    Names are those of channels, or of calendar periods where `dimension` is one of dimensions.PERIODS.
    """
    name = rows["channel"]
    if dimension in PERIODS:
        bucket = PERIODS[dimension]
        name = calendar.label(calendar.period(rows["day"], bucket, week_start), bucket, week_start)
    return rows.select(name.alias("name"), "amount").group_by("name").agg(pl.col("amount").sum())


class Names:
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
    """The attribute that tells where customers came from: of those named so, the one that knows most of the spend.

    Of equals the customers' own stands before that of the first order. None where no attribute is named so.
    """
    known = [attribute for attribute in people.attributes if any(word in attribute for word in CHANNEL_WORDS)]
    if not known:
        return None
    booked = {fold(name) for name in spend.rows["channel"].drop_nulls().unique()}

    def unlike(attribute: str) -> int:
        channels = people.frame[attribute].unique().drop_nulls().cast(pl.String)
        return -len(booked & {fold(channel) for channel in channels})

    def place(attribute: str) -> int:
        return next(place for place, word in enumerate(CHANNEL_WORDS) if word in attribute)

    return min(known, key=lambda name: (unlike(name), name in people.of_first_order, place(name)))


def check_aliases(aliases: Iterable[tuple[str, str]], spend: Spend, channels: Iterable[str]) -> None:
    """LtvError (exit code 2) for an alias of a name under which nothing is booked, or a channel nobody came by."""
    there = {fold(channel) for channel in channels}
    booked = sorted({name.strip() for name in spend.rows["channel"].drop_nulls()})
    for name, channel in aliases:
        if fold(name) not in {fold(known) for known in booked}:
            raise LtvError(f"No spend is booked under {name!r}.", _there_are(booked), 2)
        if fold(channel) not in there:
            raise LtvError(f"No customer came by {channel!r}.", _there_are(sorted(set(channels))), 2)


def _there_are(names: list[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"There are: {', '.join(names[:12])}{more}." if names else "There are no names at all."


def fold(name: str) -> str:
    """A channel's name as names are told apart: whatever their case, without the blanks around."""
    return name.strip().casefold()
