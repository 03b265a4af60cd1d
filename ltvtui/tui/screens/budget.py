"""Budget: what customers of each channel cost and bring, what may be paid for them, and what if."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import polars as pl
from textual.app import ComposeResult

from ltvtui.analytics.budget import Budget as Found
from ltvtui.analytics.budget_terms import BudgetTerms
from ltvtui.analytics.segments import profile
from ltvtui.analytics.spend import Spend
from ltvtui.days import iso
from ltvtui.present.budget.figures import budget_figures
from ltvtui.present.budget.notes import cautions, hindsight, unmatched
from ltvtui.present.budget.plots import payback_plot, return_plot
from ltvtui.present.budget.table import BudgetRows, budget_table
from ltvtui.present.changes import held_against
from ltvtui.present.charts import LineChart
from ltvtui.present.figures import Figures
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plain import plain
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter, Query, Step
from ltvtui.session.apply_filters import step_of
from ltvtui.session.budget import budget_of, gross, spend_of
from ltvtui.session.dataset import Dataset
from ltvtui.tui.commands import KNOBS_SHOWN
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved
from ltvtui.tui.screens.segments import history_words
from ltvtui.tui.screens.table_with_charts import TableWithCharts
from ltvtui.tui.screens.view import Caption, LocationWanted
from ltvtui.tui.whatif import Settled, WhatIf
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.parameter_bar import ParameterBar

REVENUE = "LTV is revenue, not profit. Set a margin: w tries one, A saves it."
NO_SPEND = "No spend is known. Press e to enter it, or start with --spend FILE."
OF_ALL = "Spend isn't split for this segment: only max CAC is shown."
NOBODY = "No new customers and no spend in this period."
_NAMED = 4
"""Channels that a note names."""
_NOTES = 5
"""One in so many lines may be a note."""


@dataclass(frozen=True, eq=False)
class BudgetAnswer:
    """What the screen shows."""

    found: Found
    gross: bool
    table: BudgetRows
    settled: Settled
    notes: tuple[str, ...]
    figures: Figures
    period: Step | None
    """Who was acquired in the period, where one is chosen."""


class BudgetScreen(TableWithCharts):
    """A line of terms to try, notes, rows of channels over payback and return."""

    name_of_view: ClassVar[str] = "budget"
    DEFAULT_CSS = "BudgetScreen.-big ParameterBar, BudgetScreen.-big Notes { display: none; }"

    def __init__(self) -> None:
        super().__init__(most=2)
        self._answer: BudgetAnswer | None = None
        self._caption: tuple[str, ...] = ()
        self._currency = ""
        self._of: object = None
        self._plotted = -1
        self._noticed: tuple[str, ...] = ()
        self._returns: tuple[Found, LineChart] | None = None
        """The plot of all channels, and the budget it was drawn of."""

    def compose_tables(self) -> ComposeResult:
        """Terms, what has to be known, the rows."""
        yield ParameterBar()
        yield Notes()
        yield Caption()
        yield Grid(empty=NOBODY)

    def describe(self, notices: Sequence[str]) -> None:
        """What was noticed when the spend was read."""
        self._noticed = tuple(plain(notice) for notice in notices)

    def ask(self, dataset: Dataset, location: Location) -> BudgetAnswer:
        """The budget under the terms that are tried, and all that is said of it."""
        tried, query, currency = terms_of(dataset, location), location.query, dataset.cleaned.currency
        spend = spend_of(dataset, query, tried)
        found = budget_of(dataset, query, tried, spend)
        if location.sort and location.sort[0] in found.rows.columns:
            by, falls = location.sort
            found = replace(found, rows=found.rows.sort(by, descending=falls, nulls_last=True))
        is_gross = gross(dataset, query, tried)
        # Lines are few on a small screen: first what keeps figures from being read at all.
        notes = [*hindsight(found), *_history(dataset, location, tried, found), *([REVENUE] if is_gross else [])]
        if found.blended["spend"][0] is None:
            notes += [NO_SPEND] if spend is dataset.spending else [] if found.hindsight else [OF_ALL]
        notes += [*unmatched(found, currency, _NAMED), *self._noticed, *cautions(found)]
        table = budget_table(found, is_gross)
        _ = table.widths  # measured here: there may be thousands of rows
        return BudgetAnswer(
            found,
            is_gross,
            table,
            _settled(dataset, query, location.budget.agreed),
            tuple(dict.fromkeys(notes)),
            _figures(dataset, location, found, spend),
            _period(dataset, query, tried),
        )

    def show(self, dataset: Dataset, location: Location, answer: BudgetAnswer) -> None:
        """Fill line, notes, rows and plots; the cursor stays while the rows are cut the same way."""
        of = (answer.found.terms.dimension, answer.found.terms.then)
        same, self._of = of == self._of, of
        row = self._row()
        self._answer, self._currency = answer, symbol(dataset.cleaned.currency)
        self.query_one(ParameterBar).parameters = self.what_if(location).parameters()
        self.query_one(Notes).parts = answer.notes
        self.query_one(Notes).display = bool(answer.notes)
        self._caption = (
            f"{counted(answer.found.rows.height, 'row')} by {' × '.join(name for name in of if name) or 'channel'}",
            "CAC is an average: one more customer may cost more",
            "" if location.sort else "best LTV − CAC first",
        )
        parameters = self.query_one(ParameterBar)
        self.query_one(Caption).tell((KNOBS_SHOWN,) if parameters.has_focus else self._caption)
        at = self._place_of(row, answer.table) if same and row is not None else 0
        self.grid.show(answer.table, location.sort, at, self.grid.column_key)
        self._plotted = -1
        if same and self.query_one(ParameterBar).has_focus:
            self.call_after_refresh(self._plot)  # figures follow the key; to draw curves takes as long again
        else:
            self._plot()

    def key_figures(self, answer: BudgetAnswer) -> Figures | None:
        """The blended row, and what may be paid."""
        return answer.figures

    def tables_of(self, dataset: Dataset, location: Location, answer: BudgetAnswer) -> tuple[Table, ...]:
        """The rows."""
        return (answer.table,)

    def what_if(self, location: Location) -> WhatIf:
        """What is tried in `place`, over what the answer on screen is settled on."""
        assert self._answer is not None
        return WhatIf(location.budget.tried, location.budget.agreed, self._answer.settled)

    @property
    def found(self) -> Found | None:
        """The budget on screen."""
        return self._answer.found if self._answer else None

    def channel(self) -> str | None:
        """The channel of the row under the cursor; None for all, and for the unknown one."""
        row = self._row()
        return None if row is None or row["whole"] else row["channel"]

    def steps(self) -> tuple[Step, ...]:
        """The row under the cursor, and who was acquired in the period."""
        row = self._row()
        if self._answer is None or row is None:
            return ()
        terms, period = self._answer.found.terms, self._answer.period
        cuts = () if row["whole"] else zip((terms.dimension, terms.then), ("channel", "segment"), strict=True)
        rows = tuple(Filter(by, row[key]) for by, key in cuts if by is not None)
        return (*rows, *([period] if period is not None else []))

    def take_focus(self) -> None:
        """The line of terms keeps the cursor while others are tried."""
        if not self.query_one(ParameterBar).has_focus:
            super().take_focus()

    def try_others(self) -> None:
        """Into the line of terms."""
        self.leave_big_plot()
        self.query_one(ParameterBar).focus()

    def on_parameter_bar_turned(self, message: ParameterBar.Turned) -> None:
        """A value is stepped."""
        self._try(lambda what_if: what_if.turned(message.name, message.steps))

    def on_parameter_bar_typed(self, message: ParameterBar.Typed) -> None:
        """A value is typed."""
        self._try(lambda what_if: what_if.typed(message.name, message.text))

    def on_parameter_bar_reset(self, message: ParameterBar.Reset) -> None:
        """A value as it was agreed on."""
        self._try(lambda what_if: what_if.reset(message.name))

    def _try(self, change: Callable[[WhatIf], BudgetTerms]) -> None:
        def changed(location: Location) -> Location:
            return replace(location, budget=replace(location.budget, tried=change(self.what_if(location))))

        self.post_message(LocationWanted(changed))

    def on_parameter_bar_left(self) -> None:
        """Back to the rows."""
        self.grid.focus()

    def on_parameter_bar_focused(self, message: ParameterBar.Focused) -> None:
        """Its keys are told while the line has the cursor."""
        self.query_one(Caption).tell((KNOBS_SHOWN,) if message.on else self._caption)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The payback is that of the row under the cursor."""
        if message.row != self._plotted:
            self._plot()

    def _row(self) -> dict[str, Any] | None:
        table = self.grid.table
        if table is None or not table.height:
            return None
        return table.part(self.grid.row, self.grid.row + 1).row(0, named=True)

    @staticmethod
    def _place_of(row: dict[str, Any], table: BudgetRows) -> int:
        """Where the row stands now: what is tried changes the order."""
        same = (pl.col(key).eq_missing(pl.lit(row[key])) for key in ("whole", "channel", "segment") if key in row)
        found = table.frame.select(pl.all_horizontal(*same).arg_true()).to_series()
        return int(found[0]) if found.len() else 0

    def _plot(self) -> None:
        row = self._row()
        if self._answer is None or row is None:
            return
        self._plotted = self.grid.row
        found = self._answer.found
        if self._returns is None or self._returns[0] is not found:
            self._returns = found, return_plot(found)
        self.draw((payback_plot(found, row, self._currency, self._answer.gross), self._returns[1]))

    # -- room ------------------------------------------------------------------------------------------

    @property
    def height_of_head(self) -> int:
        """The line of terms, the notes and the caption."""
        return self._height_of_knobs + self._height_of_notes + 1

    @property
    def _height_of_knobs(self) -> int:
        return self.query_one(ParameterBar).height_in(self.room.width)

    @property
    def _height_of_notes(self) -> int:
        facts = self.query_one(Notes)
        most = max(self.room.height // _NOTES, 2)
        return min(len(facts.lines(self.room.width)), most) if facts.parts else 0

    def arrange_parts(self) -> None:
        """Terms and notes take what they need."""
        self.query_one(ParameterBar).styles.height = self._height_of_knobs
        self.query_one(Notes).styles.height = self._height_of_notes
        super().arrange_parts()


def terms_of(dataset: Dataset, location: Location) -> BudgetTerms:
    """What is tried in `place`, with the names that were joined; a dimension that the shop has not tells nothing."""
    tried = location.budget.tried
    known = set(dataset.dimensions)
    dimension = tried.dimension if tried.dimension in known else None
    then = tried.then if tried.then in known and tried.then != dimension else None
    return replace(tried, dimension=dimension, then=then, aliases=(*dataset.typed.aliases, *tried.aliases))


def _figures(dataset: Dataset, location: Location, found: Found, spend: Spend | None) -> Figures:
    """The strip; while something else is tried, with how much each figure differs from what is saved."""
    currency, query = dataset.cleaned.currency, location.query
    figures = budget_figures(found, currency, gross(dataset, query, terms_of(dataset, location)))
    saved = replace(location, budget=replace(location.budget, tried=location.budget.agreed))
    agreed = terms_of(dataset, saved)
    if agreed == terms_of(dataset, location):
        return figures
    before = budget_of(dataset, query, agreed, spend)
    return held_against(figures, budget_figures(before, currency, gross(dataset, query, agreed)))


def _history(dataset: Dataset, location: Location, tried: BudgetTerms, found: Found) -> tuple[str, ...]:
    """What has to be known of the history beside LTV, as it is tried."""
    worth, margin = found.worth, location.query.margin if tried.margin is None else tried.margin
    query = replace(location.query, horizon=worth.horizon, margin=margin, discount=worth.discount)
    return history_words(dataset, replace(location, query=query))


def _settled(dataset: Dataset, query: Query, agreed: BudgetTerms) -> Settled:
    margin, note = query.margin, ""
    if margin is None:
        # Without the discount, which lowers what is left of the revenue and is no part of the margin.
        mapped = dataset.ask(profile, replace(query, discount=0.0))["margin"][0] if dataset.margin_mapped else None
        margin, note = (1.0, "(revenue)") if mapped is None else (float(mapped), "(mapped)")
    terms = (agreed.target, query.horizon, agreed.payback_limit, query.discount)
    return Settled(margin, note, *terms, dataset.first_day, dataset.as_of(query))


def _period(dataset: Dataset, query: Query, terms: BudgetTerms) -> Step | None:
    ends = ((">=", terms.since), ("<=", terms.until))
    said = [f"first {sign} {iso(day)}" for sign, day in ends if day is not None]
    return step_of(dataset, query, " and ".join(said)) if said else None
