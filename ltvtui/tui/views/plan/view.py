"""Plan: a board a step, with what is said of the row under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from textual.app import ComposeResult

from ltvtui.present.planning.report import PlanFormat, write_plan_report
from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CursorMoved, LocationWanted
from ltvtui.tui.views.plan.compute import PlanBoardAnswer
from ltvtui.tui.views.plan.state import BOARDS, PlanState
from ltvtui.tui.views.view import Document, View
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import TableOverPlots
from ltvtui.user_state.notes import Note, Notebook, Subject
from ltvtui.user_state.plan_answer import PlanAnswer
from ltvtui.user_state.state import UserState

FORMATS: Final[dict[str, PlanFormat]] = {
    ".md": "markdown",
    ".html": "html",
    ".json": "json",
    ".csv": "csv",
    ".txt": "table",
}
"""Formats of the plan by the ending of a file."""


class PlanScreen(View):
    """A table of figures, dimensions, segments or measures; Enter goes into what a row stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: PlanBoardAnswer | None = None
        self._board = ""

    def compose(self) -> ComposeResult:
        """Steps, what has to be known, the table over charts, what is said of its row."""
        yield TableOverPlots(Choices(BOARDS), Notes(4), table=Grid(empty=""), plots=2, foot=(Notes(3),))

    def show(self, dataset: Dataset, location: Location, answer: PlanBoardAnswer) -> None:
        """Fill the table; the cursor stays while the board does."""
        board = location.state(PlanState).board
        same, self._board = self._board == board, board
        self._answer, shown = answer, answer.board
        self.query_one(Choices).active = board
        self.query(Notes).first().parts = shown.caption
        at, column = (self.grid.row, self.grid.column_key) if same else (0, _first(answer))
        self.grid.show(shown.table, at=at, column=column, empty=shown.empty)
        self._show_about()
        self.query_one(TableOverPlots).draw(shown.plots, self.room)
        self._follow(self.user_state, location)

    def show_user_state(self, user_state: UserState) -> None:
        """The plan and the notes of the shop were read or changed: they are shown."""
        super().show_user_state(user_state)
        if self.location is not None:
            self._follow(user_state, self.location)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about a segment."""
        steps = self._answer.board.steps if self._answer is not None else ()
        trail = self.location.query.trail if self.location is not None else ()
        return row < len(steps) and not self.user_state.notes.of(Subject((*trail, *steps[row]))).blank

    def steps(self) -> tuple[Step, ...]:
        """Filters of the row under the cursor, where it is customers."""
        steps = self._answer.board.steps if self._answer is not None else ()
        return steps[self.grid.row] if self.grid.row < len(steps) else ()

    def dimension(self) -> str | None:
        """The dimension of the row under the cursor, where it is one."""
        found = self._answer.board.dimensions if self._answer is not None else ()
        return found[self.grid.row] if self.grid.row < len(found) else None

    @property
    def found(self) -> PlanAnswer | None:
        """The plan on screen."""
        return None if self._answer is None else self._answer.report.found

    def closed(self) -> str | None:
        """Why the row under the cursor leads nowhere."""
        if self.dimension() is not None:
            return None
        if self._answer is not None and self._answer.board.closed:
            return self._answer.board.closed
        return super().closed()

    def document(self) -> Document | None:
        """The plan with all of its steps."""
        answer = self._answer
        if answer is None:
            return None
        return Document("plan", FORMATS, lambda format: write_plan_report(answer.report, cast(PlanFormat, format)))

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(LocationWanted(lambda location: location.changed(PlanState, board=message.name)))

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Another row, of which something else is said."""
        self._show_about()
        self.arrange_parts()

    def _show_about(self) -> None:
        about = self._answer.board.about if self._answer is not None else ()
        row = self.grid.row
        self.query(Notes).last().parts = about[row] if row < len(about) else ()

    def _follow(self, user_state: UserState, location: Location) -> None:
        """Ask for the plan and the notes that are known now, where others are shown."""
        notes = notes_for_plan(user_state.notes)
        state = location.state(PlanState)
        if location.view == "plan" and (state.saved, state.notes) != (user_state.plan, notes):
            self.post_message(LocationWanted(lambda there: _with(there, user_state)))


def with_user_state(location: Location, user_state: UserState) -> Location:
    """The location with the plan and the notes that are known."""
    state = location.state(PlanState)
    return location.having(replace(state, saved=user_state.plan, notes=notes_for_plan(user_state.notes)))


def notes_for_plan(notebook: Notebook) -> tuple[tuple[str, Note], ...]:
    """Notes on segments, by Subject.key: those that a plan can show."""
    return tuple(
        sorted((pair for pair in notebook.notes.items() if pair[0].startswith('{"trail"')), key=lambda pair: pair[0])
    )


def _with(location: Location, user_state: UserState) -> Location:
    return with_user_state(location, user_state) if location.view == "plan" else location


def _first(answer: PlanBoardAnswer) -> str | None:
    columns = answer.board.table.columns
    return columns[0].key if columns else None
