"""The frame that every view stands in: trail and key figures above it, the narrowing line and keys below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from ltvtui.tui import commands
from ltvtui.tui.screens.budget import BudgetScreen
from ltvtui.tui.screens.cohorts import CohortsScreen
from ltvtui.tui.screens.customer import CustomerScreen
from ltvtui.tui.screens.customers import CustomersScreen
from ltvtui.tui.screens.explore import ExploreScreen
from ltvtui.tui.screens.export_progress import ExportProgress
from ltvtui.tui.screens.loading import Loading
from ltvtui.tui.screens.matrix import MatrixScreen
from ltvtui.tui.screens.overview import OverviewScreen
from ltvtui.tui.screens.quality import QualityScreen
from ltvtui.tui.screens.view import View
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.keybar import KeyBar
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.search_bar import SearchBar
from ltvtui.tui.widgets.trail import Trail

BOXES = (100, 30)
"""From this width and height on the key figures stand in boxes."""
SMALLEST = (80, 24)


class Views(ContentSwitcher, FixedSizeWidget):
    """One view at a time."""

    DEFAULT_CSS = "Views { height: 1fr; }"
    BLANK = True


class Frame(Screen[None]):
    """One view at a time, and what every view shares. It knows sizes and no shop."""

    BINDINGS: ClassVar[list[BindingType]] = commands.bindings()
    BLANK = True
    DEFAULT_CSS = """
    Frame #small { display: none; height: 1fr; content-align: center middle; text-align: center; }
    Frame.-small > * { display: none !important; }
    Frame.-small > #small { display: block !important; }
    """

    def compose(self) -> ComposeResult:
        """The view that loads, and all others behind it."""
        yield Trail()
        yield Kpis()
        with Views(initial="loading"):
            yield Loading()
            yield OverviewScreen()
            yield ExploreScreen()
            yield CohortsScreen()
            yield MatrixScreen()
            yield BudgetScreen()
            yield CustomersScreen()
            yield CustomerScreen()
            yield QualityScreen()
        yield SearchBar()
        yield ExportProgress()
        yield KeyBar()
        yield Static("", id="small", markup=False)

    @property
    def view(self) -> str:
        """Name of the view on screen."""
        return str(self.query_one(Views).current)

    @property
    def active(self) -> View:
        """The view on screen."""
        return self.view_named(self.view)

    def view_named(self, name: str) -> View:
        """The view of that name, on screen or not."""
        return self.query_one(f"#{name}", View)

    @property
    def room(self) -> Size:
        """What the frame leaves to the view."""
        trail_and_keys = 2
        taken = trail_and_keys + self.query_one(Kpis).lines + self.query_one(SearchBar).lines
        taken += self.query_one(ExportProgress).lines
        return Size(self.size.width, max(self.size.height - taken, 0))

    def bring(self, view: str, crumbs: Sequence[str], note: str = "") -> None:
        """Put `view` on screen, with its keys and where it stands."""
        self.query_one(Views).current = view
        self.query_one(Trail).show(crumbs, note)
        bar = self.query_one(KeyBar)
        bar.active = view
        bar.commands = tuple(c for c in commands.in_view(view) if c.footer or c.group == "Screens")

    def on_resize(self, event: Resize) -> None:
        """Boxes where there is room; a polite word where there is too little."""
        width, height = event.size
        self.query_one(Kpis).set_class(width < BOXES[0] or height < BOXES[1], "-line")
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.query_one("#small", Static).update(
            f"This terminal is {width}×{height}.\nltvtui needs {SMALLEST[0]}×{SMALLEST[1]}: please make it larger."
        )
