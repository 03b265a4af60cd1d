"""What is to leave, and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from ltvtui.errors import LtvError
from ltvtui.present.plain import plain
from ltvtui.tui.dialogs.choice import ChoiceDialog, Options
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings
from ltvtui.tui.widgets.line import TextLine

FIELDS = {
    "columns": ("columns", "all"),
    "table": ("table in an SQLite file", "from the file name"),
    "email": ("e-mail column", "found"),
    "phone": ("phone column", "found"),
    "country": ("phone country", "none: all numbers have a country code"),
}
"""Label, and what an empty field means."""


@dataclass(frozen=True)
class Offer:
    """Something that can leave."""

    id: str
    title: str
    file: str
    """Name of the file that is proposed."""
    fields: tuple[str, ...]
    """Of FIELDS, what else can be said about it."""


@dataclass(frozen=True)
class Wanted:
    """What was chosen."""

    id: str
    path: Path
    texts: dict[str, str]
    """What was typed in the offer's fields; blank where nothing was."""
    replace: bool = False
    """Whether the analyst agreed to replace what is there."""


class ExportDialog(Dialog[Wanted]):
    """↑ ↓ choose what leaves, Tab goes to the file and what else can be said; Enter begins."""

    DEFAULT_CSS = """
    ExportDialog .field { display: none; }
    ExportDialog .field.-shown { display: block; }
    ExportDialog Options { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("export")

    def __init__(
        self,
        offers: Sequence[Offer],
        folder: Path,
        check: Callable[[Wanted], object],
        replaced: Callable[[Wanted], str],
    ) -> None:
        """`check` raises LtvError for an invalid target; `replaced` names the file that would be replaced, or ""."""
        super().__init__()
        self._offers = tuple(offers)
        self._folder = folder
        self._check = check
        self._replaced = replaced
        self._proposed = ""

    def compose(self) -> ComposeResult:
        """What, where, and how."""
        with Vertical(id="box") as box:
            box.border_title = "Export"
            yield Options(*(Option(Text(offer.title)) for offer in self._offers), markup=False)
            with Horizontal(classes="field -shown"):
                yield Label("file", markup=False)
                yield TextLine("", id="file", select_on_focus=False)
            for name, (label, default) in FIELDS.items():
                with Horizontal(classes="field", id=f"{name}-line"):
                    yield Label(label, markup=False)
                    yield TextLine("", placeholder=default, id=name)
            yield Static("", classes="error", markup=False)
            yield Static("Enter export · ↑ ↓ choose · Tab next field · Esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with what is on screen."""
        options = self.query_one(Options)
        options.highlighted = 0
        options.focus()

    def action_what(self, step: int) -> None:
        """Another thing to leave, from any field."""
        options = self.query_one(Options)
        options.highlighted = ((options.highlighted or 0) + step) % len(self._offers)

    def on_option_list_option_highlighted(self) -> None:
        """Fields of what is chosen; the file that is proposed, unless another was typed."""
        file = self.query_one("#file", Input)
        if file.value == self._proposed:
            self._proposed = file.value = str(self._folder / self._offer.file)
            file.cursor_position = len(file.value)
        self._show_fields()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A table is asked for where the file is to have tables."""
        self.query_one(".error", Static).update("")
        if event.input.id == "file":
            self._show_fields()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list."""
        self._accept()

    def on_input_submitted(self) -> None:
        """Enter in a field."""
        self._accept()

    @property
    def _offer(self) -> Offer:
        return self._offers[self.query_one(Options).highlighted or 0]

    @property
    def _shown(self) -> tuple[str, ...]:
        """Fields that say something about what is chosen."""
        tables = self.query_one("#file", Input).value.strip().casefold().endswith((".sqlite", ".sqlite3", ".db"))
        return tuple(name for name in self._offer.fields if name != "table" or tables)

    def _show_fields(self) -> None:
        shown = self._shown
        for name in FIELDS:
            self.query_one(f"#{name}-line").set_class(name in shown, "-shown")

    def _accept(self) -> None:
        texts = {name: self.query_one(f"#{name}", Input).value.strip() for name in self._shown}
        typed = self.query_one("#file", Input).value.strip()
        try:
            if not typed:
                raise LtvError("No file is given.", "Enter a file name.", 2)
            path = Path(typed).expanduser()
            wanted = Wanted(self._offer.id, path if path.is_absolute() else self._folder / path, texts)
            self._check(wanted)
            replaced = self._replaced(wanted)
        except (LtvError, RuntimeError) as error:  # the latter: a home that is not known
            parts = (error.what, error.mend) if isinstance(error, LtvError) else (str(error), "")
            self.query_one(".error", Static).update(plain(" ".join(parts)))
            return
        if not replaced:
            self.dismiss(wanted)
            return

        def answered(answer: str | None) -> None:
            if answer == "replace":
                self.dismiss(Wanted(wanted.id, wanted.path, wanted.texts, replace=True))

        self.app.push_screen(
            ChoiceDialog(plain(replaced), {"leave": "Keep the old file", "replace": "Replace it"}), answered
        )
