"""The first line: where the analyst stands, and on which day."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive

from ltvtui.present.fitting import fit
from ltvtui.present.plain import plain
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget

_READABLE = 16
"""Cells of a crumb that still say something."""


class Trail(FixedSizeWidget):
    """Crumbs from the shop to the place, and the day at the right.

    Where the crumbs are too long, the middle ones give way: the shop and the last step say most. The last of the
    middle ones is cut as long as something of it can be read.
    """

    DEFAULT_CSS = """
    Trail { height: 1; width: 1fr; background: $panel; color: $foreground; padding: 0 1; }
    """

    crumbs: reactive[tuple[str, ...]] = reactive(())
    note: reactive[str] = reactive("")
    """Stands at the right: the as-of day, or what is going on."""

    origin: reactive[str] = reactive("")
    """Stands before the note where there is room for all: where the figures are computed."""

    def show(self, crumbs: Sequence[str], note: str) -> None:
        """Show these crumbs and this note."""
        self.crumbs = tuple(plain(c) for c in crumbs)
        self.note = note

    def render(self) -> Text:
        """The line."""
        note = f"{self.origin} · {self.note}" if self.origin and self.note else self.note
        if cell_len(" ▸ ".join(self.crumbs)) > self.size.width - cell_len(note) - 2:
            note = self.note
        room = self.size.width - cell_len(note) - 2
        crumbs = list(self.crumbs)
        while len(crumbs) > 2 and cell_len(" ▸ ".join(crumbs)) > room:
            middle = crumbs[2 if crumbs[1] == "…" else 1 : -1]
            around = [crumbs[0], "…", crumbs[-1]] if crumbs[1] == "…" else [crumbs[0], crumbs[-1]]
            left = room - cell_len(" ▸ ".join((*around, "")))
            if len(middle) == 1 and left >= _READABLE:
                crumbs[-2] = fit(middle[0], left)
                break
            crumbs = [crumbs[0], "…", *crumbs[3 if crumbs[1] == "…" else 2 :]]
            if len(crumbs) <= 3:
                break
        text = Text(fit(" ▸ ".join(crumbs), max(room, 1)), no_wrap=True, end="")
        text.stylize("bold", 0, len(crumbs[0]) if crumbs else 0)
        text.append("  " + note)
        return text
