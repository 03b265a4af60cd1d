"""The strip of key figures: the three factors and their product, for what the trail selects."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive

from ltvtui.present.changes import DOWN, UP
from ltvtui.present.figures import Figures, Kpi
from ltvtui.present.fitting import fit
from ltvtui.tui.widgets.fixed_size import FixedSizeWidget


class Kpis(FixedSizeWidget):
    """Boxes where there is room, one line where there is not."""

    DEFAULT_CSS = """
    Kpis { height: 3; width: 1fr; padding: 0 1; }
    Kpis.-line { height: 1; }
    Kpis.-away { display: none; }
    """

    figures: reactive[Figures] = reactive(Figures())

    @property
    def lines(self) -> int:
        """Lines the strip takes under its classes, laid out or not yet."""
        return 0 if self.has_class("-away") else 1 if self.has_class("-line") else 3

    def render(self) -> Text:
        """The strip, in three lines or in one."""
        return self._line() if self.size.height < 3 else self._boxes()

    def _line(self) -> Text:
        parts = list(self.figures.line)
        while True:
            for shown in (parts, [part.replace(UP, "").replace(DOWN, "") for part in parts]):  # figures before arrows
                if len(parts) == 1 or cell_len(" · ".join(shown)) <= self.size.width:
                    return Text(" · ".join(shown), "bold", no_wrap=True, overflow="ellipsis", end="")
            parts.pop(min(1, len(parts) - 2))

    def _boxes(self) -> Text:
        widths = self._widths()
        text = Text(no_wrap=True, end="")
        for line in range(3):
            for figure, width in zip(self.figures.boxes, widths, strict=True):
                inner = width - 2
                if line == 0:
                    text.append(f"╭ {figure.label} ".ljust(width - 1, "─") + "╮")
                elif line == 1:
                    text.append("│")
                    text.append(fit(f" {figure.value or '–'}", inner), "bold")
                    text.append("│")
                elif line == 2:
                    fits = [note for note in _notes(figure) if note and cell_len(note) + 4 <= width]
                    text.append((f"╰ {fits[0]} " if fits else "╰").ljust(width - 1, "─") + "╯")
                sign = figure.sign if line == 1 and self._signs else ""
                text.append(f" {sign or ' '} " if self._signs and figure is not self.figures.boxes[-1] else "")
            text.append("\n")
        return text

    @property
    def _signs(self) -> bool:
        return self.size.width >= 114

    def _widths(self) -> list[int]:
        """Each box as wide as it needs, the rest shared out evenly."""
        need, spare, boxes = [0], -1, self.figures.boxes
        for gap, notes in (
            (4, True),
            (3, True),
            (3, False),
        ):  # what gives way: blanks behind figures, then notes
            need = [
                max(cell_len(k.label) + 4, (cell_len(k.note) + 4) * notes, cell_len(k.value) + gap) for k in boxes
            ]
            spare = self.size.width - sum(need) - (len(need) - 1) * (3 if self._signs else 0)
            if spare >= 0:
                break
        each = max(spare // max(len(need), 1), 0)
        return [n + each for n in need]


def _notes(figure: Kpi) -> tuple[str, ...]:
    """What may stand in the lower edge, the longest first; a change is said even where its size has no room."""
    if not figure.change:
        return (figure.note,)
    rounded = re.sub(r"\.\d+", "", figure.change)
    return (figure.change, rounded, re.sub(r"[^\d]+$", "", rounded), figure.change[:1])
