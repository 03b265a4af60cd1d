"""Which columns a table shows, under which words, and how its cells are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Final, Literal, NamedTuple, Self

import polars as pl
from rich.cells import cell_len

from ltvtui.analytics.kernel.sort_order import SortOrder
from ltvtui.present.fitting import fit, fit_middle
from ltvtui.present.numbers import NUMERIC, Kind, write

_MEASURED: Final = 50
"""Values of which the cells are counted one by one, where bytes do not tell."""
WIDEST_TEXT: Final = 40
"""Cells; longer names end in … on screen and stand whole on the card and in every export."""


Tone = Literal["good", "fair", "bad", "quiet"]
"""What a value means for the shop: its colour on screen. The value itself says it too."""


class Badge(NamedTuple):
    """What marks a group of customers wherever it is named: a letter, and a colour."""

    name: str
    letter: str
    role: str
    """Of the palette."""
    strength: float
    """How far the ground of the letter is drawn towards the colour, 0…1."""


class Paint(NamedTuple):
    """How a cell looks beside its text."""

    tint: float | None = None
    """How far below (to -1) or above (to 1) what it is compared with."""
    tone: Tone | None = None
    share: float | None = None
    """0…1, of the length of a bar."""
    badge: Badge | None = None
    """Of the group that the cell names, or that has the whole cell."""


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    key: str
    """Column of the frame."""
    title: str
    kind: Kind = "text"
    group: str = ""
    """Heading over several columns, so that two average checks are never confused."""
    decimals: int = 2
    help: str = ""
    """The definition in one sentence."""
    widest: int = WIDEST_TEXT
    """Cells that text may take."""
    heat: str = ""
    """Column of the frame, 0…1, by which the cell is coloured on screen; a null colours nothing."""
    faint: str = ""
    """Boolean column of the frame: where it is true, the cell is greyed."""
    name: str = ""
    """What it is called in files; blank: as its key."""
    unit: str = ""
    """Of its figures, such as €; behind the title."""
    short: str = ""
    """Title where there is little room; blank: as usual."""
    rank: int = 0
    """Where there is little room, columns of a higher rank stand behind those of a lower one."""
    is_whole: bool = False
    """Whether a text is shown whole or not at all: it is made of figures."""
    is_part: bool = False
    """A share of a whole: a bar on screen, where there is room."""
    bar: int = 0
    """Cells of that bar."""
    longest: float = 1.0
    """The share that fills it."""
    tint: str = ""
    """Column of the frame, -1…1: how far the figure is below or above what it is compared with; null: no colour."""
    tone: Callable[[object], Tone | None] | None = None
    """What a value means for the shop."""
    lettered: bool = False
    """Whether the first letter of a toned text stands before it: it is told apart without colours."""
    signed: bool = False
    """Whether a plus stands before what is above zero: a difference."""
    badge: Callable[[str], Badge | None] | None = None
    """The badge before the text; None: none."""
    least: tuple[str, float] | None = None
    """A column of the frame, and what it has to be: below it the cell is blank on screen, as it would be misread."""

    @property
    def heading(self) -> str:
        """Title and unit."""
        return f"{self.title}, {self.unit}" if self.unit else self.title

    @property
    def full_name(self) -> str:
        """What it is called where it stands alone."""
        return f"share {self.title}" if self.is_part else self.title

    @property
    def right(self) -> bool:
        """Numbers stand to the right."""
        return self.kind in NUMERIC

    def write(self, value: object) -> str:
        """The cell of `value`."""
        text = write(value, self.kind, self.decimals)
        return f"+{text}" if self.signed and isinstance(value, int | float) and value > 0 else text

    def fit(self, text: str, width: int) -> str:
        """A written cell in exactly `width` cells: names longer than the column may be are cut in their middle, and
        sentences, and what the edge of the screen cuts, at the end."""
        is_name = self.kind == "text" and self.widest <= WIDEST_TEXT and width >= self.widest
        return (fit_middle if is_name else fit)(text, width, self.right)


@dataclass(frozen=True, eq=False)
class Table:
    """A frame and how to show it. Only the rows asked for become text."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    few: str | None = None
    """Boolean column of rows to grey: too few customers to lean upon."""
    measured: tuple[int, ...] | None = None
    """Widths that are known to do, of a table with these columns that has all these rows."""
    order: SortOrder | None = None
    """Rows of `frame` as they are to be read; None: as they stand."""
    key: str | None = None
    """Column that alone says which row it is; None: no single one does."""
    fixed: int = 1
    """Columns that stay in sight while others scroll."""
    pinned: int = 0
    """First rows that stay on screen while others scroll."""
    spread: int = 0
    """Cells that each column behind the fixed ones may take where there is room; 0: no more than it needs."""

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Cells each column needs, so that no figure is ever cut."""
        return self.measured or tuple(self.width_of(place) for place in range(len(self.columns)))

    def width_of(self, place: int) -> int:
        """Cells that the column at `place` needs, measured."""
        return _width(self.frame, self.columns[place])

    def narrow(self) -> Self:
        """The same for little room: cells that say as much in fewer letters."""
        return self

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.frame.height

    def part(self, start: int, stop: int) -> pl.DataFrame:
        """Rows start…stop-1 of `frame`, in the order in which they are read."""
        shown = (start, max(stop - start, 0))
        return self.frame.slice(*shown) if self.order is None else self.frame[self.order.part(*shown)]

    def cells(self, start: int, stop: int, shown: Sequence[int] | None = None) -> list[tuple[str, ...]]:
        """Rows start…stop-1 as text: of the columns `shown`, or of all."""
        places = range(len(self.columns)) if shown is None else shown
        part = _readable(self.part(start, stop), [self.columns[place] for place in places])
        return [
            tuple(self.write(row, place, value) for place, value in zip(places, values, strict=True))
            for row, values in enumerate(part.iter_rows(), start)
        ]

    def write(self, row: int, place: int, value: object) -> str:
        """`value` of that row and column as text."""
        return self.columns[place].write(value)

    def heats(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[float | None, ...]]:
        """Heat of the columns `shown` of rows start…stop-1; nothing where no column has any."""
        if not any(c.heat for c in self.columns):
            return []
        part, heats = self.part(start, stop), [self.columns[place].heat for place in shown]
        return [tuple(row[heat] if heat else None for heat in heats) for row in part.iter_rows(named=True)]

    def faints(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[bool, ...]]:
        """Of the columns `shown` of rows start…stop-1 whether the cell is greyed; nothing where none ever is."""
        if not any(c.faint for c in self.columns):
            return []
        part, marks = self.part(start, stop), [self.columns[place].faint for place in shown]
        return [tuple(bool(mark and row[mark]) for mark in marks) for row in part.iter_rows(named=True)]

    def tiles(self, row: int, shown: Sequence[int], lines: int) -> list[tuple[str, ...]]:
        """The cells of `row` as so many lines each, as wide as their columns; nothing where cells are but text."""
        return []

    def paints(self, start: int, stop: int, shown: Sequence[int]) -> list[tuple[Paint | None, ...]]:
        """How cells of the columns `shown` look, of rows start…stop-1; nothing where none looks like anything."""
        columns = [self.columns[place] for place in shown]
        if not any(c.tint or c.tone or c.bar or c.badge for c in columns):
            return []
        return [tuple(_paint(c, row) for c in columns) for row in self.part(start, stop).iter_rows(named=True)]

    @property
    def in_files(self) -> tuple[Column, ...]:
        """Columns of a file with these rows: what marks say on screen has one of its own there."""
        return self.columns

    @property
    def row_keys(self) -> tuple[str, ...]:
        """Keys that say which row it is: the one that was said, else those of the columns before the first figure."""
        if self.key is not None:
            return (self.key,)
        texts = takewhile(lambda column: not column.right, self.columns)
        return tuple(column.key for column in texts if column.kind == "text")

    def found_again(self, row: int, other: Table) -> int | None:
        """Where the row of that number in `other` stands here; None where it is not here any more."""
        keys = self.row_keys
        if not keys or keys != other.row_keys or not 0 <= row < other.height:
            return None
        name = other.part(row, row + 1).select(pl.col(keys).cast(pl.String)).row(0)
        if row < self.height and self.part(row, row + 1).select(pl.col(keys).cast(pl.String)).row(0) == name:
            return row
        is_it = (pl.col(key).cast(pl.String).eq_missing(pl.lit(text)) for key, text in zip(keys, name, strict=True))
        found = self.frame.select(pl.all_horizontal(is_it)).to_series().arg_true()
        if found.is_empty():
            return None
        return int(found[0]) if self.order is None else self.order.place_of(found[0])

    @property
    def grouped(self) -> bool:
        """True where columns stand under group headings."""
        return any(c.group for c in self.columns)


def _readable(part: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The columns of `part`, without what must not be read."""

    def cells(column: Column) -> pl.Expr:
        own = pl.col(column.key)
        if column.least is None or column.least[0] not in part.columns:
            return own
        name, least = column.least
        return pl.when(pl.col(name) >= least).then(own)

    return part.select(cells(column).alias(f"{place}") for place, column in enumerate(columns))


