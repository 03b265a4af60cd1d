"""The main screen: a shop, where the analyst stands in it, and the keys that work there.

What commands do to it stands in tui/actions.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.tui import commands
from ltvtui.tui.commands import Command
from ltvtui.tui.location import Location
from ltvtui.tui.messages import HeadingChosen, RowChosen
from ltvtui.tui.screens.stocked import Stocked
from ltvtui.tui.screens.view import LocationWanted, ScreenWanted
from ltvtui.tui.widgets.search_bar import SearchBar


class MainScreen(Stocked):
    """One shop, one place at a time."""

    def __init__(self, start: Location, title: str, actions: Table[str, Callable[[], None]]) -> None:
        super().__init__(start, title)
        self._command_table = actions
        self.expressions: tuple[str, ...] = ()
        """Filters that were typed, the last one first."""

    def action_command(self, id: str) -> None:
        """Run a command, or say why it cannot be run now."""
        command = commands.find(id)
        if id in _FROM_FIELD_TO_FIELD and self.wanted.view != "matrix":
            _FROM_FIELD_TO_FIELD[id](self)  # what the key of this command does where it means none
        elif self._is_ahead(command):
            self._held = id
        elif commands.works(command, self.view):
            self._command_table[id]()
        elif self.view == "loading":
            self.app.notify("Nothing is loaded yet.", markup=False)
        elif command.why_not:
            self.app.notify(command.why_not, markup=False)

    def _is_ahead(self, command: Command) -> bool:
        """Whether it was pressed for rows, or for a view, that are still on their way."""
        if self.wanted is self.location or self.view == "loading":
            return False
        return command.id in commands.ON_ROWS or (self.wanted.view != self.view and commands.belongs(command))

    def on_row_chosen(self, message: RowChosen) -> None:
        """Enter drills where there is something to drill into."""
        self.action_command("drill")

    def on_heading_chosen(self, message: HeadingChosen) -> None:
        """A click on a heading sorts by it, and turns the order round the second time."""
        self.action_command("sort")

    def on_screen_wanted(self, message: ScreenWanted) -> None:
        """A view leads to another one."""
        self.action_command(message.name)

    def on_location_wanted(self, message: LocationWanted) -> None:
        """A view is to show something else: changed is what is wanted, for keys may be faster than answers."""
        try:
            self.go(message.change(self.wanted), way="stay")
        except LtvError as error:
            self.app.notify(plain(error.mend), title=plain(error.what), severity="error", markup=False)

    def start_narrowing(self) -> None:
        """Open the line that narrows rows."""
        self.query_one(SearchBar).start(self.location.search)

    def stop_narrowing(self) -> bool:
        """Show all rows again; False where none were hidden."""
        line = self.query_one(SearchBar)
        if not line.has_class("-open"):
            return False
        self.active.grid.focus()
        line.close()
        if self.wanted.search:
            self.go(replace(self.location, search=""), way="stay")
        return True

    def on_search_bar_typed(self, message: SearchBar.Typed) -> None:
        """Narrow as the analyst types."""
        if message.text != self.wanted.search:
            self.go(replace(self.location, search=message.text), way="stay")

    def on_search_bar_done(self) -> None:
        """Go on in the table."""
        self.active.grid.focus()


_FROM_FIELD_TO_FIELD: Final[Table[str, Callable[[MainScreen], object]]] = {
    "board": lambda main_screen: main_screen.focus_next(),
    "previous_board": lambda main_screen: main_screen.focus_previous(),
}
"""What Tab does, whose bindings of commands take the place of Textual's own."""
