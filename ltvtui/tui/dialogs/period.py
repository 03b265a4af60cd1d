"""The two days that are compared."""

from __future__ import annotations

from dataclasses import replace

from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.lens import Lens
from ltvtui.tui.dialogs.fields import Field, FieldsDialog


class PeriodDialog(FieldsDialog[tuple[int | None, Lens]]):
    """From a day on which some tier or stage was had, to the as-of day."""

    def __init__(self, lens: Lens, since: int, as_of: int, first: int, months: int) -> None:
        back = "a month earlier" if months == 1 else f"{months} months earlier"
        fields = (
            Field("since", "from", iso(since), back),
            Field("until", "to (as-of day)", iso(as_of), "latest order day"),
        )
        super().__init__("Compare", fields)
        self._lens = lens
        self._first = first
        self._until = as_of

    def read(self, texts: dict[str, str]) -> tuple[int | None, Lens]:
        """The first day (None: the board's own), and the lens on the second."""
        since = parse_day(texts["since"]) if texts["since"] else None
        until = parse_day(texts["until"]) if texts["until"] else None
        if min(day for day in (since, until, self._until) if day is not None) < self._first:
            raise LtvError(f"The first order is of {iso(self._first)}.", "Choose that day or a later one.", 2)
        if since is not None and since > (self._until if until is None else until):
            raise LtvError("The first day is after the second.", "Choose an earlier one.", 2)
        return since, self._lens if until == self._until else replace(self._lens, as_of=until)
