"""What every view stands in: trail, key figures and the sentence above it, the search line and keys below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.geometry import Size
from textual.widgets import Static

from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.export_progress import ExportProgress
from ltvtui.tui.main_screen.lazy_views import LazyViews
from ltvtui.tui.main_screen.tour import Tour
from ltvtui.tui.messages import LocationWanted
from ltvtui.tui.registry import LOADING, Registry
from ltvtui.tui.views.view import View
from ltvtui.tui.widgets.caption import Caption
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget
from ltvtui.tui.widgets.headline import Headline
from ltvtui.tui.widgets.keybar import NARROW, KeyBar
from ltvtui.tui.widgets.kpis import Kpis
from ltvtui.tui.widgets.notes import Notes
from ltvtui.tui.widgets.search_bar import SearchBar
from ltvtui.tui.widgets.trail import Trail

BOXES = (100, 30)
"""From this width and height on the key figures stand in boxes."""
SMALLEST = (80, 24)
TALL = 34
"""From this height on keys have a second line, as they have where names of screens would leave them no room."""


class Frame(Vertical, FixedSizeWidget):
    """One view at a time, and what every view shares. It knows sizes and no shop."""

    BLANK = True
    DEFAULT_CSS = """
    Frame { height: 1fr; width: 1fr; }
    Frame #small { display: none; height: 1fr; content-align: center middle; text-align: center; }
    Frame.-small > * { display: none !important; }
    Frame.-small > #small { display: block !important; }
    """

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self._registry = registry
        self.views = LazyViews(registry)
        self.tour = Tour()

    def compose(self) -> ComposeResult:
        """The views, and what every view shares."""
        yield Trail()
        yield Kpis()
        yield Headline()
        yield self.views
        yield SearchBar()
        yield ExportProgress()
        yield self.tour
        yield KeyBar()
        yield Static("", id="small", markup=False)

    @property
    def view(self) -> str:
        """Name of the view on screen; LOADING while there is none."""
        return self.views.current or LOADING

    def get_view(self, name: str) -> View:
        """The view of that name, on screen or not; it was made."""
        return self.views.made(name)

    @property
    def room(self) -> Size:
        """What the frame leaves to the view."""
        trail = 1
        used = trail + self.query_one(KeyBar).lines + self.query_one(Kpis).lines + self.query_one(SearchBar).lines
        used += self.query_one(ExportProgress).lines + self.query_one(Headline).lines_in(self.size.width)
        used += self.tour.lines
        return Size(self.size.width, max(self.size.height - used, 0))

    @property
    def clauses(self) -> Sequence[str]:
        """The sentence over the view, clause by clause, whether there is room for all or not."""
        return self.query_one(Headline).clauses

    @property
    def notes(self) -> Sequence[str]:
        """What stands beside the figures of the view, whether there is room for all or not."""
        view = self.get_view(self.view)
        notes = [part for each in view.query(Notes) for part in (*each.apart, *each.parts)]
        return notes + [part for each in view.query(Caption) for part in (*each.parts, *each.apart)]

    def show_headline(self, clauses: Sequence[str]) -> None:
        """Say what the view to come shows; nothing while there is none. Takes room from it."""
        self.query_one(Headline).show(clauses, self.size.width)

    def bring(self, view: str, crumbs: Sequence[str], note: str = "") -> None:
        """Put `view` on screen, with its keys and where it stands."""
        self.views.current = view
        self.query_one(Trail).show(crumbs, note)
        self.query_one(KeyBar).active = view
        self.show_keys()

    def show_keys(self, idle: frozenset[str] = frozenset()) -> None:
        """The keys of the view on screen, but for those that do nothing there at this moment."""
        bar = self.query_one(KeyBar)
        bar.commands = tuple(command for command in self._registry.footer_of(self.view) if command.id not in idle)

    def on_resize(self, event: Resize) -> None:
        """Boxes where there is room; a polite word where there is too little."""
        width, height = event.size
        self.query_one(Kpis).set_class(width < BOXES[0] or height < BOXES[1], "-line")
        self.query_one(Headline).fit(width)
        self.query_one(KeyBar).set_class(width < NARROW or height >= TALL, "-two")
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.query_one("#small", Static).update(
            f"This terminal is {width}×{height}.\nltvtui needs {SMALLEST[0]}×{SMALLEST[1]}: please make it larger."
        )

    def end_tour(self) -> bool:
        """Close the tour; False where none is shown."""
        return self.tour.end()

    def stop_export(self) -> bool:
        """Stop the export that is on its way; False where none is."""
        return self.query_one(ExportProgress).stop()

    @property
    def is_searching(self) -> bool:
        """Whether the line is open in which rows are searched."""
        return self.query_one(SearchBar).has_class("-open")

    # -- searching rows ------------------------------------------------------------------------------

    def open_search(self, text: str) -> None:
        """Open the line in which rows are searched."""
        self.query_one(SearchBar).start(text)

    def close_search(self) -> bool:
        """Show all rows again; False where the line is not open."""
        line = self.query_one(SearchBar)
        if not self.is_searching:
            return False
        self.get_view(self.view).grid.focus()
        line.close()
        self._search("")
        return True

    def on_search_bar_typed(self, message: SearchBar.Typed) -> None:
        """Search as the analyst types."""
        self._search(message.text)

    def on_search_bar_done(self) -> None:
        """Go on in the table."""
        self.get_view(self.view).grid.focus()

    def _search(self, text: str) -> None:
        def searched(location: Location) -> Location:
            return location if location.search == text else replace(location, search=text)

        self.post_message(LocationWanted(searched))
