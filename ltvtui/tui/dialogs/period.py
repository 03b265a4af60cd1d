"""The two days that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.present.numbers import counted
from ltvtui.query.query import Query
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts
from ltvtui.tui.keys import dialog_bindings
from ltvtui.user_state.tier_history import Recording

_MOST_DAYS: Final = 4
"""Recordings that the dialog names, the newest of them."""


class PeriodDialog(Dialog[tuple[int | None, Query]]):
    """From a day on which some tier or stage was had, to the as-of day."""

    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("period")

    def __init__(
        self, query: Query, since: int, as_of: int, first: int, months: int, recordings: Sequence[Recording] = ()
    ) -> None:
        """`recordings` of tiers, the newest first: their days can be taken as the first one."""
        super().__init__()
        self._back = "a month earlier" if months == 1 else f"{months} months earlier"
        self._since = since
        self._query = query
        self._first = first
        self._until = as_of
        within = [recording for recording in recordings if first <= recording.as_of < as_of]
        self._recorded = {recording.as_of: recording for recording in reversed(within)}
        """By day, the oldest first; of several of a day the last one."""

    def compose(self) -> ComposeResult:
        """Two days, and those on which tiers were recorded."""
        fields = (
            Field("since", "from", iso(self._since), self._back),
            Field("until", "to (as-of day)", iso(self._until), "latest order or refund"),
        )
        recorded = [Static("", id="recorded", classes="hint", markup=False)] if self._recorded else []
        yield Form("Compare", fields, self.read, *recorded)

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)

    def on_mount(self) -> None:
        """Tell of them."""
        if self._recorded:
            days = ", ".join(map(iso, list(self._recorded)[-_MOST_DAYS:]))
            self.query_one("#recorded", Static).update(f"tiers were recorded on {days}: ↑ ↓ select one")

    def action_choose(self, step: int) -> None:
        """Compare with another day on which tiers were recorded."""
        if not self._recorded:
            return
        days, line = list(self._recorded), self.query_one("#since", Input)
        dates = [iso(day) for day in days]
        at = dates.index(line.value) + step if line.value in dates else -1 if step < 0 else 0
        line.value = dates[at % len(dates)]
        recording = self._recorded[days[at % len(dates)]]
        changed = f"{counted(recording.changed or 0, 'tier')} changed"
        if recording.changed is None:
            changed = "the first recording"
        self.query_one("#recorded", Static).update(f"{line.value}: {changed}, by the orders and rule of that time")

    def read(self, texts: Texts) -> tuple[int | None, Query]:
        """The first day (None: the board's own), and the query on the second."""
        since = parse_day(texts["since"]) if texts["since"] else None
        until = parse_day(texts["until"]) if texts["until"] else None
        if min(day for day in (since, until, self._until) if day is not None) < self._first:
            raise LtvError(f"The first order is on {iso(self._first)}.", "Choose that day or a later one.", 2)
        if since is not None and since > (self._until if until is None else until):
            raise LtvError("The first day is later than the second.", "Choose an earlier one.", 2)
        return since, self._query if until == self._until else replace(self._query, as_of=until)
