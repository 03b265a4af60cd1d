"""What every view of the main screen has in common: it shows, on the UI thread, what was computed in a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import Resize
from textual.geometry import Size

from ltvtui.present.tables import Table
from ltvtui.query.query import Filter, Step
from ltvtui.session.dataset import Dataset
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.tui.location import Location
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.tui.widgets.table_over_plots import TableOverPlots
from ltvtui.user_state.state import UserState
from ltvtui.user_state.tier_history import TierChange

INTO_ROW: Final = frozenset({"drill", "people"})
"""Commands that lead into the row under the cursor."""
PLOT_KEYS: Final = frozenset({"plot", "big_plot"})
"""Commands that mean nothing where there is no plot."""
NOTHING_TO_PLOT: Final = "Nothing to plot here."


@dataclass(frozen=True, eq=False)
class Document:
    """What a view shows and more, as a text that can leave."""

    name: str
    """As it stands in names of files, and in the list of what can be exported."""
    formats: Mapping[str, str]
    """Names of formats by the ending of a file, the usual one first."""
    write: Callable[[str], str]
    """The text in the format of that name."""


class View(Vertical, FixedSizeWidget):
    """The widget of a ViewSpec. Its table is the first grid, its plots those of a TableOverPlots, unless it says
    otherwise."""

    DEFAULT_CSS = "View { height: 1fr; width: 1fr; }"
    BLANK = True

    def __init__(self) -> None:
        super().__init__()
        self.room = Size(0, 0)
        """Cells the view has, known before it is laid out: what it shows is settled in one go."""
        self.user_state = UserState()
        """Notes and recorded tiers of the shop."""
        self.location: Location | None = None
        """What is shown."""
        self._shown: object = None

    def set_shop(self, opened: OpenedDataset) -> None:
        """A shop was read: store what the view tells of the reading itself."""

    def show_user_state(self, user_state: UserState) -> None:
        """Show what is remembered, where the view does."""
        self.user_state = user_state
        for grid in self.query(Grid).exclude(".-aside"):  # their rows are no groups of the query
            grid.mark_noted(self.is_noted if user_state.notes.notes else None)

    def show_history(self, customer: str, changes: Sequence[TierChange]) -> None:
        """Recorded tiers of a customer, by the shop's own id, were looked up."""

    def is_noted(self, row: int) -> bool:
        """Whether there is a note about a row of the main table."""
        return False

    def present(self, dataset: Dataset, location: Location, answer: Any, room: Size) -> None:
        """Show `answer` in `room`; what stands there already is left as it is."""
        fits, self.room = room == self.room, room
        before, self.location = self.location, location
        if answer is not self._shown:
            for grid in self.query(Grid):
                grid.steady = location == before
            self._shown = answer
            self.show(dataset, location, answer)
        elif not fits:
            self.arrange_parts()

    def compare_with(self, before: Sequence[Table]) -> None:
        """Mark in the grids what changed since they showed `before`."""
        for grid, table in zip_longest(self.query(Grid), before):
            if grid is not None:
                grid.compare_with(table)

    def show_change(self, is_live: bool) -> None:
        """Of the figure under the cursor how much it changed, while the shop is watched."""
        for caption in self.query(Caption):
            caption.change = self.grid.change_under_cursor() if is_live else ""

    def on_resize(self, event: Resize) -> None:
        """Use the room there is."""
        if event.size != self.room:
            self.room = event.size
            self.arrange_parts()

    def arrange_parts(self) -> None:
        """Share the room out among tables and plots, where that is not a matter of style sheets."""
        if self.plots is not None:
            self.plots.fill(self.room)

    def show(self, dataset: Dataset, location: Location, answer: Any) -> None:
        """Show `answer`, which the ViewSpec computed for this very location."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The view's main table."""
        return self.query_one(Grid)

    @property
    def plots(self) -> TableOverPlots | None:
        """Where the plots are; None in a view without."""
        try:
            return self.query_one(TableOverPlots)
        except NoMatches:
            return None

    def steps(self) -> tuple[Step, ...]:
        """Filters that the row under the cursor stands for."""
        return ()

    def closed(self) -> str | None:
        """Why the row under the cursor cannot be drilled into, blank where that is plain; None: it can."""
        return None if self.steps() else ""

    @property
    def idle(self) -> frozenset[str]:
        """Ids of commands of the view that mean nothing on what is shown, and say why: the footer leaves them out."""
        plotless = PLOT_KEYS if self.plots is not None and not self.plots.has_plots else frozenset()
        return plotless if self.closed() is None else INTO_ROW | plotless

    def customer(self) -> int | None:
        """Code of the customer that the row under the cursor stands for."""
        return None

    def later(self) -> tuple[Callable[[], object], ...]:
        """Each makes, in a worker thread, what further keys may need of what is shown. Done once, it is cheap."""
        return ()

    def focus_content(self) -> None:
        """The cursor goes where the keys of the view work; where it is there already, nothing is painted for it."""
        if not self.grid.has_focus:
            self.grid.focus()

    def toggle_plot(self) -> None:
        """Show or hide the plot, where the view has one."""
        if self.plots is not None and not self.plots.has_plots:
            self.app.notify(NOTHING_TO_PLOT, markup=False)
        elif self.plots is not None:
            self.plots.toggle()
            self.grid.focus()

    def toggle_big_plot(self) -> None:
        """The plot alone, and back, where the view has one."""
        if self.plots is not None and not self.plots.has_plots:
            self.app.notify(NOTHING_TO_PLOT, markup=False)
        elif self.plots is not None:
            self.plots.toggle_big()
            if not self.plots.is_big:
                self.grid.focus()  # hidden widgets lose it

    def leave_big_plot(self) -> bool:
        """Back from the plot alone; False where the table is on screen."""
        is_big = self.plots is not None and self.plots.is_big
        if is_big:
            self.toggle_big_plot()
        return is_big

    @property
    def is_complete(self) -> bool:
        """False where more is on its way that belongs to the same picture."""
        return True

    def document(self) -> Document | None:
        """What can be exported as a text of its own; None: nothing beyond the table."""
        return None

    def copied_text(self) -> str:
        """What `y` copies."""
        return self.grid.text_under_cursor()


def steps_of(grid: Grid, by: tuple[str, ...], row: int | None = None) -> tuple[Filter, ...]:
    """The filters of a segment row, that under the cursor unless another is said: one for each dimension of `by`."""
    table, at = grid.table, grid.row if row is None else row
    if table is None or table.height == 0:
        return ()
    values = table.part(at, at + 1).row(0, named=True)
    return tuple(Filter(d, None if values[d] is None else str(values[d])) for d in by)
