"""Overview: the tiers, and three plots of the whole that the trail selects."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.geometry import Size

from ltvtui.analytics.doubts import Doubt
from ltvtui.query.query import Filter
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.messages import CommandWanted, EdgePassed
from ltvtui.tui.views.overview.compute import BY, NEWEST, OverviewAnswer
from ltvtui.tui.views.segments import NOBODY, has_note
from ltvtui.tui.views.view import View, steps_of
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.doubt_line import DoubtLine
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.panels import Panels
from ltvtui.tui.widgets.table_over_plots import TableOverPlots


class Newest(FixedSizeWidget):
    """The newest orders, away unless they are asked for."""

    DEFAULT_CSS = """
    Newest { height: 7; display: none; }
    Newest.-open { display: block; }
    """

    def compose(self) -> ComposeResult:
        """A table without a cursor."""
        feed = Grid(id="feed", classes="-aside")
        feed.can_focus = False
        yield feed

    def lines_in(self, room: Size) -> int:
        """Headings and orders."""
        return NEWEST + 1 if self.has_class("-open") else 0


class OverviewScreen(View):
    """The tier table over cumulative LTV, the Pareto curve and revenue by month, and panels where there is room."""

    def compose(self) -> ComposeResult:
        """Doubts, history and tiers over plots and the newest orders."""
        head = DoubtLine(), Notes(warning=True), Caption()
        yield TableOverPlots(*head, table=Grid(empty=NOBODY), plots=3, foot=(Panels(), Newest()))

    def on_edge_passed(self, message: EdgePassed) -> None:
        """Above the first row stand the doubts."""
        if message.rows < 0 and self.query_one(DoubtLine).short:
            self.query_one(DoubtLine).focus()

    def on_doubt_line_doubts_opened(self) -> None:
        """Quality tells them."""
        self.post_message(CommandWanted("quality"))

    def on_doubt_line_left(self) -> None:
        """Back to the table."""
        self.grid.focus()

    def show(self, dataset: Dataset, location: Location, answer: OverviewAnswer) -> None:
        """Fill the table and the plots."""
        self.grid.show(answer.tables[0], location.sort, self.grid.row)
        self._show_doubts(answer.doubts)
        self.query_one(Notes).parts = (*answer.history, *answer.of_rows)
        self.query_one(Caption).show(answer.rule)
        self.query_one(Panels).show(answer.panels)
        self.query_one(Newest).set_class(answer.newest is not None, "-open")
        if answer.newest is not None:
            self.query_one("#feed", Grid).show(answer.newest)
        self.query_one(TableOverPlots).draw(answer.plots, self.room)

    def focus_content(self) -> None:
        """Whoever stands on the doubts stays there."""
        if not self.query_one(DoubtLine).has_focus:
            super().focus_content()

    def _show_doubts(self, doubts: Sequence[Doubt]) -> None:
        line = self.query_one(DoubtLine)
        if line.has_focus and not doubts:
            self.grid.focus()  # hidden widgets lose it
        line.show(doubts)

    def steps(self) -> tuple[Filter, ...]:
        """The tier under the cursor."""
        return steps_of(self.grid, BY)

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about the segment."""
        return has_note(self, BY, row)
