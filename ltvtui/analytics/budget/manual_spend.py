"""What the analyst typed in about spend: amounts where no table has them, and names that mean a channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from ltvtui.analytics.budget.spend import fold
from ltvtui.analytics.kernel import calendar
from ltvtui.analytics.schema import SPEND


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=SPEND)


@dataclass(frozen=True, eq=False)
class ManualSpend:
    """Frozen; another amount or name makes another."""

    rows: pl.DataFrame = field(default_factory=_none)
    """schema.SPEND, one row a month and channel, by the month's first day; 0 is known to be nothing."""
    aliases: tuple[tuple[str, str], ...] = ()
    """(name in the spend, channel it means)."""

    def same_as(self, other: ManualSpend) -> bool:
        """True where both say the same."""
        return self.rows.equals(other.rows) and dict(self.aliases) == dict(other.aliases)

    def booking(self, channel: str | None, months: list[int], amount: int | None) -> ManualSpend:
        """With `amount` (Int64 money) for `channel`, shared evenly among `months` (first days); None: no amount."""
        others = self.rows.filter(~(pl.col("day").is_in(months) & pl.col("channel").eq_missing(pl.lit(channel))))
        if amount is None:
            return replace(self, rows=others)
        count = len(months)
        # The parts differ by a ten-thousandth at most, and add up.
        parts = [amount * (place + 1) // count - amount * place // count for place in range(count)]
        new = pl.DataFrame({"day": months, "channel": [channel] * count, "amount": parts}, schema=SPEND)
        return replace(self, rows=pl.concat([others, new]).sort("day", "channel"))

    def joining(self, name: str, channel: str | None) -> ManualSpend:
        """With `name` in the spend meaning `channel`; None: what it says."""
        others = tuple(pair for pair in self.aliases if pair[0] != name)
        return replace(self, aliases=others if channel is None else (*others, (name, channel)))

    def over(self, booked: pl.DataFrame | None) -> pl.DataFrame | None:
        """Spend of a shop (schema.SPEND) with what was typed: it goes before the table's, month by month.

        A month of a channel that was typed counts as typed, whatever the table has for that channel's days of it.
        None where neither has any.
        """
        if self.rows.is_empty():
            return booked
        if booked is None:
            return self.rows
        typed, of_table = (
            rows.select(month=month_begins(rows["day"]), key=channel_key(rows["channel"]))
            for rows in (self.rows, booked)
        )
        marked = of_table.join(typed.with_columns(typed=True), on=["month", "key"], how="left", nulls_equal=True)
        return pl.concat([booked.filter(marked["typed"].is_null()), self.rows]).sort("day", "channel")


def month_begins(days: pl.Series) -> pl.Series:
    """The first day of the month in which each of `days` lies."""
    months = calendar.period(days, "month")
    return months.replace_strict({m: calendar.first_day(m, "month") for m in months.unique()}, return_dtype=pl.Int32)


def channel_key(names: pl.Series) -> pl.Series:
    """spend.fold of each name; null where there is none."""
    distinct = names.drop_nulls().unique()
    return names.replace_strict({name: fold(name) for name in distinct}, default=None, return_dtype=pl.String)
