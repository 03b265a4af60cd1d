"""The lines of the large table as strips: text and colours of what is on screen, made a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from textwrap import wrap
from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ltvtui.present.changes import Changes, sign
from ltvtui.present.fitting import fit
from ltvtui.present.tables import Column, Paint, Table
from ltvtui.tui.widgets.table_styles import TableStyles
from ltvtui.tui.widgets.window import GUTTER, Window

NOTED: Final = "✎"
"""Stands behind the name of a row about which there is a note."""
_BOLD: Final = Style(bold=True)
_CHIP: Final = Style(reverse=True, bold=True)
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_REVERSED: Final = Style(reverse=True)


class Spot(NamedTuple):
    """Where the cursor is."""

    row: int
    column: int
    is_row: bool
    """Whether the row is marked, and the cell in it; else the cell alone."""
    focused: bool


@dataclass
class _Page:
    """What stands on screen of a table, without colours: rows from `start` on, the columns `shown`."""

    start: int = 0
    shown: tuple[int, ...] = ()
    cells: list[tuple[str, ...]] = field(default_factory=list)
    heats: list[tuple[float | None, ...]] = field(default_factory=list)
    """Nothing where no column has any."""
    paints: list[tuple[Paint | None, ...]] = field(default_factory=list)
    """Nothing where no column looks like anything."""
    differences: list[tuple[float | None, ...]] = field(default_factory=list)
    """Nothing where nothing is marked."""
    faints: list[tuple[bool, ...]] = field(default_factory=list)
    """Nothing where no column has any."""
    few: list[bool] = field(default_factory=list)
    """Nothing where no row is ever too few."""

    def covers(self, row: int, shown: tuple[int, ...]) -> bool:
        """Whether these columns of `row` are here."""
        return self.shown == shown and self.start <= row < self.start + len(self.cells)


class Lines:
    """Writes the part of a table that its window shows."""

    def __init__(self, window: Window, empty: str) -> None:
        self._window = window
        self.empty = empty
        """What a table without rows says."""
        self._page = _Page()
        self._pinned = _Page()
        self.sorted_by: tuple[str, bool] | None = None
        """(column key, descending): the column to mark."""
        self.changes: Changes | None = None
        self.is_noted: Callable[[int], bool] | None = None
        """Whether there is a note about a row; asked of rows on screen alone."""

    def forget(self) -> None:
        """What was written is not what is there any more."""
        self._page = _Page()
        self._pinned = _Page()

    def empty_lines(self, width: int) -> list[str]:
        """What a table without rows says, in so many cells."""
        return wrap(self.empty, max(width - 2, 1)) or [""]

    def line(self, y: int, styles: TableStyles, spot: Spot) -> Strip:
        """One line: headings, a row, or blank."""
        table, head, width = self._window.table, self._window.head, self._window.width
        if table is None:
            return Strip.blank(width, styles.plain)
        if not self._window.rows:
            lines = self.empty_lines(width)
            return _strip(
                [(f" {lines[y - head]}" if 0 <= y - head < len(lines) else " ", styles.empty)], width, styles.plain
            )
        if y < head:
            return self._groups(table, styles) if y == 0 and head == 2 else self._titles(table, styles, spot)
        row = self._window.row_at(y)
        if row is None:
            return Strip.blank(width, styles.plain)
        return self._more(self._row(table, row, styles, spot, y - self._window.line_of(row)), y, row, styles)

    def _more(self, line: Strip, y: int, row: int, styles: TableStyles) -> Strip:
        """The line, at its end a mark where rows lie above the first that scrolls, or below the last on screen."""
        window = self._window
        is_first, is_last = y == window.line_of(window.top), y == window.line_of(window.top + window.page) - 1
        above, below = window.top > window.pinned, window.top + window.page < window.rows
        mark = "▾" if is_last and below else "▴" if is_first and above else ""
        if not mark or line.text[-1:] != " ":  # a figure is worth more than the mark
            return line
        return Strip.join([line.crop(0, window.width - 1), Strip([Segment(mark, styles.hint)])])

    def _groups(self, table: Table, styles: TableStyles) -> Strip:
        """Headings over several columns, ruled as far as they reach."""
        spans: list[tuple[str, int]] = []
        for index, width in self._window.columns():
            heading = table.columns[index].group
            if spans and spans[-1][0] == heading:
                spans[-1] = (heading, spans[-1][1] + GUTTER + width)
            else:
                spans.append((heading, width))
        ruled = ((f"{name} ".ljust(width, "─") if 0 < len(name) < width else name, width) for name, width in spans)
        parts = [(fit(text, width) + " " * GUTTER, styles.group) for text, width in ruled]
        return _strip(parts, self._window.width, styles.plain)

    def _titles(self, table: Table, styles: TableStyles, spot: Spot) -> Strip:
        """Titles of columns, with the mark of the one that rows are sorted by; that of a cell cursor stands out."""
        by, falls = self.sorted_by or ("", False)
        parts = []
        for index, width in self._window.columns():
            column = table.columns[index]
            mark = ("↓" if falls else "↑") if by == column.key else ""
            here = not spot.is_row and spot.focused and index == spot.column
            right = column.right and self._window.lines == 1
            parts.append((fit(column.heading, width, right), styles.header + _REVERSED if here else styles.header))
            parts.append((mark.ljust(GUTTER), styles.header))
        return self._hinted(parts, styles)

    def _hinted(self, parts: Iterable[tuple[str, Style]], styles: TableStyles) -> Strip:
        """Headings, with arrows at the edges where columns lie beyond them, and how many to the right."""
        columns = self._window.columns()
        table = self._window.table
        assert table is not None
        width, edge = self._window.width, sum(cells + GUTTER for _, cells in columns[: self._window.fixed]) - GUTTER
        headings = _strip(parts, width, styles.plain)
        if self._window.more_right:
            more = len(table.columns) - 1 - columns[-1][0]
            has_room = more < 10 and not headings.text[width - 3 : width - 1].strip()
            hint = f"{more}›" if has_room else "›"
            headings = Strip.join([headings.crop(0, width - len(hint)), Strip([Segment(hint, styles.hint)])])
        if self._window.left > self._window.fixed and edge < width:
            headings = Strip.join(
                [headings.crop(0, edge), Strip([Segment("‹", styles.hint)]), headings.crop(edge + 1)]
            )
        return headings

    def _row(self, table: Table, row: int, styles: TableStyles, spot: Spot, line: int) -> Strip:
        here, columns = row == spot.row, self._window.columns()
        page = self._written(table, row, tuple(index for index, _ in columns))
        place = row - page.start
        base = styles.few if page.few and page.few[place] else styles.plain
        if here and spot.is_row:
            base += styles.focused if spot.focused else styles.cursor
        heats = [styles.heat(value) for value in page.heats[place]] if page.heats else [None] * len(columns)
        paints = page.paints[place] if page.paints else (None,) * len(columns)
        heats = [heat or (styles.tint(p.tint) if p else None) for heat, p in zip(heats, paints, strict=True)]
        if tiles := table.tiles(row, page.shown, self._window.lines):
            texts = tuple(tile[line] for tile in tiles)
            heats = [styles.block(p.badge) if p and p.badge else heat for heat, p in zip(heats, paints, strict=True)]
        else:
            texts = page.cells[place] if line == 0 else ("",) * len(columns)
        faints = page.faints[place] if page.faints else (False,) * len(columns)
        marks = self._marks(page, row, len(columns)) if line == 0 else [" "] * len(columns)
        parts: list[tuple[str, Style]] = []
        for at, ((index, width), text, heat, after) in enumerate(
            zip(columns, texts, heats, [*heats[1:], None], strict=True)
        ):
            ground = base + heat if heat else base
            marked = index < self._window.fixed or (index == spot.column and not spot.is_row)
            style = ground + _BOLD if marked else ground
            if faints[at]:
                style += styles.faint
            under_cursor = here and spot.focused and index == spot.column
            if under_cursor:
                style = _reversed(heat) if heat else styles.cell
            # Of the gutter a cell each belongs to the neighbours, so that coloured cells touch.
            between = base + after if after else base
            parts += _cell(text, width, table.columns[index], paints[at], style, under_cursor, styles)
            parts += [(marks[at], ground), (" " * (GUTTER - 1), between)]
        return _strip(parts, self._window.width, base)

    def _marks(self, page: _Page, row: int, columns: int) -> list[str]:
        """What stands behind each cell: a sign where the figure changed, a pencil where there is a note."""
        differences = page.differences[row - page.start] if page.differences else (None,) * columns
        marks = [sign(difference) or " " for difference in differences]
        if self.is_noted is not None and self.is_noted(row):
            marks[0] = NOTED
        return marks

    def _written(self, table: Table, row: int, shown: tuple[int, ...]) -> _Page:
        """The page on which `row` stands."""
        if row < self._window.pinned:
            if not self._pinned.covers(row, shown):
                self._pinned = self._read(table, 0, self._window.pinned, shown)
            return self._pinned
        if not self._page.covers(row, shown):
            start = self._window.top
            self._page = self._read(table, start, start + self._window.page, shown)
        return self._page

    def _read(self, table: Table, start: int, stop: int, shown: tuple[int, ...]) -> _Page:
        return _Page(
            start,
            shown,
            cells=table.cells(start, stop, shown),
            heats=table.heats(start, stop, shown),
            paints=table.paints(start, stop, shown),
            faints=table.faints(start, stop, shown),
            differences=self.changes.of(table, start, stop, list(shown)) if self.changes else [],
            few=table.part(start, stop)[table.few].to_list() if table.few else [],
        )


def _cell(
    text: str, width: int, column: Column, paint: Paint | None, style: Style, under_cursor: bool, styles: TableStyles
) -> Iterable[tuple[str, Style]]:
    """A cell in exactly `width` cells: a bar or a letter before its text, in the colour of what it means."""
    tone = styles.tone(paint.tone) if paint else None
    toned = style + tone if tone and not under_cursor else style
    if column.bar:
        bar = _bar(paint.share if paint else None, column.bar)
        yield bar, style if under_cursor else style + styles.bar
        yield fit(text, width - column.bar, column.right), style
    elif column.badge and text and paint and paint.badge:
        chip = styles.chip(paint.badge) or style
        yield paint.badge.letter, style + _CHIP if under_cursor else style + chip + _BOLD
        yield fit(f" {text}", width - 1), style
    elif column.badge:
        yield fit(f"  {text}" if text else "", width), style
    elif column.lettered and text and tone:
        yield text[0].upper(), toned if under_cursor else toned + _CHIP
        yield fit(f" {text}", width - 1), toned
    elif column.lettered:
        yield fit(f"  {text}" if text else "", width), toned
    else:
        yield column.fit(text, width), toned


def _bar(share: float | None, cells: int) -> str:
    """A bar of `share` of so many cells; the smallest share that is not nought has an eighth."""
    if share is None or share <= 0:
        return " " * cells
    eighths = min(max(round(share * cells * 8), 1), cells * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()).ljust(cells)


def _strip(parts: Iterable[tuple[str, Style]], width: int, rest: Style) -> Strip:
    """`parts` in exactly `width` cells, neighbours of one style as one."""
    runs = groupby(parts, key=itemgetter(1))
    segments = [Segment("".join(text for text, _ in run), style) for style, run in runs]
    return Strip(segments).adjust_cell_length(width, rest)


def _reversed(heat: Style) -> Style:
    """The cursor on a coloured cell: the colours the other way round, as no shade of the scale looks."""
    return Style(color=heat.bgcolor, bgcolor=heat.color, bold=True)
