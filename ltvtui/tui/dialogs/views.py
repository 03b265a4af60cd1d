"""Saved views: go to one, remove one, save the present place under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from ltvtui.present.fitting import fit
from ltvtui.present.plain import plain
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.widgets.line import TextLine

HINT: Final = "Enter open · Del delete · Tab name · Esc close"
CHOOSING: Final = "Enter choose · Esc close"
ROOM: Final = 40
"""Cells of the line in which a name is typed."""
WIDTH: Final = 24
"""Cells of a name before what it shows."""


@dataclass(frozen=True)
class Listed:
    """One saved view in the list."""

    name: str
    shows: str
    """What it shows, in one phrase."""


@dataclass(frozen=True)
class ChosenView:
    """What the analyst decided."""

    name: str
    saves: bool
    """True: the present place is to be saved under the name; else the view of that name is wanted."""


class ViewsDialog(Dialog[ChosenView]):
    """Typing narrows the list; the line below it saves. Nothing is replaced or removed without being asked twice."""

    DEFAULT_CSS = """
    ViewsDialog > #box { width: 76; }
    ViewsDialog OptionList { height: auto; max-height: 12; border: none; padding: 0; background: $surface; }
    ViewsDialog OptionList:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("views")

    def __init__(
        self,
        views: Sequence[Listed],
        here: str = "",
        remove: Callable[[str], object] | None = None,
        *,
        title: str = "Saved views",
    ) -> None:
        """`here` is the present place in words; `remove` is told at once of a view that is to go. Without it views
        can only be chosen, for what `title` says."""
        super().__init__()
        self._views = list(views)
        self._here = here
        self._remove = remove
        self._title = title
        self._pending = ""
        """Name of the view that is to be removed or replaced, if the same key comes again."""

    def compose(self) -> ComposeResult:
        """What narrows, the list, what saves."""
        with Vertical(id="box") as box:
            box.border_title = self._title
            with Horizontal(classes="field"):
                yield Label("search", markup=False)
                yield TextLine(id="narrow", placeholder="type part of its name or content")
            yield OptionList(id="listed", markup=False)
            with Horizontal(classes="field", id="saving"):
                yield Label("save current as", markup=False)
                yield TextLine(id="name", placeholder=fit(plain(self._here), ROOM).rstrip())
            yield Static("", classes="error", markup=False)
            yield Static(CHOOSING if self._remove is None else HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin where there is something to do."""
        self.query_one("#listed").can_focus = False
        self._list()
        self.query_one("#saving").display = self._remove is not None
        self.query_one("#narrow" if self._views else "#name").focus()

    def _list(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(Option(self._line(view)) for view in self._found)
        listed.highlighted = min(at, len(self._found) - 1) if self._found else None
        listed.display = bool(self._found)

    def _line(self, view: Listed) -> Text:
        return Text.assemble((fit(plain(view.name), WIDTH), "bold"), "  ", (plain(view.shows), "dim"), no_wrap=True)

    @property
    def _found(self) -> list[Listed]:
        part = self.query_one("#narrow", Input).value.strip().casefold()
        return [view for view in self._views if part in f"{view.name} {view.shows}".casefold()]

    @property
    def _under_cursor(self) -> Listed | None:
        at = self.query_one(OptionList).highlighted
        return None if at is None or at >= len(self._found) else self._found[at]

    def _show_notice(self, text: str, pending: str = "") -> None:
        self._pending = pending
        self.query_one(".error", Static).update(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow; whatever was asked is not meant any more."""
        self._show_notice("")
        if event.input.id == "narrow":
            self._list()

    def action_choose(self, step: int) -> None:
        """Another line."""
        listed = self.query_one(OptionList)
        if listed.option_count:
            listed.highlighted = ((listed.highlighted or 0) + step) % listed.option_count
            self._show_notice("")

    def action_remove(self) -> None:
        """Remove the view under the cursor, the second time; in the line that saves, a character."""
        name = self.query_one("#name", Input)
        view = self._under_cursor
        if name.has_focus:
            name.action_delete_right()
        elif self._remove is None:
            self._show_notice("Press v to delete views.")
        elif view is not None and self._pending == f"remove {view.name}":
            self._views = [other for other in self._views if other.name != view.name]
            self._remove(view.name)
            self._list()
            self._show_notice(f"“{plain(view.name)}” was deleted.")
        elif view is not None:
            self._show_notice(f"Press Del again to delete “{plain(view.name)}”.", f"remove {view.name}")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click opens."""
        self._open()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what the cursor stands on, or save."""
        if event.input.id == "narrow":
            self._open()
        else:
            self._save(event.value.strip())

    def _open(self) -> None:
        view = self._under_cursor
        if view is not None:
            self.dismiss(ChosenView(view.name, saves=False))
        else:
            self._show_notice("No such view." if self._remove is None else "No such view. Press Tab to save one.")

    def _save(self, name: str) -> None:
        there = next((view.name for view in self._views if view.name.casefold() == name.casefold()), None)
        if not name:
            self._show_notice("Enter a name.")
        elif there is None or self._pending == f"replace {there}":
            self.dismiss(ChosenView(there or name, saves=True))
        else:
            self._show_notice(
                f"“{plain(there)}” exists already: press Enter again to replace it.", f"replace {there}"
            )
