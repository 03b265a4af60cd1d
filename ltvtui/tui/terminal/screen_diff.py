"""What the terminal shows, cell by cell; turns what is to be painted into what has to be sent.

Textual sends each line of a dirty region in full and with every colour spelled out. On a slow line
that is what the analyst waits for, so the picture keeps what was sent and lets only differences
through: cells that changed, and of their looks what changed from one cell to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import split_graphemes

from ltvtui.tui.terminal.cell_style import PLAIN, CellStyle, change, of_blank, parse_sgr

_TOKENS: Final = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|([^\x00-\x1f\x7f-\x9f]+)")
_CURSOR: Final = re.compile(r"\x1b\[(\d+);(\d+)H\Z")
_HARMLESS: Final = re.compile(
    r"(?:\x1b\[[?><=][\d;]*\$?[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07)+"  # modes, titles, clipboard, bell
)
_OTHER_SCREEN: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]")
_SIMPLE: Final = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u052f\u2010-\u2027\u2030-\u205e"
    r"\u20a0-\u20c0\u2190-\u22ff\u2500-\u25fc\u2800-\u28ff]*"
)
"""Characters that every terminal draws one cell wide."""
_GAP: Final = 4
"""Unchanged cells that are sent again rather than leapt over: a leap takes as many bytes."""
SYNC: Final = ("\x1b[?2026h", "\x1b[?2026l")
"""Begin and end of what a terminal is to show at once."""
FORGET: Final = "\x1b[2J"
"""Clears the screen, after which every cell is sent again."""


class _Row:
    """One line: the text of each cell, None where it is not known, and its look. A wide character
    leaves an empty text in its second cell."""

    __slots__ = ("delicate", "source", "styles", "texts")

    def __init__(self, texts: list[str | None], styles: list[CellStyle], delicate: bool = False) -> None:
        self.texts = texts
        self.styles = styles
        self.delicate = delicate
        """True where terminals may disagree about how wide a character is."""
        self.source = ""
        """What was painted here last: to paint it once more changes nothing."""

    def copy(self) -> _Row:
        return _Row(self.texts.copy(), self.styles.copy(), self.delicate)

    def same(self, other: _Row) -> bool:
        return self.texts == other.texts and self.styles == other.styles

    def put(self, x: int, text: str, style: CellStyle) -> int:
        """Write `text` from cell `x` on; gives the cell after it. Cells beyond the edge are left out."""
        cells: list[str | None] = list(text)
        if not (text.isascii() or _SIMPLE.fullmatch(text)):
            self.delicate = True
            cells = []
            for start, end, size in split_graphemes(text)[0]:  # an accent on nothing takes no cell
                cells += [text[start:end], *[""] * (size - 1)] if size else []
        room = len(self.texts) - x
        after = x + len(cells)
        if len(cells) > room:
            del cells[max(room, 0) :]
        stop = x + len(cells)
        for half, other in ((x, x - 1), (stop, stop)):  # of a wide character that is cut, no half stays
            if cells and half < len(self.texts) and self.texts[half] == "":
                self.texts[other], self.styles[other] = " ", of_blank(self.styles[other])
        blank = of_blank(style)
        self.texts[x:stop] = cells
        self.styles[x:stop] = [style if cell != " " else blank for cell in cells]
        return after

    def changed(self, shown: _Row) -> Iterator[tuple[int, int]]:
        """Stretches of cells to send; all that are known where widths are in doubt."""
        if self.delicate or shown.delicate:
            yield from self._spans([x for x, text in enumerate(self.texts) if text is not None], 0)
            return
        both = zip(self.texts, shown.texts, self.styles, shown.styles, strict=True)
        changed = [x for x, (a, b, c, d) in enumerate(both) if a is not None and (a != b or c is not d)]
        yield from self._spans(changed, _GAP)

    def _spans(self, places: list[int], gap: int) -> Iterator[tuple[int, int]]:
        """`places` as stretches (first, after the last), those joined that are at most `gap` known cells apart."""
        start, after = -1, -1
        for place in places:
            if start < 0:
                start = place
            elif place - after > gap or None in self.texts[after:place]:
                yield start, after
                start = place
            after = place + 1
        if start >= 0:
            yield start, after


class ScreenDiff:
    """What a terminal of `width` × `height` cells shows, as far as it is known."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._rows: list[_Row] = []
        self._cursor: tuple[int, int] | None = None
        self._opening = ""
        self.forget()

    def forget(self) -> None:
        """Nothing is known of what the terminal shows: all that is painted is sent again."""
        self._rows = [_Row([None] * self.width, [PLAIN] * self.width) for _ in range(self.height)]
        self._cursor = None

    def update(self, data: str) -> str:
        """What to send for `data`, after which the terminal shows what it would show after `data` itself."""
        if data in SYNC:
            return self._bracket(data)
        painted = self._read(data)
        if painted is None:
            if _OTHER_SCREEN.search(data) or not _HARMLESS.fullmatch(data):
                self.forget()
            return self._release() + data
        rows, cursor = painted
        sent = "".join(self._difference(rows))
        if sent or cursor != self._cursor:
            self._cursor = cursor
            sent += f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H"
        return self._release() + sent if sent else ""

    def _bracket(self, mark: str) -> str:
        """Marks of a synchronised update; where there is nothing to show, none are sent."""
        if mark == SYNC[0]:
            self._opening = mark
            return ""
        empty, self._opening = bool(self._opening), ""
        return "" if empty else mark

    def _release(self) -> str:
        opening, self._opening = self._opening, ""
        return opening

    def _read(self, data: str) -> tuple[dict[int, _Row], tuple[int, int]] | None:
        """The lines that `data` paints and where it leaves the cursor; None where it is no painting."""
        cursor = _CURSOR.search(data)
        if cursor is None:
            return None
        rows: dict[int, _Row] = {}
        for line in data[: cursor.start()].split("\n"):
            if line and not self._read_line(line, rows):
                return None
        return rows, (int(cursor[1]) - 1, int(cursor[2]) - 1)

    def _read_line(self, line: str, rows: dict[int, _Row]) -> bool:
        """Add to `rows` what is painted; False where there is more in `line` than text in its place."""
        y, x, end, style = -1, 0, 0, PLAIN
        for token in _TOKENS.finditer(line):
            if token.start() != end:
                return False
            end = token.end()
            match token.lastindex:
                case 4 if 0 <= y < self.height:
                    x = rows[y].put(x, token[4], style)
                case 3:
                    style = parse_sgr(token[3])
                case 2:
                    before, y, x = y, int(token[1]) - 1, int(token[2]) - 1
                    if y >= self.height:
                        continue
                    if y not in rows:
                        if self._rows[y].source == line:
                            return True
                        rows[y] = self._rows[y].copy()
                    rows[y].source = line if before in (-1, y) else ""
                    if before in rows:
                        rows[before].source = rows[y].source
        return end == len(line)

    def _difference(self, rows: dict[int, _Row]) -> Iterator[str]:
        """What turns the lines that are shown into `rows`, and the pen plain again."""
        pen, place = PLAIN, (-1, -1)
        for y in sorted(rows):
            row, shown = rows[y], self._rows[y]
            if row.same(shown):
                shown.source = row.source
                continue
            row.delicate = row.delicate and not all(_SIMPLE.fullmatch(text or "") for text in row.texts)
            for start, stop in row.changed(shown):
                if place != (y, start):
                    leap = start - place[1]
                    yield f"\x1b[{leap}C" if place[0] == y and leap > 0 else f"\x1b[{y + 1};{start + 1}H"
                for text, style in zip(row.texts[start:stop], row.styles[start:stop], strict=True):
                    if not text:  # the second half of what was sent before
                        continue
                    if style is not pen:
                        codes, pen = change(pen, style, text == " ")
                        yield codes
                    yield text
                # Behind a character whose width is in doubt, and at the right edge, nobody knows the place.
                place = (-1, -1) if row.delicate or stop >= self.width else (y, stop)
            self._rows[y] = row
        if pen != PLAIN:
            yield "\x1b[m"
