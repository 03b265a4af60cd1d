"""A note: a name, free text, what is planned."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static, TextArea

from ltvtui.present.plain import plain
from ltvtui.tui.dialogs.choice import ChoiceDialog
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.widgets.line import TextLine
from ltvtui.user_state.next_steps import HOW
from ltvtui.user_state.notes import Note

HINT: Final = "^s save · Tab next field · all blank: no note · Esc close"
_ASKED: Final = {"save": "Save", "on": "Keep editing", "drop": "Discard"}


class Area(TextArea):
    """Lines to write in; Tab goes on to the next field, and nothing blinks."""

    DEFAULT_CSS = """
    Area { border: none; padding: 0; background: $panel; }
    Area:focus { border: none; background: $primary-muted; }
    """

    def __init__(self, text: str, id: str) -> None:
        super().__init__(text, id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False


class NoteDialog(Dialog[Note]):
    """Gives the note back when it is to be kept. What was written is never left without a question."""

    DEFAULT_CSS = """
    NoteDialog > #box { width: 76; }
    NoteDialog .above { color: $text-muted; height: 1; }
    NoteDialog #text { height: 8; }
    NoteDialog #actions { height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("note")

    def __init__(self, about: str, note: Note) -> None:
        """`about` is the subject in words."""
        super().__init__()
        self._about = about
        self._note = note

    def compose(self) -> ComposeResult:
        """The three fields."""
        with Vertical(id="box") as box:
            box.border_title = "Note"
            yield Static(plain(self._about), classes="above", markup=False)
            with Horizontal(classes="field"):
                yield Label("name", markup=False)
                yield TextLine(self._note.name, placeholder="such as Frugal Fred", id="name", select_on_focus=False)
            yield Static("description", classes="above", markup=False)
            yield Area(self._note.text, id="text")
            yield Static(f"next steps, a line each: {HOW}", classes="above", markup=False)
            yield Area(self._note.actions, id="actions")
            yield Static(HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        """A new note begins with its name, one that is there with its text."""
        field = self.query_one("#name" if self._note.blank else "#text")
        field.focus()
        for area in self.query(Area):
            area.move_cursor(area.document.end)

    @property
    def written(self) -> Note:
        """What the fields say."""
        text, actions = (self.query_one(f"#{name}", Area).text.strip("\n").rstrip() for name in ("text", "actions"))
        return Note(self.query_one("#name", Input).value.strip(), text, actions)

    def action_save(self) -> None:
        """Keep what is written."""
        self.dismiss(self.written)

    def action_leave(self) -> None:
        """Leave; ask first where something was written."""
        if self.written == self._note:
            self.dismiss(None)
            return

        def chosen(answer: str | None) -> None:
            if answer == "save":
                self.action_save()
            elif answer == "drop":
                self.dismiss(None)

        self.app.push_screen(ChoiceDialog("Unsaved changes", _ASKED), chosen)

    def on_input_submitted(self) -> None:
        """On to the text."""
        self.query_one("#text").focus()
