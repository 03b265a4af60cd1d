"""The terms under which every figure stands: as-of day, horizon, churn gap, entry, margin, discount, week start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult

from ltvtui.analytics.kernel.calendar import WEEKDAYS
from ltvtui.days import iso, parse_day
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.query.terms import (
    parse_churn_gap,
    parse_discount,
    parse_entry,
    parse_horizon,
    parse_margin,
    parse_week_start,
    write_entry,
)
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.dialogs.form import Field, Form, Texts


class TermsDialog(Dialog[Query]):
    """One field a term."""

    def __init__(
        self, query: Query, as_of: int, first: int, gap: int, mapped: bool, on_preview: Callable[[Query], object]
    ) -> None:
        super().__init__()
        self._on_preview = on_preview
        self._query = query
        self._day = iso(as_of)
        self._first = first
        self._gap = gap
        self._mapped = mapped

    def compose(self) -> ComposeResult:
        """Fields under each other."""
        query = self._query
        gap = "" if query.churn_gap is None else str(query.churn_gap)
        margin = "" if query.margin is None else f"{query.margin:g}"
        fields = (
            Field("as_of", "as-of day", self._day, "latest order or refund"),
            Field("horizon", "horizon, months", str(query.horizon), "12"),
            Field("gap", "churn gap, days", gap, f"measured: {self._gap}"),
            Field("entry", "LTV is for", write_entry(query.entry), "auto, all, proven or a day"),
            Field("margin", "margin, 0–1", margin, "mapped margin" if self._mapped else "1 (before costs)"),
            Field("discount", "annual discount", f"{query.discount:g}", "0"),
            Field("week_start", "week start", WEEKDAYS[query.week_start], WEEKDAYS[0]),
        )
        yield Form("Terms", fields, self.read, on_preview=self._on_preview)

    def on_form_accepted(self, message: Form.Accepted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value)

    def read(self, texts: Texts) -> Query:
        """The query under the terms that were typed."""
        typed = parse_day(texts["as_of"]) if texts["as_of"] else None
        as_of = self._query.as_of if texts["as_of"] == self._day else typed
        if as_of is not None and as_of < self._first:
            raise LtvError(f"The first order is on {iso(self._first)}.", "Choose that day or a later one.", 2)
        return replace(
            self._query,
            as_of=as_of,
            horizon=parse_horizon(texts["horizon"] or "12"),
            churn_gap=parse_churn_gap(texts["gap"]) if texts["gap"] else None,
            entry=parse_entry(texts["entry"] or "auto"),
            margin=parse_margin(texts["margin"]) if texts["margin"] else None,
            discount=parse_discount(texts["discount"] or "0"),
            week_start=parse_week_start(texts["week_start"] or WEEKDAYS[0]),
        )
