"""Which dimension next? One, or two crossed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ltvtui.present.plain import plain
from ltvtui.tui.dialogs.choice import Options
from ltvtui.tui.dialogs.dialog import Dialog
from ltvtui.tui.keys import dialog_bindings

CUSTOMERS = "customers"
"""Choice that lists the people instead of cutting them once more."""


class DimensionDialog(Dialog[tuple[str, ...]]):
    """Enter takes the marked dimensions, or the one under the cursor; Space marks up to two.

    Typing jumps to the next dimension that begins with it. `on_preview` hears what Enter would choose, after
    every key that changes it. `missing` says which dimensions are not offered, and why; `criteria` is the group of
    criteria of each, which stands beside it.
    """

    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings("dimension")

    def __init__(
        self,
        dimensions: Sequence[str],
        current: Sequence[str],
        *,
        title: str,
        people: bool = False,
        crossed: bool = True,
        missing: str = "",
        criteria: Mapping[str, str] | None = None,
        on_preview: Callable[[tuple[str, ...]], object],
    ) -> None:
        super().__init__()
        self._names = [*([CUSTOMERS] if people else []), *dimensions]  # first, where it is seen in a low terminal
        self._marked: list[str] = list(current) if len(current) == 2 else []
        self._start = current[0] if current and current[0] in self._names else None
        self._title = title
        self._crossed = crossed
        self._missing = missing
        self._criteria = criteria or {}
        self._widest = max((cell_len(plain(name)) for name in self._names), default=0)
        self._on_preview = on_preview
        self._touched = False
        """Whether a mark was set or taken since the dialog was opened."""

    def compose(self) -> ComposeResult:
        """A list and a hint."""
        with Vertical(id="box") as box:
            box.border_title = self._title
            yield Options(*(Option(self._label(n), id=n) for n in self._names), markup=False)
            if self._missing:
                yield Static(plain(self._missing), classes="hint", markup=False)
            cross = "Space mark two to cross them · " if self._crossed else ""
            yield Static(f"Enter select · {cross}Esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start on the current dimension."""
        options = self.query_one(Options)
        options.highlighted = self._names.index(self._start) if self._start else 0
        options.focus()

    def _label(self, name: str) -> Text:
        mark = f"{self._marked.index(name) + 1} " if name in self._marked else "  "
        if name == CUSTOMERS:
            return Text(f"{mark}customers: list them")
        label = Text(mark + plain(name))
        if criterion := self._criteria.get(name, ""):
            label.append(f"{' ' * (self._widest - cell_len(plain(name)))}  {criterion}", "dim")
        return label

    def action_mark(self) -> None:
        """Mark the dimension under the cursor, or unmark it; the third mark pushes out the first."""
        options = self.query_one(Options)
        if (
            not self._crossed
            or options.highlighted is None
            or (name := self._names[options.highlighted]) == CUSTOMERS
        ):
            return
        self._touched = True
        options.begin_word()
        if name in self._marked:
            self._marked.remove(name)
        else:
            self._marked = [*self._marked[-1:], name]
        for index, each in enumerate(self._names):
            options.replace_option_prompt_at_index(index, self._label(each))
        self._on_preview(self._choice(name))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Enter would take something else."""
        self._on_preview(self._choice(self._names[event.option_index]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what is marked, or what is under the cursor."""
        self.dismiss(self._choice(self._names[event.option_index]))

    def _choice(self, name: str) -> tuple[str, ...]:
        """What Enter takes with the cursor on `name`."""
        others = name not in self._marked and not self._touched  # gone to by the cursor, away from the old marks
        return (name,) if name == CUSTOMERS or not self._marked or others else tuple(self._marked)
