"""A grid of cells that text and curves are put on, read out as rows of runs."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, split_graphemes

from ltvtui.present.charts.specs import Run
from ltvtui.present.plain import plain


@dataclass(frozen=True)
class Style:
    """How a cell is drawn."""

    colour: str | None = None
    """Foreground as `#rrggbb`, or None."""
    dim: bool = False
    """Drawn faintly."""
    bold: bool = False
    """Drawn strongly."""


BLANK = (" ", Style())
"""What an untouched cell holds."""


SHADE = "░"
"""Fills what is unfinished or rests on little."""


def blocks(size: float, eighths: str, shaded: bool) -> str:
    """A bar of `size` cells; at least a sliver, since zero is drawn as nothing."""
    if shaded:
        return SHADE * max(1, round(size))
    full, rest = divmod(max(1, round(size * 8)), 8)
    return "█" * full + (eighths[rest] if rest else "")


class Canvas:
    """`height` rows of `width` cells. A character two cells wide leaves an empty text in the second."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cells: list[list[tuple[str, Style]]] = []
        self.clear()

    def clear(self) -> None:
        """Blank every cell."""
        self._cells = [[BLANK] * self.width for _ in range(self.height)]

    def put(self, row: int, column: int, text: str, style: Style) -> int:
        """Write text, made harmless and cut at the edges; gives the column after it."""
        text = plain(text)
        if not text.isascii():
            return self._put_wide(row, column, text, style)
        for character in text:
            self.cell(row, column, character, style)
            column += 1
        return column

    def cell(self, row: int, column: int, character: str, style: Style) -> None:
        """Set one cell to a character known to be one cell wide."""
        if 0 <= row < self.height and 0 <= column < self.width:
            self._clear(row, column)
            self._cells[row][column] = (character, style)

    def is_blank(self, row: int, column: int, size: int = 1, but: str = "") -> bool:
        """Whether the cells are on the canvas and free, the characters of `but` not counted."""
        if not (0 <= row < self.height and column >= 0 and column + size <= self.width):
            return False
        return all(text in (" ", *but) for text, _ in self._cells[row][column : column + size])

    def rows(self) -> list[list[Run]]:
        """Every row as runs of one style each, exactly as wide as the canvas."""
        return [self._runs(cells) for cells in self._cells]

    def _put_wide(self, row: int, column: int, text: str, style: Style) -> int:
        spans, _ = split_graphemes(text)
        for start, end, size in spans:
            if size == 1:
                self.cell(row, column, text[start:end], style)
            elif size == 2 and 0 <= row < self.height and 0 <= column < self.width - 1:
                self._clear(row, column)
                self._clear(row, column + 1)
                self._cells[row][column] = (text[start:end], style)
                self._cells[row][column + 1] = ("", style)
            column += size
        return column

    def _clear(self, row: int, column: int) -> None:
        """Free a cell; the other half of a wide character it belonged to goes blank with it."""
        cells = self._cells[row]
        if cells[column][0] == "" and column > 0:
            cells[column - 1] = BLANK
        elif column + 1 < self.width and cells[column + 1][0] == "":
            cells[column + 1] = BLANK

    def _runs(self, cells: list[tuple[str, Style]]) -> list[Run]:
        runs: list[Run] = []
        texts: list[str] = []
        current = cells[0][1] if cells else Style()
        for text, style in cells:
            if style is not current and text != " " and style != current:
                runs.append(Run("".join(texts), current.colour, current.dim, current.bold))
                texts, current = [], style
            texts.append(text)
        runs.append(Run("".join(texts), current.colour, current.dim, current.bold))
        runs = [run for run in runs if run.text]
        if sum(cell_len(run.text) for run in runs) == self.width == cell_len("".join(r.text for r in runs)):
            return runs
        # Neighbours that the terminal would join into one character (flags, joiners) would shift the row.
        return self._runs([(text if _is_one_cell(text) else "?", style) for text, style in cells])


def _is_one_cell(text: str) -> bool:
    """Whether the character is one cell wide whatever stands beside it: Latin, and the signs we draw with."""
    drawn = len(text) == 1 and (ord(text) < 0x300 or 0x2010 <= ord(text) < 0x2900)
    return drawn and cell_len(text) == 1