def _paint(column: Column, row: dict[str, object]) -> Paint | None:
    if not (column.tint or column.tone or column.bar or column.badge):
        return None
    tint, value = row[column.tint] if column.tint else None, row[column.key]
    share = value / column.longest if column.bar and isinstance(value, float) else None
    return Paint(
        tint if isinstance(tint, float) else None,
        column.tone(value) if column.tone is not None else None,
        share,
        column.badge(str(value)) if column.badge is not None else None,
    )


def _width(frame: pl.DataFrame, column: Column) -> int:
    title = cell_len(column.heading)
    values = frame[column.key]
    if frame.height == 0:
        return title
    if column.kind == "text":
        return min(max(title, *(cell_len(column.write(t)) for t in _longest(values))), column.widest)
    ends = (values.min(), values.max())
    return max(title, *(cell_len(column.write(v)) for v in ends))


def _longest(values: pl.Series) -> list[str | None]:
    """The values that may take most cells: of those in ASCII the longest, of the others some with most bytes."""
    if not isinstance(values.dtype, pl.String):
        values = values.unique()
    texts = values.cast(pl.String)
    sizes = texts.str.len_bytes()
    single = sizes == texts.str.len_chars()
    found: list[str | None] = [None] if texts.null_count() else []
    if single.any():
        found.append(texts.filter(single & (sizes == sizes.filter(single).max()))[0])
    if not single.all():
        longest = sizes.filter(~single).top_k(_MEASURED).min()
        found += texts.filter(~single & (sizes >= longest)).unique().head(_MEASURED).to_list()
    return found
