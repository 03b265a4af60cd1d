"""What was spent on a channel, typed in."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl
from textual.app import ComposeResult
from textual.widgets import Static

from ltvtui.analytics.budget.manual_spend import ManualSpend, channel_key, month_begins
from ltvtui.analytics.budget.spend import fold
from ltvtui.analytics.schema import MONEY_SCALE
from ltvtui.days import iso, months_later, parse_day
from ltvtui.errors import LtvError
from ltvtui.present.numbers import amount, counted
from ltvtui.present.plain import plain
from ltvtui.query.terms import parse_months, parse_spend
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts

_SHOWN = 12
"""Months of which the dialog tells what is known."""
_ROOM = 68
"""Cells of a line."""
_MOST_CHANNELS = 6
"""Channels that an error names."""


class SpendDialog(Dialog[ManualSpend]):
    """A channel, months, and an amount for all of them; an empty amount takes back what was typed."""

    DEFAULT_CSS = "SpendDialog #booked { height: auto; color: $text-muted; }"

    def __init__(
        self,
        channel: str | None,
        channels: Sequence[str],
        typed: ManualSpend,
        booked: pl.DataFrame | None,
        as_of: int,
    ) -> None:
        """`typed` so far, and `booked` (schema.SPEND) by the shop's own table; `as_of` is the day looked at."""
        super().__init__()
        self._first_channel = channel or ""
        self._channels = channels
        self._typed = typed
        self._booked = booked
        self._month_before = _month_before(as_of)

    def compose(self) -> ComposeResult:
        """Fields, what is known already, and what would be booked."""
        fields = (
            Field("channel", "channel", self._first_channel, "not split by channel"),
            Field("months", "month, or from..to", "", self._month_before),
            Field("amount", "total amount", "", "clear entry"),
        )
        yield Form("Spend", fields, self.read, Static("", id="booked", markup=False))

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)

    def on_mount(self) -> None:
        """Tell what is known; begin with what is not said yet."""
        self._show_spend()
        self.query_one(
            "#months" if self.query_one(Form).texts["channel"] or not self._channels else "#channel"
        ).focus()

    def on_input_changed(self) -> None:
        """What is known of another channel, and what would be booked."""
        self._show_spend()

    def read(self, texts: Texts) -> ManualSpend:
        """What was typed, with this."""
        channel = self._channel(texts["channel"])
        months = parse_months(texts["months"] or self._month_before)
        value = parse_spend(texts["amount"]) if texts["amount"] else None
        if value is None and self._typed.booking(channel, months, None).rows.height == self._typed.rows.height:
            raise LtvError("No entry to clear for these months.", "Enter an amount; 0 means no spend.", 2)
        return self._typed.booking(channel, months, None if value is None else round(value * MONEY_SCALE))

    def _channel(self, text: str) -> str | None:
        """The channel that is meant: one of those there are, whatever its case."""
        if not text:
            return None
        for channel in self._channels:
            if fold(channel) == fold(text):
                return channel
        near = get_close_matches(text, self._channels, n=3, cutoff=0.5)
        mend = f"Did you mean {', '.join(map(plain, near))}?" if near else f"Choose from: {self._list_channels()}."
        raise LtvError(f"No customer came through {text!r}.", mend, 2)

    def _list_channels(self) -> str:
        shown = ", ".join(plain(name) for name in self._channels[:_MOST_CHANNELS])
        more = len(self._channels) - _MOST_CHANNELS
        return f"{shown} and {more} more" if more > 0 else shown

    def _show_spend(self) -> None:
        try:
            channel = self._channel(self.query_one(Form).texts["channel"])
        except LtvError as error:
            self.query_one("#booked", Static).update(error.mend)
            return
        lines = [self._booking_line(channel), *self._booked_lines(channel)]
        self.query_one("#booked", Static).update("\n".join(line for line in lines if line))

    def _booking_line(self, channel: str | None) -> str:
        """What would be booked, as far as it can be said."""
        texts = self.query_one(Form).texts
        try:
            months = parse_months(texts["months"] or self._month_before)
            value = parse_spend(texts["amount"]) if texts["amount"] else None
        except LtvError:
            return ""
        text = counted(len(months), "month")
        if value is None:
            return text
        text += f", {amount(value)}"
        if len(months) > 1:
            text += f": {amount(value / len(months))} each"
        table = self._by_month(self._booked, channel).filter(pl.col("day").is_in(months))
        return (
            f"{text}, in place of {amount(_units(int(table['amount'].sum())))} in the table" if table.height else text
        )

    def _booked_lines(self, channel: str | None) -> list[str]:
        """What is known of the channel by month, the newest first; typed amounts are marked."""
        by_month = self._by_month(self._typed.over(self._booked), channel).head(_SHOWN)
        if by_month.is_empty():
            return ["No spend is known yet."]
        typed = set(self._by_month(self._typed.rows, channel)["day"])
        written = [amount(_units(value)) for value in by_month["amount"]]
        width = max(len(text) for text in written)
        cells = [
            f"{iso(day)[:7]}{'*' if day in typed else ' '} {text:>{width}}"
            for day, text in zip(by_month["day"], written, strict=True)
        ]
        columns = max(_ROOM // (len(cells[0]) + 2), 1)
        lines = ["  ".join(cells[location : location + columns]) for location in range(0, len(cells), columns)]
        return ["By month, * entered here:", *lines]

    @staticmethod
    def _by_month(rows: pl.DataFrame | None, channel: str | None) -> pl.DataFrame:
        """day (first of a month), amount of a channel; the newest month first."""
        if rows is None:
            return pl.DataFrame(schema={"day": pl.Int32, "amount": pl.Int64})
        wanted = pl.Series([channel], dtype=pl.String)
        of_channel = rows.filter(channel_key(rows["channel"]).eq_missing(channel_key(wanted)[0]))
        begins = of_channel.with_columns(day=month_begins(of_channel["day"]))
        return begins.group_by("day").agg(pl.col("amount").sum()).sort("day", descending=True)


def _month_before(as_of: int) -> str:
    """The last month that is over on the as-of day."""
    return iso(months_later(parse_day(f"{iso(as_of + 1)[:8]}01"), -1))[:7]


def _units(money: int) -> float:
    return money / MONEY_SCALE
