"""The terms under which every figure stands: as-of day, horizon, churn gap, margin, discount, week start."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from ltvtui.analytics.calendar import WEEKDAYS
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.lens import Lens
from ltvtui.terms import parse_churn_gap, parse_discount, parse_horizon, parse_margin, parse_week_start
from ltvtui.tui.dialogs.dialog import Dialog


class TermsDialog(Dialog[Lens]):
    """One field a term; an empty field gives the default back. Nothing changes before Enter, but `tried` is told
    of all terms that could be accepted."""

    def __init__(
        self, lens: Lens, as_of: int, first: int, gap: int, mapped: bool, tried: Callable[[Lens], object]
    ) -> None:
        super().__init__()
        self._tried = tried
        self._lens = lens
        self._first = first
        margin = "mapped margin" if mapped else "1 (gross of costs)"
        shown = {
            "as_of": (iso(as_of), "as-of day", "latest order day"),
            "horizon": (str(lens.horizon), "horizon, months", "12"),
            "gap": (
                "" if lens.churn_gap is None else str(lens.churn_gap),
                "churn gap, days",
                f"measured: {gap}",
            ),
            "margin": ("" if lens.margin is None else f"{lens.margin:g}", "margin, 0–1", margin),
            "discount": (f"{lens.discount:g}", "discount a year", "0"),
            "week_start": (WEEKDAYS[lens.week_start], "week starts on", WEEKDAYS[0]),
        }
        self._fields = shown

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        with Vertical(id="box") as box:
            box.border_title = "Terms"
            for name, (value, label, default) in self._fields.items():
                with Horizontal(classes="field"):
                    yield Label(label, markup=False)
                    yield Input(value, placeholder=default, id=name, select_on_focus=True)
            yield Static("", classes="error", markup=False)
            yield Static("Enter accept · Tab next field · empty: default · Esc leave", classes="hint", markup=False)

    def on_input_changed(self) -> None:
        """Tell of what is typed as soon as it can be."""
        with suppress(LtvError):  # said when it is to be accepted
            self._tried(self._read())

    def on_input_submitted(self) -> None:
        """Accept all fields, or say which cannot be."""
        try:
            lens = self._read()
        except LtvError as error:
            self.query_one(".error", Static).update(f"{error.what} {error.mend}")
            return
        self.dismiss(lens)

    def _read(self) -> Lens:
        text = {name: self.query_one(f"#{name}", Input).value.strip() for name in self._fields}
        unchanged = text["as_of"] == self._fields["as_of"][0]
        as_of = self._lens.as_of if unchanged else parse_day(text["as_of"]) if text["as_of"] else None
        if as_of is not None and as_of < self._first:
            raise LtvError(f"The first order is of {iso(self._first)}.", "Choose that day or a later one.", 2)
        return replace(
            self._lens,
            as_of=as_of,
            horizon=parse_horizon(text["horizon"] or "12"),
            churn_gap=parse_churn_gap(text["gap"]) if text["gap"] else None,
            margin=parse_margin(text["margin"]) if text["margin"] else None,
            discount=parse_discount(text["discount"] or "0"),
            week_start=parse_week_start(text["week_start"] or WEEKDAYS[0]),
        )
