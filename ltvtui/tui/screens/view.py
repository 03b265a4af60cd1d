"""What every view of the main screen has in common: it asks in a worker and shows on the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.containers import Vertical
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from ltvtui.present.figures import Figures
from ltvtui.present.tables import Table
from ltvtui.query.query import Filter, Step
from ltvtui.session.dataset import Dataset
from ltvtui.tui.location import Location
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.grid import Grid
from ltvtui.user_state.state import UserState


class Caption(FixedSizeWidget):
    """One muted line over a table: what it is, how it is ordered."""

    DEFAULT_CSS = """
    Caption { height: 1; width: 1fr; color: $text-muted; padding: 0 1; }
    """

    parts: reactive[tuple[str, ...]] = reactive(())
    change: reactive[str] = reactive("")
    """What changed under the cursor; stands before all."""

    def tell(self, parts: Sequence[str]) -> None:
        """Show these parts, the most telling first, each once; what does not fit is left out whole."""
        self.parts = tuple(dict.fromkeys(p for p in parts if p))

    def render(self) -> Text:
        """As many parts as there is room for."""
        parts = [*([self.change] if self.change else []), *self.parts]
        while len(parts) > 1 and cell_len(" · ".join(parts)) > self.content_size.width:
            parts.pop()
        return Text(" · ".join(parts), no_wrap=True, overflow="ellipsis", end="")


@dataclass
class LocationWanted(Message):
    """A view is asked to show something else."""

    change: Callable[[Location], Location]
    """What becomes of the place that is wanted. Raises LtvError where that cannot be."""


@dataclass
class ScreenWanted(Message):
    """Another view is asked for, as its key would."""

    name: str


class View(Vertical, FixedSizeWidget):
    """One view. `ask` runs in a worker thread and touches no widget; `show` runs on the UI thread."""

    DEFAULT_CSS = "View { height: 1fr; width: 1fr; }"
    BLANK = True
    name_of_view: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(id=self.name_of_view)
        self.room = Size(0, 0)
        """Cells the view has, known before it is laid out: what it shows is settled in one go."""
        self.user_state = UserState()
        """Notes and recorded tiers of the shop."""
        self.location: Location | None = None
        """What is shown."""
        self._shown: object = None

    def remember(self, user_state: UserState) -> None:
        """Show what is remembered, where the view does."""
        self.user_state = user_state
        for grid in self.query(Grid).exclude("#feed"):  # its rows are orders
            grid.mark_noted(self.is_noted if user_state.notes.notes else None)

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

    def tables_of(self, dataset: Dataset, location: Location, answer: Any) -> tuple[Table, ...]:
        """What the grids show, in their order, of `answer`; of those in which changes are marked."""
        return ()

    def hold_against(self, before: Sequence[Table]) -> None:
        """Mark in the grids what changed since they showed `before`."""
        for grid, table in zip_longest(self.query(Grid), before):
            if grid is not None:
                grid.hold_against(table)

    def on_resize(self, event: Resize) -> None:
        """Use the room there is."""
        if event.size != self.room:
            self.room = event.size
            self.arrange_parts()

    def arrange_parts(self) -> None:
        """Share the room out among tables and plots, where that is not a matter of style sheets."""

    def ask(self, dataset: Dataset, location: Location) -> Any:
        """What the view needs to know about `place`; may take long."""
        raise NotImplementedError

    def show(self, dataset: Dataset, location: Location, answer: Any) -> None:
        """Show `answer`, which is what `ask` gave for this very place."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The view's main table."""
        return self.query_one(Grid)

    def steps(self) -> tuple[Step, ...]:
        """Filters that the row under the cursor stands for."""
        return ()

    def customer(self) -> int | None:
        """Code of the customer that the row under the cursor stands for."""
        return None

    def later(self) -> tuple[Callable[[], object], ...]:
        """Each makes, in a worker thread, what further keys may need of what is shown. Done once, it is cheap."""
        return ()

    def key_figures(self, answer: Any) -> Figures | None:
        """What of `answer` stands in the strip in place of the three factors; None: they do."""
        return None

    def take_focus(self) -> None:
        """The cursor goes where the keys of the view work."""
        self.grid.focus()

    def toggle_plot(self) -> None:
        """Show or hide the plot, where the view has one."""

    def toggle_big_plot(self) -> None:
        """The plot alone, and back, where the view has one."""

    def leave_big_plot(self) -> bool:
        """Back from the plot alone; False where the table is on screen."""
        if not self.has_class("-big"):
            return False
        self.toggle_big_plot()
        return True

    @property
    def settled(self) -> bool:
        """False where more is on its way that belongs to the same picture."""
        return True

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
