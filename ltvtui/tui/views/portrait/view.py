"""Portrait: one part of the page at a time, over its charts; the analyst's own words beside them."""

from __future__ import annotations

from typing import Final, cast

import polars as pl
from textual.app import ComposeResult

from ltvtui.present.plain import plain
from ltvtui.present.portrait.report import PortraitFormat, write_portrait
from ltvtui.present.tables import Column, Table
from ltvtui.query.query import Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import LocationWanted
from ltvtui.tui.views.portrait.compute import PortraitAnswer, report_of
from ltvtui.tui.views.portrait.state import BOARDS, WHY, PortraitState
from ltvtui.tui.views.view import Document, View
from ltvtui.tui.widgets.choices import Choices
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.table_over_plots import TableOverPlots
from ltvtui.user_state.notes import Note
from ltvtui.user_state.state import UserState

FORMATS: Final[dict[str, PortraitFormat]] = {
    ".html": "html",
    ".md": "markdown",
    ".json": "json",
    ".csv": "csv",
    ".txt": "table",
}
"""Formats of the page by the ending of a file."""
NO_NOTE_YET: Final = "No note on these customers yet: N writes a name, a description and next steps."


class PortraitScreen(View):
    """A table of values, times, customers or words; Enter goes into what a row stands for."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: PortraitAnswer | None = None
        self._dataset: Dataset | None = None
        self._board = ""

    def compose(self) -> ComposeResult:
        """Boards, what has to be known, the table over its charts."""
        parts = TableOverPlots(Choices(BOARDS), Notes(), table=Grid(empty=""), plots=2)
        parts.sideways = True
        yield parts

    def show(self, dataset: Dataset, location: Location, answer: PortraitAnswer) -> None:
        """Fill the table; the cursor stays while the board does."""
        board = location.state(PortraitState).board
        same, self._board, self._answer, self._dataset = self._board == board, board, answer, dataset
        self.query_one(Choices).active = board
        self._show_words()
        if board == WHY and not answer.empty:
            self.query_one(TableOverPlots).draw((), self.room)
            return
        at = self.grid.row if same else 0
        self.grid.show(answer.table, at=at, empty=answer.empty)
        self.query_one(TableOverPlots).draw(answer.plots, self.room)

    def show_user_state(self, user_state: UserState) -> None:
        """The note may have been written just now."""
        super().show_user_state(user_state)
        if self._answer is not None:
            self._show_words()

    def _show_words(self) -> None:
        note = self._note
        self.query_one(Notes).parts = self._answer.caption if self._answer is not None else ()
        if self._board == WHY:
            self.grid.show(_words(note), empty=NO_NOTE_YET)

    @property
    def _note(self) -> Note:
        return Note() if self.location is None else self.user_state.notes.of_trail(self.location.query.trail)

    def steps(self) -> tuple[Step, ...]:
        """Filters of the row under the cursor, where it is customers."""
        steps = self._answer.steps if self._answer is not None else ()
        return steps[self.grid.row] if self.grid.row < len(steps) else ()

    def customer(self) -> int | None:
        """Code of the customer of the row under the cursor."""
        customers = self._answer.customers if self._answer is not None else ()
        return customers[self.grid.row] if self.grid.row < len(customers) else None

    def closed(self) -> str | None:
        """Why the row under the cursor leads nowhere."""
        if self._answer is not None and self._answer.closed and self.customer() is None:
            return self._answer.closed
        return None if self.customer() is not None else super().closed()

    def document(self) -> Document | None:
        """The whole page, with what was noted."""
        if self._dataset is None or self.location is None:
            return None
        report = report_of(self._dataset, self.location, self._note)
        return Document("portrait", FORMATS, lambda format: write_portrait(report, cast(PortraitFormat, format)))

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """A click on the name of a board shows it."""
        self.post_message(LocationWanted(lambda location: location.changed(PortraitState, board=message.name)))


def _words(note: Note) -> Table:
    """A note line by line: what it is, and the words."""
    parts = (("name", note.name), ("description", note.text), ("next steps", note.actions))
    rows = [
        (what if place == 0 else "", plain(line))
        for what, text in parts
        for place, line in enumerate(text.splitlines())
    ]
    frame = pl.DataFrame(rows, schema={"what": pl.String, "words": pl.String}, orient="row")
    return Table(frame, (Column("what", "what"), Column("words", "your words")))
