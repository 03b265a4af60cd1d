"""Budget: what customers of each channel cost and bring, what may be paid for them, and what if."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl
from textual.app import ComposeResult

from ltvtui.analytics.budget.budget import Budget as Found
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.dimensions import PERIODS
from ltvtui.present.budget.plots import payback_plot, return_plot
from ltvtui.present.budget.table import BudgetRows
from ltvtui.present.budget.verdict_words import verdict_words
from ltvtui.present.charts import LineChart
from ltvtui.present.numbers import counted, symbol
from ltvtui.present.plain import plain
from ltvtui.query.query import Filter, Step
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.keys import PARAMETER_KEYS_SHOWN
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved, LocationWanted
from ltvtui.tui.views.budget.compute import BudgetAnswer
from ltvtui.tui.views.budget.state import BudgetState
from ltvtui.tui.views.budget.trying import can_save, unmatched_spend
from ltvtui.tui.views.budget.what_if import WhatIf
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.parameter_bar import ParameterBar
from ltvtui.tui.widgets.selected import Selected
from ltvtui.tui.widgets.table_over_plots import TableOverPlots

NOBODY: Final = "No new customers and no spend in this period: w chooses another, Esc goes back up."
NOTES: Final = 6
"""One in so many lines may be a note."""


class BudgetScreen(View):
    """A line of terms to try, notes, rows of channels over payback and return."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: BudgetAnswer | None = None
        self._caption: tuple[str, ...] = ()
        self._currency = ""
        self._of: object = None
        self._aliases: tuple[tuple[str, str], ...] = ()
        """Names in the spend that were matched to a channel."""
        self._plotted = -1
        self._noticed: tuple[str, ...] = ()
        self._returns: tuple[Found, LineChart] | None = None
        """The plot of all channels, and the budget it was drawn of."""

    def compose(self) -> ComposeResult:
        """Settings, what has to be known, the rows, over plots; why the row under the cursor has its verdict."""
        head = ParameterBar(), Notes(NOTES), Caption()
        yield TableOverPlots(*head, table=Grid(empty=NOBODY), plots=2, foot=(Selected(lines=2),))

    def set_shop(self, opened: OpenedDataset) -> None:
        """What was noticed when the spend was read."""
        self._noticed = tuple(plain(notice) for notice in opened.spend_notices)

    def show(self, dataset: Dataset, location: Location, answer: BudgetAnswer) -> None:
        """Fill line, notes, rows and plots; the cursor stays while the rows are cut the same way."""
        of = (answer.found.terms.dimension, answer.found.terms.then)
        same, self._of = of == self._of, of
        row = self._row()
        self._aliases = dataset.typed.aliases
        self._answer, self._currency = answer, symbol(dataset.cleaned.currency)
        self.query_one(ParameterBar).parameters = self.what_if(location).parameters()
        self.query_one(Notes).apart = answer.of_rows
        self.query_one(Notes).parts = tuple(dict.fromkeys((*answer.notes, *self._noticed, *answer.cautions)))
        self._caption = (
            *self._differing(location),
            f"{counted(answer.found.rows.height, 'row')} by {' × '.join(name for name in of if name) or 'channel'}",
            "CAC is an average: one more customer may cost more",
            "" if location.sort else "best LTV − CAC first",
            "" if answer.prices is None else "a file of spend has month, channel and amount",
        )
        parameters = self.query_one(ParameterBar)
        self.query_one(Caption).show((PARAMETER_KEYS_SHOWN,) if parameters.has_focus else self._caption)
        at = self._place_of(row, answer.rows) if same and row is not None else 0
        self.grid.show(answer.rows, location.sort, at, self.grid.column_key)
        self._show_verdict()
        self._plotted = -1
        if same and self.query_one(ParameterBar).has_focus:
            self.call_after_refresh(self._plot)  # figures follow the key; to draw curves takes as long again
        else:
            self._plot()

    def _differing(self, location: Location) -> tuple[str, ...]:
        """What is tried in place of what is saved, and how it is undone."""
        changed = [f"{each.label} {each.value}" for each in self.what_if(location).parameters() if each.changed]
        return (f"tried: {', '.join(changed)} (0 undoes, W keeps)",) if changed else ()

    def _show_verdict(self) -> None:
        row, words = self._row(), ""
        if self._answer is not None and row is not None:
            keys = tuple(key for key in ("channel", "segment") if key in row)
            words = verdict_words(row, keys, self._answer.found.worth.horizon, self._currency)
        self.query_one(Selected).words = words

    def what_if(self, location: Location) -> WhatIf:
        """What is tried in `location`, over what the answer on screen is settled on."""
        assert self._answer is not None
        state = location.state(BudgetState)
        return WhatIf(state.draft, state.saved, self._answer.base)

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

    def closed(self) -> str | None:
        """The row of all has no channel of its own."""
        return None if self.steps() else "“all” has every channel: choose one of them."

    @property
    def idle(self) -> frozenset[str]:
        """Nothing to take back or to save, no name to match, no channel to spend on."""
        if self._answer is None or self.location is None:
            return super().idle
        found, draft = self._answer.found, self.location.state(BudgetState).draft
        means_nothing = {
            "as_agreed": self.what_if(self.location).reset() == draft,
            "agree": not can_save(self.location),
            "join": not (unmatched_spend(found) or self._aliases) or not found.rows["channel"].drop_nulls().len(),
            "spend": found.terms.dimension in PERIODS,
        }
        return super().idle | {id for id, is_idle in means_nothing.items() if is_idle}

    def focus_content(self) -> None:
        """The line of terms keeps the cursor while others are tried."""
        if not self.query_one(ParameterBar).has_focus:
            super().focus_content()

    def try_others(self) -> None:
        """Into the line of terms."""
        self.leave_big_plot()
        self.query_one(ParameterBar).opened()

    def on_parameter_bar_stepped(self, message: ParameterBar.Stepped) -> None:
        """A value is stepped."""
        self._try(lambda what_if: what_if.stepped(message.name, message.steps))

    def on_parameter_bar_typed(self, message: ParameterBar.Typed) -> None:
        """A value is typed."""
        self._try(lambda what_if: what_if.typed(message.name, message.text))

    def on_parameter_bar_reset(self, message: ParameterBar.Reset) -> None:
        """A value as it was agreed on."""
        self._try(lambda what_if: what_if.reset(message.name))

    def _try(self, change: Callable[[WhatIf], BudgetTerms]) -> None:
        def changed(location: Location) -> Location:
            return location.changed(BudgetState, draft=change(self.what_if(location)))

        self.post_message(LocationWanted(changed))

    def on_parameter_bar_left(self) -> None:
        """Back to the rows."""
        self.grid.focus()

    def on_parameter_bar_focused(self, message: ParameterBar.Focused) -> None:
        """Its keys are told while the line has the cursor."""
        self.query_one(Caption).show((PARAMETER_KEYS_SHOWN,) if message.on else self._caption)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """The payback is that of the row under the cursor, and the reason."""
        self._show_verdict()
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
            self._returns = found, return_plot(found, self._answer.orders)
        payback = payback_plot(found, row, self._currency, self._answer.gross, self._answer.orders)
        prices = self._answer.prices
        self.query_one(TableOverPlots).draw((payback, self._returns[1] if prices is None else prices), self.room)
